#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/encoding.hpp"

namespace titrant::classifier {

/// How P(1) depends on one auxiliary qubit: a trigonometric polynomial of its angle, of the degree with which the angle
/// is uploaded (Schuld, Sweke and Meyer 2021, Phys. Rev. A 103, 032430); or, where the qubit is a classical bit
/// (Ansatz::is_classical) or its angle is 0 or pi in every subject, a mean over two values.
class AuxiliaryGrid {
 public:
  /// \param indicator  whether the angle is 0 or pi in every subject
  AuxiliaryGrid(const Ansatz& ansatz, std::size_t auxiliary, bool indicator = false);

  bool has_two_values() const { return two_values_; }

  /// Angles at which values determine all others: 0 and pi of two values, or evenly spaced ones, one more than needed,
  /// so that 0 and pi are among them.
  const std::vector<double>& nodes() const { return nodes_; }

  /// The weight of a node's value in the value at `direction`: the probability of one of two, or that of trigonometric
  /// interpolation, (1 + 2 sum_j cos j phi + cos (n/2) phi) / n with j < n/2 and phi the distance from the node.
  double node_weight(std::size_t node, const Direction& direction) const;

  /// Components b_k of P(1) = sum_k b_k c_k: the probabilities of two values, or
  /// 1, cos theta, sin theta, cos 2 theta, ... up to the degree.
  std::size_t components() const { return two_values_ ? 2 : 2 * degree_ + 1; }

  /// sum_k b_k(direction) c_k.
  double sum(const Direction& direction, std::span<const double> coefficients) const;

 private:
  bool two_values_;
  std::size_t degree_;
  std::vector<double> nodes_;
};

}  // namespace titrant::classifier
