#include "titrant/dose/outcomes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dose_solver.hpp"
#include "required_effect.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::dose {

namespace {

using core::infinity;
constexpr DoseRange never{infinity, infinity};

bool meets(double value, bool below, double limit) { return below ? value < limit : value > limit; }

/// Where dose x `per_unit` meets a limit.
DoseRange proportional_range(double per_unit, bool below, double limit) {
  if (!(per_unit > 0.0)) return meets(0.0, below, limit) ? DoseRange{} : never;
  if (below) return {0.0, std::max(limit, 0.0) / per_unit};
  return {std::max(limit, 0.0) / per_unit, infinity};
}

/// The value that decides whether a condition holds at every time.
double decisive(const pkpd::ConcentrationResponse& exposure, const EndpointSet::Condition& condition) {
  if (condition.at_trough) return exposure.trough();
  return condition.below ? exposure.maximum() : exposure.minimum();
}

/// The zero of a rising function of the logarithm of a dose, at most at `upper`; it may be infinite above.
template <class Function>
double rising_zero(const Function& function, double upper) {
  constexpr double first_factor = 0.5;
  constexpr double close = 1e-9;
  constexpr int most = 200;
  double above = function(upper);
  double lower = upper;
  double below = above;
  for (double back = first_factor; below > 0.0; back *= 2.0) {
    if (lower < std::log(smallest_dose)) return lower;
    upper = lower;
    above = below;
    lower -= back;
    below = function(lower);
  }
  // False position, in which an end that stays twice counts half (the Illinois method: Dowell and Jarratt, BIT 11:168,
  // 1971); halving where the upper end has no finite value.
  int last = 0;  // the end that was moved: 1 the upper one, -1 the lower one
  for (int i = 0; i < most && upper - lower > close; ++i) {
    const double share = std::isfinite(above) ? above / (above - below) : 0.5;
    const double guess = std::clamp(upper - share * (upper - lower), lower + 0.01 * close, upper - 0.01 * close);
    const double here = function(guess);
    if (std::abs(here) <= 0.1 * close) return guess;
    const int moved = here > 0.0 ? 1 : -1;
    (moved > 0 ? upper : lower) = guess;
    (moved > 0 ? above : below) = here;
    if (moved == last) (moved > 0 ? below : above) *= 0.5;
    last = moved;
  }
  return 0.5 * (lower + upper);
}

}  // namespace

EndpointSet::EndpointSet(protocol::Regimen regimen, std::vector<ResolvedEndpoint> endpoints)
    : regimen_(std::move(regimen)), endpoints_(std::move(endpoints)) {
  for (const ResolvedEndpoint& endpoint : endpoints_) {
    TITRANT_EXPECTS(!endpoint.parts.empty());
    std::vector<std::size_t>& all = conditions_of_.emplace_back();
    for (const protocol::Endpoint& part : endpoint.parts) {
      for (const std::size_t condition : conditions_of(part)) all.push_back(condition);
    }
  }
}

std::size_t EndpointSet::view_of(const protocol::Endpoint& part) {
  View wanted{part.of, part.window(), {}};
  if (part.values == protocol::Values::measured) wanted.times = protocol::sampling_times(part, regimen_.interval);
  const auto found = std::find_if(views_.begin(), views_.end(), [&](const View& view) {
    return view.of == wanted.of && view.window == wanted.window &&
           (wanted.times.empty() || view.times.empty() || view.times == wanted.times);
  });
  const auto place = static_cast<std::size_t>(found - views_.begin());
  if (found == views_.end()) {
    views_.push_back(std::move(wanted));
  } else if (found->times.empty()) {
    found->times = std::move(wanted.times);
  }
  return place;
}

std::vector<std::size_t> EndpointSet::conditions_of(const protocol::Endpoint& part) {
  const protocol::Limits& limits = part.limits;
  Condition condition{view_of(part), part.values, part.at_trough, true, false, 0.0};
  std::vector<std::size_t> places;
  const auto add = [&](bool below, bool of_change, const std::optional<double>& limit) {
    if (!limit) return;
    condition.below = below;
    condition.of_change = of_change;
    condition.limit = *limit;
    const auto known = std::find(conditions_.begin(), conditions_.end(), condition);
    places.push_back(static_cast<std::size_t>(known - conditions_.begin()));
    if (known == conditions_.end()) conditions_.push_back(condition);
  };
  add(true, false, limits.below);
  add(false, false, limits.above);
  add(true, true, limits.change_below);
  add(false, true, limits.change_above);
  TITRANT_EXPECTS(!places.empty());
  return places;
}

