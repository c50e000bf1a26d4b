#include "titrant/pkpd/turnover.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "history.hpp"
#include "titrant/core/error.hpp"
#include "turnover_equation.hpp"

namespace titrant::pkpd {

namespace {

void require_usable(const Turnover& turnover) {
  const auto positive = [](double value) { return value > 0.0 && std::isfinite(value); };
  TITRANT_EXPECTS(positive(turnover.baseline) && positive(turnover.loss_rate) && positive(turnover.effect));
  TITRANT_EXPECTS(positive(turnover.c50) && positive(turnover.hill));
  const bool inhibits =
      turnover.kind == TurnoverKind::inhibit_production || turnover.kind == TurnoverKind::inhibit_loss;
  TITRANT_EXPECTS(!inhibits || turnover.effect <= 1.0);
}

/// A step well within the time scales of absorption and turnover, from which the error control finds its own.
double first_step(const Turnover& turnover, double absorption_rate) {
  return 0.01 / (absorption_rate + turnover.loss_rate * (1.0 + turnover.effect));
}

/// Turnover over one interval at the steady state of the PK. The time of the interval is cut where the dose arrives.
class PeriodicTurnover {
 public:
  PeriodicTurnover(const Turnover& turnover, const Individual& individual, const Regimen& regimen)
      : turnover_(turnover),
        exposure_(individual, regimen),
        first_step_(first_step(turnover, individual.absorption_rate)) {
    require_usable(turnover);
  }

  /// Integrates from the start of the interval through ascending `times` and to its end, from state to state.
  /// `visit(state, i)` sees the state at times[i], `observe(equation, before, begin, after, end)` every step.
  template <std::size_t Size, class Visitor, class Observer>
  std::array<double, Size> pass(std::array<double, Size> state, std::span<const double> times, const Visitor& visit,
                                const Observer& observe) const {
    struct Stretch {
      double end;    // in the interval
      double shift;  // from there to the time since an arrival
    };
    const TurnoverEquation<Size> equation(turnover_, exposure_.curve());
    const double interval = exposure_.regimen().interval;
    const double arrival = exposure_.arrival();
    double begin = 0.0;
    std::size_t next = 0;
    for (const auto& [end, shift] : {Stretch{arrival, interval - arrival}, Stretch{interval, -arrival}}) {
      TurnoverIntegration<Size> integration(equation, state, begin + shift, first_step_);
      const auto on_step = [&](const auto&... step) { observe(equation, step...); };
      for (; next < times.size() && (times[next] < end || end == interval); ++next) {
        visit(integration.advance(times[next] + shift, on_step), next);
      }
      state = integration.advance(end + shift, on_step);
      begin = end;
    }
    return state;
  }

  /// r at the start of the interval that the interval leads back to: r(tau) = v + exp(-G) r(0) = r(0).
  static double fixed_point(const std::array<double, 2>& end) { return end[0] / -std::expm1(-end[1]); }

