#include "titrant/pkpd/curve.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "exponentials.hpp"
#include "titrant/core/error.hpp"
#include "transit_step.hpp"

namespace titrant::pkpd {

namespace {

/// Where two exponents differ by more than this, the difference of the exponentials loses at most 5 bits.
constexpr double apart = 0.03;

}  // namespace

Curve::Curve(const Disposition& disposition, double depot, const std::array<double, most_modes>& modes,
             const Input& input, std::vector<double> stages)
    : absorption_rate_(disposition.absorption_rate),
      passage_rate_(disposition.passage_rate),
      stages_(std::move(stages)),
      slowest_(disposition.absorption_rate),
      has_input_(input.depot > 0.0 || input.central > 0.0),
      term_count_(disposition.mode_count) {
  for (std::size_t i = 0; i < term_count_; ++i) {
    const Mode& mode = disposition.mode[i];
    const double scale = disposition.scale * mode.weight;
    const double gap = absorption_rate_ - mode.rate;
    terms_[i] = {.scale = scale,
                 .rate = mode.rate,
                 .present = scale * modes[i],
                 .gap = gap,
                 .inverse_gap = gap == 0.0 ? 0.0 : 1.0 / gap,
                 .absorbed = scale * absorption_rate_ * depot,
                 .through_depot = scale * absorption_rate_ * input.depot,
                 .direct = scale * input.central};
    slowest_ = std::min(slowest_, mode.rate);
  }
}

double curve_sample(std::size_t which) {
  TITRANT_EXPECTS(which < curve_samples);
  if (which == 0) return 0.0;
  return 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(which) / (curve_samples - 1));
}

namespace {

/// sum of coefficient k times the Chebyshev polynomial T_k at x, by Clenshaw's recurrence.
double chebyshev_sum(std::span<const double> coefficients, double x) {
  double next = 0.0;
  double after = 0.0;
  for (std::size_t k = coefficients.size() - 1; k > 0; --k) {
    const double here = 2.0 * x * next - after + coefficients[k];
    after = next;
    next = here;
  }
  return x * next - after + coefficients[0];
}

}  // namespace

Curve::Curve(const std::array<double, curve_samples>& values, double length)
    : absorption_rate_(0.0),
      passage_rate_(0.0),
      slowest_(0.0),
      has_input_(false),
      term_count_(0),
      terms_{},
      series_(curve_samples),
      length_(length) {
  TITRANT_EXPECTS(length > 0.0);
  constexpr std::size_t last = curve_samples - 1;
  // Ascending times are descending angles: sample j stands at the angle pi (last - j) / last.
  for (std::size_t k = 0; k <= last; ++k) {
    double sum = 0.0;
    for (std::size_t j = 0; j <= last; ++j) {
      const double share = j == 0 || j == last ? 0.5 : 1.0;
      const auto turns = static_cast<double>((k * (last - j)) % (2 * last));
      sum += share * values[j] * std::cos(std::numbers::pi * turns / static_cast<double>(last));
    }
    series_[k] = sum * (k == 0 || k == last ? 1.0 : 2.0) / static_cast<double>(last);
  }
}

double Curve::series_integral(double since) const {
  // The integral of T_k is T_(k+1) / (2 (k + 1)) - T_(k-1) / (2 (k - 1)).
  std::array<double, curve_samples + 1> sum{};
  for (std::size_t k = 0; k < series_.size(); ++k) {
    if (k == 0) {
      sum[1] += series_[0];
      continue;
    }
    const auto order = static_cast<double>(k);
    sum[k + 1] += series_[k] / (2.0 * (order + 1.0));
    if (k > 1) sum[k - 1] -= series_[k] / (2.0 * (order - 1.0));
  }
  return 0.5 * length_ * (chebyshev_sum(sum, 2.0 * since / length_ - 1.0) - chebyshev_sum(sum, -1.0));
}

Curve::FromStages Curve::from_stages(const Term& term, double since) const {
  FromStages sum;
  if (stages_.empty()) return sum;
  const TransitStep<double> step(stages_.size(), passage_rate_, absorption_rate_, term.rate, since);
  for (std::size_t j = 0; j < stages_.size(); ++j) {
    sum.depot += stages_[j] * step.in_depot[stages_.size() - j];
    sum.mode += stages_[j] * step.in_mode[stages_.size() - j];
  }
  return sum;
}

double Curve::area_from_stages(const Term& term, double from, double length) const {
  if (stages_.empty()) return 0.0;
  const TransitStep<double> before(stages_.size(), passage_rate_, absorption_rate_, term.rate, from);
  const TransitStep<double> step(stages_.size(), passage_rate_, absorption_rate_, term.rate, length);
  double sum = 0.0;
  for (std::size_t j = 0; j < stages_.size(); ++j) {
    double there = 0.0;
    for (std::size_t i = 0; i <= j; ++i) there += stages_[i] * before.passed[j - i];
    sum += there * step.mode_area[stages_.size() - j];
  }
  return sum;
}

