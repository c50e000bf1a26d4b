#include "pd_initial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/binary.hpp"
#include "error_variability.hpp"
#include "pd_baseline.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::nlme {

namespace {

constexpr std::array starting_rates = {0.003, 0.01, 0.03, 0.1, 0.3};  // 1/h: half-lives of 10 days to 2 h
constexpr std::array relative_c50 = {0.1, 0.3, 1.0, 3.0};             // of the middle concentration
constexpr std::array inhibitions = {0.5, 0.9};
constexpr std::array stimulations = {0.5, 2.0, 8.0};
constexpr double least_error = 0.03;

/// Mean and spread of log(observed / predicted) of what is measured above 0. Predictions of 0 are counted: a point with
/// fewer of them is better whatever its spread.
struct Fitness {
  double zeros = 0.0;
  double mean = 0.0;
  double variance = std::numeric_limits<double>::infinity();
};

bool better(const Fitness& a, const Fitness& b) {
  return std::pair(a.zeros, a.variance) < std::pair(b.zeros, b.variance);
}

/// Of binary values, with -2 log L in place of the variance, per value.
Fitness log_residual(const PdModel& model, const std::vector<double>& parameters) {
  Fitness fitness;
  std::vector<double> residuals;
  std::vector<double> deviances;
  std::vector<double> value;
  std::vector<double> gradient;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto observed = model.observed(subject);
    const auto censored = model.censored(subject);
    value.resize(observed.size());
    gradient.resize(observed.size() * parameters.size());
    try {
      model.predict(subject, parameters, value, gradient);
    } catch (const NumericalError&) {
      return {};
    }
    for (std::size_t j = 0; j < observed.size(); ++j) {
      if (model.binary()) {
        deviances.push_back(binary_term(observed[j], value[j]).value);
        continue;
      }
      if (!(observed[j] > 0.0) || (!censored.empty() && censored[j] != 0)) continue;
      if (value[j] > 0.0) {
        residuals.push_back(std::log(observed[j] / value[j]));
      } else {
        fitness.zeros += 1.0;
      }
    }
  }
  if (model.binary()) return {.zeros = 0.0, .mean = 0.0, .variance = core::ordered_mean(deviances)};
  if (residuals.empty()) return {};
  fitness.mean = core::ordered_mean(residuals);
  for (double& residual : residuals) residual = (residual - fitness.mean) * (residual - fitness.mean);
  fitness.variance = core::ordered_mean(residuals);
  return fitness;
}

/// The middle concentration of the subjects on drug at the times of their biomarker values.
double middle_concentration(const PdModel& model) {
  std::vector<double> all;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    for (const double c : model.concentrations(subject)) {
      if (c > 0.0) all.push_back(c);
    }
  }
  if (all.empty()) return 1.0;
  return core::upper_median(std::move(all));
}

}  // namespace

void expect_fittable_values(const PdModel& model, const PdOptions& options) {
  Population population;
  population.errors.front().model.form = error_form(options.error);
  if (core::contains(options.variability, std::string(error_word))) population.errors.front().model.omega = 1.0;
  check_objectives(options.methods, model, population);
  expect_error_variability(model, population, "pd.omega.variable");
  const double first = model.observed(0).front();
  bool varies = false;
  bool any_positive = false;
  core::Problems problems;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto values = model.observed(subject);
    const auto censored = model.censored(subject);
    for (std::size_t j = 0; j < values.size(); ++j) {
      varies = varies || values[j] != first;
      const bool is_censored = !censored.empty() && censored[j] != 0;
      any_positive = any_positive || (values[j] > 0.0 && !is_censored);
      if (options.error == ErrorKind::binary && ((values[j] != 0.0 && values[j] != 1.0) || is_censored)) {
        problems.add(model.describe(subject, j), fmt::format("the value is {}{}; binary values (pd.error) are 0 or 1",
                                                             values[j], is_censored ? " and censored" : ""));
      }
      if (describes_zero(options.error) || values[j] > 0.0) continue;
      problems.add(model.describe(subject, j),
                   fmt::format("the value is {}, which a {} error gives to none; use a combined or additive "
                               "error (pd.error), mark it as censored (CENS = 1), or leave it out (MDV = 1)",
                               values[j], error_words(options.error)));
    }
  }
  problems.throw_if_any<DataError>();
  if (!varies) {
    throw DataError(
        fmt::format("all biomarker values are {:g}: there is nothing to fit a biomarker model to; check "
                    "data.columns.value and data.biomarker_dvid, or set pd.structure=none",
                    first));
  }
  if (!any_positive) throw DataError("no biomarker value is above 0: there is nothing to fit");
}

