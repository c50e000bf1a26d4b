#include "titrant/pkpd/biomarker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "baseline_factor.hpp"
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

using ScalarEquation = BiomarkerEquation<1>;

/// The state an interval after the arrival of a dose at steady state, or `until` h after it.
template <class Equation>
typename Equation::State after_arrival(const Biomarker& biomarker, const Individual& individual,
                                       const Exposure& exposure, typename Equation::State state, double until) {
  const double step = first_step(biomarker, individual.absorption_rate);
  for (const Exposure::Piece& piece : exposure.pieces()) {
    if (piece.begin >= until) break;
    BiomarkerIntegration<Equation> on({biomarker, piece.curve}, state, 0.0, step);
    state = on.advance(std::min(until, piece.end) - piece.begin);
  }
  return state;
}

/// The state at the time that a dose is taken at the periodic steady state of a regimen. The equation is linear in y,
/// so that the interval between two arrivals leads from y to v + exp(-G) y, and the periodic y is the fixed point of
/// that.
ScalarEquation::State steady_state(std::type_identity<ScalarEquation> /*of*/, const Biomarker& biomarker,
                                   const Individual& individual, const Regimen& regimen) {
  const Exposure exposure(individual, regimen);
  const auto end = after_arrival<BiomarkerEquation<2>>(biomarker, individual, exposure, {0.0, 0.0}, regimen.interval);
  const ScalarEquation::State at_arrival = {end[0] / -std::expm1(-end[1])};
  return after_arrival<ScalarEquation>(biomarker, individual, exposure, at_arrival, exposure.since_arrival(0.0));
}

/// The same of a precursor, then of the biomarker that it makes.
PrecursorEquation::State steady_state(std::type_identity<PrecursorEquation> /*of*/, const Biomarker& biomarker,
                                      const Individual& individual, const Regimen& regimen) {
  const Exposure exposure(individual, regimen);
  const auto over_interval = [&](const PrecursorEquation::State& from) {
    return after_arrival<PrecursorEquation>(biomarker, individual, exposure, from, regimen.interval);
  };
  const PrecursorEquation::State end = over_interval({0.0, 0.0, 0.0});
  PrecursorEquation::State at_arrival = {end[0] / -std::expm1(-end[2]), 0.0, 0.0};
  at_arrival[1] = over_interval(at_arrival)[1] / -std::expm1(-biomarker.kout * regimen.interval);
  return after_arrival<PrecursorEquation>(biomarker, individual, exposure, at_arrival, exposure.since_arrival(0.0));
}

std::vector<double> direct(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                           std::span<const double> times, RecordsBefore records_before) {
  std::vector<double> values = concentration(individual, doses, times, records_before);
  for (double& value : values) value = direct_response(biomarker, value);
  return values;
}

/// R where the baseline is R0 at all times, step by step.
/// \param rest      the state without drug
/// \param response  R from the state at a time, by its place in `times`
template <class Equation, class Response>
std::vector<double> step_by_step(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                                 std::span<const double> times, RecordsBefore records_before,
                                 const typename Equation::State& rest, const Response& response) {
  std::vector<double> values(times.size(), biomarker.baseline);
  const CurvePieces history(VaryingIndividual{individual, {}}, doses, -std::numeric_limits<double>::infinity(),
                            times.back());
  const std::vector<CurvePiece>& pieces = history.pieces();
  typename Equation::State state = rest;  // at the start of a piece
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
      state = rest;
      if (!steady.empty()) {
        state =
            steady_state(std::type_identity<Equation>(), biomarker, individual, regimen_of(individual, steady.front()));
      }
    }
    if (!piece.curve) {  // nothing has arrived since the state was at rest
      while (more()) ++next;
      continue;
    }
    BiomarkerIntegration<Equation> integration({biomarker, *piece.curve}, state, piece.since(piece.begin),
                                               first_step(biomarker, individual.absorption_rate));
    for (; more(); ++next) values[next] = response(next, integration.advance(piece.since(times[next])));
    if (next < times.size()) state = integration.advance(piece.since(end));
  }
  return values;
}

/// R where the baseline is R0 at all times.
std::vector<double> over_constant_baseline(const Biomarker& biomarker, const Individual& individual,
                                           std::span<const Dose> doses, std::span<const double> times,
                                           RecordsBefore records_before) {
  if (times.empty()) return {};
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    return direct(biomarker, individual, doses, times, records_before);
  }
  if (family(biomarker.structure) == BiomarkerFamily::precursor) {
    return step_by_step<PrecursorEquation>(
        biomarker, individual, doses, times, records_before, {1.0, 1.0, 0.0},
        [&](std::size_t /*place*/, const PrecursorEquation::State& state) { return biomarker.baseline * state[1]; });
  }
  const std::vector<double> observed = concentration(individual, doses, times, records_before);
  return step_by_step<ScalarEquation>(biomarker, individual, doses, times, records_before,
                                      {equation_rest(biomarker.structure)},
                                      [&](std::size_t place, const ScalarEquation::State& state) {
                                        return equation_response(biomarker, state[0], observed[place]);
                                      });
}

}  // namespace

void require_usable(const Biomarker& biomarker) {
  for (const BiomarkerParameter which : parameters_of(biomarker.structure, biomarker.baseline_model)) {
    const double value = parameter(biomarker, which);
    if (!std::isfinite(value) || !(value > 0.0 || may_be_negative(which))) {
      throw NumericalError(fmt::format("{} is {}: the biomarker model needs it {}finite",
                                       biomarker_parameter_names.at(static_cast<std::size_t>(which)), value,
                                       may_be_negative(which) ? "" : "positive and "));
    }
  }
  if (biomarker.baseline_model == BaselineModel::circadian && biomarker.baseline_amplitude > 1.0) {
    throw NumericalError(
        fmt::format("baseline_amplitude is {}: above 1 the baseline would be negative", biomarker.baseline_amplitude));
  }
  if (biomarker.binary) {
    TITRANT_EXPECTS(can_be_binary(biomarker.structure) && biomarker.baseline_model == BaselineModel::constant);
    if (!(biomarker.baseline < 1.0)) {
      throw NumericalError(fmt::format("baseline is {}: a probability is below 1", biomarker.baseline));
    }
    return;
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
  std::vector<double> values = over_constant_baseline(biomarker, individual, doses, times, records_before);
  for (std::size_t i = 0; i < values.size(); ++i) follow_baseline(biomarker, times[i], values[i]);
  return values;
}

}  // namespace titrant::pkpd
