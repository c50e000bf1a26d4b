#include "titrant/dose/critical_dose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "required_effect.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The values of R that decide one criterion, dose by dose, and how far each is from its limit. A person has a few
/// sampling times at most, so that all fit in small arrays.
class Deciding {
 public:
  Deciding(const VirtualSubject& subject, const pkpd::BiomarkerResponse& response, const Criterion& criterion)
      : subject_(subject), response_(response), latent_(criterion.label == Label::latent) {
    if (latent_) {
      limits_ = {criterion.threshold};
    } else {
      for (std::size_t j = 0; j < criterion.sampling.size(); ++j) {
        limits_.push_back(limit_behind(subject.error, subject.errors[j], criterion.threshold));
      }
    }
    values_.resize(limits_.size());
  }

  const std::vector<double>& limits() const { return limits_; }

  /// R on a dose where it decides.
  const std::vector<double>& values(double dose) {
    if (latent_) {
      values_[0] = response_.maximum(subject_.biomarker, dose);
    } else {
      response_.at_samples(subject_.biomarker, dose, values_);
    }
    return values_;
  }

 private:
  const VirtualSubject& subject_;
  const pkpd::BiomarkerResponse& response_;
  bool latent_;
  std::vector<double> limits_;
  std::vector<double> values_;
};

/// Finds where the outcome changes over x = log dose. For each deciding value, excess(x) = logit of the share of the
/// full effect - logit of the share at its limit rises with x. A person whose biomarker falls succeeds once all are
/// positive, one whose biomarker rises fails once any is.
class Solver {
 public:
  Solver(Deciding& deciding, const pkpd::Biomarker& biomarker, const std::vector<std::size_t>& undecided)
      : deciding_(deciding),
        biomarker_(biomarker),
        undecided_(undecided),
        all_needed_(pkpd::lowers(biomarker.structure)),
        excess_(undecided.size()),
        before_(undecided.size()) {
    for (const std::size_t j : undecided) needed_.push_back(effect_logit(biomarker, deciding.limits()[j]));
  }

  /// \param x  log of the dose to begin with, for a needed logit of 0
  double run(double x) {
    x += (all_needed_ ? *std::max_element(needed_.begin(), needed_.end())
                      : *std::min_element(needed_.begin(), needed_.end())) /
         biomarker_.hill;
    x = std::clamp(x, lowest_, highest_);
    double last_step = 0.0;  // 0: no step yet
    bool found = false;      // a dose on which the outcome has changed
    for (int iteration = 0;; ++iteration) {
      evaluate(std::exp(x));
      if (!reached() && x >= highest_) return infinity;
      found = found || reached();
      (reached() ? highest_ : lowest_) = x;
      if (highest_ - lowest_ < narrowest) return found ? std::exp(highest_) : infinity;

      double next = x + step(last_step);
      // The error of a secant's next point is about the product of those of the last two times the curvature, which is
      // of order 1 on this scale.
      const bool settled = last_step != 0.0 && std::abs((next - x) * last_step) < accuracy;
      if (settled && next >= lowest_ && next <= highest_) return std::exp(next);
      if (!found) next = std::min(next, highest_);
      const bool inside = next > lowest_ && (next < highest_ || !found);
      if (!inside || iteration > patience) next = 0.5 * (lowest_ + highest_);
      if (iteration <= patience) next = std::clamp(next, x - longest_step, x + longest_step);
      last_step = next - x;
      x = next;
    }
  }

 private:
  static constexpr double accuracy = 1e-8;
  static constexpr double narrowest = 1e-9;
  static constexpr double longest_step = 3.0;
  static constexpr int patience = 20;  // secant steps; halving takes over where they do not settle

  void evaluate(double dose) {
    std::swap(excess_, before_);
    const std::vector<double>& values = deciding_.values(dose);
    for (std::size_t i = 0; i < undecided_.size(); ++i) {
      excess_[i] = effect_logit(biomarker_, values[undecided_[i]]) - needed_[i];
    }
  }

  bool reached() const {
    const auto positive = [](double excess) { return excess > 0.0; };
    return all_needed_ ? std::all_of(excess_.begin(), excess_.end(), positive)
                       : std::any_of(excess_.begin(), excess_.end(), positive);
  }

  /// From here to where the outcome changes: each deciding value by its own secant, the last (first) of them decides.
  double step(double last_step) const {
    double chosen = all_needed_ ? -infinity : infinity;
    for (std::size_t i = 0; i < excess_.size(); ++i) {
      const double own = step_of(excess_[i], before_[i], last_step);
      chosen = all_needed_ ? std::max(chosen, own) : std::min(chosen, own);
    }
    return chosen;
  }

