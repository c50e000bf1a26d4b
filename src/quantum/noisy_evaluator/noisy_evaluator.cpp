#include "titrant/quantum/noisy_evaluator/noisy_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "effect.hpp"
#include "noisy_program.hpp"
#include "shifts.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/quadratic_form.hpp"

namespace titrant::quantum {

namespace {

/// How steps change along tangents: calls add(tangent, change of the step's matrix).
using AddChange = std::function<void(std::size_t tangent, const Eigen::MatrixXd& change)>;
struct Tangents {
  std::size_t count = 0;
  std::function<void(const NoisyStep& step, std::span<const double> features, const AddChange& add)> of_step;
};

Tangents no_tangents() {
  return {0, [](const NoisyStep&, std::span<const double>, const AddChange&) {}};
}

/// One tangent per parameter: the derivative.
Tangents derivatives(const NoisyProgram& program, std::span<const double> parameters) {
  return {program.parameters,
          [&program, parameters](const NoisyStep& step, std::span<const double> features, const AddChange& add) {
            for (const std::size_t use : step.occurrences)
              if (use != no_use) add(program.parameter_of[use], step_derivative(step, parameters, features, use));
          }};
}

/// Two tangents per occurrence: what a shift by + and - a quarter turn changes.
Tangents shifts(const NoisyProgram& program, std::span<const double> parameters) {
  return {2 * program.parameter_of.size(),
          [parameters](const NoisyStep& step, std::span<const double> features, const AddChange& add) {
            for (const std::size_t use : step.occurrences) {
              if (use == no_use) continue;
              const Eigen::MatrixXd here = step_matrix(step, parameters, features);
              add(2 * use, step_matrix(step, parameters, features, use, quarter_turn) - here);
              add(2 * use + 1, step_matrix(step, parameters, features, use, -quarter_turn) - here);
            }
          }};
}

BlockMatrices block_matrices(const NoisyBlock& block, std::span<const double> parameters,
                             std::span<const double> features, const Tangents& tangents) {
  const Eigen::Index size = Eigen::Index{1} << (2 * block.qubits.size());
  std::vector<Eigen::MatrixXd> single;
  for (const NoisyStep& step : block.steps)
    single.push_back(widened(step_matrix(step, parameters, features), step.qubits, block.qubits));
  std::vector<Eigen::MatrixXd> before = {Eigen::MatrixXd::Identity(size, size)};
  for (const Eigen::MatrixXd& matrix : single) before.emplace_back(matrix * before.back());
  BlockMatrices result{before.back(), {}};
  if (tangents.count == 0) return result;
  Eigen::MatrixXd after = Eigen::MatrixXd::Identity(size, size);
  std::map<std::size_t, Eigen::MatrixXd> changes;
  for (std::size_t k = single.size(); k-- > 0;) {
    tangents.of_step(block.steps[k], features, [&](std::size_t tangent, const Eigen::MatrixXd& change) {
      const Eigen::MatrixXd whole = after * widened(change, block.steps[k].qubits, block.qubits) * before[k];
      const auto [place, fresh] = changes.try_emplace(tangent, whole);
      if (!fresh) place->second += whole;
    });
    after = after * single[k];
  }
  result.change.assign(changes.begin(), changes.end());
  return result;
}

/// Changes of a twin's matrices for this block: the same matrices, for this block's occurrences.
BlockMatrices renumbered(const BlockMatrices& twin, const NoisyBlock& from, const NoisyBlock& to, bool by_occurrence) {
  if (!by_occurrence) return twin;
  std::map<std::size_t, std::size_t> use;
  for (std::size_t s = 0; s < from.steps.size(); ++s)
    for (std::size_t k = 0; k < from.steps[s].occurrences.size(); ++k)
      use[from.steps[s].occurrences[k]] = to.steps[s].occurrences[k];
  BlockMatrices result = twin;
  for (auto& [tangent, change] : result.change) tangent = 2 * use.at(tangent / 2) + tangent % 2;
  return result;
}

/// The effect pulled back to the start, as quadratic forms of the amplitudes: for each combination of Paulis of the
/// other qubits one form for the effect and each tangent.
class PulledBack {
 public:
  PulledBack(const NoisyProgram& program, std::span<const double> parameters, std::span<const double> features,
             const Tangents& tangents, bool by_occurrence)
      : program_(program), vectors_(1 + tangents.count) {
    Effect effect(program.qubits, program.result, tangents.count);
    std::map<std::size_t, BlockMatrices> known;
    for (std::size_t k = program.blocks.size(); k-- > 0;) {
      const NoisyBlock& block = program.blocks[k];
      const NoisyBlock& twin = program.blocks[block.twin];
      auto found = known.find(block.twin);
      if (found == known.end())
        found = known.emplace(block.twin, block_matrices(twin, parameters, features, tangents)).first;
      effect.pull_back(block.twin == k ? found->second : renumbered(found->second, twin, block, by_occurrence),
                       block.qubits);
    }
    for (std::size_t qubit = 0; qubit < program.qubits; ++qubit) {
      const auto& amplitude = program.amplitude_qubits;
      if (std::find(amplitude.begin(), amplitude.end(), qubit) == amplitude.end()) others_.push_back(qubit);
    }
    combine(effect, 0, {});
  }

