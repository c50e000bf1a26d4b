#include "titrant/quantum/evaluator.hpp"

#include <algorithm>

#include "batch.hpp"
#include "pull_back.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

Evaluator::Evaluator(const Circuit& circuit, std::size_t result_bit)
    : program_(std::make_unique<const Program>(compile(circuit, result_bit))) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

std::size_t Evaluator::parameters() const { return program_->parameters; }
std::size_t Evaluator::occurrences() const { return program_->occurrences.size(); }

double Evaluator::operations() const {
  double sum = 0.0;
  double sectors = 1.0;
  const auto dimension = [](std::size_t qubits) { return static_cast<double>(std::size_t{1} << qubits); };
  for (const ForwardStep& step : program_->steps) {
    const Slot& slot = program_->slots[step.slot];
    const double size = dimension(slot.qubits);
    // Of one row: a complex product and sum is 8 operations, 4 with a real amplitude, 2 where the matrix is real too.
    const double per_element = step.real_output ? 2.0 : step.real_input ? 4.0 : 8.0;
    const double first = step.real_output ? 1.0 : 2.0;  // nothing is added to
    sectors *= static_cast<double>(variant_count(step.split));
    sum += sectors * static_cast<double>(step.addresses.groups.size()) * size * (per_element * size - first);
  }
  const double elements = dimension(2 * program_->tail_qubits);
  sum += sectors * 4.0 * elements * static_cast<double>(program_->readout.groups.size());  // moments
  sectors *= static_cast<double>(variant_count(unsplit_sectors(*program_)));
  return sum + sectors * 2.0 * elements;  // their sums with the observable
}

void Evaluator::probabilities(std::span<const double> parameters, std::span<const Input> inputs,
                              std::span<double> probability) const {
  TITRANT_EXPECTS(probability.size() == inputs.size());
  Batch batch(*program_, parameters, inputs);
  Forward forward(batch.binding(), batch.kernels(), batch.examples(), {&batch.observables(), 1});
  AlignedVector sum(batch.width());
  batch.for_each_few([&](std::size_t first, std::size_t count) {
    std::fill(sum.begin(), sum.end(), 0.0);
    forward.run(0, 0, batch.examples().start(), sum.data());
    std::copy_n(sum.begin(), count, probability.begin() + static_cast<std::ptrdiff_t>(first));
  });
}

Eigen::MatrixXd Evaluator::form(std::span<const double> parameters, std::span<const double> features) const {
  const std::size_t size = std::size_t{1} << program_->amplitude_qubits;
  std::vector<double> basis(size * size, 0.0);
  std::vector<Input> inputs;
  inputs.reserve(size);
  for (std::size_t k = 0; k < size; ++k) {
    basis[k * size + k] = 1.0;
    // Without amplitude qubits the form is a single number.
    inputs.push_back({program_->amplitude_qubits == 0 ? std::span<const double>()
                                                      : std::span<const double>(basis).subspan(k * size, size),
                      features});
  }
  Batch batch(*program_, parameters, inputs);
  return PullBack(batch).run();
}

void Evaluator::adjoint(std::span<const double> parameters, std::span<const Input> inputs,
                        std::span<double> probability, std::span<double> gradient) const {
  TITRANT_EXPECTS(probability.size() == inputs.size());
  TITRANT_EXPECTS(gradient.size() == inputs.size() * program_->parameters);
  std::vector<std::size_t> parameter_of;
  parameter_of.reserve(program_->occurrences.size());
  for (const Occurrence& occurrence : program_->occurrences) parameter_of.push_back(occurrence.parameter);
  differentiate(*program_, parameters, inputs, parameter_of, program_->parameters, probability, gradient);
}

}  // namespace titrant::quantum
