#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/input.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/simulation/counts.hpp"

namespace titrant::quantum {

/// Which shots of a circuit are to be run.
struct ShotRange {
  std::uint64_t first = 0;
  std::uint64_t count = 1024;
};

/// Runs a circuit shot by shot: every measurement collapses the state, conditions see the recorded bit, and noise is
/// unravelled into random Kraus operators (Monte Carlo wave function; Dalibard, Castin and Molmer 1992, Phys. Rev.
/// Lett. 68, 580). Equal in distribution to `distribution` and `noisy_distribution`.
///
/// Shot s of circuit `unit` draws from the stream (seed, Purpose::trajectory, unit, s) alone, so ranges of shots can be
/// run anywhere and added. Shots that have had the same history so far share one state: without noise a circuit runs
/// once per way in which its measurements can end, and with little noise once per error.
///
/// \param noise  null: none
/// Throws ConfigError for shot numbers of 2^32 and more, for more than 64 classical bits, more than 26 qubits at work
/// at once, and where the noise model cannot carry out an operation.
std::vector<Count> run_trajectories(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                                    const NoiseModel* noise, std::uint64_t seed, std::uint64_t unit, ShotRange shots);

}  // namespace titrant::quantum
