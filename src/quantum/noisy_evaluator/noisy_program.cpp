#include "noisy_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/noise/channel.hpp"

namespace titrant::quantum {

namespace {

bool is_controlled_rotation(GateKind gate) {
  return gate == GateKind::crx || gate == GateKind::cry || gate == GateKind::crz;
}

/// What a measurement leaves of the qubit that holds its record: Z alone, shrunk and shifted by wrong records.
Eigen::MatrixXd record(const ReadoutError& error) {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(4, 4);
  matrix(0, 0) = 1.0;
  matrix(3, 0) = error.zero_given_one - error.one_given_zero;
  matrix(3, 3) = 1.0 - error.zero_given_one - error.one_given_zero;
  return matrix;
}

Eigen::MatrixXd reset_matrix() {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(4, 4);
  matrix(0, 0) = matrix(3, 0) = 1.0;
  return matrix;
}

class Compilation {
 public:
  Compilation(const Circuit& circuit, const NoiseModel& noise)
      : circuit_(circuit), noise_(noise), holder_(circuit.bits()) {
    program_.qubits = circuit.qubits();
    program_.amplitude_qubits = circuit.amplitude_qubits();
    program_.parameters = circuit.parameters();
    program_.features = circuit.features();
  }

  NoisyProgram run(std::size_t result_bit) {
    const std::vector<Operation>& operations = circuit_.operations();
    for (std::size_t place = 0; place < operations.size(); ++place) {
      const Operation& operation = operations[place];
      if (operation.kind == Operation::Kind::gate) {
        add_gate(operation);
      } else if (operation.kind == Operation::Kind::measure || operation.kind == Operation::Kind::reset) {
        if (!operation.conditions.empty())
          throw ConfigError(
              "circuit: conditional measurements and resets cannot be compiled; noise/density_matrix.hpp runs them");
        operation.kind == Operation::Kind::measure ? measure(place) : reset(operation);
      }
    }
    if (result_bit >= holder_.size() || !holder_[result_bit])
      throw ConfigError(fmt::format("circuit: result bit {} is never measured", result_bit));
    program_.result = *holder_[result_bit];
    drop_irrelevant();
    arrange();
    return std::move(program_);
  }

 private:
  void add_gate(const Operation& operation) {
    NoisyStep step;
    step.gate = operation.gate;
    step.angles = operation.angles;
    for (const Operation::Condition& condition : operation.conditions) {
      const std::size_t holder = *holder_[condition.bit];
      const auto same = std::find(step.qubits.begin(), step.qubits.end(), holder);
      if (same == step.qubits.end()) {
        step.qubits.push_back(holder);
        step.condition.push_back(condition.value);
      } else if (step.condition[static_cast<std::size_t>(same - step.qubits.begin())] != condition.value) {
        return;  // never applied
      }
    }
    step.qubits.insert(step.qubits.end(), operation.qubits.begin(), operation.qubits.end());
    for (const Angle& angle : operation.angles) {
      step.occurrences.push_back(no_use);
      if (angle.source != Angle::Source::parameter) continue;
      step.occurrences.back() = program_.parameter_of.size();
      program_.parameter_of.push_back(angle.index);
    }
    const auto size = Eigen::Index{1} << (2 * operation.qubits.size());
    for (const NoiseModel::Applied& applied : noise_.after(operation)) {
      if (step.noise.size() == 0) step.noise = Eigen::MatrixXd::Identity(size, size);
      step.noise = widened(pauli_transfer(*applied.channel), applied.qubits, operation.qubits) * step.noise;
    }
    steps_.push_back(std::move(step));
  }

  void fixed(Eigen::MatrixXd matrix, std::vector<std::size_t> qubits) {
    NoisyStep step;
    step.fixed = std::move(matrix);
    step.qubits = std::move(qubits);
    steps_.push_back(std::move(step));
  }

