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
