#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

namespace titrant::quantum {

/// A symmetric matrix that many real vectors x are put into: values x^T A x, several vectors side by side.
///
///     QuadraticForm form(evaluator.form(parameters, features));
///     form.evaluate(amplitudes, p);   // what evaluator.probabilities would say, at a fraction of the cost
///
/// A vector's value has the same bits in any call, at any place in it and on any instruction set. It costs
/// size (size + 1) / 2 multiplications.
class QuadraticForm {
 public:
  /// A square matrix; only its lower triangle is read.
  explicit QuadraticForm(const Eigen::Ref<const Eigen::MatrixXd>& symmetric);

  std::size_t size() const { return size_; }

  /// \param vectors  [vector][size], row-major
  /// \param values   [vector]
  void evaluate(std::span<const double> vectors, std::span<double> values) const;

 private:
  std::size_t size_;
  std::vector<double> lower_;  ///< rows of the lower triangle one after the other, off the diagonal doubled
};

}  // namespace titrant::quantum
