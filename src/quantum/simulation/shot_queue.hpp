#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/simulation/trajectories.hpp"

namespace titrant::quantum {

/// Some of the shots, by number: a heap, the one whose site comes next in front.
using ShotQueue = std::vector<std::uint32_t>;

/// The random streams of shots, and where each looks for its next event of rare noise.
///
/// Candidates for events are a Poisson process in the hazard, so a shot draws where its next one is and passes by all
/// sites before it.
class ShotClock {
 public:
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  /// \param hazard  [site], ascending; must outlive the clock
  ShotClock(std::span<const double> hazard, std::uint64_t seed, std::uint64_t unit, ShotRange range);

  ShotQueue all() const;

  core::Stream& stream(std::uint32_t shot) { return shots_[shot].stream; }
  std::size_t next_site(std::uint32_t shot) const { return shots_[shot].next; }
  /// Draws the next candidate after this site.
  void pass(std::uint32_t shot, std::size_t site) { look_ahead(shots_[shot], hazard_[site]); }

  void add(std::uint32_t shot, ShotQueue& queue) const;
  /// Takes out the shots whose next site is before `end`.
  std::vector<std::uint32_t> take_before(std::size_t end, ShotQueue& queue) const;
  /// Makes a queue of shots in any order.
  void order(ShotQueue& shots) const;

 private:
  struct Shot {
    core::Stream stream;
    std::size_t next = never;
  };

  void look_ahead(Shot& shot, double from) const;
  auto later() const {
    return [this](std::uint32_t a, std::uint32_t b) { return shots_[a].next > shots_[b].next; };
  }

  std::span<const double> hazard_;
  std::vector<Shot> shots_;
};

}  // namespace titrant::quantum
