#include "titrant/quantum/quadratic_form.hpp"

#include <algorithm>

#include "examples.hpp"
#include "kernels.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

QuadraticForm::QuadraticForm(const Eigen::Ref<const Eigen::MatrixXd>& symmetric)
    : size_(static_cast<std::size_t>(symmetric.rows())) {
  TITRANT_EXPECTS(symmetric.rows() == symmetric.cols());
  lower_.reserve(size_ * (size_ + 1) / 2);
  for (Eigen::Index i = 0; i < symmetric.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) lower_.push_back(2.0 * symmetric(i, j));
    lower_.push_back(symmetric(i, i));
  }
}

void QuadraticForm::evaluate(std::span<const double> vectors, std::span<double> values) const {
  TITRANT_EXPECTS(vectors.size() == values.size() * size_);
  const Kernels& kernels = kernels_of(selected_instruction_set());
  const std::size_t width = kernels.width;
  AlignedVector lanes(size_ * width);
  AlignedVector sum(width);
  std::vector<const double*> from(width);
  for (std::size_t first = 0; first < values.size(); first += width) {
    const std::size_t count = std::min(width, values.size() - first);
    for (std::size_t lane = 0; lane < width; ++lane)
      from[lane] = vectors.data() + (first + std::min(lane, count - 1)) * size_;
    kernels.interleave(size_, from.data(), width, lanes.data());
    kernels.quadratic(size_, lower_.data(), lanes.data(), sum.data());
    std::copy_n(sum.begin(), count, values.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

}  // namespace titrant::quantum
