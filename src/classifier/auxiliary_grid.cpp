#include "auxiliary_grid.hpp"

#include <cmath>
#include <numbers>

namespace titrant::classifier {

AuxiliaryGrid::AuxiliaryGrid(const Ansatz& ansatz, std::size_t auxiliary, bool indicator)
    : two_values_(indicator || ansatz.is_classical(auxiliary)), degree_(ansatz.uploads(auxiliary)) {
  const std::size_t count = two_values_ ? 2 : 2 * degree_ + 2;
  for (std::size_t k = 0; k < count; ++k) {
    nodes_.push_back(2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(count));
  }
}

double AuxiliaryGrid::node_weight(std::size_t node, const Direction& direction) const {
  if (two_values_) return 0.5 * (node == 0 ? 1.0 + direction.cosine : 1.0 - direction.cosine);
  const double cosine = direction.cosine * std::cos(nodes_[node]) + direction.sine * std::sin(nodes_[node]);
  double before = 1.0;  // cos j phi, by Chebyshev's recurrence
  double here = cosine;
  double total = 1.0;
  for (std::size_t j = 1; j <= degree_; ++j) {
    total += 2.0 * here;
    const double next = 2.0 * cosine * here - before;
    before = here;
    here = next;
  }
  return (total + here) / static_cast<double>(nodes_.size());
}

double AuxiliaryGrid::sum(const Direction& direction, std::span<const double> coefficients) const {
  if (two_values_) {
    return 0.5 * (1.0 + direction.cosine) * coefficients[0] + 0.5 * (1.0 - direction.cosine) * coefficients[1];
  }
  double total = coefficients[0];
  Direction multiple = direction;  // cos j theta and sin j theta
  for (std::size_t j = 1; j <= degree_; ++j) {
    total += multiple.cosine * coefficients[2 * j - 1] + multiple.sine * coefficients[2 * j];
    multiple = {multiple.cosine * direction.cosine - multiple.sine * direction.sine,
                multiple.sine * direction.cosine + multiple.cosine * direction.sine};
  }
  return total;
}

}  // namespace titrant::classifier
