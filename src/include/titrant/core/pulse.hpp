#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace titrant::core {

/// A sign of life from deep within long work, for whoever shows progress. Where nobody listens it costs nothing.
struct Pulse {
  std::size_t done = 0;
  std::size_t total = 0;  ///< 0: it only says that work goes on
  std::string_view what;  ///< "steps of a training"
};
void pulse(const Pulse& sign = {});

/// Hears all pulses of this process from construction to destruction; the innermost one hears them alone.
///
///     const PulseListener listener([&](const Pulse& sign) { draw(sign); });
class PulseListener {
 public:
  explicit PulseListener(std::function<void(const Pulse&)> hear);
  ~PulseListener();
  PulseListener(const PulseListener&) = delete;
  PulseListener& operator=(const PulseListener&) = delete;

 private:
  std::function<void(const Pulse&)> hear_;
  PulseListener* outer_;
  friend void pulse(const Pulse& sign);
};

}  // namespace titrant::core