  double step_of(double excess, double before, double last_step) const {
    double slope = biomarker_.hill;
    if (last_step != 0.0 && std::isfinite(excess - before)) slope = (excess - before) / last_step;
    if (slope > 0.0) return -excess / slope;
    return std::copysign(longest_step, -excess);  // a course whose response has saturated before its end
  }

  Deciding& deciding_;
  const pkpd::Biomarker& biomarker_;
  const std::vector<std::size_t>& undecided_;
  bool all_needed_;
  std::vector<double> needed_;
  std::vector<double> excess_;
  std::vector<double> before_;  // of the evaluation before
  double lowest_ = std::log(smallest_dose);
  double highest_ = std::log(largest_dose);
};

/// log of the dose whose average concentration is c50.
double log_dose_of_half_effect(const VirtualSubject& subject, double interval) {
  return std::log(subject.biomarker.c50 * subject.individual.clearance * interval /
                  subject.individual.concentration_scale);
}

}  // namespace

Questions::Questions(double interval, std::vector<Criterion> criteria)
    : interval_(interval), criteria_(std::move(criteria)), view_of_(criteria_.size()) {
  const auto same = [](const pkpd::ResponseWindow& a, const pkpd::ResponseWindow& b) {
    return a.steady_state == b.steady_state && (a.steady_state || (a.from == b.from && a.to == b.to));
  };
  for (std::size_t k = 0; k < criteria_.size(); ++k) {
    const View wanted{response_window(criteria_[k]), response_times(criteria_[k], interval)};
    const auto found = std::find_if(views_.begin(), views_.end(), [&](const View& view) {
      return same(view.window, wanted.window) &&
             (wanted.times.empty() || view.times.empty() || view.times == wanted.times);
    });
    view_of_[k] = static_cast<std::size_t>(found - views_.begin());
    if (found == views_.end()) {
      views_.push_back(wanted);
    } else if (found->times.empty()) {
      found->times = wanted.times;
    }
  }
}

Outcomes::Outcomes(const VirtualSubject& subject, const Questions& questions)
    : subject_(subject), questions_(questions) {
  for (const Criterion& criterion : questions.criteria()) {
    if (criterion.label == Label::measured && subject.errors.size() < criterion.sampling.size()) {
      throw DataError(fmt::format("a virtual subject has {} measurement errors, the criterion {} needs {}",
                                  subject.errors.size(), criterion.name(), criterion.sampling.size()));
    }
  }
  responses_.reserve(questions.views().size());
  for (const Questions::View& view : questions.views()) {
    responses_.emplace_back(subject.individual, questions.interval(), view.window, view.times);
  }
}

bool Outcomes::passes(std::size_t k, double dose) const {
  const Criterion& criterion = questions_.criteria()[k];
  const pkpd::BiomarkerResponse& response = responses_[questions_.view_of(k)];
  if (criterion.label == Label::latent) return response.maximum(subject_.biomarker, dose) < criterion.threshold;
  std::vector<double> values(criterion.sampling.size());
  response.at_samples(subject_.biomarker, dose, values);
  for (std::size_t j = 0; j < values.size(); ++j) {
    const double measured = values[j] + std::sqrt(subject_.error.variance(values[j])) * subject_.errors[j];
    if (!(measured < criterion.threshold)) return false;
  }
  return true;
}

double Outcomes::critical_dose(std::size_t k) const {
  const pkpd::Biomarker& biomarker = subject_.biomarker;
  Deciding deciding(subject_, responses_[questions_.view_of(k)], questions_.criteria()[k]);
  const bool lowers = pkpd::lowers(biomarker.structure);
  const std::vector<double>& limits = deciding.limits();
  if (!lowers && *std::min_element(limits.begin(), limits.end()) <= biomarker.baseline) return 0.0;

  // Values below their limit on placebo stay so where R falls; a limit that the full effect does not reach is never
  // met.
  std::vector<std::size_t> undecided;
  for (std::size_t j = 0; j < limits.size(); ++j) {
    if (lowers && biomarker.baseline < limits[j]) continue;
    const bool in_reach = limits[j] > 0.0 && effect_logit(biomarker, limits[j]) < infinity;
    if (in_reach) {
      undecided.push_back(j);
    } else if (lowers) {
      return infinity;
    }
  }
  if (undecided.empty()) return lowers ? 0.0 : infinity;
  return Solver(deciding, biomarker, undecided).run(log_dose_of_half_effect(subject_, questions_.interval()));
}

}  // namespace titrant::dose
