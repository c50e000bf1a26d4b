#include "response_solution.hpp"

#include <algorithm>
#include <cmath>

#include "biomarker_walk.hpp"

namespace titrant::pkpd {

namespace {

/// Where the cubic with these values and slopes at 0 and `length` turns; the slopes differ in sign.
double cubic_extremum(double length, double y, double end, double slope, double end_slope) {
  // p'(x) = s0 + 2 b x + 3 c x^2 with x in units of the length.
  const double s0 = slope * length;
  const double s1 = end_slope * length;
  const double rise = end - y;
  const double b = 3.0 * rise - 2.0 * s0 - s1;
  const double c = s0 + s1 - 2.0 * rise;
  const double root = std::sqrt(std::max(b * b - 3.0 * c * s0, 0.0));
  // The root within (0, 1), written without cancellation: the sign of the root is that of the slope at 0.
  const double x = s0 > 0.0 ? s0 / (root - b) : -s0 / (b + root);
  return x > 0.0 && x < 1.0 ? x * length : length * s0 / (s0 - s1);
}

/// The part of a panel's map that rows of one length share where the production depends on the concentration.
struct SharedKernel {
  double decay;
  double fade;
  NodeValues weight;  ///< gain = sum weight x production
};

std::vector<SharedKernel> shared_kernels(double rate, const std::vector<double>& lengths,
                                         const std::vector<std::size_t>& parts) {
  const PanelRule& rule = panel_rule();
  std::vector<SharedKernel> kernels(lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const double through = rate * lengths[i] / static_cast<double>(parts[i]);
    kernels[i].decay = through;
    kernels[i].fade = std::exp(-through);
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      kernels[i].weight[j] = through * rule.weight[j] * std::exp(-through * (1.0 - rule.node[j]));
    }
  }
  return kernels;
}

}  // namespace

ResponseSolution::ResponseSolution(const Biomarker& biomarker, double dose, const ResponseTable& table)
    : biomarker_(biomarker),
      table_(table),
      dose_(dose),
      rate_(equation_rate(biomarker)),
      of_loss_(changes_loss(biomarker.structure)) {
  parts_.reserve(table.lengths.size());
  for (const double length : table.lengths) parts_.push_back(panel_parts(biomarker, length));
  const std::vector<SharedKernel> kernels =
      of_loss_ ? std::vector<SharedKernel>() : shared_kernels(rate_, table.lengths, parts_);
  legs_.reserve(table.rows.size());
  double decay = 0.0;
  double y = 0.0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const ResponseTable::Row& row = table.rows[r];
    const std::size_t parts = parts_[row.length];
    const double length = table.lengths[row.length] / static_cast<double>(parts);
    for (std::size_t part = 0; part < parts; ++part) {
      NodeValues factor;
      if (parts == 1) {
        for (std::size_t j = 0; j < panel_nodes; ++j) factor[j] = dose * row.per_mg[j];
      } else {
        const Curve& curve = table.curves[row.curve];
        const double begin = row.begin + static_cast<double>(part) * length;
        for (std::size_t j = 0; j < panel_nodes; ++j) {
          factor[j] = dose * curve.at(begin + length * panel_rule().node[j]);
        }
      }
      node_factors(biomarker, factor);
      AffineStep step;
      if (of_loss_) {
        step = affine_step(rate_, length, true, factor);
      } else {
        const SharedKernel& kernel = kernels[row.length];
        step.decay = kernel.decay;
        step.fade = kernel.fade;
        for (std::size_t j = 0; j < panel_nodes; ++j) step.gain += kernel.weight[j] * factor[j];
      }
      legs_.push_back({r, part, step});
      if (r >= table.cycle_rows) continue;
      y = step.fade * y + step.gain;
      decay += step.decay;
    }
  }
  // The map over an interval is affine: its fixed point is the periodic solution.
  start_ = table.cycle_rows > 0 ? y / -std::expm1(-decay) : equation_rest(biomarker.structure);
}

std::vector<double> ResponseSolution::at_ends() const {
  std::vector<double> ends(table_.rows.size());
  double y = start_;
  for (const Leg& leg : legs_) {
    y = leg.step.fade * y + leg.step.gain;
    ends[leg.row] = y;
  }
  return ends;
}

