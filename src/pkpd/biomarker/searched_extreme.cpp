#include "searched_extreme.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "baseline_factor.hpp"
#include "biomarker_walk.hpp"
#include "precursor_solution.hpp"
#include "response_solution.hpp"

namespace titrant::pkpd {

namespace {

constexpr int fewest_steps = 4;
constexpr double longest_step = 2.0;  // h, for a baseline that turns twice a day

/// R over a constant baseline with its slope, from C and y and theirs; y is r of a precursor.
Curve::Point response_point(const Biomarker& biomarker, const Curve::Point& c, const Curve::Point& y) {
  const BiomarkerFamily kind = family(biomarker.structure);
  if (kind == BiomarkerFamily::turnover || kind == BiomarkerFamily::precursor) {
    return {.value = biomarker.baseline * y.value, .slope = biomarker.baseline * y.slope};
  }
  Curve::Point acting = kind == BiomarkerFamily::direct ? c : y;
  if (kind == BiomarkerFamily::tolerance) {
    const double left = tolerated(biomarker, 1.0, y.value);
    acting = {.value = left * c.value, .slope = left * c.slope - left * left * c.value * y.slope / biomarker.tol50};
  }
  const SaturationSlopes slopes = saturation_slopes(biomarker, acting.value);
  const EffectResponse response = effect_response(biomarker, slopes.u);
  return {.value = response.value, .slope = response.by_u * slopes.by_concentration * acting.slope};
}

/// R along the judged rows.
class ResponseAlongRows {
 public:
  /// A row or a part of one; `place` is that among the parts of the solution.
  struct Part {
    std::size_t row;
    double begin;  ///< h since the begin of the row
    double length;
    std::size_t place;
  };

  ResponseAlongRows(const ResponseTable& table, const Biomarker& biomarker, double dose)
      : table_(table), biomarker_(biomarker), dose_(dose) {
    const auto add = [&](std::size_t row, double begin, double length, std::size_t place) {
      if (table.rows[row].judged) parts_.push_back({row, begin, length, place});
    };
    if (family(biomarker.structure) == BiomarkerFamily::direct) {
      for (std::size_t r = 0; r < table.rows.size(); ++r) add(r, 0.0, table.lengths[table.rows[r].length], r);
    } else if (family(biomarker.structure) == BiomarkerFamily::precursor) {
      precursor_.emplace(biomarker, dose, table);
      for (std::size_t i = 0; i < precursor_->parts().size(); ++i) {
        const PrecursorSolution::Part& part = precursor_->parts()[i];
        add(part.row, part.begin, part.length, i);
      }
    } else {
      solution_.emplace(biomarker, dose, table);
      solved_ = solution_->judged_parts();
      for (std::size_t i = 0; i < solved_.size(); ++i) add(solved_[i].row, solved_[i].begin, solved_[i].length, i);
    }
  }

  const std::vector<Part>& parts() const { return parts_; }

  /// R and dR/dt, `since` h after the begin of a part.
  Curve::Point at(const Part& part, double since) const {
    const ResponseTable::Row& row = table_.rows[part.row];
    const Curve::Point per_mg = table_.curves[row.curve].point(row.begin + part.begin + since);
    const Curve::Point c = {.value = dose_ * per_mg.value, .slope = dose_ * per_mg.slope};
    Curve::Point y = c;
    if (solution_) y = solution_->at(solved_[part.place], since);
    if (precursor_) y = precursor_->at(precursor_->parts()[part.place], since);
    const Curve::Point r = response_point(biomarker_, c, y);
    const BaselineFactor b = baseline_factor(biomarker_, row.clock + part.begin + since);
    return {.value = b.value * r.value, .slope = b.by_time * r.value + b.value * r.slope};
  }

 private:
  const ResponseTable& table_;
  const Biomarker& biomarker_;
  double dose_;
  std::optional<ResponseSolution> solution_;
  std::optional<PrecursorSolution> precursor_;
  std::vector<ResponseSolution::Part> solved_;
  std::vector<Part> parts_;
};

}  // namespace

double searched_extreme(const ResponseTable& table, const Biomarker& biomarker, double dose, double sign) {
  const ResponseAlongRows response(table, biomarker, dose);
  double extreme = -std::numeric_limits<double>::infinity();
  // Until the first dose arrives R is at its baseline.
  const double first = table.rows.empty() ? table.to : std::min(table.rows.front().clock, table.to);
  if (!table.steady_state && first >= table.from) {
    extreme = sign * biomarker.baseline * extreme_baseline_factor(biomarker, table.from, first, sign);
  }
  for (const ResponseAlongRows::Part& part : response.parts()) {
    const int steps = std::max(fewest_steps, static_cast<int>(std::ceil(part.length / longest_step)));
    double left = 0.0;
    Curve::Point at_left = response.at(part, left);
    extreme = std::max(extreme, sign * at_left.value);
    for (int step = 1; step <= steps; ++step) {
      const double right = step == steps ? part.length : part.length * step / steps;
      const Curve::Point at_right = response.at(part, right);
      extreme = std::max(extreme, sign * at_right.value);
      if (sign * at_left.slope > 0.0 && sign * at_right.slope < 0.0) {
        constexpr int bits = 40;
        std::uintmax_t iterations = 100;
        const auto [below, above] = boost::math::tools::toms748_solve(
            [&](double since) { return response.at(part, since).slope; }, left, right, at_left.slope, at_right.slope,
            boost::math::tools::eps_tolerance<double>(bits), iterations);
        extreme = std::max(extreme, sign * response.at(part, 0.5 * (below + above)).value);
      }
      left = right;
      at_left = at_right;
    }
  }
  return sign * extreme;
}

}  // namespace titrant::pkpd