Outcomes::Outcomes(const VirtualSubject& subject, const EndpointSet& endpoints)
    : subject_(subject),
      endpoints_(endpoints),
      individual_(per_unit_dose(subject, endpoints.regimen())),
      occasions_(endpoints.views().size()),
      responses_(endpoints.views().size()),
      exposure_(endpoints.views().size()),
      ranges_(endpoints.conditions().size()) {
  const pkpd::Course course = endpoints.regimen().course();
  for (std::size_t v = 0; v < endpoints.views().size(); ++v) {
    const EndpointSet::View& view = endpoints.views()[v];
    const bool biomarker = view.of == protocol::Quantity::biomarker;
    const std::size_t errors = (biomarker ? subject.biomarker_errors : subject.concentration_errors).size();
    if (errors < view.times.size()) {
      throw DataError(
          fmt::format("a virtual subject has {} residual errors of the {}, an endpoint has {} sampling times", errors,
                      biomarker ? "biomarker" : "concentration", view.times.size()));
    }
    if (subject.occasions.differ()) {
      occasions_[v] =
          per_unit_dose(subject, endpoints.regimen(), view.window, biomarker ? &subject.biomarker : nullptr);
    }
    const auto prepare = [&](const auto& individual) {
      if (biomarker) {
        responses_[v].emplace(individual, course, view.window, view.times);
      } else {
        exposure_[v].emplace(pkpd::on_dose(individual, 0.0), course, view.window, view.times);
      }
    };
    occasions_[v] ? prepare(*occasions_[v]) : prepare(individual_);
  }
}

double Outcomes::limit_of(const EndpointSet::Condition& condition) const {
  return condition.of_change ? subject_.biomarker.baseline * (1.0 + condition.limit) : condition.limit;
}

bool Outcomes::holds(const EndpointSet::Condition& condition, double dose) const {
  const double limit = limit_of(condition);
  const bool latent = condition.values == protocol::Values::latent;
  const auto& exposure = exposure_[condition.view];
  const bool anew = exposure && individual_.saturable() && dose > 0.0;
  const std::optional<pkpd::ConcentrationResponse> own = anew ? exposure_on(condition.view, dose) : std::nullopt;
  if (anew && !own) return !condition.below;
  const std::optional<pkpd::ConcentrationResponse>& here = anew ? own : exposure;
  if (latent && exposure) return meets(dose * decisive(*here, condition), condition.below, limit);
  if (latent) {
    const pkpd::BiomarkerResponse& response = *responses_[condition.view];
    return meets(
        condition.below ? response.maximum(subject_.biomarker, dose) : response.minimum(subject_.biomarker, dose),
        condition.below, limit);
  }
  std::vector<double> values(endpoints_.views()[condition.view].times.size());
  if (exposure) {
    for (std::size_t j = 0; j < values.size(); ++j) values[j] = dose * here->at_samples()[j];
  } else {
    responses_[condition.view]->at_samples(subject_.biomarker, dose, values);
  }
  const pkpd::ErrorModel& model = exposure ? subject_.concentration_error : subject_.biomarker_error;
  const std::vector<double>& errors = exposure ? subject_.concentration_errors : subject_.biomarker_errors;
  for (std::size_t j = 0; j < values.size(); ++j) {
    if (!meets(model.measured(values[j], errors[j]), condition.below, limit)) return false;
  }
  return true;
}

bool Outcomes::succeeds(std::size_t k, double dose) const {
  const std::vector<std::size_t>& conditions = endpoints_.conditions_of(k);
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](std::size_t c) { return holds(endpoints_.conditions()[c], dose); });
}

DoseRange Outcomes::concentration_range(const EndpointSet::Condition& condition) const {
  if (individual_.saturable()) return saturable_range(condition);
  const pkpd::ConcentrationResponse& exposure = *exposure_[condition.view];
  if (condition.values == protocol::Values::latent) {
    return proportional_range(decisive(exposure, condition), condition.below, condition.limit);
  }
  DoseRange range;
  for (std::size_t j = 0; j < exposure.at_samples().size(); ++j) {
    const double error = subject_.concentration_errors[j];
    const double limit = condition.below ? highest_behind(subject_.concentration_error, error, condition.limit)
                                         : lowest_behind(subject_.concentration_error, error, condition.limit);
    range = intersection(range, proportional_range(exposure.at_samples()[j], condition.below, limit));
  }
  return range;
}

std::optional<pkpd::ConcentrationResponse> Outcomes::exposure_on(std::size_t view, double dose) const {
  const EndpointSet::View& of = endpoints_.views()[view];
  const pkpd::Course course = endpoints_.regimen().course();
  if (of.window.steady_state && !(dose < pkpd::steady_state_below(individual_, course))) return std::nullopt;
  const auto response = [&](const auto& individual) {
    return pkpd::ConcentrationResponse(pkpd::on_dose(individual, dose), course, of.window, of.times);
  };
  return occasions_[view] ? response(*occasions_[view]) : response(individual_);
}