  void measure(std::size_t place) {
    const Operation& operation = circuit_.operations()[place];
    const std::size_t qubit = operation.qubits[0];
    const auto later = circuit_.operations().begin() + static_cast<std::ptrdiff_t>(place) + 1;
    const bool used_again = std::any_of(later, circuit_.operations().end(), [qubit](const Operation& next) {
      return next.kind != Operation::Kind::discard && next.kind != Operation::Kind::barrier &&
             std::find(next.qubits.begin(), next.qubits.end(), qubit) != next.qubits.end();
    });
    std::size_t holder = qubit;
    if (used_again) {
      holder = program_.qubits++;
      fixed(pauli_transfer(gate_matrix(GateKind::cx, {})), {qubit, holder});
      fixed(record({}), {qubit});
    }
    fixed(record(noise_.readout(qubit)), {holder});
    holder_[operation.bit] = holder;
  }

  void reset(const Operation& operation) {
    Eigen::MatrixXd matrix = reset_matrix();
    for (const NoiseModel::Applied& applied : noise_.after(operation))
      matrix = pauli_transfer(*applied.channel) * matrix;
    fixed(std::move(matrix), operation.qubits);
  }

  /// Drops what the result does not depend on: noise keeps the trace, so what happens to other qubits does not matter.
  void drop_irrelevant() {
    std::vector<bool> relevant(program_.qubits, false);
    relevant[program_.result] = true;
    std::vector<NoisyStep> kept;
    for (std::size_t k = steps_.size(); k-- > 0;) {
      const std::vector<std::size_t>& touched = steps_[k].qubits;
      if (std::none_of(touched.begin(), touched.end(), [&](std::size_t q) { return relevant[q]; })) continue;
      for (const std::size_t qubit : touched) relevant[qubit] = true;
      kept.push_back(std::move(steps_[k]));
    }
    std::reverse(kept.begin(), kept.end());
    steps_ = std::move(kept);
  }

  static bool has(const NoisyStep& step, Angle::Source source) {
    return std::any_of(step.angles.begin(), step.angles.end(), [source](const Angle& a) { return a.source == source; });
  }

  /// Steps on single fresh qubits before everything else go to the prefix, the others into blocks.
  void arrange() {
    program_.prefix.resize(program_.qubits);
    std::vector<bool> fresh(program_.qubits, true);
    for (const std::size_t qubit : program_.amplitude_qubits) fresh[qubit] = false;
    std::vector<std::optional<std::size_t>> last(program_.qubits);  // the last block on a qubit
    for (NoisyStep& step : steps_) {
      if (step.qubits.size() == 1 && fresh[step.qubits[0]] && !has(step, Angle::Source::parameter)) {
        program_.prefix[step.qubits[0]].push_back(std::move(step));
        continue;
      }
      program_.features_in_blocks = program_.features_in_blocks || has(step, Angle::Source::feature);
      for (const std::size_t qubit : step.qubits) fresh[qubit] = false;
      join(std::move(step), last);
    }
    std::erase_if(program_.blocks, [](const NoisyBlock& block) { return block.steps.empty(); });
    for (std::size_t k = 0; k < program_.blocks.size(); ++k) {
      std::size_t& twin = program_.blocks[k].twin;
      while (twin < k && !same_matrix(program_.blocks[twin], program_.blocks[k])) ++twin;
    }
  }

  static bool same_angle(const Angle& a, const Angle& b) {
    return a.source == b.source && a.value == b.value && a.index == b.index;
  }

