#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "biomarker_step.hpp"
#include "panels.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/occasions.hpp"

namespace titrant::pkpd {

/// C per mg on the panels of a regimen: from an arrival to the next (steady state), or from the first arrival to the
/// end of the window (course), without a gap, cut at the sampling times and at the begin of the window.
struct ResponseTable {
  /// A panel of one curve.
  struct Row {
    std::size_t curve = 0;
    std::size_t length = 0;  ///< place in `lengths`
    double begin = 0.0;      ///< h since the arrival that the curve begins with
    double clock = 0.0;      ///< the same since the first dose, at steady state since a dose is taken
    bool judged = true;      ///< whether the panel lies within the window
    NodeValues per_mg{};     ///< C at the nodes, ng/mL per mg
    double at_begin = 0.0;   ///< C at its ends, ng/mL per mg
    double at_end = 0.0;
  };

  /// At the begin of the first row.
  static constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();

  bool steady_state = true;
  double interval = 0.0;  ///< h, between doses
  double from = 0.0;      ///< the window on that clock, h
  double to = 0.0;
  std::vector<Curve> curves;
  std::vector<double> lengths;  ///< h; those of panels that occur in many intervals are listed once
  std::vector<Row> rows;
  std::vector<std::size_t> row_of;  ///< [sample] the row that ends there, or no_row
  std::vector<double> samples;      ///< h, as they were asked for
  std::vector<double> at_samples;   ///< C there, ng/mL per mg
  /// The first rows make one interval at periodic steady state, with which the biomarker begins; 0: it begins at rest.
  std::size_t cycle_rows = 0;
};

ResponseTable response_table(const Individual& individual, const Course& course, const ResponseWindow& window,
                             std::span<const double> sampling);

/// The same of a subject whose parameters change with every dose: the rows before those that are judged are the past of
/// a judged interval at steady state, those of a course begin with the first arrival.
ResponseTable response_table(const OccasionIndividual& individual, const Course& course, const ResponseWindow& window,
                             std::span<const double> sampling);

}  // namespace titrant::pkpd
