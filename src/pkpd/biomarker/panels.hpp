#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/disposition.hpp"

/// \file
/// Time after an arrival, cut into panels on which C(t) is smooth. Each carries the nodes of one Gauss-Legendre rule,
/// so that integrals over a panel are exact to rounding for what exponentials of moderate length look like.

namespace titrant::pkpd {

inline constexpr std::size_t panel_nodes = 8;

/// The rule on [0, 1]: nodes and weights of Gauss and Legendre, and the integrals from 0 to each node of the polynomial
/// through all nodes: integral over [0, node_i] of g = sum_j partial[i][j] g(node_j).
struct PanelRule {
  std::array<double, panel_nodes> node{};
  std::array<double, panel_nodes> weight{};
  std::array<std::array<double, panel_nodes>, panel_nodes> partial{};
};
const PanelRule& panel_rule();

/// A panel of one curve, in h since the arrival that the curve begins with.
struct Panel {
  double begin = 0.0;
  double length = 0.0;
};

/// Cuts [from, to] into panels: short just after the arrival, where absorption is steep (shorter still where C rises
/// from nothing, for effects bend at C ~ ic50), then in proportion to the time since.
/// \param first_at_most  h: a limit to the length of a panel that begins with the arrival
std::vector<Panel> panels(const Disposition& body, const Curve& curve, double from, double to,
                          double first_at_most = std::numeric_limits<double>::infinity());

}  // namespace titrant::pkpd
