#include "naive.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>

namespace benchmarks {

namespace {

using titrant::quantum::Input;
using Complex = std::complex<double>;

Complex times(Complex a, Complex b) {  // without the library's care for infinities
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Amplitudes of any number of qubits, qubit 0 the most significant.
class State {
 public:
  explicit State(std::size_t qubits) : qubits_(qubits), amplitudes_(std::size_t{1} << qubits) {}

  std::vector<Complex>& amplitudes() { return amplitudes_; }
  std::size_t bit(std::size_t qubit) const { return std::size_t{1} << (qubits_ - 1 - qubit); }

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
  void x(std::size_t qubit) {
    pairs(qubit, [](Complex& a, Complex& b) { std::swap(a, b); });
  }
  void z(std::size_t qubit) {
    pairs(qubit, [](Complex&, Complex& b) { b = -b; });
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

  std::size_t qubits_;
  std::vector<Complex> amplitudes_;
};

constexpr std::size_t qubits = 8;

/// Pure states, measurements deferred.
struct Deferred : State {
  explicit Deferred(const Input& input) : State(qubits) {
    for (std::size_t k = 0; k < 64; ++k) amplitudes()[4 * k] = input.amplitudes[k];
  }
  void measure_and_flip(std::size_t measured, std::size_t target) { cx(measured, target); }
};

/// Pure states that collapse, with errors drawn at random.
class Trajectory {
 public:
  Trajectory(const Input& input, const NaiveNoise& noise, std::mt19937_64& random)
      : state_(input), noise_(noise), random_(random) {}

  void ry(std::size_t qubit, double angle) {
    state_.ry(qubit, angle);
    depolarise({qubit}, noise_.one_qubit);
  }
  void rz(std::size_t qubit, double angle) { state_.rz(qubit, angle); }
  void cz(std::size_t p, std::size_t q) {
    state_.cz(p, q);
    depolarise({p, q}, noise_.two_qubit);
  }
  void entangle(std::size_t p, std::size_t q, double x, double y, double z) {
    state_.entangle(p, q, x, 0.0, 0.0);
    depolarise({p, q}, noise_.two_qubit);
    state_.entangle(p, q, 0.0, y, 0.0);
    depolarise({p, q}, noise_.two_qubit);
    state_.entangle(p, q, 0.0, 0.0, z);
    depolarise({p, q}, noise_.two_qubit);
  }
  bool measure(std::size_t qubit) {
    const double one = state_.one(qubit);
    const bool outcome = uniform() < one;
    const double scale = 1.0 / std::sqrt(outcome ? one : 1.0 - one);
    for (std::size_t k = 0; k < state_.amplitudes().size(); ++k)
      state_.amplitudes()[k] *= ((k & state_.bit(qubit)) != 0) == outcome ? scale : 0.0;
    return outcome != (uniform() < noise_.readout);
  }
  void measure_and_flip(std::size_t measured, std::size_t target) {
    if (!measure(measured)) return;
    state_.x(target);
    depolarise({target}, noise_.one_qubit);
  }

 private:
  double uniform() { return std::uniform_real_distribution<double>()(random_); }
  /// With this probability a uniformly random Pauli (the identity among them) on each qubit.
  void depolarise(const std::vector<std::size_t>& on, double probability) {
    if (uniform() >= probability) return;
    for (const std::size_t qubit : on) {
      const std::uint64_t pauli = random_() % 4;
      if ((pauli & 1U) != 0) state_.x(qubit);
      if ((pauli & 2U) != 0) state_.z(qubit);
    }
  }

  Deferred state_;
  NaiveNoise noise_;
  std::mt19937_64& random_;
};

/// Density matrices, as amplitudes of twice as many qubits: those of rows, then those of columns.
class Density {
 public:
  Density(const Input& input, const NaiveNoise& noise) : state_(2 * qubits), noise_(noise) {
    for (std::size_t r = 0; r < 64; ++r) {
      for (std::size_t c = 0; c < 64; ++c)
        state_.amplitudes()[(4 * r << qubits) | (4 * c)] = input.amplitudes[r] * input.amplitudes[c];
    }
  }

  void ry(std::size_t qubit, double angle) {
    state_.ry(qubit, angle);
    state_.ry(qubits + qubit, angle);
    depolarise({qubit}, noise_.one_qubit);
  }
  void rz(std::size_t qubit, double angle) {
    state_.rz(qubit, angle);
    state_.rz(qubits + qubit, -angle);
  }
  void cz(std::size_t p, std::size_t q) {
    state_.cz(p, q);
    state_.cz(qubits + p, qubits + q);
    depolarise({p, q}, noise_.two_qubit);
  }
  void entangle(std::size_t p, std::size_t q, double x, double y, double z) {
    for (const std::array<double, 3>& angles :
         {std::array{x, 0.0, 0.0}, std::array{0.0, y, 0.0}, std::array{0.0, 0.0, z}}) {
      state_.entangle(p, q, angles[0], angles[1], angles[2]);
      state_.entangle(qubits + p, qubits + q, -angles[0], -angles[1], -angles[2]);
      depolarise({p, q}, noise_.two_qubit);
    }
  }
  void measure_and_flip(std::size_t measured, std::size_t target) {
    Density flipped = *this;
    collapse(measured, 1.0 - noise_.readout, noise_.readout);
    flipped.collapse(measured, noise_.readout, 1.0 - noise_.readout);
    flipped.state_.x(target);
    flipped.state_.x(qubits + target);
    flipped.depolarise({target}, noise_.one_qubit);
    for (std::size_t k = 0; k < state_.amplitudes().size(); ++k)
      state_.amplitudes()[k] += flipped.state_.amplitudes()[k];
  }
  double recorded_one(std::size_t qubit) {
    double one = 0.0;
    for (std::size_t k = 0; k < std::size_t{1} << qubits; ++k)
      if ((k & state_.bit(qubits + qubit)) != 0) one += state_.amplitudes()[(k << qubits) | k].real();
    return one * (1.0 - noise_.readout) + (1.0 - one) * noise_.readout;
  }

 private:
  /// Keeps the blocks of each outcome of a measurement, with a weight for 0 and one for 1.
  void collapse(std::size_t qubit, double zero, double one) {
    for (std::size_t k = 0; k < state_.amplitudes().size(); ++k) {
      const bool row = (k & state_.bit(qubit)) != 0;
      const bool column = (k & state_.bit(qubits + qubit)) != 0;
      state_.amplitudes()[k] *= row != column ? 0.0 : row ? one : zero;
    }
  }
  /// rho -> (1 - p) rho + p I / 2^k (trace over the k qubits).
  void depolarise(const std::vector<std::size_t>& on, double probability) {
    std::size_t rows = 0;
    std::vector<std::size_t> diagonal = {0};  // the elements of one block that have the same value in rows and columns
    for (const std::size_t qubit : on) {
      const std::size_t both = state_.bit(qubit) | state_.bit(qubits + qubit);
      rows |= both;
      for (std::size_t k = diagonal.size(); k-- > 0;) diagonal.push_back(diagonal[k] | both);
    }
    std::vector<Complex>& rho = state_.amplitudes();
    for (std::size_t block = 0; block < rho.size(); ++block) {
      if ((block & rows) != 0) continue;
      Complex mean = 0.0;
      for (const std::size_t place : diagonal) mean += rho[block | place];
      mean *= probability / static_cast<double>(diagonal.size());
      for (std::size_t part = rows;; part = (part - 1) & rows) {
        rho[block | part] *= 1.0 - probability;
        if (part == 0) break;
      }
      for (const std::size_t place : diagonal) rho[block | place] += mean;
    }
  }

  State state_;
  NaiveNoise noise_;
};

template <class Machine>
void convolve(Machine& machine, std::size_t a, std::size_t b, const double* angle) {
  const auto local = [&](std::size_t qubit, const double* three) {
    machine.rz(qubit, three[0]);
    machine.ry(qubit, three[1]);
    machine.rz(qubit, three[2]);
  };
  local(a, angle);
  local(b, angle + 3);
  machine.entangle(a, b, angle[6], angle[7], angle[8]);
  local(a, angle + 9);
  local(b, angle + 12);
}

/// circuits::network, up to the last measurement.
template <class Machine>
void run(Machine& machine, const std::vector<double>& parameters, const Input& input) {
  machine.ry(6, input.features[0]);
  machine.ry(7, input.features[1]);
  machine.cz(6, 0);
  machine.cz(7, 2);
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> first = {
      {{0, 1}, {2, 3}, {4, 5}, {1, 2}, {3, 4}, {5, 0}}};
  for (const auto& [a, b] : first) convolve(machine, a, b, parameters.data());
  for (std::size_t k = 0; k < 3; ++k) machine.measure_and_flip(2 * k + 1, 2 * k);
  machine.cz(6, 0);
  machine.cz(7, 4);
  constexpr std::array<std::pair<std::size_t, std::size_t>, 3> second = {{{0, 2}, {2, 4}, {4, 0}}};
  for (const auto& [a, b] : second) convolve(machine, a, b, parameters.data() + 15);
  machine.measure_and_flip(2, 0);
  machine.cz(6, 0);
  machine.cz(7, 4);
  convolve(machine, 0, 4, parameters.data() + 30);
}

}  // namespace

double naive_probability(const std::vector<double>& parameters, const Input& input) {
  Deferred state(input);
  run(state, parameters, input);
  return state.one(0);
}

std::uint64_t naive_shots(const std::vector<double>& parameters, const Input& input, std::uint64_t shots,
                          std::mt19937_64& random) {
  const double probability = naive_probability(parameters, input);
  std::uint64_t ones = 0;
  for (std::uint64_t shot = 0; shot < shots; ++shot) {
    if (std::uniform_real_distribution<double>()(random) < probability) ++ones;
  }
  return ones;
}

std::vector<std::uint64_t> naive_outcomes(const std::vector<double>& parameters, const Input& input,
                                          std::uint64_t shots, std::mt19937_64& random) {
  Deferred state(input);
  run(state, parameters, input);
  std::vector<std::uint64_t> counts(std::size_t{1} << qubits);
  for (std::uint64_t shot = 0; shot < shots; ++shot) {
    double left = std::uniform_real_distribution<double>()(random);
    std::size_t k = 0;
    while (k + 1 < counts.size() && (left -= std::norm(state.amplitudes()[k])) > 0.0) ++k;
    ++counts[k];
  }
  return counts;
}

double naive_noisy_probability(const std::vector<double>& parameters, const Input& input, const NaiveNoise& noise) {
  Density density(input, noise);
  run(density, parameters, input);
  return density.recorded_one(0);
}

std::uint64_t naive_trajectories(const std::vector<double>& parameters, const Input& input, const NaiveNoise& noise,
                                 std::uint64_t shots, std::mt19937_64& random) {
  std::uint64_t ones = 0;
  for (std::uint64_t shot = 0; shot < shots; ++shot) {
    Trajectory trajectory(input, noise, random);
    run(trajectory, parameters, input);
    if (trajectory.measure(0)) ++ones;
  }
  return ones;
}

}  // namespace benchmarks
