#include "titrant/core/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::core {

double order_statistic(std::vector<double> values, std::size_t place) {
  TITRANT_EXPECTS(place < values.size());
  const auto found = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), found, values.end());
  return *found;
}

double median(std::vector<double> values) {
  TITRANT_EXPECTS(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : values[half - 1] + (values[half] - values[half - 1]) / 2.0;
}

double lower_median(std::vector<double> values) {
  const std::size_t place = (values.size() - 1) / 2;
  return order_statistic(std::move(values), place);
}

double upper_median(std::vector<double> values) {
  const std::size_t place = values.size() / 2;
  return order_statistic(std::move(values), place);
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

double nearest_rank(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::vector<double> without_nan(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

void shuffle(std::vector<std::size_t>& list, Stream& stream) {
  for (std::size_t k = list.size(); k > 1; --k) std::swap(list[k - 1], list[stream.below(k)]);
}

}  // namespace titrant::core
