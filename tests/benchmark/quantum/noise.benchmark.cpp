#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

#include "benchmark/naive.hpp"
#include "benchmark/network.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/noisy_evaluator/noisy_evaluator.hpp"
#include "titrant/quantum/simulation/trajectories.hpp"

/// \file
/// The network under depolarising noise and readout errors: its density matrix, P(1) of many examples and its gradient,
/// and 1,024 shots with collapse.

namespace {

using benchmarks::Network;
using titrant::quantum::NoiseModel;
using titrant::quantum::NoisyEvaluator;
using titrant::quantum::UniformNoise;

constexpr benchmarks::NaiveNoise errors = {0.001, 0.01, 0.01};
constexpr std::uint64_t noisy_shots = 1024;

NoiseModel noise_model() {
  UniformNoise uniform;
  uniform.one_qubit = errors.one_qubit;
  uniform.two_qubit = errors.two_qubit;
  uniform.readout = errors.readout;
  return NoiseModel(uniform);
}

void density_matrix(benchmark::State& state) {
  const Network network(1);
  const NoiseModel noise = noise_model();
  double one = 0.0;
  for (const auto& outcome : noisy_distribution(network.circuit, network.parameters, network.inputs[0], noise)) {
    if (((outcome.bits >> 4U) & 1U) != 0) one += outcome.probability;
  }
  const double naive = benchmarks::naive_noisy_probability(network.parameters, network.inputs[0], errors);
  if (std::abs(one - naive) > 1e-10) state.SkipWithError("the naive density matrix disagrees");
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(noisy_distribution(network.circuit, network.parameters, network.inputs[0], noise).data());
  }
  benchmarks::count_examples(state, 1);
}
BENCHMARK(density_matrix);

void density_matrix_naive(benchmark::State& state) {
  const Network network(1);
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(benchmarks::naive_noisy_probability(network.parameters, network.inputs[0], errors));
  benchmarks::count_examples(state, 1);
}
BENCHMARK(density_matrix_naive);

void noisy(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  const NoisyEvaluator evaluator(network.circuit, 4, noise_model());
  for ([[maybe_unused]] auto _ : state) {
    evaluator.probabilities(network.parameters, network.inputs, network.probability);
    benchmark::DoNotOptimize(network.probability.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(noisy)->Arg(1)->Arg(36)->Arg(512);

void noisy_adjoint(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  const NoisyEvaluator evaluator(network.circuit, 4, noise_model());
  for ([[maybe_unused]] auto _ : state) {
    evaluator.adjoint(network.parameters, network.inputs, network.probability, network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(noisy_adjoint)->Arg(1)->Arg(36)->Arg(512);

void run_shots(benchmark::State& state, const NoiseModel* noise) {
  const Network network(1);
  std::uint64_t unit = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(
        run_trajectories(network.circuit, network.parameters, network.inputs[0], noise, 1, unit++, {0, noisy_shots})
            .data());
  }
  benchmarks::count_examples(state, 1);
}

void run_shots_naive(benchmark::State& state, const benchmarks::NaiveNoise& noise) {
  const Network network(1);
  std::mt19937_64 random(1);
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(
        benchmarks::naive_trajectories(network.parameters, network.inputs[0], noise, noisy_shots, random));
  }
  benchmarks::count_examples(state, 1);
}

void trajectories_noiseless(benchmark::State& state) { run_shots(state, nullptr); }
BENCHMARK(trajectories_noiseless);

void trajectories_noiseless_naive(benchmark::State& state) { run_shots_naive(state, {}); }
BENCHMARK(trajectories_noiseless_naive);

void trajectories_noisy(benchmark::State& state) {
  const NoiseModel noise = noise_model();
  run_shots(state, &noise);
}
BENCHMARK(trajectories_noisy);

/// With relaxation besides, whose events depend on the state.
void trajectories_relaxing(benchmark::State& state) {
  UniformNoise uniform;
  uniform.one_qubit = 0.0003;
  uniform.two_qubit = 0.007;
  uniform.readout = errors.readout;
  uniform.t1 = 200.0;
  uniform.t2 = 150.0;
  const NoiseModel noise(uniform);
  run_shots(state, &noise);
}
BENCHMARK(trajectories_relaxing);

void trajectories_noisy_naive(benchmark::State& state) { run_shots_naive(state, errors); }
BENCHMARK(trajectories_noisy_naive);

}  // namespace
