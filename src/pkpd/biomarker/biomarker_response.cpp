#include "titrant/pkpd/biomarker_response.hpp"

#include <algorithm>
#include <limits>

#include "baseline_factor.hpp"
#include "biomarker_equation.hpp"
#include "kinetics/turning_points.hpp"
#include "precursor_solution.hpp"
#include "response_solution.hpp"
#include "response_table.hpp"
#include "searched_extreme.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

BiomarkerResponse::BiomarkerResponse(const Individual& individual, const Course& course, const ResponseWindow& window,
                                     std::span<const double> sampling)
    : table_(std::make_unique<const ResponseTable>(response_table(individual, course, window, sampling))) {}

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
  const auto concentration = [&](std::size_t i) {
    const std::size_t row = table.row_of[i];
    return dose * (row == ResponseTable::no_row ? table.rows.front().at_begin : table.rows[row].at_end);
  };
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

}  // namespace

double BiomarkerResponse::maximum(const Biomarker& biomarker, double dose) const {
  return extreme_response(*table_, biomarker, dose, 1.0);
}

double BiomarkerResponse::minimum(const Biomarker& biomarker, double dose) const {
  return extreme_response(*table_, biomarker, dose, -1.0);
}

void BiomarkerResponse::at_samples(const Biomarker& biomarker, double dose, std::span<double> values) const {
  require_usable(biomarker);
  require_steady_state(biomarker, *table_);
  TITRANT_EXPECTS(dose >= 0.0 && values.size() == table_->row_of.size());
  over_constant_baseline(*table_, biomarker, dose, values);
  for (std::size_t i = 0; i < values.size(); ++i) follow_baseline(biomarker, table_->samples[i], values[i]);
}

}  // namespace titrant::pkpd