  std::size_t vectors() const { return vectors_; }

  /// [vector] at one example's amplitudes and features; `values` has the values of all forms there.
  void mix(std::span<const double> features, std::span<const double> values, std::span<double> result) const {
    std::fill(result.begin(), result.end(), 0.0);
    const std::vector<double> weights = weights_of(features);
    for (std::size_t c = 0; c < weights.size(); ++c)
      for (std::size_t v = 0; v < vectors_; ++v) result[v] += weights[c] * values[c * vectors_ + v];
  }

  /// All forms at all amplitudes: [input][combination][vector].
  std::vector<double> at(std::span<const double> amplitudes, std::size_t inputs) const {
    std::vector<double> values(inputs * forms_.size());
    std::vector<double> one(inputs);
    for (std::size_t f = 0; f < forms_.size(); ++f) {
      forms_[f].evaluate(amplitudes, one);
      for (std::size_t i = 0; i < inputs; ++i) values[i * forms_.size() + f] = one[i];
    }
    return values;
  }
  std::size_t forms() const { return forms_.size(); }

  /// Of the effect itself.
  Eigen::MatrixXd form(std::span<const double> features) const {
    const std::vector<double> weights = weights_of(features);
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(matrices_[0].rows(), matrices_[0].cols());
    for (std::size_t c = 0; c < weights.size(); ++c) sum += weights[c] * matrices_[c];
    return sum;
  }

 private:
  void combine(const Effect& effect, std::size_t place, std::vector<std::size_t> paulis) {
    if (place < others_.size()) {
      for (const std::size_t pauli : effect.paulis(others_[place])) {
        std::vector<std::size_t> longer = paulis;
        longer.push_back(pauli);
        combine(effect, place + 1, std::move(longer));
      }
      return;
    }
    const std::vector<Eigen::MatrixXd> parts = effect.real_parts(program_.amplitude_qubits, paulis);
    for (const Eigen::MatrixXd& part : parts) forms_.emplace_back(part);
    matrices_.push_back(parts.front());
    combinations_.push_back(std::move(paulis));
  }

  /// Of each combination: the product of the other qubits' Pauli coefficients after their prefixes.
  std::vector<double> weights_of(std::span<const double> features) const {
    std::vector<Eigen::Vector4d> bloch;
    for (const std::size_t qubit : others_) {
      Eigen::Vector4d state(1.0, 0.0, 0.0, 1.0);  // |0>
      for (const NoisyStep& step : program_.prefix[qubit]) state = step_matrix(step, {}, features) * state;
      bloch.push_back(state);
    }
    std::vector<double> weights;
    for (const std::vector<std::size_t>& paulis : combinations_) {
      double weight = 1.0;
      for (std::size_t k = 0; k < others_.size(); ++k) weight *= bloch[k](static_cast<Eigen::Index>(paulis[k]));
      weights.push_back(weight);
    }
    return weights;
  }

  const NoisyProgram& program_;
  std::size_t vectors_;
  std::vector<std::size_t> others_;  ///< qubits without amplitudes
  std::vector<std::vector<std::size_t>> combinations_;
  std::vector<QuadraticForm> forms_;       ///< [combination][vector]
  std::vector<Eigen::MatrixXd> matrices_;  ///< [combination], of the effect
};

/// Values of the effect and its tangents for every input, result(input, [vector]).
void evaluate(const NoisyProgram& program, std::span<const double> parameters, std::span<const Input> inputs,
              const Tangents& tangents, bool by_occurrence,
              const std::function<void(std::size_t input, std::span<const double> vector)>& result) {
  if (parameters.size() < program.parameters) throw ConfigError("circuit: fewer parameters than it uses");
  const std::size_t size = std::size_t{1} << program.amplitude_qubits.size();
  // Inputs that share one effect.
  std::map<std::vector<double>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].features.size() < program.features) throw ConfigError("circuit: fewer features than it uses");
    std::vector<double> key;
    if (program.features_in_blocks) key.assign(inputs[i].features.begin(), inputs[i].features.end());
    groups[key].push_back(i);
  }
  for (const auto& [key, members] : groups) {
    const PulledBack pulled(program, parameters, inputs[members[0]].features, tangents, by_occurrence);
    std::vector<double> amplitudes;
    for (const std::size_t i : members) {
      if (program.amplitude_qubits.empty()) {
        amplitudes.push_back(1.0);
        continue;
      }
      if (inputs[i].amplitudes.size() != size) throw ConfigError("circuit: the wrong number of amplitudes");
      amplitudes.insert(amplitudes.end(), inputs[i].amplitudes.begin(), inputs[i].amplitudes.end());
    }
    const std::vector<double> values = pulled.at(amplitudes, members.size());
    std::vector<double> vector(pulled.vectors());
    for (std::size_t k = 0; k < members.size(); ++k) {
      pulled.mix(inputs[members[k]].features, std::span(values).subspan(k * pulled.forms(), pulled.forms()), vector);
      result(members[k], vector);
    }
  }
}

}  // namespace

