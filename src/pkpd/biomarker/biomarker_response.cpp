#include "titrant/pkpd/biomarker_response.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "biomarker_equation.hpp"
#include "kinetics/turning_points.hpp"
#include "response_solution.hpp"
#include "response_table.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

/// What a table is made of where C is not proportional to the dose.
struct CourseOfDoses {
  Individual individual;
  Course course;
  ResponseWindow window;
  std::vector<double> sampling;

  /// That of a dose above 0; none: there is no steady state, and C has no bound.
  std::optional<ResponseTable> on(double dose) const {
    if (window.steady_state && !(dose < steady_state_below(individual, course))) return std::nullopt;
    return response_table(on_dose(individual, dose), course, window, sampling);
  }
};

BiomarkerResponse::BiomarkerResponse(const Individual& individual, const Course& course, const ResponseWindow& window,
                                     std::span<const double> sampling) {
  if (individual.saturable()) {
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

/// The largest (sign 1) or smallest (-1) R of all judged rows.
double extreme_response(const ResponseTable& table, const Biomarker& biomarker, double dose, double sign) {
  require_usable(biomarker);
  TITRANT_EXPECTS(dose >= 0.0);
  if (table.rows.empty() || dose == 0.0) return biomarker.baseline;
  // R rises with y in turnover models; with a concentration it falls where the drug inhibits.
  const BiomarkerFamily kind = family(biomarker.structure);
  const double of_y = kind == BiomarkerFamily::turnover || !inhibits(biomarker.structure) ? sign : -sign;
  if (kind == BiomarkerFamily::direct) return direct_response(biomarker, dose * extreme_concentration(table, of_y));
  return equation_response(biomarker, of_y * ResponseSolution(biomarker, dose, table).extreme(of_y));
}

}  // namespace

namespace {

/// R under concentrations without bound.
double full_response(const Biomarker& biomarker) {
  require_usable(biomarker);
  if (family(biomarker.structure) != BiomarkerFamily::turnover) return direct_response(biomarker, core::infinity);
  const BiomarkerFactors factors = biomarker_factors(biomarker, core::infinity);
  return equation_response(biomarker, factors.production / factors.loss);
}

double extreme_response(const CourseOfDoses& doses, const Biomarker& biomarker, double dose, double sign) {
  if (dose == 0.0) return biomarker.baseline;
  const std::optional<ResponseTable> table = doses.on(dose);
  return table ? extreme_response(*table, biomarker, dose, sign) : full_response(biomarker);
}

void sampled_responses(const ResponseTable& table, const Biomarker& biomarker, double dose, std::span<double> values) {
  TITRANT_EXPECTS(values.size() == table.row_of.size());
  if (table.rows.empty() || dose == 0.0) return;
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t row = table.row_of[i];
      const double per_mg = row == ResponseTable::no_row ? table.rows.front().at_begin : table.rows[row].at_end;
      values[i] = direct_response(biomarker, dose * per_mg);
    }
    return;
  }
  const ResponseSolution solution(biomarker, dose, table);
  const std::vector<double> at_end = solution.at_ends();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t row = table.row_of[i];
    values[i] = equation_response(biomarker, row == ResponseTable::no_row ? solution.start() : at_end[row]);
  }
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
  std::fill(values.begin(), values.end(), biomarker.baseline);
  if (table_) return sampled_responses(*table_, biomarker, dose, values);
  if (dose == 0.0) return;
  const std::optional<ResponseTable> table = with_doses_->on(dose);
  if (table) return sampled_responses(*table, biomarker, dose, values);
  std::fill(values.begin(), values.end(), full_response(biomarker));
}

}  // namespace titrant::pkpd