/// C rises with the dose, and faster than it: the dose at which it meets the limit is at most that of the limit of
/// small doses.
DoseRange Outcomes::saturable_range(const EndpointSet::Condition& condition) const {
  // Of each value that must meet a limit: the limit, and the value on a dose.
  std::vector<double> limits = {condition.limit};
  const bool latent = condition.values == protocol::Values::latent;
  if (!latent) {
    limits.clear();
    for (std::size_t j = 0; j < endpoints_.views()[condition.view].times.size(); ++j) {
      const double error = subject_.concentration_errors[j];
      limits.push_back(condition.below ? highest_behind(subject_.concentration_error, error, condition.limit)
                                       : lowest_behind(subject_.concentration_error, error, condition.limit));
    }
  }
  const auto values_of = [&](const pkpd::ConcentrationResponse& exposure) {
    if (latent) return std::vector<double>{decisive(exposure, condition)};
    return std::vector<double>(exposure.at_samples().begin(), exposure.at_samples().end());
  };
  const std::vector<double> small = values_of(*exposure_[condition.view]);
  DoseRange range;  // of those that do not depend on saturation, and the bound of the others
  for (std::size_t j = 0; j < limits.size(); ++j) {
    range = intersection(range, proportional_range(small[j], condition.below, limits[j]));
  }
  const double bound = condition.below ? range.to : range.from;
  if (range.empty() || !(bound > 0.0) || !std::isfinite(bound)) return range;
  // log of the value that is nearest to its limit over that: 0 where the outcome changes.
  const auto excess = [&](double log_dose) {
    const double dose = std::exp(log_dose);
    const std::optional<pkpd::ConcentrationResponse> exposure = exposure_on(condition.view, dose);
    if (!exposure) return infinity;
    const std::vector<double> values = values_of(*exposure);
    double nearest = condition.below ? -infinity : infinity;
    for (std::size_t j = 0; j < limits.size(); ++j) {
      if (!(limits[j] > 0.0)) continue;  // met on every dose
      const double ratio = std::log(dose * values[j] / limits[j]);
      nearest = condition.below ? std::max(nearest, ratio) : std::min(nearest, ratio);
    }
    return nearest;
  };
  const double change = std::exp(rising_zero(excess, std::log(bound)));
  return condition.below ? DoseRange{0.0, change} : DoseRange{change, infinity};
}

DoseRange Outcomes::biomarker_range(const EndpointSet::Condition& condition) const {
  const pkpd::Biomarker& biomarker = subject_.biomarker;
  const pkpd::BiomarkerResponse& response = *responses_[condition.view];
  const double limit = limit_of(condition);
  // log of the dose whose average concentration is the ic50
  const double half_effect = std::log(biomarker.ic50 * pkpd::on_dose(individual_, 0.0).clearance *
                                      endpoints_.regimen().interval / individual_.concentration_scale);
  if (pkpd::rebounds(biomarker.structure)) {
    return scanned_range([&](double dose) { return holds(condition, dose); }, half_effect);
  }
  DecidingValues deciding{.below = condition.below, .limits = {}, .at = {}};
  if (condition.values == protocol::Values::latent) {
    deciding.limits = {limit};
    deciding.at = [&](double dose, std::span<double> values) {
      values[0] = condition.below ? response.maximum(biomarker, dose) : response.minimum(biomarker, dose);
    };
  } else {
    for (std::size_t j = 0; j < endpoints_.views()[condition.view].times.size(); ++j) {
      const double error = subject_.biomarker_errors[j];
      deciding.limits.push_back(condition.below ? highest_behind(subject_.biomarker_error, error, limit)
                                                : lowest_behind(subject_.biomarker_error, error, limit));
    }
    deciding.at = [&](double dose, std::span<double> values) { response.at_samples(biomarker, dose, values); };
  }
  const double change = changing_dose(biomarker, deciding, half_effect);
  return rises_with_dose(biomarker, deciding) ? DoseRange{change, infinity} : DoseRange{0.0, change};
}

DoseRange Outcomes::range_of(const EndpointSet::Condition& condition) const {
  return exposure_[condition.view] ? concentration_range(condition) : biomarker_range(condition);
}

DoseRange Outcomes::success_range(std::size_t k) const {
  DoseRange range;
  for (const std::size_t c : endpoints_.conditions_of(k)) {
    if (!ranges_[c]) ranges_[c] = range_of(endpoints_.conditions()[c]);
    range = intersection(range, *ranges_[c]);
  }
  return range;
}

}  // namespace titrant::dose
