#include <benchmark/benchmark.h>

#include "benchmark/network.hpp"

/// \file
/// Gradients of P(1) by 45 shared parameters. 36 examples are those of the real trial, 512 a batch of virtual subjects.

namespace {

using benchmarks::Network;
using titrant::quantum::Shots;

void adjoint(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.adjoint(network.parameters, network.inputs, network.probability, network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(adjoint)->Arg(1)->Arg(8)->Arg(36)->Arg(512);

/// Shifts of every occurrence where they are exact: only their differences are asked for.
void shift_exact(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.parameter_shift(network.parameters, network.inputs, nullptr, {}, network.probability,
                                      network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shift_exact)->Arg(36)->Arg(512);

/// The probabilities of all 300 shifted circuits, each by itself.
void shifted_circuits(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  std::vector<double> shifted(network.inputs.size() * network.evaluator.occurrences() * 2);
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.shifted_probabilities(network.parameters, network.inputs, network.probability, shifted);
    benchmark::DoNotOptimize(shifted.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shifted_circuits)->Arg(36)->Arg(512);

void shift_with_shots(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  const Shots shots;
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.parameter_shift(network.parameters, network.inputs, &shots, network.units, network.probability,
                                      network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shift_with_shots)->Arg(36)->Arg(512);

void shared_shift(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.shared_shift(network.parameters, network.inputs, nullptr, {}, network.probability,
                                   network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(shared_shift)->Arg(36)->Arg(512);

}  // namespace
