#include <benchmark/benchmark.h>

#include <cmath>
#include <complex>
#include <vector>

#include "quantum/circuits.hpp"
#include "titrant/quantum/evaluator.hpp"

/// \file
/// Time per example of the convolutional network on eight qubits (45 parameters, 10 SU(4), 4 measured qubits), for
/// batches of 1, 8, 64 and 512 examples, on one core: the counter time_per_example.

namespace {

using titrant::quantum::Evaluator;
using titrant::quantum::Input;

struct Network {
  titrant::quantum::Circuit circuit = circuits::network(false);
  Evaluator evaluator{circuit, 4};
  std::vector<double> parameters = circuits::random_angles(45, 1);
  circuits::Examples examples;
  std::vector<Input> inputs;
  std::vector<double> probability;
  std::vector<double> gradient;

  explicit Network(std::size_t batch)
      : examples(circuits::random_examples(circuit, batch, 2)),
        inputs(examples.inputs()),
        probability(batch),
        gradient(batch * 45) {}
};

void count(benchmark::State& state, const Network& network) {
  const auto examples = static_cast<double>(state.iterations()) * static_cast<double>(network.inputs.size());
  state.counters["time_per_example"] =
      benchmark::Counter(examples, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// NOLINTBEGIN(clang-analyzer-deadcode.DeadStores): the loop variable of Google Benchmark is there to be counted.
void exact_probability(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    network.evaluator.probabilities(network.parameters, network.inputs, network.probability);
    benchmark::DoNotOptimize(network.probability.data());
  }
  count(state, network);
}

void adjoint_gradient(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    network.evaluator.adjoint(network.parameters, network.inputs, network.probability, network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  count(state, network);
}

void parameter_shift_gradient(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    network.evaluator.parameter_shift(network.parameters, network.inputs, nullptr, {}, network.probability,
                                      network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  count(state, network);
}

void shared_shift_gradient(benchmark::State& state) {
  Network network(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    network.evaluator.shared_shift(network.parameters, network.inputs, nullptr, {}, network.probability,
                                   network.gradient);
    benchmark::DoNotOptimize(network.gradient.data());
  }
  count(state, network);
}

/// The same circuit gate by gate with plain complex loops over one state: each rotation as a 2 x 2 or 4 x 4 matrix,
/// measured qubits deferred. What one would write first.
class PlainState {
 public:
  explicit PlainState(const Input& input) : amplitudes_(256) {
    for (std::size_t k = 0; k < 64; ++k) amplitudes_[4 * k] = input.amplitudes[k];
  }

  void ry(std::size_t qubit, double angle) {
    const double c = std::cos(angle / 2.0);
    const double s = std::sin(angle / 2.0);
    pairs(qubit, [c, s](Complex& a, Complex& b) {
      const Complex zero = c * a - s * b;
      b = s * a + c * b;
      a = zero;
    });
  }
  void rz(std::size_t qubit, double angle) {
    const Complex phase = std::polar(1.0, angle / 2.0);
    pairs(qubit, [phase](Complex& a, Complex& b) {
      a = times(a, std::conj(phase));
      b = times(b, phase);
    });
  }
  /// exp(-i (x XX + y YY + z ZZ) / 2): 2 x 2 rotations of (00, 11) and of (01, 10).
  void entangle(std::size_t p, std::size_t q, double x, double y, double z) {
    for (std::size_t k = 0; k < amplitudes_.size(); ++k) {
      if ((k & bit(p)) != 0 || (k & bit(q)) != 0) continue;
      mix(amplitudes_[k], amplitudes_[k | bit(p) | bit(q)], (x - y) / 2.0, -z / 2.0);
      mix(amplitudes_[k | bit(p)], amplitudes_[k | bit(q)], (x + y) / 2.0, z / 2.0);
    }
  }
  void cz(std::size_t p, std::size_t q) {
    for (std::size_t k = 0; k < amplitudes_.size(); ++k)
      if ((k & bit(p)) != 0 && (k & bit(q)) != 0) amplitudes_[k] = -amplitudes_[k];
  }
  void cx(std::size_t control, std::size_t target) {
    for (std::size_t k = 0; k < amplitudes_.size(); ++k)
      if ((k & bit(control)) != 0 && (k & bit(target)) == 0) std::swap(amplitudes_[k], amplitudes_[k | bit(target)]);
  }
  double one(std::size_t qubit) const {
    double sum = 0.0;
    for (std::size_t k = 0; k < amplitudes_.size(); ++k)
      if ((k & bit(qubit)) != 0) sum += std::norm(amplitudes_[k]);
    return sum;
  }

 private:
  using Complex = std::complex<double>;

  static std::size_t bit(std::size_t qubit) { return std::size_t{128} >> qubit; }
  static Complex times(Complex a, Complex b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }
  static void mix(Complex& a, Complex& b, double angle, double phase) {
    const Complex c = std::polar(std::cos(angle), phase);
    const Complex s = times(Complex(0.0, -std::sin(angle)), std::polar(1.0, phase));
    const Complex first = times(c, a) + times(s, b);
    b = times(s, a) + times(c, b);
    a = first;
  }
  template <class Work>
  void pairs(std::size_t qubit, Work work) {
    for (std::size_t k = 0; k < amplitudes_.size(); ++k)
      if ((k & bit(qubit)) == 0) work(amplitudes_[k], amplitudes_[k | bit(qubit)]);
  }

  std::vector<Complex> amplitudes_;
};

void plain_convolve(PlainState& state, std::size_t a, std::size_t b, const double* angle) {
  const auto local = [&](std::size_t qubit, const double* three) {
    state.rz(qubit, three[0]);
    state.ry(qubit, three[1]);
    state.rz(qubit, three[2]);
  };
  local(a, angle);
  local(b, angle + 3);
  state.entangle(a, b, angle[6], angle[7], angle[8]);
  local(a, angle + 9);
  local(b, angle + 12);
}

double plain_probability(const std::vector<double>& parameters, const Input& input) {
  PlainState state(input);
  state.ry(6, input.features[0]);
  state.ry(7, input.features[1]);
  state.cz(6, 0);
  state.cz(7, 2);
  const std::vector<std::pair<std::size_t, std::size_t>> first = {{0, 1}, {2, 3}, {4, 5}, {1, 2}, {3, 4}, {5, 0}};
  for (const auto& [a, b] : first) plain_convolve(state, a, b, parameters.data());
  for (std::size_t k = 0; k < 3; ++k) state.cx(2 * k + 1, 2 * k);
  state.cz(6, 0);
  state.cz(7, 4);
  const std::vector<std::pair<std::size_t, std::size_t>> second = {{0, 2}, {2, 4}, {4, 0}};
  for (const auto& [a, b] : second) plain_convolve(state, a, b, parameters.data() + 15);
  state.cx(2, 0);
  state.cz(6, 0);
  state.cz(7, 4);
  plain_convolve(state, 0, 4, parameters.data() + 30);
  return state.one(0);
}

void plain_reference(benchmark::State& state) {
  Network network(8);
  network.evaluator.probabilities(network.parameters, network.inputs, network.probability);
  for (std::size_t k = 0; k < network.inputs.size(); ++k) {
    if (std::abs(plain_probability(network.parameters, network.inputs[k]) - network.probability[k]) > 1e-12)
      state.SkipWithError("the plain simulation disagrees");
  }
  for (auto _ : state) {
    for (const Input& input : network.inputs) benchmark::DoNotOptimize(plain_probability(network.parameters, input));
  }
  count(state, network);
}

void compile_network(benchmark::State& state) {
  const titrant::quantum::Circuit circuit = circuits::network(false);
  for (auto _ : state) benchmark::DoNotOptimize(Evaluator(circuit, 4).parameters());
}

// NOLINTEND(clang-analyzer-deadcode.DeadStores)

}  // namespace

BENCHMARK(exact_probability)->Arg(1)->Arg(8)->Arg(64)->Arg(512);
BENCHMARK(adjoint_gradient)->Arg(1)->Arg(8)->Arg(64)->Arg(512);
BENCHMARK(parameter_shift_gradient)->Arg(1)->Arg(8)->Arg(64)->Arg(512);
BENCHMARK(shared_shift_gradient)->Arg(8)->Arg(64);
BENCHMARK(plain_reference);
BENCHMARK(compile_network);
