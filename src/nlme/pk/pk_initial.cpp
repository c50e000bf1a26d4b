#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "pk_population.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/optimise.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

using pkpd::PkParameter;

constexpr int grid_points = 9;                               // of a rate constant, evenly on the log scale
constexpr std::array<double, 2> volume_ratios = {0.5, 2.0};  // peripheral to central
constexpr std::array<double, 3> delays = {1.0, 0.4, 2.5};    // transit time by the mean time of absorption
constexpr std::array<double, 5> saturations = {0.1, 1.0, 0.03, 0.3, 3.0};  // Km by the dose over the volume
constexpr std::size_t saturations_of_several = 2;  // the first ones, where several compartments have points enough
constexpr double linear_share = 0.5;               // of elimination far below Km, where both kinds are there
constexpr double slower = 0.1;          // the rate back from a second peripheral compartment, of that from the first
constexpr double middle_share = 0.6;    // of an absorbed dose
constexpr double residual_share = 0.5;  // of the spread without etas that is left to the residual error with them
constexpr int pooled_evaluations = 60;
constexpr double pooled_range = 1.5;  // on the log scale around the grid's best point

/// The range of rate constants that the sampling times can show: from one over the whole observation time to a few over
/// the earliest time after a dose.
struct Rates {
  double slowest;
  double fastest;
};

Rates observable_rates(const PkModel& model) {
  double earliest = std::numeric_limits<double>::infinity();
  double longest = 0.0;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    for (const double time : model.times(subject)) {
      for (const pkpd::Dose& dose : model.trial_subject(subject).doses) {
        const double after = time - dose.time;
        if (after <= 0.0) continue;
        earliest = std::min(earliest, after);
        longest = std::max(longest, after);
      }
    }
  }
  if (!(longest > 0.0)) return {0.01, 1.0};  // steady-state doses only: hours to days
  return {1.0 / longest, 3.0 / earliest};
}

/// The typical value of a parameter where it is held, else `otherwise`.
double held_value(const PkModel& model, const Population& population, PkParameter which, double otherwise) {
  for (std::size_t p = 0; p < model.parameters().size(); ++p) {
    if (model.parameters()[p] == which && population.parameters[p].typical_fixed)
      return population.parameters[p].typical;
  }
  return otherwise;
}

