#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <utility>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/protocol/population.hpp"

namespace titrant::protocol {

namespace {

using core::infinity;

double standard_normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// Quantile of a normal distribution that is cut off at both ends. Shares above the mean are counted from the other
/// end: near 1 they would have no digits left.
double cut_normal(double mean, double sd, double low, double high, double u) {
  if (low > mean) return -cut_normal(-mean, sd, -high, -low, 1.0 - u);
  const double below = standard_normal_below((low - mean) / sd);
  const double within = standard_normal_below((high - mean) / sd) - below;
  if (!(within > 0.0)) return std::clamp(mean, low, high);  // all there is lies at the end that is nearer to the mean
  const double share = below + u * within;
  if (share <= 0.0) return low;
  if (share >= 1.0) return high;
  return std::clamp(boost::math::quantile(boost::math::normal(mean, sd), share), low, high);
}

std::string no_spread(double, double sd) { return sd > 0.0 ? "" : "the standard deviation must be above 0"; }

}  // namespace

const std::vector<DistributionFamily>& families() {
  static const std::vector<DistributionFamily> all = {
      {"uniform", "[from, to]", false, -infinity,
       [](double from, double to) -> std::string { return from <= to ? "" : "expected [from, to] with from <= to"; },
       [](const Distribution& d, double u) { return d.first + (d.second - d.first) * u; }},
      {"normal", "[mean, sd]", true, -infinity, no_spread,
       [](const Distribution& d, double u) { return cut_normal(d.first, d.second, d.low, d.high, u); }},
      {"log_normal", "[median, sd of the logarithm]", true, 0.0,
       [](double median, double sd) -> std::string {
         return median > 0.0 ? no_spread(median, sd) : "the median must be above 0";
       },
       [](const Distribution& d, double u) {
         const double low = d.low > 0.0 ? std::log(d.low) : -infinity;
         return std::exp(cut_normal(std::log(d.first), d.second, low, std::log(d.high), u));
       }},
  };
  return all;
}

Distribution::Distribution() : low(-infinity), high(infinity) {}

Distribution Distribution::of(std::string family, double first, double second) {
  Distribution one;
  one.kind = Kind::continuous;
  one.family = std::move(family);
  one.first = first;
  one.second = second;
  return one;
}

double Distribution::quantile(double u) const {
  TITRANT_EXPECTS(u > 0.0 && u < 1.0);
  if (kind == Kind::fixed) return first;
  if (kind == Kind::continuous) {
    const auto found = std::find_if(families().begin(), families().end(),
                                    [&](const DistributionFamily& one) { return one.name == family; });
    TITRANT_EXPECTS(found != families().end());
    return found->quantile(*this, u);
  }
  double sum = 0.0;
  for (const auto& [value, share] : shares) {
    sum += share;
    if (u < sum) return value;
  }
  return shares.back().first;  // shares add up to 1 but for rounding
}

}  // namespace titrant::protocol
