#include "titrant/pkpd/biomarker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "biomarker_equation.hpp"
#include "kinetics/curve_pieces.hpp"
#include "kinetics/dose_input.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

namespace {

/// A step well within the time scales of absorption and biomarker, from which the error control finds its own.
double first_step(const Biomarker& biomarker, double absorption_rate) {
  return 0.01 / (absorption_rate + equation_rate(biomarker) * (1.0 + biomarker.imax));
}

/// y at the time that a dose is taken at the periodic steady state of a regimen. The equation is linear in y, so that
/// the interval between two arrivals leads from y to v + exp(-G) y, and the periodic y is the fixed point of that.
double steady_state_start(const Biomarker& biomarker, const Individual& individual, const Regimen& regimen) {
  const Exposure exposure(individual, regimen);
  const double step = first_step(biomarker, individual.absorption_rate);
  std::array<double, 2> end = {0.0, 0.0};
  for (const Exposure::Piece& piece : exposure.pieces()) {
    BiomarkerIntegration<2> interval({biomarker, piece.curve}, end, 0.0, step);
    end = interval.advance(piece.end - piece.begin);
  }
  double y = end[0] / -std::expm1(-end[1]);  // at an arrival
  const double since = exposure.since_arrival(0.0);
  for (const Exposure::Piece& piece : exposure.pieces()) {
    if (piece.begin >= since) break;
    BiomarkerIntegration<1> on({biomarker, piece.curve}, {y}, 0.0, step);
    y = on.advance(std::min(since, piece.end) - piece.begin)[0];
  }
  return y;
}

std::vector<double> direct(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                           std::span<const double> times, RecordsBefore records_before) {
  std::vector<double> values = concentration(individual, doses, times, records_before);
  for (double& value : values) value = direct_response(biomarker, value);
  return values;
}

}  // namespace

void require_usable(const Biomarker& biomarker) {
  for (const BiomarkerParameter which : parameters_of(biomarker.structure)) {
    const double value = parameter(biomarker, which);
    if (!std::isfinite(value) || !(value > 0.0)) {
      throw NumericalError(fmt::format("{} is {}: the biomarker model needs it positive and finite",
                                       biomarker_parameter_names.at(static_cast<std::size_t>(which)), value));
    }
  }
  if (inhibits(biomarker.structure) && biomarker.imax > 1.0) {
    throw NumericalError(fmt::format("effect is {}: an inhibition is at most 1", biomarker.imax));
  }
}

std::vector<double> biomarker(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                              std::span<const double> times, RecordsBefore records_before) {
  require_usable(biomarker);
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  TITRANT_EXPECTS(std::is_sorted(times.begin(), times.end()));
  TITRANT_EXPECTS(times.empty() || (std::isfinite(times.front()) && std::isfinite(times.back())));
  std::vector<double> values(times.size(), biomarker.baseline);
  if (times.empty()) return values;
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    return direct(biomarker, individual, doses, times, records_before);
  }
  const CurvePieces history(VaryingIndividual{individual, {}}, doses, -std::numeric_limits<double>::infinity(),
                            times.back());
  const std::vector<CurvePiece>& pieces = history.pieces();
  const double rest = equation_rest(biomarker.structure);
  double y = rest;  // at the start of a piece
  std::size_t next = 0;
  for (std::size_t i = 0; i < pieces.size() && next < times.size(); ++i) {
    const CurvePiece& piece = pieces[i];
    const double end = i + 1 < pieces.size() ? pieces[i + 1].begin : times.back();
    const auto more = [&] {
      return next < times.size() &&
             (i + 1 == pieces.size() || is_before(times[next], records_before_of(records_before, next), pieces[i + 1]));
    };
    if (piece.epoch != nullptr && !piece.epoch->superposed) {
      const std::vector<SteadyDosing>& steady = piece.epoch->steady;
      y = steady.empty() ? rest : steady_state_start(biomarker, individual, regimen_of(individual, steady.front()));
    }
    if (!piece.curve) {  // nothing has arrived since y was at rest
      while (more()) ++next;
      continue;
    }
    BiomarkerIntegration<1> integration({biomarker, *piece.curve}, {y}, piece.since(piece.begin),
                                        first_step(biomarker, individual.absorption_rate));
    for (; more(); ++next) {
      values[next] = equation_response(biomarker, integration.advance(piece.since(times[next]))[0]);
    }
    if (next < times.size()) y = integration.advance(piece.since(end))[0];
  }
  return values;
}

}  // namespace titrant::pkpd