 private:
  const Turnover& turnover_;
  Exposure exposure_;
  double first_step_;
};

constexpr auto ignore_state = [](const auto&, std::size_t) {};
constexpr auto ignore_step = [](const auto&...) {};

double steady_state_start(const Turnover& turnover, const Individual& individual, const Regimen& regimen) {
  const PeriodicTurnover periodic(turnover, individual, regimen);
  return PeriodicTurnover::fixed_point(periodic.pass<2>({0.0, 0.0}, {}, ignore_state, ignore_step));
}

/// The largest r within a step that rises at first and falls in the end, by steps of the same method to places within
/// it.
double maximum_within(const TurnoverEquation<1>& equation, const std::array<double, 1>& before, double since,
                      double length) {
  using Relative = std::array<double, 1>;
  const auto value = [&](double part) {
    Relative state = before;
    TurnoverIntegration<1>::Method().do_step(equation, state, since, part);
    return state;
  };
  const auto slope = [&](double part) {
    Relative result{};
    equation(value(part), result, since + part);
    return result[0];
  };
  constexpr int bits = 30;  // r is flat there
  std::uintmax_t iterations = 100;
  const auto [left, right] = boost::math::tools::toms748_solve(
      slope, 0.0, length, boost::math::tools::eps_tolerance<double>(bits), iterations);
  return value(0.5 * (left + right))[0];
}

}  // namespace

std::vector<double> biomarker(const Turnover& turnover, const Individual& individual, std::span<const Dose> doses,
                              std::span<const double> times) {
  require_usable(turnover);
  TITRANT_EXPECTS(std::is_sorted(times.begin(), times.end()));
  TITRANT_EXPECTS(times.empty() || (std::isfinite(times.front()) && std::isfinite(times.back())));
  std::vector<double> values(times.size(), turnover.baseline);
  if (times.empty()) return values;
  const Disposition body = disposition(individual);
  const History history(body, doses, times.back(), false);
  const std::vector<History::Piece> pieces = history.pieces();
  double relative = 1.0;  // R over baseline at the start of a piece
  std::size_t next = 0;
  for (std::size_t i = 0; i < pieces.size() && next < times.size(); ++i) {
    const History::Piece& piece = pieces[i];
    const double end = i + 1 < pieces.size() ? pieces[i + 1].begin : times.back();
    const auto within = [&](double time) { return i + 1 == pieces.size() || time < end; };
    if (piece.epoch != nullptr) {
      const Regimen steady{.dose = piece.epoch->steady_amount, .interval = piece.epoch->steady_interval};
      relative = steady.interval > 0.0 ? steady_state_start(turnover, individual, steady) : 1.0;
    }
    if (piece.node == nullptr) {  // nothing has arrived since R was at its baseline
      while (next < times.size() && within(times[next])) ++next;
      continue;
    }
    const State& state = piece.node->state;
    const Curve curve(body, state.depot, {state.mode[0].amount, state.mode[1].amount});
    const auto since = [&](double time) { return std::max(history.since_arrival(*piece.node, time), 0.0); };
    TurnoverIntegration<1> integration({turnover, curve}, {relative}, since(piece.begin),
                                       first_step(turnover, individual.absorption_rate));
    for (; next < times.size() && within(times[next]); ++next) {
      values[next] = turnover.baseline * integration.advance(since(times[next]))[0];
    }
    if (next < times.size()) relative = integration.advance(since(end))[0];
  }
  return values;
}

std::vector<double> steady_state_biomarker(const Turnover& turnover, const Individual& individual,
                                           const Regimen& regimen, std::span<const double> times) {
  TITRANT_EXPECTS(std::is_sorted(times.begin(), times.end()));
  TITRANT_EXPECTS(times.empty() || (times.front() >= 0.0 && times.back() <= regimen.interval));
  const PeriodicTurnover periodic(turnover, individual, regimen);
  std::vector<double> values(times.size());
  std::vector<double> fading(times.size());
  const auto visit = [&](const std::array<double, 2>& state, std::size_t i) {
    values[i] = state[0];
    fading[i] = state[1];
  };
  const double start = PeriodicTurnover::fixed_point(periodic.pass<2>({0.0, 0.0}, times, visit, ignore_step));
  for (std::size_t i = 0; i < times.size(); ++i) {
    values[i] = turnover.baseline * (values[i] + std::exp(-fading[i]) * start);
  }
  return values;
}

double steady_state_maximum(const Turnover& turnover, const Individual& individual, const Regimen& regimen) {
  const PeriodicTurnover periodic(turnover, individual, regimen);
  const double start = PeriodicTurnover::fixed_point(periodic.pass<2>({0.0, 0.0}, {}, ignore_state, ignore_step));
  double highest = start;
  using Relative = std::array<double, 1>;
  const auto observe = [&](const TurnoverEquation<1>& equation, const Relative& before, double begin,
                           const Relative& after, double end) {
    highest = std::max(highest, after[0]);
    Relative first{};
    Relative last{};
    equation(before, first, begin);
    equation(after, last, end);
    if (first[0] > 0.0 && last[0] < 0.0) {
      highest = std::max(highest, maximum_within(equation, before, begin, end - begin));
    }
  };
  periodic.pass<1>({start}, {}, ignore_state, observe);
  return turnover.baseline * highest;
}

}  // namespace titrant::pkpd