double ResponseSolution::extreme(double sign) const {
  double y = start_;
  double best = -std::numeric_limits<double>::infinity();
  for (const Leg& leg : legs_) {
    const double end = leg.step.fade * y + leg.step.gain;
    const ResponseTable::Row& row = table_.rows[leg.row];
    if (row.judged) {
      const std::size_t parts = parts_[row.length];
      const double length = table_.lengths[row.length] / static_cast<double>(parts);
      const auto concentration = [&](std::size_t part) {
        if (part == 0) return dose_ * row.at_begin;
        if (part == parts) return dose_ * row.at_end;
        return dose_ * table_.curves[row.curve].at(row.begin + static_cast<double>(part) * length);
      };
      const Ends ends{.length = length,
                      .y = y,
                      .slope = slope_at(concentration(leg.part), y),
                      .end = end,
                      .end_slope = slope_at(concentration(leg.part + 1), end)};
      best = std::max({best, sign * y, sign * end});
      if (sign * ends.slope > 0.0 && sign * ends.end_slope < 0.0) {
        best = std::max(best, sign * turning_point(leg, ends));
      }
    }
    y = end;
  }
  return best;
}

std::vector<ResponseSolution::Part> ResponseSolution::judged_parts() const {
  std::vector<Part> judged;
  double y = start_;
  for (const Leg& leg : legs_) {
    const ResponseTable::Row& row = table_.rows[leg.row];
    const double length = table_.lengths[row.length] / static_cast<double>(parts_[row.length]);
    if (row.judged) judged.push_back({leg.row, static_cast<double>(leg.part) * length, length, y});
    y = leg.step.fade * y + leg.step.gain;
  }
  return judged;
}

Curve::Point ResponseSolution::at(const Part& part, double since) const {
  const ResponseTable::Row& row = table_.rows[part.row];
  const Curve& curve = table_.curves[row.curve];
  const double begin = row.begin + part.begin;
  NodeValues factor;
  for (std::size_t j = 0; j < panel_nodes; ++j) {
    factor[j] = dose_ * curve.at(begin + since * panel_rule().node[j]);
  }
  node_factors(biomarker_, factor);
  const AffineStep step = affine_step(rate_, since, of_loss_, factor);
  const double y = step.fade * part.y + step.gain;
  return {.value = y, .slope = slope_at(dose_ * curve.at(begin + since), y)};
}

double ResponseSolution::slope_at(double concentration, double y) const {
  const double factor = node_factor(biomarker_, concentration);
  return of_loss_ ? rate_ * (1.0 - factor * y) : rate_ * (factor - y);
}

/// Newton's method for the zero of the slope, kept within its bracket, from the zero of the cubic through both ends. y
/// is found at each guess by the rule of the panel and carried to the zero by its own parabola, which leaves an error
/// of third order in the distance.
double ResponseSolution::turning_point(const Leg& leg, const Ends& ends) const {
  constexpr int most = 20;
  constexpr double close = 1e-11;
  const ResponseTable::Row& row = table_.rows[leg.row];
  const Curve& curve = table_.curves[row.curve];
  const double begin = row.begin + static_cast<double>(leg.part) * ends.length;
  const double towards = ends.slope > 0.0 ? 1.0 : -1.0;
  double left = 0.0;
  double right = ends.length;
  double since = cubic_extremum(ends.length, ends.y, ends.end, ends.slope, ends.end_slope);
  double found = ends.y;
  for (int i = 0; i < most; ++i) {
    NodeValues factor;
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      factor[j] = dose_ * curve.at(begin + since * panel_rule().node[j]);
    }
    node_factors(biomarker_, factor);
    const AffineStep step = affine_step(rate_, since, of_loss_, factor);
    found = step.fade * ends.y + step.gain;

    const Curve::Point c = curve.point(begin + since);
    std::array<double, drug_slopes> unused{};
    double by_concentration = 0.0;
    const double here_factor = node_factor(biomarker_, dose_ * c.value, unused, by_concentration);
    const double factor_slope = by_concentration * dose_ * c.slope;
    const double slope = of_loss_ ? rate_ * (1.0 - here_factor * found) : rate_ * (here_factor - found);
    const double bend =
        of_loss_ ? -rate_ * (factor_slope * found + here_factor * slope) : rate_ * (factor_slope - slope);
    (slope * towards > 0.0 ? left : right) = since;

    const double newton = -slope / bend;
    const bool inside = since + newton > left && since + newton < right;
    const double rise = 0.5 * slope * newton;
    if (inside && std::abs(rise * newton) <= close * std::abs(found) * ends.length) return found + rise;
    since = inside ? since + newton : 0.5 * (left + right);
  }
  return found;
}

}  // namespace titrant::pkpd
