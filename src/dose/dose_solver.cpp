#include "dose_solver.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "required_effect.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/dose/outcomes.hpp"

namespace titrant::dose {

namespace {

using core::infinity;

/// Finds where the outcome changes over x = log dose. For each deciding value, excess(x) = logit of the share of the
/// full effect - logit of the share at its limit rises with x. Success that rises with the dose is there once all are
/// positive, success that falls is over once any is.
class Solver {
 public:
  /// \param placebo  [value] R without drug
  Solver(const pkpd::Biomarker& biomarker, const DecidingValues& deciding, const std::vector<double>& placebo,
         const std::vector<std::size_t>& undecided)
      : biomarker_(biomarker),
        deciding_(deciding),
        placebo_(placebo),
        undecided_(undecided),
        all_needed_(rises_with_dose(biomarker, deciding)),
        values_(deciding.limits.size()),
        excess_(undecided.size()),
        before_(undecided.size()) {
    for (const std::size_t j : undecided) needed_.push_back(effect_logit(biomarker, placebo[j], deciding.limits[j]));
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
    deciding_.at(dose, values_);
    for (std::size_t i = 0; i < undecided_.size(); ++i) {
      excess_[i] = effect_logit(biomarker_, placebo_[undecided_[i]], values_[undecided_[i]]) - needed_[i];
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

  const pkpd::Biomarker& biomarker_;
  const DecidingValues& deciding_;
  const std::vector<double>& placebo_;
  const std::vector<std::size_t>& undecided_;
  bool all_needed_;
  std::vector<double> needed_;
  std::vector<double> values_;
  std::vector<double> excess_;
  std::vector<double> before_;  // of the evaluation before
  double lowest_ = std::log(smallest_dose);
  double highest_ = std::log(largest_dose);
};

}  // namespace

bool rises_with_dose(const pkpd::Biomarker& biomarker, const DecidingValues& deciding) {
  return deciding.below == pkpd::lowers(biomarker.structure);
}

DoseRange scanned_range(const std::function<bool(double dose)>& succeeds, double half_effect) {
  constexpr int per_decade = 10;
  constexpr int decades = 3;  // either way
  const auto dose_at = [&](int k) { return std::exp(half_effect + k * std::numbers::ln10 / per_decade); };
  // Where the outcome changes between two doses.
  const auto change = [&](double low, double high, bool succeeds_above) {
    constexpr double accuracy = 1e-8;
    if (low == 0.0) low = high * 1e-12;
    while (high / low > 1.0 + accuracy) {
      const double middle = std::sqrt(low * high);
      (succeeds(middle) == succeeds_above ? high : low) = middle;
    }
    return high;
  };
  DoseRange range{infinity, infinity};
  double before = 0.0;
  bool is_in = succeeds(0.0);
  if (is_in) range.from = 0.0;
  for (int k = -decades * per_decade; k <= decades * per_decade; ++k) {
    const double dose = dose_at(k);
    if (succeeds(dose) == is_in) {
      before = dose;
      continue;
    }
    if (is_in) {
      range.to = change(before, dose, false);
      break;
    }
    range.from = change(before, dose, true);
    is_in = true;
    before = dose;
  }
  return range;
}

double changing_dose(const pkpd::Biomarker& biomarker, const DecidingValues& deciding, double half_effect) {
  const bool rises = rises_with_dose(biomarker, deciding);
  std::vector<double> placebo(deciding.limits.size());
  deciding.at(0.0, placebo);
  std::vector<std::size_t> undecided;
  for (std::size_t j = 0; j < deciding.limits.size(); ++j) {
    const double limit = deciding.limits[j];
    const bool met_on_placebo = deciding.below ? placebo[j] < limit : placebo[j] > limit;
    if (!rises && !met_on_placebo) return 0.0;
    if (rises && met_on_placebo) continue;  // as on every dose
    const bool in_reach = limit > 0.0 && placebo[j] > 0.0 && effect_logit(biomarker, placebo[j], limit) < infinity;
    if (in_reach) {
      undecided.push_back(j);
    } else if (rises) {
      return infinity;
    }
  }
  if (undecided.empty()) return rises ? 0.0 : infinity;
  return Solver(biomarker, deciding, placebo, undecided).run(half_effect);
}

}  // namespace titrant::dose
