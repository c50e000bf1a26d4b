#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/encoding.hpp"

namespace titrant::classifier {

/// How P(1) depends on one side qubit: a trigonometric polynomial of its angle, of the degree with which the angle is
/// uploaded (Schuld, Sweke and Meyer 2021, Phys. Rev. A 103, 032430); or, where the side is a classical bit
/// (Ansatz::is_classical), a mean over the bit's values.
class SideGrid {
 public:
  SideGrid(const Ansatz& ansatz, std::size_t side);

  bool is_classical() const { return classical_; }

  /// Angles at which values determine all others: 0 and pi of a classical bit, or evenly spaced ones, one more than
  /// needed, so that 0 and pi are among them.
  const std::vector<double>& nodes() const { return nodes_; }

  /// The weight of a node's value in the value at `direction`: the probability of the bit, or that of trigonometric
  /// interpolation, (1 + 2 sum_j cos j phi + cos (n/2) phi) / n with j < n/2 and phi the distance from the node.
  double node_weight(std::size_t node, const Direction& direction) const;

  /// Components b_k of P(1) = sum_k b_k c_k: the probabilities of the bit's two values, or
  /// 1, cos theta, sin theta, cos 2 theta, ... up to the degree.
  std::size_t components() const { return classical_ ? 2 : 2 * degree_ + 1; }

  /// sum_k b_k(direction) c_k.
  double sum(const Direction& direction, std::span<const double> coefficients) const;

 private:
  bool classical_;
  std::size_t degree_;
  std::vector<double> nodes_;
};

}  // namespace titrant::classifier
