#include <benchmark/benchmark.h>

#include <random>

#include "benchmark/naive.hpp"
#include "benchmark/network.hpp"
#include "titrant/quantum/simulation/counts.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

/// \file
/// 1,024 shots, drawn from exact probabilities: of the result bit, and of all measured bits.

namespace {

using benchmarks::Network;
using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::quantum::Input;
using titrant::quantum::Shots;

constexpr std::uint64_t shots_per_circuit = 1024;

void shots_of_result(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  const Shots shots;
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.probabilities(network.parameters, network.inputs, network.probability);
    for (std::size_t k = 0; k < network.inputs.size(); ++k)
      benchmark::DoNotOptimize(sample_ones(network.probability[k], shots, k));
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shots_of_result)->Arg(512);

void shots_of_result_naive(benchmark::State& state) {
  const Network network(8);
  std::mt19937_64 random(1);
  for ([[maybe_unused]] auto _ : state) {
    for (const Input& input : network.inputs)
      benchmark::DoNotOptimize(benchmarks::naive_shots(network.parameters, input, shots_per_circuit, random));
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shots_of_result_naive);

void shots_of_all_bits(benchmark::State& state) {
  const Network network(8);
  for ([[maybe_unused]] auto _ : state) {
    for (std::size_t k = 0; k < network.inputs.size(); ++k) {
      Stream stream(1, Purpose::test, k);
      const auto outcomes = distribution(network.circuit, network.parameters, network.inputs[k]);
      benchmark::DoNotOptimize(sample_counts(outcomes, shots_per_circuit, stream));
    }
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shots_of_all_bits);

void shots_of_all_bits_naive(benchmark::State& state) {
  const Network network(8);
  std::mt19937_64 random(1);
  for ([[maybe_unused]] auto _ : state) {
    for (const Input& input : network.inputs)
      benchmark::DoNotOptimize(benchmarks::naive_outcomes(network.parameters, input, shots_per_circuit, random));
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shots_of_all_bits_naive);

}  // namespace