namespace {

/// The share of events among values without drug, else among all.
double share_of_events(const PdModel& model) {
  constexpr double least = 0.05;
  double events[2] = {0.0, 0.0};  // without drug, all
  double values[2] = {0.0, 0.0};
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    for (std::size_t j = 0; j < model.observed(subject).size(); ++j) {
      for (const int k : {0, 1}) {
        if (k == 0 && model.concentrations(subject)[j] > 0.0) continue;
        events[k] += model.observed(subject)[j];
        values[k] += 1.0;
      }
    }
  }
  const int k = values[0] > 0.0 ? 0 : 1;
  return std::clamp(events[k] / values[k], least, 1.0 - least);
}

}  // namespace

Population pd_initial_values(const PdModel& model, const PdOptions& options) {
  using pkpd::BiomarkerParameter;
  const std::vector<BiomarkerParameter>& places = model.parameters();
  const BaselineStart moving = baseline_start(model, model.baseline());
  const double middle = middle_concentration(model);
  const bool inhibits = pkpd::inhibits(model.structure());
  const std::vector<double> effects = inhibits && !model.binary()
                                          ? std::vector<double>(inhibitions.begin(), inhibitions.end())
                                          : std::vector<double>(stimulations.begin(), stimulations.end());
  const double start_baseline = model.binary() ? share_of_events(model) : 1.0;
  const auto has = [&](BiomarkerParameter which) {
    return std::find(places.begin(), places.end(), which) != places.end();
  };
  const auto given = [&](BiomarkerParameter which, double otherwise) {
    const std::string name(pkpd::biomarker_parameter_names.at(static_cast<std::size_t>(which)));
    const auto found = options.fixed.find(name);
    if (found != options.fixed.end()) return found->second;
    const auto initial = options.initial.find(name);
    return initial == options.initial.end() ? otherwise : initial->second;
  };
  Fitness best;
  std::vector<double> best_point;
  // The second number of a structure of two states, relative to the first.
  const bool two_states = has(BiomarkerParameter::kp) || has(BiomarkerParameter::tol50);
  const std::vector<double> ratios = two_states ? std::vector<double>{0.2, 1.0, 5.0} : std::vector<double>{1.0};
  for (const double rate : starting_rates) {
    for (const double ratio : ratios) {
      for (const double effect : effects) {
        for (const double ic50 : relative_c50) {
          pkpd::Biomarker usual;
          usual.baseline = start_baseline;
          usual.imax = effect;
          usual.ic50 = ic50 * middle;
          usual.kout = usual.ke0 = usual.ktol = rate;
          usual.tol50 = ratio * middle;
          usual.kp = ratio * rate;
          usual.baseline_slope = moving.slope;
          usual.baseline_amplitude = moving.amplitude;
          usual.baseline_phase = moving.phase;
          std::vector<double> point;
          for (const BiomarkerParameter which : places) point.push_back(given(which, pkpd::parameter(usual, which)));
          const Fitness fitness = log_residual(model, point);
          if (best_point.empty() || better(fitness, best)) {
            best = fitness;
            best_point = point;
          }
        }
      }
    }
  }
  if (!std::isfinite(best.variance)) throw DataError("no biomarker value is above 0: there is nothing to fit");
  const auto baseline =
      static_cast<std::size_t>(std::find(places.begin(), places.end(), BiomarkerParameter::baseline) - places.begin());
  best_point[baseline] = given(BiomarkerParameter::baseline, best_point[baseline] * std::exp(best.mean));
  Population population;
  for (std::size_t p = 0; p < places.size(); ++p) {
    Parameter parameter;
    parameter.name = pkpd::biomarker_parameter_names.at(static_cast<std::size_t>(places[p]));
    parameter.typical = best_point[p];
    const auto omega = options.initial.find("omega." + parameter.name);
    if (omega != options.initial.end()) parameter.omega = omega->second;
    population.parameters.push_back(std::move(parameter));
  }
  // Much of the pooled spread is between subjects. Both terms of a combined error start alike at half the baseline.
  const double spread = std::max(0.3 * std::sqrt(best.variance), least_error);
  ResponseError& error = population.errors.front();
  error.units = model.units().biomarker;
  error.model.form = error_form(options.error);
  error.model.proportional = spread;
  if (options.error == ErrorKind::power) error.model.exponent = initial_exponent;
  error.model.additive = spread * best_point[baseline] * (options.error == ErrorKind::additive ? 1.0 : 0.5);
  for (const ErrorNumber& one : error_numbers(error)) {
    const auto found = options.initial.find(error_name(error, one.role));
    if (found != options.initial.end()) one.value = found->second;
  }
  const auto omega = options.initial.find(error_omega_name(error));
  if (omega != options.initial.end()) error.model.omega = omega->second;
  return population;
}

}  // namespace titrant::nlme
