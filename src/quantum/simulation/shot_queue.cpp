#include "shot_queue.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

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
  ShotQueue queue(shots_.size());
  std::iota(queue.begin(), queue.end(), 0U);
  std::sort(queue.begin(), queue.end(),
            [this](std::uint32_t a, std::uint32_t b) { return shots_[a].next > shots_[b].next; });
  return queue;
}

void ShotClock::look_ahead(Shot& shot, double from) const {
  shot.next = no_site;
  if (hazard_.empty() || hazard_.back() <= from) return;
  const double target = from - std::log(shot.stream.uniform());
  const auto found = std::upper_bound(hazard_.begin(), hazard_.end(), target);
  if (found != hazard_.end()) shot.next = static_cast<std::size_t>(found - hazard_.begin());
}

void ShotClock::insert(std::uint32_t shot, ShotQueue& queue) const {
  const auto later = [this](std::size_t next, std::uint32_t other) { return next > shots_[other].next; };
  queue.insert(std::upper_bound(queue.begin(), queue.end(), shots_[shot].next, later), shot);
}

ShotQueue ShotClock::take_before(std::size_t end, ShotQueue& queue) const {
  auto first = queue.end();
  while (first != queue.begin() && shots_[*(first - 1)].next < end) --first;
  ShotQueue taken(first, queue.end());
  queue.erase(first, queue.end());
  return taken;
}

}  // namespace titrant::quantum
