#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "active_state.hpp"
#include "shot_queue.hpp"
#include "trajectory_steps.hpp"

namespace titrant::quantum {

/// Runs shots together as long as their histories agree.
///
/// Where shots part, the parties with at most half of them are followed to their end at once and the rest goes on: so
/// no more than log2(shots) parties wait, each with at most three states.
class HistoryTree {
 public:
  HistoryTree(const TrajectoryProgram& program, std::uint64_t seed, std::uint64_t unit, ShotRange range)
      : program_(program), clock_(program.hazard, seed, unit, range) {}

  /// The classical bits of each shot, in any order.
  std::vector<std::uint64_t> run(const ActiveState& start);

 private:
  /// Shots that have had the same history: one state for all of them.
  struct Party {
    std::size_t step = 0;
    std::size_t site = 0;  ///< it stands before this site of the step
    ActiveState state;     ///< not normalised
    std::uint64_t bits = 0;
    ShotQueue shots;
  };
  /// Shots by the event that they meet.
  using Groups = std::map<std::size_t, ShotQueue>;
  static constexpr std::size_t no_event = std::numeric_limits<std::size_t>::max();

  void follow(Party party);
  void skip(const TrajectoryStep& step, Party& party);
  void evolve(const TrajectoryStep& step, Party& party);
  std::optional<Party> look_for_events(const TrajectoryStep& step, Party party, std::size_t half, ShotQueue& unharmed);
  ShotQueue candidates(const TrajectoryStep& step, std::size_t end, ShotQueue& shots) const;
  Groups choose_events(const TrajectoryStep& step, const Party& party, const ShotQueue& looking);
  Party after_event(const TrajectoryStep::Site& site, const Party& before, std::size_t event, ShotQueue shots) const;
  std::vector<double> event_shares(const TrajectoryStep::Site& site, const ActiveState& state) const;
  void measure(const TrajectoryStep& step, Party& party);
  void read_off(const Party& party);

  const TrajectoryProgram& program_;
  ShotClock clock_;
  std::vector<std::uint64_t> results_;
};

}  // namespace titrant::quantum
