#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/simulation/trajectories.hpp"

namespace titrant::quantum {

inline constexpr std::size_t no_site = std::numeric_limits<std::size_t>::max();

/// Some of the shots, by number: the one that looks for an event first comes last.
using ShotQueue = std::vector<std::uint32_t>;

/// The random streams of shots, and where each looks for its next event of rare noise.
///
/// Candidates for events are a Poisson process in the hazard, so a shot draws where its next one is and passes by all
/// sites before it.
class ShotClock {
 public:
  /// \param hazard  [site], ascending; must outlive the clock
  ShotClock(std::span<const double> hazard, std::uint64_t seed, std::uint64_t unit, ShotRange range);

  ShotQueue all() const;

  core::Stream& stream(std::uint32_t shot) { return shots_[shot].stream; }
  std::size_t next_site(std::uint32_t shot) const { return shots_[shot].next; }
  /// Draws the next candidate after this site.
  void pass(std::uint32_t shot, std::size_t site) { look_ahead(shots_[shot], hazard_[site]); }

  void insert(std::uint32_t shot, ShotQueue& queue) const;
  /// Takes out the shots whose next site is before `end`.
  ShotQueue take_before(std::size_t end, ShotQueue& queue) const;

 private:
  struct Shot {
    core::Stream stream;
    std::size_t next = no_site;
  };

  void look_ahead(Shot& shot, double from) const;

  std::span<const double> hazard_;
  std::vector<Shot> shots_;
};

}  // namespace titrant::quantum