/// Typical values with central volume 1 L for each point of the grid, absorption (where there is any) faster than
/// elimination. Of saturable elimination that is the one far below Km, which is sought relative to the concentrations
/// that the doses make.
std::vector<Population> grid(const PkModel& model, const Population& population) {
  const Rates range = observable_rates(model);
  std::vector<double> rates;
  rates.reserve(grid_points);
  for (int i = 0; i < grid_points; ++i) {
    rates.push_back(range.slowest *
                    std::pow(range.fastest / range.slowest, static_cast<double>(i) / (grid_points - 1)));
  }
  std::vector<Population> points;
  const bool saturable = model.saturable();
  const bool both = model.elimination() == pkpd::Elimination::both;
  const double size = model.concentration_scale() * (model.median_amount() > 0.0 ? model.median_amount() : 1.0);
  const auto add_point = [&](double absorption, double elimination, double exchange, double ratio, double delay,
                             double saturation) {
    Population point = population;
    const double constant = held_value(model, population, PkParameter::michaelis_constant, saturation * size);
    for (std::size_t p = 0; p < model.parameters().size(); ++p) {
      double& typical = point.parameters[p].typical;
      switch (model.parameters()[p]) {
        case PkParameter::absorption_rate:
          typical = absorption;
          break;
        case PkParameter::clearance:
          typical = both ? linear_share * elimination : elimination;
          break;
        case PkParameter::michaelis_constant:
          typical = constant;
          break;
        case PkParameter::maximum_elimination_rate:  // Vmax / Km is a clearance
          typical = (both ? 1.0 - linear_share : 1.0) * elimination * constant / model.concentration_scale();
          break;
        case PkParameter::volume:
          typical = 1.0;
          break;
        case PkParameter::intercompartmental_clearance:
          typical = exchange * ratio;
          break;
        case PkParameter::peripheral_volume:
          typical = ratio;
          break;
        case PkParameter::second_intercompartmental_clearance:
          typical = slower * exchange * ratio;
          break;
        case PkParameter::second_peripheral_volume:
          typical = ratio;
          break;
        case PkParameter::lag:
          typical = 0.5 / range.fastest;
          break;
        case PkParameter::bioavailability:
          typical = middle_share;
          break;
        case PkParameter::input_rate:  // the mean time of the input is half its duration
          typical = 0.5 * model.amount_at_modelled_rate() * absorption;
          break;
        case PkParameter::input_duration:
        case PkParameter::absorption_duration:
          typical = 2.0 / absorption;
          break;
        case PkParameter::mean_transit_time:
          typical = delay / absorption;
          break;
      }
      if (population.parameters[p].typical_fixed) typical = population.parameters[p].typical;
    }
    points.push_back(std::move(point));
  };
  const bool transit = core::contains(model.parameters(), PkParameter::mean_transit_time);
  const bool two = core::contains(model.parameters(), PkParameter::intercompartmental_clearance);
  const std::size_t saturated = saturable ? (two ? saturations_of_several : saturations.size()) : 1;
  const auto add = [&](double absorption, double elimination, double exchange, double ratio) {
    for (const double delay : delays) {
      if (!transit && delay != delays.front()) continue;
      for (std::size_t s = 0; s < saturated; ++s) {
        add_point(absorption, elimination, exchange, ratio, delay, saturations[s]);
      }
    }
  };
  // Without input that takes its time the fastest rate bounds the others alone.
  const bool slow_input = model.absorbed() || model.routes().modelled_rate || model.routes().modelled_duration;
  const std::size_t first_absorption = slow_input ? 0 : rates.size() - 1;
  for (std::size_t i = first_absorption; i < rates.size(); ++i) {
    for (std::size_t k = 0; k < (slow_input ? i : rates.size()); ++k) {
      if (!two) {
        add(rates[i], rates[k], 0.0, 0.0);
        continue;
      }
      for (std::size_t e = 0; e < i; e += 2) {  // exchange back from the periphery
        for (const double ratio : volume_ratios) add(rates[i], rates[k], rates[e], ratio);
      }
    }
  }
  return points;
}

/// Mean and spread of log(observed / predicted) over all subjects without etas. Measurements before any dose acts take
/// no part: every model predicts 0 there. Predictions of 0 elsewhere (before a lag, long after all is gone) are
/// counted.
struct LogResidual {
  double zeros = 0.0;
  double mean = 0.0;
  double variance = std::numeric_limits<double>::infinity();
};

LogResidual log_residual(const PkModel& model, const Population& population) {
  LogResidual result;
  const Design design(model, population);
  std::vector<double> residuals;
  std::vector<double> natural(population.parameters.size());
  std::vector<double> value;
  std::vector<double> gradient;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    for (std::size_t p = 0; p < mean.size(); ++p) natural[p] = population.parameters[p].scale.natural(mean[p]);
    const std::span<const double> observed = model.observed(subject);
    const std::span<const unsigned char> censored = model.censored(subject);
    value.resize(observed.size());
    gradient.resize(observed.size() * mean.size());
    try {
      model.predict(subject, natural, value, gradient);
    } catch (const NumericalError&) {  // a steady state that saturable elimination does not have
      return {.zeros = std::numeric_limits<double>::infinity()};
    }
    for (std::size_t j = 0; j < observed.size(); ++j) {
      if (observed[j] <= 0.0 || (!censored.empty() && censored[j] != 0)) continue;
      if (model.always_zero(subject, j)) continue;
      if (value[j] > 0.0) {
        residuals.push_back(std::log(observed[j] / value[j]));
      } else {
        result.zeros += 1.0;
      }
    }
  }
  if (residuals.empty()) return result;
  result.mean = core::ordered_mean(residuals);
  for (double& residual : residuals) residual = (residual - result.mean) * (residual - result.mean);
  result.variance = core::ordered_mean(residuals);
  return result;
}

