#include "titrant/pkpd/biomarker_response.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "baseline_factor.hpp"
#include "biomarker_equation.hpp"
#include "kinetics/turning_points.hpp"
#include "precursor_solution.hpp"
#include "response_solution.hpp"
#include "response_table.hpp"
#include "searched_extreme.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

/// What a table is made of where C is not proportional to the dose.
struct CourseOfDoses {
  OccasionIndividual individual;  ///< without intervals: the parameters of one occasion hold throughout
  Course course;
  ResponseWindow window;
  std::vector<double> sampling;

  /// That of a dose; none: there is no steady state, and C has no bound.
  std::optional<ResponseTable> on(double dose) const {
    if (window.steady_state && !(dose < steady_state_below(individual.usual, course))) return std::nullopt;
    if (!individual.intervals.empty()) return response_table(on_dose(individual, dose), course, window, sampling);
    return response_table(on_dose(individual.usual, dose), course, window, sampling);
  }

  /// The largest dose to the third digit that has a steady state.
  double nearly_too_much() const { return 0.999 * steady_state_below(individual.usual, course); }
};

BiomarkerResponse::BiomarkerResponse(const Individual& individual, const Course& course, const ResponseWindow& window,
                                     std::span<const double> sampling) {
  if (individual.saturable()) {
    with_doses_ = std::make_unique<const CourseOfDoses>(
        CourseOfDoses{{individual, {}}, course, window, {sampling.begin(), sampling.end()}});
  } else {
    table_ = std::make_unique<const ResponseTable>(response_table(individual, course, window, sampling));
  }
}

BiomarkerResponse::BiomarkerResponse(const OccasionIndividual& individual, const Course& course,
                                     const ResponseWindow& window, std::span<const double> sampling) {
  TITRANT_EXPECTS(!individual.intervals.empty());
  if (individual.usual.saturable()) {
    with_doses_ = std::make_unique<const CourseOfDoses>(
        CourseOfDoses{individual, course, window, {sampling.begin(), sampling.end()}});
  } else {
    table_ = std::make_unique<const ResponseTable>(response_table(individual, course, window, sampling));
  }
}

BiomarkerResponse::~BiomarkerResponse() = default;
BiomarkerResponse::BiomarkerResponse(BiomarkerResponse&& other) noexcept = default;
BiomarkerResponse& BiomarkerResponse::operator=(BiomarkerResponse&& other) noexcept = default;

namespace {

/// The largest (sign 1) or smallest (-1) C of all judged rows, ng/mL per mg.
double extreme_concentration(const ResponseTable& table, double sign) {
  double extreme = -std::numeric_limits<double>::infinity();
  for (const ResponseTable::Row& row : table.rows) {
    if (!row.judged) continue;
    extreme = std::max({extreme, sign * row.at_begin, sign * row.at_end});
    const Curve& curve = table.curves[row.curve];
    visit_turning_points(curve, row.begin, row.begin + table.lengths[row.length],
                         [&](double since) { extreme = std::max(extreme, sign * curve.at(since)); });
  }
  return sign * extreme;
}

void require_steady_state(const Biomarker& biomarker, const ResponseTable& table) {
  if (!table.steady_state || has_steady_state(biomarker.baseline_model, table.interval)) return;
  throw ConfigError(fmt::format("a biomarker with a {} baseline has no steady state on doses every {} h; {}",
                                name(biomarker.baseline_model), table.interval,
                                "judge it from one hour of a course to another"));
}

/// The largest (sign 1) or smallest (-1) R of all judged rows.
double extreme_response(const ResponseTable& table, const Biomarker& biomarker, double dose, double sign) {
  require_usable(biomarker);
  require_steady_state(biomarker, table);
  TITRANT_EXPECTS(dose >= 0.0);
  if (table.rows.empty() || dose == 0.0) {
    return biomarker.baseline * extreme_baseline_factor(biomarker, table.from, table.to, sign);
  }
  const BiomarkerFamily kind = family(biomarker.structure);
  if (biomarker.baseline_model != BaselineModel::constant || kind == BiomarkerFamily::tolerance ||
      kind == BiomarkerFamily::precursor) {
    return searched_extreme(table, biomarker, dose, sign);
  }
  // R rises with y in turnover models; with a concentration it falls where the drug inhibits.
  const double of_y = kind == BiomarkerFamily::turnover || !inhibits(biomarker.structure) ? sign : -sign;
  if (kind == BiomarkerFamily::direct) return direct_response(biomarker, dose * extreme_concentration(table, of_y));
  return equation_response(biomarker, of_y * ResponseSolution(biomarker, dose, table).extreme(of_y), 0.0);
}

/// R at the sampling times where the baseline is R0 at all times.
void over_constant_baseline(const ResponseTable& table, const Biomarker& biomarker, double dose,
                            std::span<double> values) {
  std::fill(values.begin(), values.end(), biomarker.baseline);
  if (table.rows.empty() || dose == 0.0) return;
  const auto concentration = [&](std::size_t i) { return dose * table.at_samples[i]; };
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = direct_response(biomarker, concentration(i));
    return;
  }
  const auto fill = [&](const auto& solution, const auto& response) {
    const std::vector<double> at_end = solution.at_ends();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t row = table.row_of[i];
      values[i] = response(row == ResponseTable::no_row ? solution.start() : at_end[row], i);
    }
  };
  if (family(biomarker.structure) == BiomarkerFamily::precursor) {
    fill(PrecursorSolution(biomarker, dose, table),
         [&](double r, std::size_t /*place*/) { return biomarker.baseline * r; });
    return;
  }
  fill(ResponseSolution(biomarker, dose, table),
       [&](double y, std::size_t i) { return equation_response(biomarker, y, concentration(i)); });
}

