#include <benchmark/benchmark.h>

#include <array>
#include <cmath>

#include "benchmark/matrix_product.hpp"
#include "benchmark/naive.hpp"
#include "benchmark/network.hpp"
#include "titrant/quantum/isa.hpp"
#include "titrant/quantum/quadratic_form.hpp"

/// \file
/// Exact probabilities, of the network and of whole populations, and what one core can do at best.

namespace {

using benchmarks::Network;
using titrant::quantum::Evaluator;
using titrant::quantum::Input;
using titrant::quantum::QuadraticForm;

void matrix_product(benchmark::State& state) {
  const auto set = titrant::quantum::selected_instruction_set();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(benchmarks::multiply_matrices(set));
  benchmarks::count_operations(state, static_cast<double>(benchmarks::matrix_product_operations(set)));
}
BENCHMARK(matrix_product);

void exact(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    network.evaluator.probabilities(network.parameters, network.inputs, network.probability);
    benchmark::DoNotOptimize(network.probability.data());
  }
  benchmarks::count_examples(state, network.inputs.size());
  benchmarks::count_operations(state, network.evaluator.operations() * static_cast<double>(network.inputs.size()));
}
BENCHMARK(exact)->Arg(1)->Arg(8)->Arg(36)->Arg(512)->Arg(4096);

void exact_naive(benchmark::State& state) {
  Network network(8);
  network.evaluator.probabilities(network.parameters, network.inputs, network.probability);
  for (std::size_t k = 0; k < network.inputs.size(); ++k) {
    const double naive = benchmarks::naive_probability(network.parameters, network.inputs[k]);
    if (std::abs(naive - network.probability[k]) > 1e-12) state.SkipWithError("the naive simulation disagrees");
  }
  for ([[maybe_unused]] auto _ : state) {
    for (const Input& input : network.inputs)
      benchmark::DoNotOptimize(benchmarks::naive_probability(network.parameters, input));
  }
  benchmarks::count_examples(state, network.inputs.size());
}
BENCHMARK(exact_naive);

/// Subjects on a grid of doses. The dose is the angle of the first feature, a covariate that of the second; both only
/// choose between circuits, so four forms say everything (src/quantum/evaluator/README.md).
struct Population {
  static constexpr std::size_t subjects = 1000;
  static constexpr std::size_t doses = 20;
  Network network{subjects};
  std::vector<double> curves;                  ///< [subject][point]
  std::vector<std::array<double, 2>> weights;  ///< [dose]: of the feature qubit in |0> and |1>

  Population() {
    for (const std::vector<double>& curve : network.examples.amplitudes)
      curves.insert(curves.end(), curve.begin(), curve.end());
    for (std::size_t d = 0; d < doses; ++d) {
      const double sine = std::sin(angle(d) / 2.0);
      weights.push_back({1.0 - sine * sine, sine * sine});
    }
  }

  static double angle(std::size_t dose) { return 0.15 * static_cast<double>(dose); }

  /// probability: [subject][dose].
  void predict(std::vector<double>& probability) const {
    std::array<std::vector<double>, 4> value;
    for (std::size_t setting = 0; setting < 4; ++setting) {
      const std::array<double, 2> features = {(setting & 1U) != 0 ? M_PI : 0.0, (setting & 2U) != 0 ? M_PI : 0.0};
      value.at(setting).resize(subjects);
      QuadraticForm(network.evaluator.form(network.parameters, features)).evaluate(curves, value.at(setting));
    }
    for (std::size_t s = 0; s < subjects; ++s) {
      const double sine = std::sin(network.examples.features[s][1] / 2.0);
      const double one = sine * sine;
      const double zero = 1.0 - one;
      const double low = zero * value[0][s] + one * value[2][s];
      const double high = zero * value[1][s] + one * value[3][s];
      for (std::size_t d = 0; d < doses; ++d) probability[s * doses + d] = weights[d][0] * low + weights[d][1] * high;
    }
  }
};

/// Forms included: what one set of parameters costs from nothing.
void population(benchmark::State& state) {
  const Population population;
  std::vector<double> probability(Population::subjects * Population::doses);
  population.predict(probability);
  for (std::size_t d = 0; d < Population::doses; ++d) {
    const std::array<double, 2> features = {Population::angle(d), population.network.examples.features[3][1]};
    const Input input{population.network.examples.amplitudes[3], features};
    double one = 0.0;
    population.network.evaluator.probabilities(population.network.parameters, {&input, 1}, {&one, 1});
    if (std::abs(one - probability[3 * Population::doses + d]) > 1e-12) state.SkipWithError("the forms disagree");
  }
  for ([[maybe_unused]] auto _ : state) {
    population.predict(probability);
    benchmark::DoNotOptimize(probability.data());
  }
  benchmarks::count_examples(state, probability.size());
}
BENCHMARK(population);

void compile_network(benchmark::State& state) {
  const titrant::quantum::Circuit circuit = circuits::network(false);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(Evaluator(circuit, 4).parameters());
  benchmarks::count_examples(state, 1);
}
BENCHMARK(compile_network);

}  // namespace
