#include "shot_queue.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace titrant::quantum {

ShotClock::ShotClock(std::span<const double> hazard, std::uint64_t seed, std::uint64_t unit, ShotRange range)
    : hazard_(hazard) {
  shots_.reserve(range.count);
  for (std::uint64_t s = range.first; s < range.first + range.count; ++s) {
    shots_.push_back({core::Stream(seed, core::Purpose::trajectory, unit, static_cast<std::uint32_t>(s)), never});
    look_ahead(shots_.back(), 0.0);
  }
}

ShotQueue ShotClock::all() const {
  ShotQueue queue(shots_.size());
  std::iota(queue.begin(), queue.end(), 0U);
  order(queue);
  return queue;
}

void ShotClock::look_ahead(Shot& shot, double from) const {
  shot.next = never;
  if (hazard_.empty() || hazard_.back() <= from) return;
  const double target = from - std::log(shot.stream.uniform());
  const auto found = std::upper_bound(hazard_.begin(), hazard_.end(), target);
  if (found != hazard_.end()) shot.next = static_cast<std::size_t>(found - hazard_.begin());
}

void ShotClock::add(std::uint32_t shot, ShotQueue& queue) const {
  queue.push_back(shot);
  std::push_heap(queue.begin(), queue.end(), later());
}

std::vector<std::uint32_t> ShotClock::take_before(std::size_t end, ShotQueue& queue) const {
  std::vector<std::uint32_t> taken;
  while (!queue.empty() && shots_[queue.front()].next < end) {
    std::pop_heap(queue.begin(), queue.end(), later());
    taken.push_back(queue.back());
    queue.pop_back();
  }
  return taken;
}

void ShotClock::order(ShotQueue& shots) const { std::make_heap(shots.begin(), shots.end(), later()); }

}  // namespace titrant::quantum