  static bool same_matrix(const NoisyBlock& a, const NoisyBlock& b) {
    const auto place = [](const NoisyBlock& block, std::size_t qubit) {
      return std::find(block.qubits.begin(), block.qubits.end(), qubit) - block.qubits.begin();
    };
    const auto same_step = [&](const NoisyStep& x, const NoisyStep& y) {
      const auto equal = [](const Eigen::MatrixXd& m, const Eigen::MatrixXd& n) {
        return m.rows() == n.rows() && (m.size() == 0 || m == n);
      };
      return x.gate == y.gate && x.condition == y.condition && equal(x.noise, y.noise) && equal(x.fixed, y.fixed) &&
             std::equal(x.angles.begin(), x.angles.end(), y.angles.begin(), y.angles.end(), same_angle) &&
             std::equal(x.qubits.begin(), x.qubits.end(), y.qubits.begin(), y.qubits.end(),
                        [&](std::size_t p, std::size_t q) { return place(a, p) == place(b, q); });
    };
    return a.qubits.size() == b.qubits.size() &&
           std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(), same_step);
  }

  void join(NoisyStep step, std::vector<std::optional<std::size_t>>& last) {
    // Into the last block, where that is the last one of all of the step's qubits.
    const auto before = last[step.qubits[0]];
    const bool same = before && std::all_of(step.qubits.begin(), step.qubits.end(),
                                            [&](std::size_t qubit) { return last[qubit] == before; });
    if (same) {
      program_.blocks[*before].steps.push_back(std::move(step));
      return;
    }
    NoisyBlock block;
    block.qubits = step.qubits;
    // What was done to one of the qubits alone comes along.
    for (const std::size_t qubit : step.qubits) {
      if (!last[qubit] || program_.blocks[*last[qubit]].qubits.size() != 1) continue;
      std::vector<NoisyStep>& single = program_.blocks[*last[qubit]].steps;
      std::move(single.begin(), single.end(), std::back_inserter(block.steps));
      single.clear();
    }
    block.steps.push_back(std::move(step));
    for (const std::size_t qubit : block.qubits) last[qubit] = program_.blocks.size();
    program_.blocks.push_back(std::move(block));
  }

  const Circuit& circuit_;
  const NoiseModel& noise_;
  NoisyProgram program_;
  std::vector<NoisyStep> steps_;
  std::vector<std::optional<std::size_t>> holder_;  ///< [bit] the qubit that holds its record
};

/// With the gate where all conditions hold, without it elsewhere: a holder's Pauli I, Z part is its values'
/// probabilities.
Eigen::MatrixXd conditioned(const Eigen::MatrixXd& gate, const std::vector<bool>& condition) {
  const auto size = gate.rows();
  const Eigen::Index holders = Eigen::Index{1} << (2 * condition.size());
  Eigen::MatrixXd projector = Eigen::MatrixXd::Ones(1, 1);
  Eigen::MatrixXd everything = Eigen::MatrixXd::Ones(1, 1);
  for (const bool value : condition) {
    // rho -> |v><v| rho |v><v| in Paulis, and dephasing, which holders have undergone already.
    Eigen::MatrixXd one = Eigen::MatrixXd::Zero(4, 4);
    const double sign = value ? -0.5 : 0.5;
    one(0, 0) = one(3, 3) = 0.5;
    one(0, 3) = one(3, 0) = sign;
    Eigen::MatrixXd both = Eigen::MatrixXd::Zero(4, 4);
    both(0, 0) = both(3, 3) = 1.0;
    const auto product = [](const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
      Eigen::MatrixXd result(a.rows() * b.rows(), a.cols() * b.cols());
      for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j)
          result.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
      return result;
    };
    projector = product(projector, one);
    everything = product(everything, both);
  }
  Eigen::MatrixXd whole = Eigen::MatrixXd::Zero(holders * size, holders * size);
  const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(size, size);
  for (Eigen::Index i = 0; i < holders; ++i)
    for (Eigen::Index j = 0; j < holders; ++j)
      whole.block(i * size, j * size, size, size) =
          projector(i, j) * gate + (everything(i, j) - projector(i, j)) * identity;
  return whole;
}

Eigen::MatrixXd with_angles(const NoisyStep& step, const std::vector<double>& angles) {
  Eigen::MatrixXd matrix = pauli_transfer(Channel{gate_qubits(step.gate), {gate_matrix(step.gate, angles)}});
  if (step.noise.size() != 0) matrix = step.noise * matrix;
  return step.condition.empty() ? matrix : conditioned(matrix, step.condition);
}