/// All volumes and clearances times `factor`: concentrations change by its inverse, and Km with them.
void scale(const PkModel& model, Population& population, double factor) {
  for (std::size_t p = 0; p < model.parameters().size(); ++p) {
    const PkParameter which = model.parameters()[p];
    const bool is_size = which > PkParameter::absorption_rate && which < PkParameter::lag;
    if (population.parameters[p].typical_fixed) continue;
    if (is_size) population.parameters[p].typical *= factor;
    if (which == PkParameter::michaelis_constant) population.parameters[p].typical /= factor;
  }
}

/// A box around the best point of the grid. Without etas, absorption may look immediate: beyond what the sampling times
/// can show the objective is flat, and a start from there would not find back.
Box near(const PkModel& model, const Layout& layout, const std::vector<double>& start) {
  Box result = box(layout);
  const double fastest = std::log(observable_rates(model).fastest);
  for (std::size_t i = 0; i < start.size(); ++i) {
    const Coordinate& coordinate = layout.coordinates()[i];
    if (coordinate.role != Role::typical) continue;
    result.lower[i] = start[i] - pooled_range;
    result.upper[i] = start[i] + pooled_range;
    if (model.parameters()[coordinate.parameter] == PkParameter::absorption_rate) {
      result.upper[i] = std::max(start[i], std::min(result.upper[i], fastest));
    }
  }
  return result;
}

/// A low (10 %) quantile of the concentrations above 0.
double low_concentration(const PkModel& model) {
  std::vector<double> values;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto observed = model.observed(subject);
    for (std::size_t j = 0; j < observed.size(); ++j) {
      if (observed[j] > 0.0 && !model.always_zero(subject, j)) values.push_back(observed[j]);
    }
  }
  const std::size_t low = values.size() / 10;
  return core::order_statistic(std::move(values), low);
}

bool any_above_zero(const PkModel& model) {
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto observed = model.observed(subject);
    if (std::any_of(observed.begin(), observed.end(), [](double value) { return value > 0.0; })) return true;
  }
  return false;
}

double root_mean_square(const PkModel& model) {
  std::vector<double> squares;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    for (const double value : model.observed(subject)) squares.push_back(value * value);
  }
  return std::sqrt(core::ordered_mean(squares));
}

/// The residual error that goes with a relative spread: of a combined one, both terms are alike at low concentrations,
/// so that neither starts where the objective does not depend on it; a power is that of a typical concentration.
void set_error(const PkModel& model, Population& population, double spread, ErrorKind kind) {
  ResponseError& error = population.errors.front();
  if (has_proportional(kind) && !error.proportional_fixed) {
    const double unit = kind == ErrorKind::power ? std::pow(root_mean_square(model), 1.0 - error.model.exponent) : 1.0;
    error.model.proportional = spread * unit;
  }
  if (!has_additive(kind) || error.additive_fixed) return;
  error.model.additive = spread * (is_combined(kind) ? low_concentration(model) : root_mean_square(model));
}

/// The point of the grid with the fewest predictions of 0, of these the one with the least spread.
struct Best {
  Population point;
  LogResidual residual;
};

