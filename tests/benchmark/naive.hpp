#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "titrant/quantum/input.hpp"

/// \file
/// The network of network.hpp as one would write it first: one state at a time, gate by gate, plain loops over complex
/// numbers. The references that speeds are ratios to.

namespace benchmarks {

/// Depolarising after each gate (rz has none) and wrong records, as titrant::quantum::UniformNoise.
struct NaiveNoise {
  double one_qubit = 0.0;
  double two_qubit = 0.0;
  double readout = 0.0;
};

/// P(1), with measurements deferred.
double naive_probability(const std::vector<double>& parameters, const titrant::quantum::Input& input);

/// The number of ones among shots that are drawn one by one from P(1).
std::uint64_t naive_shots(const std::vector<double>& parameters, const titrant::quantum::Input& input,
                          std::uint64_t shots, std::mt19937_64& random);

/// Counts of the values of all amplitudes' numbers, drawn one by one from the final state: [256].
std::vector<std::uint64_t> naive_outcomes(const std::vector<double>& parameters, const titrant::quantum::Input& input,
                                          std::uint64_t shots, std::mt19937_64& random);

/// P(1) of the recorded bit from the density matrix of eight qubits.
double naive_noisy_probability(const std::vector<double>& parameters, const titrant::quantum::Input& input,
                               const NaiveNoise& noise);

/// The number of ones among shots with collapse, feedback and random errors, each run by itself.
std::uint64_t naive_trajectories(const std::vector<double>& parameters, const titrant::quantum::Input& input,
                                 const NaiveNoise& noise, std::uint64_t shots, std::mt19937_64& random);

}  // namespace benchmarks
