#include "titrant/pkpd/concentration.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "concentration_gradient.hpp"
#include "history.hpp"
#include "saturable_concentration.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

namespace {

double weighted(const Disposition& disposition, const std::array<ModeState, most_modes>& modes) {
  double sum = 0.0;
  for (std::size_t i = 0; i < disposition.mode_count; ++i) sum += disposition.mode[i].weight * modes[i].amount;
  return disposition.scale * sum;
}

}  // namespace

std::vector<double> concentration(const Individual& individual, std::span<const Dose> doses,
                                  std::span<const double> times, RecordsBefore records_before) {
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  if (individual.saturable()) return saturable_concentration({individual, {}}, doses, times, records_before);
  const Disposition body = disposition(individual);
  std::vector<double> value(times.size(), 0.0);
  for (const auto& [into, history] : route_histories(individual, body, doses, latest(times), false)) {
    for (std::size_t j = 0; j < times.size(); ++j) {
      const History::Place place = history.place(times[j], records_before_of(records_before, j));
      if (place.node == nullptr) continue;
      const State& state = place.node->state;
      value[j] += weighted(body, Step(body, place.since, false, state.has_input())(state).mode);
    }
  }
  return value;
}

namespace {

constexpr std::size_t place_of(PkParameter which) { return static_cast<std::size_t>(which); }

/// Where the derivative by a parameter stands in a row; none: it is not asked.
using ColumnOf = std::array<std::optional<std::size_t>, pk_parameter_count>;

/// Adds what a history brings to the derivatives of C by parameters of doses.
void add_by_doses(const Individual& individual, const Disposition& body, std::span<const Dose> doses,
                  std::span<const double> times, std::span<double> gradient, RecordsBefore records_before,
                  const ColumnOf& column_of, std::size_t columns) {
  for (const PkParameter which : dose_parameters) {
    const std::optional<std::size_t> column = column_of[place_of(which)];
    if (!column || !depends_on(individual, doses, which)) continue;
    for (const auto& [into, history] : route_histories(individual, body, doses, latest(times), false, which)) {
      for (std::size_t j = 0; j < times.size(); ++j) {
        const History::Place place = history.place(times[j], records_before_of(records_before, j));
        if (place.node == nullptr) continue;
        const State& state = place.node->state;
        gradient[j * columns + *column] +=
            weighted(body, Step(body, place.since, false, state.has_input())(state).mode);
      }
    }
  }
}

/// \param columns  of the gradient
void fill_gradient(const Individual& individual, std::span<const Dose> doses, std::span<const double> times,
                   std::span<double> value, std::span<double> gradient, RecordsBefore records_before,
                   const ColumnOf& column_of, std::size_t columns) {
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  TITRANT_EXPECTS(value.size() == times.size() && gradient.size() == times.size() * columns);
  constexpr std::size_t ka = place_of(PkParameter::absorption_rate);
  const Disposition body = disposition(individual);
  const DispositionGradient slope = disposition_gradient(individual);
  const double passage_slope = body.stages > 0 ? -body.passage_rate / individual.mean_transit_time : 0.0;
  const std::size_t last = 2 * body.mode_count;  // place of the last parameter that rates depend on
  std::fill(value.begin(), value.end(), 0.0);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (const auto& [into, history] : route_histories(individual, body, doses, latest(times), true)) {
    for (std::size_t j = 0; j < times.size(); ++j) {
      const History::Place place = history.place(times[j], records_before_of(records_before, j));
      if (place.node == nullptr) continue;
      const State& before = place.node->state;
      const State state = Step(body, place.since, true, before.has_input())(before);
      const double here = weighted(body, state.mode);
      value[j] += here;
      std::array<double, pk_parameter_count> by{};
      for (std::size_t i = 0; i < body.mode_count; ++i) {
        const Mode& mode = body.mode[i];
        const ModeState& now = state.mode[i];
        for (std::size_t p = ka + 1; p <= last; ++p) {
          by[p] += body.scale * (slope.weight[i][p] * now.amount + mode.weight * slope.rate[i][p] * now.by_rate);
        }
        by[ka] += body.scale * mode.weight * now.by_absorption;
        by[place_of(PkParameter::mean_transit_time)] += body.scale * mode.weight * passage_slope * now.by_passage;
        if (into != DoseInto::depot) continue;
        // A later lag is an earlier time: -dC/dt.
        const double entering = body.absorption_rate * state.depot + state.central_rate;
        by[place_of(PkParameter::lag)] -= body.scale * mode.weight * (entering - mode.rate * now.amount);
      }
      by[place_of(PkParameter::volume)] -= here / individual.volume;  // of the scale
      for (std::size_t p = 0; p < pk_parameter_count; ++p) {
        if (column_of[p]) gradient[j * columns + *column_of[p]] += by[p];
      }
    }
  }
  add_by_doses(individual, body, doses, times, gradient, records_before, column_of, columns);
}

}  // namespace

void concentration_and_gradient(const Individual& individual, std::span<const Dose> doses,
                                std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                RecordsBefore records_before, std::span<const PkParameter> by) {
  if (individual.saturable()) {
    saturable_concentration_and_gradient({individual, {}}, doses, times, value, gradient, records_before, by,
                                         GradientRows::all_parameters);
    return;
  }
  ColumnOf column_of;
  for (const PkParameter which : by) column_of[place_of(which)] = place_of(which);
  fill_gradient(individual, doses, times, value, gradient, records_before, column_of, pk_parameter_count);
}

void concentration_and_gradient_by(const Individual& individual, std::span<const Dose> doses,
                                   std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                   std::span<const PkParameter> by, RecordsBefore records_before) {
  if (individual.saturable()) {
    saturable_concentration_and_gradient({individual, {}}, doses, times, value, gradient, records_before, by,
                                         GradientRows::those_asked);
    return;
  }
  ColumnOf column_of;
  for (std::size_t p = 0; p < by.size(); ++p) column_of[place_of(by[p])] = p;
  fill_gradient(individual, doses, times, value, gradient, records_before, column_of, by.size());
}

}  // namespace titrant::pkpd
