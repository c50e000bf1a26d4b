#include "titrant/core/pulse.hpp"

#include <utility>

namespace titrant::core {

namespace {

PulseListener*& innermost() {
  static PulseListener* listener = nullptr;
  return listener;
}

}  // namespace

void pulse(const Pulse& sign) {
  if (const PulseListener* listener = innermost()) listener->hear_(sign);
}

PulseListener::PulseListener(std::function<void(const Pulse&)> hear)
    : hear_(std::move(hear)), outer_(std::exchange(innermost(), this)) {}

PulseListener::~PulseListener() { innermost() = outer_; }

}  // namespace titrant::core