NoisyEvaluator::NoisyEvaluator(const Circuit& circuit, std::size_t result_bit, const NoiseModel& noise)
    : program_(std::make_unique<const NoisyProgram>(noisy_program(circuit, result_bit, noise))) {}
NoisyEvaluator::~NoisyEvaluator() = default;
NoisyEvaluator::NoisyEvaluator(NoisyEvaluator&&) noexcept = default;
NoisyEvaluator& NoisyEvaluator::operator=(NoisyEvaluator&&) noexcept = default;

std::size_t NoisyEvaluator::parameters() const { return program_->parameters; }
std::size_t NoisyEvaluator::occurrences() const { return program_->parameter_of.size(); }

void NoisyEvaluator::probabilities(std::span<const double> parameters, std::span<const Input> inputs,
                                   std::span<double> probability) const {
  TITRANT_EXPECTS(probability.size() == inputs.size());
  evaluate(*program_, parameters, inputs, no_tangents(), false,
           [&](std::size_t input, std::span<const double> vector) { probability[input] = vector[0]; });
}

Eigen::MatrixXd NoisyEvaluator::form(std::span<const double> parameters, std::span<const double> features) const {
  return PulledBack(*program_, parameters, features, no_tangents(), false).form(features);
}

void NoisyEvaluator::adjoint(std::span<const double> parameters, std::span<const Input> inputs,
                             std::span<double> probability, std::span<double> gradient) const {
  const std::size_t count = program_->parameters;
  TITRANT_EXPECTS(probability.size() == inputs.size() && gradient.size() == inputs.size() * count);
  evaluate(*program_, parameters, inputs, derivatives(*program_, parameters), false,
           [&](std::size_t input, std::span<const double> vector) {
             probability[input] = vector[0];
             std::copy_n(vector.begin() + 1, count, gradient.begin() + static_cast<std::ptrdiff_t>(input * count));
           });
}

void NoisyEvaluator::parameter_shift(std::span<const double> parameters, std::span<const Input> inputs,
                                     const Shots* shots, std::span<const std::uint64_t> units,
                                     std::span<double> probability, std::span<double> gradient) const {
  check_two_terms(*program_);
  if (shots == nullptr) {  // half the difference of two exact shifts is the derivative
    adjoint(parameters, inputs, probability, gradient);
    return;
  }
  const std::size_t count = program_->parameters;
  TITRANT_EXPECTS(units.size() == inputs.size() && gradient.size() == inputs.size() * count);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  evaluate(*program_, parameters, inputs, shifts(*program_, parameters), true,
           [&](std::size_t input, std::span<const double> vector) {
             const double here = vector[0];
             probability[input] = sampled_share(here, *shots, units[input], 0);
             for (std::size_t use = 0; use < program_->parameter_of.size(); ++use) {
               const double plus = sampled_share(here + vector[1 + 2 * use], *shots, units[input], 1 + 2 * use);
               const double minus = sampled_share(here + vector[2 + 2 * use], *shots, units[input], 2 + 2 * use);
               gradient[input * count + program_->parameter_of[use]] += 0.5 * (plus - minus);
             }
           });
}

void NoisyEvaluator::shared_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                                  std::span<const std::uint64_t> units, std::span<double> probability,
                                  std::span<double> gradient) const {
  const std::size_t count = program_->parameters;
  TITRANT_EXPECTS(gradient.size() == inputs.size() * count);
  TITRANT_EXPECTS(shots == nullptr || units.size() == inputs.size());
  std::vector<double> moved(parameters.begin(), parameters.end());
  std::vector<double> plus(inputs.size());
  std::vector<double> minus(inputs.size());
  probabilities(parameters, inputs, probability);
  for (std::size_t k = 0; k < count; ++k) {
    moved[k] = parameters[k] + quarter_turn;
    probabilities(moved, inputs, plus);
    moved[k] = parameters[k] - quarter_turn;
    probabilities(moved, inputs, minus);
    moved[k] = parameters[k];
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (shots != nullptr) {
        plus[i] = sampled_share(plus[i], *shots, units[i], 1 + 2 * k);
        minus[i] = sampled_share(minus[i], *shots, units[i], 2 + 2 * k);
      }
      gradient[i * count + k] = 0.5 * (plus[i] - minus[i]);
    }
  }
  if (shots != nullptr) {
    for (std::size_t i = 0; i < inputs.size(); ++i) probability[i] = sampled_share(probability[i], *shots, units[i], 0);
  }
}

}  // namespace titrant::quantum
