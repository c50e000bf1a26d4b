#include "titrant/quantum/simulation/trajectories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "active_state.hpp"
#include "history_tree.hpp"
#include "steps.hpp"
#include "titrant/core/error.hpp"
#include "trajectory_steps.hpp"
#include "unravelling.hpp"

namespace titrant::quantum {

namespace {

/// Shots side by side in the tree of histories; more would not share more, and need memory.
constexpr std::uint64_t chunk = 1U << 16U;

}  // namespace

std::vector<Count> run_trajectories(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                                    const NoiseModel* noise, std::uint64_t seed, std::uint64_t unit, ShotRange shots) {
  check_runnable(circuit, parameters, input);
  constexpr std::uint64_t end = std::uint64_t{1} << 32U;
  if (shots.first > end || shots.count > end - shots.first)
    throw ConfigError(
        fmt::format("circuit: shots {} .. {}; a circuit has at most 2^32", shots.first, shots.first + shots.count));
  const TrajectoryProgram program = trajectory_program(unravel(circuit, parameters, input.features, noise));
  ActiveState start(circuit.qubits());
  if (!circuit.amplitude_qubits().empty()) start.prepare(circuit.amplitude_qubits(), input.amplitudes);
  std::map<std::uint64_t, std::uint64_t> counts;
  for (std::uint64_t done = 0; done < shots.count; done += chunk) {
    HistoryTree tree(program, seed, unit, {shots.first + done, std::min(chunk, shots.count - done)});
    for (const std::uint64_t bits : tree.run(start)) ++counts[bits];
  }
  std::vector<Count> list;
  list.reserve(counts.size());
  for (const auto& [bits, count] : counts) list.push_back({bits, count});
  return list;
}

}  // namespace titrant::quantum
