#include "panels.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

namespace titrant::pkpd {

namespace {

// In units of the fastest time constant: the first panel, and the shortest where C rises from nothing.
constexpr double first_length = 1.0;
constexpr double shortest_length = 1e-6;
constexpr double growth = 1.0;          // length of a panel over the time since the arrival
constexpr double longest_length = 1.5;  // in units of the slowest time constant

PanelRule make_rule() {
  using Gauss = boost::math::quadrature::gauss<double, panel_nodes>;
  PanelRule rule;
  constexpr std::size_t half = panel_nodes / 2;
  for (std::size_t i = 0; i < half; ++i) {  // Boost lists the nodes in (0, 1) of [-1, 1], ascending
    const double x = Gauss::abscissa()[i];
    const double w = Gauss::weights()[i];
    rule.node[half + i] = 0.5 * (1.0 + x);
    rule.node[half - 1 - i] = 0.5 * (1.0 - x);
    rule.weight[half + i] = rule.weight[half - 1 - i] = 0.5 * w;
  }
  // The Lagrange polynomials have degree 7: the rule scaled to [0, node_i] integrates them exactly.
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    for (std::size_t q = 0; q < panel_nodes; ++q) {
      const double x = rule.node[i] * rule.node[q];
      for (std::size_t j = 0; j < panel_nodes; ++j) {
        double lagrange = 1.0;
        for (std::size_t m = 0; m < panel_nodes; ++m) {
          if (m != j) lagrange *= (x - rule.node[m]) / (rule.node[j] - rule.node[m]);
        }
        rule.partial[i][j] += rule.node[i] * rule.weight[q] * lagrange;
      }
    }
  }
  return rule;
}

}  // namespace

const PanelRule& panel_rule() {
  static const PanelRule rule = make_rule();
  return rule;
}

std::vector<Panel> panels(const Disposition& body, const Curve& curve, double from, double to, double first_at_most) {
  // A step of an integration is as long as C is smooth.
  double fastest = curve.interpolated() ? 1.0 / curve.length() : body.absorption_rate;
  double slowest = fastest;
  if (body.stages > 0 && !curve.interpolated()) {
    fastest = std::max(fastest, body.passage_rate);
    slowest = std::min(slowest, body.passage_rate);
  }
  for (const Mode& mode : body.modes()) {
    if (curve.interpolated()) break;
    fastest = std::max(fastest, mode.rate);
    slowest = std::min(slowest, mode.rate);
  }
  const double at_once = shortest_length / fastest;
  const double present = curve.at(from);
  const double rise = (curve.at(from + at_once) - present) / at_once;
  const double longest_first = std::max(std::min(first_length / fastest, first_at_most), at_once);
  const double first = rise > 0.0 ? std::clamp(present / rise, at_once, longest_first) : longest_first;
  std::vector<Panel> cut;
  for (double begin = from; begin < to;) {
    const double usual = std::clamp(growth * begin, first, std::max(first, longest_length / slowest));
    // The rest is halved rather than left with a sliver.
    const double rest = to - begin;
    const double length = usual >= rest ? rest : std::min(usual, std::max(0.5 * rest, first));
    cut.push_back({begin, length});
    begin = usual >= rest ? to : begin + length;
  }
  return cut;
}

}  // namespace titrant::pkpd