std::vector<double> angles_of(const NoisyStep& step, std::span<const double> parameters,
                              std::span<const double> features) {
  std::vector<double> angles;
  for (const Angle& angle : step.angles) {
    angles.push_back(angle.source == Angle::Source::constant    ? angle.value
                     : angle.source == Angle::Source::parameter ? parameters[angle.index]
                                                                : features[angle.index]);
  }
  return angles;
}

}  // namespace

NoisyProgram noisy_program(const Circuit& circuit, std::size_t result_bit, const NoiseModel& noise) {
  return Compilation(circuit, noise).run(result_bit);
}

void check_two_terms(const NoisyProgram& program) {
  for (const NoisyBlock& block : program.blocks) {
    for (const NoisyStep& step : block.steps) {
      if (step.occurrences.empty() || step.occurrences[0] == no_use || !is_controlled_rotation(step.gate)) continue;
      throw ConfigError(fmt::format(
          "parameter {} is the angle of a controlled rotation (crx, cry or crz), whose derivative two shifts "
          "do not give: use the adjoint gradient",
          program.parameter_of[step.occurrences[0]]));
    }
  }
}

Eigen::MatrixXd step_matrix(const NoisyStep& step, std::span<const double> parameters, std::span<const double> features,
                            std::size_t shifted, double shift) {
  if (step.fixed.size() != 0) return step.fixed;
  std::vector<double> angles = angles_of(step, parameters, features);
  for (std::size_t k = 0; k < angles.size(); ++k)
    if (shifted != no_use && step.occurrences[k] == shifted) angles[k] += shift;
  return with_angles(step, angles);
}

Eigen::MatrixXd step_derivative(const NoisyStep& step, std::span<const double> parameters,
                                std::span<const double> features, std::size_t occurrence) {
  // Of a rotation, elements are a + b cos + c sin of its angle: half the difference at +-pi/2. Of a controlled one also
  // of half its angle: the four-term rule (Anselmetti et al. 2021, New J. Phys. 23, 113010).
  const auto difference = [&](double shift) -> Eigen::MatrixXd {
    return step_matrix(step, parameters, features, occurrence, shift) -
           step_matrix(step, parameters, features, occurrence, -shift);
  };
  constexpr double quarter = 1.5707963267948966;
  if (!is_controlled_rotation(step.gate)) return 0.5 * difference(quarter);
  constexpr double root = 1.4142135623730951;
  return (root + 1.0) / (4.0 * root) * difference(quarter) - (root - 1.0) / (4.0 * root) * difference(3.0 * quarter);
}

Eigen::MatrixXd widened(const Eigen::MatrixXd& matrix, std::span<const std::size_t> qubits,
                        std::span<const std::size_t> all) {
  const Eigen::Index size = Eigen::Index{1} << (2 * all.size());
  // Digits of a number on `all`, taken apart into those of `qubits` and the others.
  const auto part = [&](Eigen::Index number, bool inner) {
    Eigen::Index result = 0;
    if (inner) {
      for (const std::size_t qubit : qubits) {
        const auto place = static_cast<std::size_t>(std::find(all.begin(), all.end(), qubit) - all.begin());
        result = (result << 2) | ((number >> (2 * (all.size() - 1 - place))) & 3);
      }
      return result;
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (std::find(qubits.begin(), qubits.end(), all[k]) != qubits.end()) continue;
      result = (result << 2) | ((number >> (2 * (all.size() - 1 - k))) & 3);
    }
    return result;
  };
  Eigen::MatrixXd wide = Eigen::MatrixXd::Zero(size, size);
  for (Eigen::Index r = 0; r < size; ++r)
    for (Eigen::Index c = 0; c < size; ++c)
      if (part(r, false) == part(c, false)) wide(r, c) = matrix(part(r, true), part(c, true));
  return wide;
}

}  // namespace titrant::quantum
