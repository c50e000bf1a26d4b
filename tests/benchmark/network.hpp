#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "quantum/circuits.hpp"
#include "titrant/quantum/evaluator.hpp"

/// \file
/// What all benchmarks of circuits work on: the convolutional network on eight qubits (45 parameters, 10 SU(4), 4
/// measurements with feedback) and random examples.

namespace benchmarks {

struct Network {
  titrant::quantum::Circuit circuit = circuits::network(false);
  titrant::quantum::Evaluator evaluator{circuit, 4};
  std::vector<double> parameters = circuits::random_angles(45, 1);
  circuits::Examples examples;
  std::vector<titrant::quantum::Input> inputs;
  std::vector<std::uint64_t> units;  ///< logical numbers of the examples
  std::vector<double> probability;
  std::vector<double> gradient;

  explicit Network(std::size_t count)
      : examples(circuits::random_examples(circuit, count, 2)),
        inputs(examples.inputs()),
        units(count),
        probability(count),
        gradient(count * 45) {
    for (std::size_t k = 0; k < count; ++k) units[k] = k;
  }
};

/// Sets the counter `time`: seconds per example.
inline void count_examples(benchmark::State& state, std::size_t per_iteration) {
  const auto examples = static_cast<double>(state.iterations()) * static_cast<double>(per_iteration);
  state.counters["time"] = benchmark::Counter(examples, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Sets the counter `operations`: floating-point operations per second.
inline void count_operations(benchmark::State& state, double per_iteration) {
  state.counters["operations"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * per_iteration, benchmark::Counter::kIsRate);
}

}  // namespace benchmarks
