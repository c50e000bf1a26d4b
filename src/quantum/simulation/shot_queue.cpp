#include "shot_queue.hpp"

#include <algorithm>
#include <cmath>

namespace titrant::quantum {

ShotClock::ShotClock(std::span<const double> hazard, std::uint64_t seed, std::uint64_t unit, ShotRange range)
    : hazard_(hazard) {
  shots_.reserve(range.count);
  for (std::uint64_t s = range.first; s < range.first + range.count; ++s) {
    shots_.push_back({core::Stream(seed, core::Purpose::trajectory, unit, static_cast<std::uint32_t>(s)), no_site});
    look_ahead(shots_.back(), 0.0);
  }
}

ShotQueue ShotClock::all() const {
  ShotQueue queue;
  for (std::uint32_t shot = 0; shot < shots_.size(); ++shot) add(shot, queue);
  return queue;
}

void ShotClock::look_ahead(Shot& shot, double from) const {
  shot.next = no_site;
  if (hazard_.empty() || hazard_.back() <= from) return;
  const double target = from - std::log(shot.stream.uniform());
  const auto found = std::upper_bound(hazard_.begin(), hazard_.end(), target);
  if (found != hazard_.end()) shot.next = static_cast<std::size_t>(found - hazard_.begin());
}

ShotQueue ShotClock::take_before(std::size_t end, ShotQueue& queue) const {
  if (queue.next >= end) return {};
  ShotQueue taken;
  queue.next = no_site;
  std::erase_if(queue.shots, [&](std::uint32_t shot) {
    const std::size_t next = shots_[shot].next;
    if (next >= end) {
      queue.next = std::min(queue.next, next);
      return false;
    }
    add(shot, taken);
    return true;
  });
  return taken;
}

}  // namespace titrant::quantum
