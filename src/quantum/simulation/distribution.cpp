#include "titrant/quantum/simulation/distribution.hpp"

#include <algorithm>
#include <utility>

#include "active_state.hpp"
#include "outcome_sum.hpp"
#include "steps.hpp"
#include "titrant/core/error.hpp"
#include "trajectory_steps.hpp"
#include "unravelling.hpp"

namespace titrant::quantum {

namespace {

constexpr double impossible_branch = 1e-15;  // what rounding leaves of an outcome that cannot occur
/// Steps (of the program, times amplitudes) after which following all outcomes is given up: some ten minutes.
constexpr double longest = 4e11;
constexpr std::size_t most_waiting = std::size_t{1} << 27U;  // amplitudes of outcomes still to be followed: 2 GiB
/// What rounding leaves of the square of an amplitude that is 0.
constexpr double no_amplitude = 1e-28;

/// Depth first: at a measurement, one copy of the state goes each way. A state's squared norm is its probability.
class Walk {
 public:
  explicit Walk(const TrajectoryProgram& program) : program_(program) {}

  std::vector<Outcome> run(ActiveState start) {
    waiting_.push_back({0, std::move(start), 0});
    while (!waiting_.empty()) {
      Way way = std::move(waiting_.back());
      waiting_.pop_back();
      waiting_amplitudes_ -= std::min(waiting_amplitudes_, way.state.amplitudes().size());
      follow(std::move(way));
    }
    return sum_.finish();
  }

 private:
  struct Way {
    std::size_t place;
    ActiveState state;
    std::uint64_t bits;
  };

  void follow(Way way) {
    for (; way.place < program_.steps.size(); ++way.place) {
      const TrajectoryStep& step = program_.steps[way.place];
      if (!holds(step.conditions, way.bits)) continue;
      if (step.kind == TrajectoryStep::Kind::evolve) {
        way.state.apply(step.rest[0], step.qubits);
      } else {
        split(step, way);
      }
      count_work(way.state);
    }
    read_off(way.state, way.bits);
  }

  void count_work(const ActiveState& state) {
    work_ += static_cast<double>(state.amplitudes().size());
    if (work_ > longest) give_up();
  }

  [[noreturn]] static void give_up() {
    throw ConfigError(
        "circuit: too many outcomes of measurements and resets in the middle to follow them all; count shots of "
        "single trajectories in place of exact probabilities");
  }

  /// Goes on with one outcome and leaves the other, where it can occur, for later.
  void split(const TrajectoryStep& step, Way& way) {
    const std::size_t qubit = step.qubits[0];
    const auto [zero, one] = way.state.weights(qubit);
    const double least = impossible_branch * (zero + one);
    if (one >= least && zero >= least) {
      Way other = way;
      other.state.project(qubit, true, 1.0);
      record(step, true, other);
      ++other.place;
      waiting_amplitudes_ += other.state.amplitudes().size();
      if (waiting_amplitudes_ > most_waiting) give_up();
      waiting_.push_back(std::move(other));
    }
    const bool value = zero < least;
    way.state.project(qubit, value, 1.0);
    record(step, value, way);
  }

  static void record(const TrajectoryStep& step, bool value, Way& way) {
    if (step.kind == TrajectoryStep::Kind::reset) {
      way.state.set_known(step.qubits[0], false);
    } else {
      const std::uint64_t bit = std::uint64_t{1} << step.bit;
      way.bits = value ? way.bits | bit : way.bits & ~bit;
    }
  }

  void read_off(const ActiveState& state, std::uint64_t bits) {
    std::vector<std::size_t> qubits;
    std::vector<std::uint64_t> bits_of;  // classical bits that a qubit sets: it may be read twice
    for (const TerminalMeasurement& terminal : program_.terminal) {
      const std::uint64_t bit = std::uint64_t{1} << terminal.bit;
      const std::size_t qubit = terminal.qubit;
      bits &= ~bit;  // an earlier measurement may have set it
      if (!state.place(qubit)) {
        if (state.known_value(qubit)) bits |= bit;
        continue;
      }
      const auto found = std::find(qubits.begin(), qubits.end(), qubit);
      if (found == qubits.end()) {
        qubits.push_back(qubit);
        bits_of.push_back(bit);
      } else {
        bits_of[static_cast<std::size_t>(found - qubits.begin())] |= bit;
      }
    }
    const std::vector<double> probability = state.marginal(qubits);
    for (std::size_t value = 0; value < probability.size(); ++value) {
      if (probability[value] < no_amplitude) continue;
      std::uint64_t outcome = bits;
      for (std::size_t k = 0; k < qubits.size(); ++k)
        if (((value >> (qubits.size() - 1 - k)) & 1U) != 0U) outcome |= bits_of[k];
      sum_.add(outcome, probability[value]);
    }
  }

  const TrajectoryProgram& program_;
  std::vector<Way> waiting_;
  std::size_t waiting_amplitudes_ = 0;
  OutcomeSum sum_;
  double work_ = 0.0;
};

}  // namespace

std::vector<Outcome> distribution(const Circuit& circuit, std::span<const double> parameters, const Input& input) {
  check_runnable(circuit, parameters, input);
  ActiveState start(circuit.qubits());
  if (!circuit.amplitude_qubits().empty()) start.prepare(circuit.amplitude_qubits(), input.amplitudes);
  const TrajectoryProgram program =
      trajectory_program(unravel(circuit, parameters, input.features, nullptr, ClassicalQubits::kept));
  return Walk(program).run(std::move(start));
}

std::string bit_string(std::uint64_t bits, std::size_t count) {
  std::string text;
  for (std::size_t bit = count; bit-- > 0;) text += ((bits >> bit) & 1U) != 0U ? '1' : '0';
  return text;
}

}  // namespace titrant::quantum