Best best_point(const parallel::Communicator& ranks, const PkModel& model, const std::vector<Population>& points) {
  constexpr std::size_t width = 3;
  const auto compute = [&](std::size_t unit, std::span<double> out) {
    const LogResidual residual = log_residual(model, points[unit]);
    out[0] = residual.zeros;
    out[1] = residual.variance;
    out[2] = residual.mean;
  };
  const std::vector<double> slots =
      parallel::run(ranks, {.units = points.size(), .slot = width, .compute = compute, .progress = {}});
  const auto key = [&](std::size_t point) { return std::pair(slots[width * point], slots[width * point + 1]); };
  std::size_t best = 0;
  for (std::size_t point = 1; point < points.size(); ++point) {
    if (key(point) < key(best)) best = point;
  }
  return {points[best], {.zeros = key(best).first, .mean = slots[width * best + 2], .variance = key(best).second}};
}

/// Sets the initial values that the user gives, and holds them for the while.
void hold_given(Population& population, const std::map<std::string, double>& given) {
  for (Parameter& parameter : population.parameters) {
    const auto found = given.find(parameter.name);
    if (found == given.end() || parameter.typical_fixed) continue;
    parameter.typical = found->second;
    parameter.typical_fixed = true;
  }
}

/// Standard deviations and residual errors that the user gives. Coefficients were set with the effects.
void set_given(Population& population, const std::map<std::string, double>& given) {
  const auto set = [&](const std::string& name, double& value, bool fixed) {
    const auto found = given.find(name);
    if (found != given.end() && !fixed) value = found->second;
  };
  for (Parameter& parameter : population.parameters) {
    if (parameter.omega > 0.0) set("omega." + parameter.name, parameter.omega, parameter.omega_fixed);
    if (parameter.occasion_omega > 0.0) {
      set("occasion_omega." + parameter.name, parameter.occasion_omega, parameter.occasion_omega_fixed);
    }
  }
  ResponseError& error = population.errors.front();
  for (const ErrorNumber& one : error_numbers(error)) {
    if (one.value > 0.0) set(error_name(error, one.role), one.value, one.fixed);
  }
  if (error.model.omega > 0.0) set(error_omega_name(error), error.model.omega, error.omega_fixed);
}

}  // namespace

Population with_initial_values(const parallel::Communicator& ranks, const PkModel& model, Population population,
                               const PkOptions& options) {
  Population held = population;
  hold_given(held, options.initial);
  const Best best = best_point(ranks, model, grid(model, held));
  if (!std::isfinite(best.residual.variance)) {
    if (any_above_zero(model)) {
      throw DataError(
          "with the initial and fixed values given no concentrations of the trial can be predicted: where elimination "
          "is saturable, it must remove more than a steady state (SS) of the data brings in; give a larger "
          "maximum_elimination_rate in pk.initial or pk.fixed");
    }
    throw DataError("no concentration is above 0: there is nothing to fit");
  }
  Population pooled = best.point;
  scale(model, pooled, std::exp(-best.residual.mean));
  for (Parameter& parameter : pooled.parameters) parameter.omega = parameter.occasion_omega = 0.0;
  pooled.errors.front().model.omega = 0.0;
  pooled.blocks.clear();
  const double spread = std::clamp(std::sqrt(best.residual.variance), 0.05, 1.0);
  set_error(model, pooled, spread, options.error);

  Objective objective(ranks, model, pooled);
  const std::vector<double> start = objective.layout().encode(pooled);
  const Optimum optimum = minimise(objective, start, near(model, objective.layout(), start),
                                   {.evaluations = pooled_evaluations, .tolerance = 1e-4});
  const Population fitted = objective.layout().decode(optimum.x);
  for (std::size_t p = 0; p < population.parameters.size(); ++p) {
    population.parameters[p].typical = fitted.parameters[p].typical;
    const std::vector<Effect>& effects = fitted.parameters[p].effects;
    for (std::size_t k = 0; k < effects.size(); ++k) {
      const std::string name = population.parameters[p].name + "." + effects[k].effect.covariate;
      if (!options.initial.contains(name)) population.parameters[p].effects[k] = effects[k];
    }
  }
  set_error(model, population, residual_share * spread, options.error);
  set_given(population, options.initial);
  return population;
}

}  // namespace titrant::nlme