double Curve::amount(const Term& term, double since) const {
  double sum =
      term.present * std::exp(-term.rate * since) + term.absorbed * convolution(absorption_rate_, term.rate, since);
  if (has_input_) {
    sum += term.direct * since * exponential_mean(term.rate * since) +
           term.through_depot * convolution_area(absorption_rate_, term.rate, since);
  }
  if (has_stages()) sum += term.scale * from_stages(term, since).mode;
  return sum;
}

double Curve::absorption(const Term& term, double since) const {
  double sum = term.absorbed * std::exp(-absorption_rate_ * since);
  if (has_input_) sum += term.through_depot * since * exponential_mean(absorption_rate_ * since);
  if (has_stages()) sum += term.scale * absorption_rate_ * from_stages(term, since).depot;
  return sum;
}

double Curve::at(double since) const {
  if (interpolated()) return chebyshev_sum(series_, 2.0 * since / length_ - 1.0);
  double sum = 0.0;
  if (has_input_ || has_stages()) {
    for (std::size_t i = 0; i < term_count_; ++i) sum += amount(terms_[i], since);
    return sum;
  }
  const double depot_kept = std::exp(-absorption_rate_ * since);
  for (std::size_t i = 0; i < term_count_; ++i) {
    const Term& term = terms_[i];
    const double kept = std::exp(-term.rate * since);
    const double gained = std::abs(term.gap * since) > apart ? (kept - depot_kept) * term.inverse_gap
                                                             : convolution(absorption_rate_, term.rate, since);
    sum += term.present * kept + term.absorbed * gained;
  }
  return sum;
}

Curve::Point Curve::point(double since) const {
  if (interpolated()) {
    // The derivative of T_k is 2 k (T_(k-1) + T_(k-3) + ...), with half of T_0.
    std::array<double, curve_samples> slope{};
    for (std::size_t k = series_.size() - 1; k > 0; --k) {
      slope[k - 1] = (k + 1 < series_.size() ? slope[k + 1] : 0.0) + 2.0 * static_cast<double>(k) * series_[k];
    }
    slope[0] *= 0.5;
    return {at(since), chebyshev_sum(slope, 2.0 * since / length_ - 1.0) * 2.0 / length_};
  }
  Point result{0.0, 0.0};
  for (std::size_t i = 0; i < term_count_; ++i) {
    const Term& term = terms_[i];
    const double here = amount(term, since);
    result.value += here;
    result.slope += absorption(term, since) + term.direct - term.rate * here;
  }
  return result;
}

double Curve::area(double from, double to) const {
  TITRANT_EXPECTS(0.0 <= from && from <= to);
  if (interpolated()) return series_integral(to) - series_integral(from);
  const double length = to - from;
  double sum = 0.0;
  for (std::size_t i = 0; i < term_count_; ++i) {
    const Term& term = terms_[i];
    sum += amount(term, from) * length * exponential_mean(term.rate * length) +
           absorption(term, from) * convolution_area(absorption_rate_, term.rate, length) +
           term.scale * area_from_stages(term, from, length);
    if (!has_input_) continue;
    const double k = term.rate * length;
    sum +=
        term.direct * length * length * simplex_integral<3>({0.0, 0.0, k}) +
        term.through_depot * length * length * length * simplex_integral<4>({0.0, 0.0, absorption_rate_ * length, k});
  }
  return sum;
}

/// dC/dt times exp(slowest rate x time), which has the same sign and does not underflow.
double Curve::scaled_slope(double since) const {
  const double depot_rate = absorption_rate_ - slowest_;
  const double depot_kept = std::exp(-depot_rate * since);
  double sum = 0.0;
  for (std::size_t i = 0; i < term_count_; ++i) {
    const Term& term = terms_[i];
    const double rate = term.rate - slowest_;
    const double amount = term.present * std::exp(-rate * since) + term.absorbed * convolution(depot_rate, rate, since);
    sum += term.absorbed * depot_kept - term.rate * amount;
  }
  return sum;
}

double Curve::time_of_maximum(double length) const {
  TITRANT_EXPECTS(!has_input_ && !has_stages() && !interpolated());
  const double first = scaled_slope(0.0);
  const double last = scaled_slope(length);
  if (!(first > 0.0)) return 0.0;
  if (!(last < 0.0)) return length;
  constexpr int bits = 48;
  std::uintmax_t iterations = 200;
  const auto [left, right] =
      boost::math::tools::toms748_solve([this](double since) { return scaled_slope(since); }, 0.0, length, first, last,
                                        boost::math::tools::eps_tolerance<double>(bits), iterations);
  return 0.5 * (left + right);
}

}  // namespace titrant::pkpd
