#include "titrant/pkpd/concentration.hpp"

#include <algorithm>
#include <cmath>

#include "concentration_gradient.hpp"
#include "history.hpp"
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
  const Disposition body = disposition(individual);
  std::vector<double> value(times.size(), 0.0);
  for (const auto& [into, history] : route_histories(body, doses, latest(times), false)) {
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

/// \param columns  of the gradient: the first parameters and the lag, or all
void fill_gradient(const Individual& individual, std::span<const Dose> doses, std::span<const double> times,
                   std::span<double> value, std::span<double> gradient, RecordsBefore records_before,
                   std::size_t columns) {
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  TITRANT_EXPECTS(value.size() == times.size() && gradient.size() == times.size() * columns);
  constexpr auto ka = static_cast<std::size_t>(PkParameter::absorption_rate);
  constexpr auto volume = static_cast<std::size_t>(PkParameter::volume);
  const std::size_t lag = columns - 1;
  const Disposition body = disposition(individual);
  const DispositionGradient slope = disposition_gradient(individual);
  const std::size_t last = 2 * body.mode_count;  // place of the last parameter that rates depend on
  std::fill(value.begin(), value.end(), 0.0);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (const auto& [into, history] : route_histories(body, doses, latest(times), true)) {
    for (std::size_t j = 0; j < times.size(); ++j) {
      const History::Place place = history.place(times[j], records_before_of(records_before, j));
      if (place.node == nullptr) continue;
      const State& before = place.node->state;
      const State state = Step(body, place.since, true, before.has_input())(before);
      const double here = weighted(body, state.mode);
      value[j] += here;
      const auto row = gradient.subspan(j * columns, columns);
      for (std::size_t i = 0; i < body.mode_count; ++i) {
        const Mode& mode = body.mode[i];
        const ModeState& now = state.mode[i];
        for (std::size_t p = ka + 1; p <= last; ++p) {
          row[p] += body.scale * (slope.weight[i][p] * now.amount + mode.weight * slope.rate[i][p] * now.by_rate);
        }
        row[ka] += body.scale * mode.weight * now.by_absorption;
        if (into != DoseInto::depot) continue;
        // A later lag is an earlier time: -dC/dt.
        row[lag] -= body.scale * mode.weight * (body.absorption_rate * state.depot - mode.rate * now.amount);
      }
      row[volume] -= here / individual.volume;  // of the scale
    }
  }
}

}  // namespace

void concentration_and_gradient(const Individual& individual, std::span<const Dose> doses,
                                std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                RecordsBefore records_before) {
  fill_gradient(individual, doses, times, value, gradient, records_before, pk_parameter_count);
}

void concentration_and_used_gradient(const Individual& individual, std::span<const Dose> doses,
                                     std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                     RecordsBefore records_before) {
  fill_gradient(individual, doses, times, value, gradient, records_before, parameters_of(individual.structure).size());
}

}  // namespace titrant::pkpd
