#include "titrant/pkpd/concentration.hpp"

#include <algorithm>
#include <cmath>

#include "history.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

namespace {

double weighted(const Disposition& disposition, const std::array<ModeState, 2>& modes) {
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

void concentration_and_gradient(const Individual& individual, std::span<const Dose> doses,
                                std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                RecordsBefore records_before) {
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  TITRANT_EXPECTS(value.size() == times.size() && gradient.size() == times.size() * pk_parameter_count);
  constexpr auto ka = static_cast<std::size_t>(PkParameter::absorption_rate);
  constexpr auto volume = static_cast<std::size_t>(PkParameter::volume);
  constexpr auto lag = static_cast<std::size_t>(PkParameter::lag);
  const Disposition body = disposition(individual);
  const DispositionGradient slope = disposition_gradient(individual);
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
      const auto row = gradient.subspan(j * pk_parameter_count, pk_parameter_count);
      for (std::size_t i = 0; i < body.mode_count; ++i) {
        const Mode& mode = body.mode[i];
        const ModeState& now = state.mode[i];
        for (std::size_t p = 0; p < pk_parameter_count; ++p) {
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

}  // namespace titrant::pkpd
