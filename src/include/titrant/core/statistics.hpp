#pragma once

#include <cstddef>
#include <vector>

#include "titrant/core/stream.hpp"

namespace titrant::core {

/// The value at a place (0: the smallest) of a sample in ascending order.
double order_statistic(std::vector<double> values, std::size_t place);

/// The middle value, or the mean of the two in the middle. Expects values.
double median(std::vector<double> values);

/// The middle value, or the lower of the two in the middle: one of the values. Expects values.
double lower_median(std::vector<double> values);

/// Likewise the upper of the two.
double upper_median(std::vector<double> values);

/// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, The American Statistician
/// 50:361). NaN where there are no values.
double quantile(std::vector<double> values, double share);

/// Quantile by nearest rank, one of the values: the smallest at which the share of all is reached (type 1 of Hyndman
/// and Fan). NaN where there are no values.
double nearest_rank(std::vector<double> values, double share);

/// The values that are not NaN.
std::vector<double> without_nan(std::vector<double> values);

/// Puts a list in random order (Fisher and Yates; Knuth, TAOCP 2, algorithm 3.4.2P), every order as likely.
void shuffle(std::vector<std::size_t>& list, Stream& stream);

}  // namespace titrant::core