void sampled_responses(const ResponseTable& table, const Biomarker& biomarker, double dose, std::span<double> values) {
  require_steady_state(biomarker, table);
  TITRANT_EXPECTS(values.size() == table.row_of.size());
  over_constant_baseline(table, biomarker, dose, values);
  for (std::size_t i = 0; i < values.size(); ++i) follow_baseline(biomarker, table.samples[i], values[i]);
}

/// R under concentrations without bound; none where it depends on more than the full effect.
std::optional<double> full_response(const Biomarker& biomarker) {
  const BiomarkerFamily kind = family(biomarker.structure);
  if (biomarker.baseline_model != BaselineModel::constant || kind == BiomarkerFamily::tolerance ||
      kind == BiomarkerFamily::precursor) {
    return std::nullopt;
  }
  if (kind != BiomarkerFamily::turnover) return direct_response(biomarker, core::infinity);
  const BiomarkerFactors factors = biomarker_factors(biomarker, core::infinity);
  return equation_response(biomarker, factors.production / factors.loss, 0.0);
}

double extreme_response(const CourseOfDoses& doses, const Biomarker& biomarker, double dose, double sign) {
  require_usable(biomarker);
  TITRANT_EXPECTS(dose >= 0.0);
  const std::optional<ResponseTable> table = doses.on(dose);
  if (table) return extreme_response(*table, biomarker, dose, sign);
  if (const std::optional<double> full = full_response(biomarker)) return *full;
  return extreme_response(doses.on(doses.nearly_too_much()).value(), biomarker, doses.nearly_too_much(), sign);
}

}  // namespace

double BiomarkerResponse::maximum(const Biomarker& biomarker, double dose) const {
  return table_ ? extreme_response(*table_, biomarker, dose, 1.0)
                : extreme_response(*with_doses_, biomarker, dose, 1.0);
}

double BiomarkerResponse::minimum(const Biomarker& biomarker, double dose) const {
  return table_ ? extreme_response(*table_, biomarker, dose, -1.0)
                : extreme_response(*with_doses_, biomarker, dose, -1.0);
}

void BiomarkerResponse::at_samples(const Biomarker& biomarker, double dose, std::span<double> values) const {
  require_usable(biomarker);
  TITRANT_EXPECTS(dose >= 0.0);
  if (table_) return sampled_responses(*table_, biomarker, dose, values);
  const std::optional<ResponseTable> table = with_doses_->on(dose);
  if (table) return sampled_responses(*table, biomarker, dose, values);
  if (const std::optional<double> full = full_response(biomarker)) {
    std::fill(values.begin(), values.end(), *full);
    return;
  }
  const double most = with_doses_->nearly_too_much();
  sampled_responses(with_doses_->on(most).value(), biomarker, most, values);
}

}  // namespace titrant::pkpd
