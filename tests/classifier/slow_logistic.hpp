#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/classifier/metrics.hpp"

/// Logistic regression and metrics once more, slowly, by other algorithms than the program's: what held-out figures
/// must be.
namespace titrant::classifier::testing {

/// Gradient descent on the sum of cross-entropies with ridge/2 |w|^2, for standardised log(1 + c / reference) of the
/// average, lowest and highest concentration, and co-medication.
class SlowLogistic {
 public:
  static constexpr std::size_t columns = 5;

  SlowLogistic(double reference, double ridge) : reference_(reference), ridge_(ridge) {}

  void train(const LabelledExamples& set) {
    const double count = static_cast<double>(set.size());
    std::vector<Row> rows;
    for (const Example& example : set.examples) rows.push_back(features(example));
    for (std::size_t k = 1; k < columns; ++k) {
      double sum = 0.0;
      for (const Row& row : rows) sum += row.at(k);
      mean_.at(k) = sum / count;
      double squares = 0.0;
      for (const Row& row : rows) squares += std::pow(row.at(k) - mean_.at(k), 2);
      spread_.at(k) = squares > 0.0 ? std::sqrt(squares / count) : 1.0;
    }
    for (Row& row : rows) row = standardised(row);
    // Curvature is at most the number of examples times squared length of a row / 4, on average 5/4 each.
    const double step = 1.0 / (count * static_cast<double>(columns) / 4.0 + ridge_);
    for (int iteration = 0; iteration < 200000; ++iteration) {
      Row gradient{};
      for (std::size_t k = 1; k < columns; ++k) gradient.at(k) = ridge_ * weight_.at(k);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const double residual = sigmoid(product(rows[i])) - set.labels[i];
        for (std::size_t k = 0; k < columns; ++k) gradient.at(k) += residual * rows[i].at(k);
      }
      double largest = 0.0;
      for (std::size_t k = 0; k < columns; ++k) {
        weight_.at(k) -= step * gradient.at(k);
        largest = std::max(largest, std::abs(gradient.at(k)));
      }
      if (largest < 1e-9 * count) break;
    }
  }

  double probability(const Example& example) const { return sigmoid(product(standardised(features(example)))); }

  static double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

 private:
  using Row = std::array<double, columns>;

  Row features(const Example& example) const {
    const auto log_of = [&](double c) { return std::log(1.0 + example.dose * c / reference_); };
    const pkpd::ExposureMetrics& one = example.profile->per_mg;
    return {1.0, log_of(one.average), log_of(one.minimum), log_of(one.maximum),
            example.profile->covariates.at("comed")};
  }
  Row standardised(Row row) const {
    for (std::size_t k = 1; k < columns; ++k) row.at(k) = (row.at(k) - mean_.at(k)) / spread_.at(k);
    return row;
  }
  double product(const Row& row) const {
    double sum = 0.0;
    for (std::size_t k = 0; k < columns; ++k) sum += weight_.at(k) * row.at(k);
    return sum;
  }

  double reference_;
  double ridge_;
  Row weight_{};
  Row mean_{};
  Row spread_{1.0, 1.0, 1.0, 1.0, 1.0};
};

/// Log-loss, accuracy, Brier score, and AUC by counting pairs; without the calibration error.
inline Metrics slow_metrics(const std::vector<double>& p, const std::vector<int>& labels) {
  Metrics all;
  double pairs = 0.0;
  double ordered = 0.0;
  const double count = static_cast<double>(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    all.log_loss -= std::log(labels[i] == 1 ? p[i] : 1.0 - p[i]) / count;
    all.accuracy += ((p[i] > 0.5) == (labels[i] == 1) ? 1.0 : 0.0) / count;
    all.brier += std::pow(p[i] - labels[i], 2) / count;
    for (std::size_t k = 0; k < p.size(); ++k) {
      if (labels[i] != 1 || labels[k] != 0) continue;
      pairs += 1.0;
      ordered += p[i] > p[k] ? 1.0 : p[i] == p[k] ? 0.5 : 0.0;
    }
  }
  all.auc = ordered / pairs;
  return all;
}

}  // namespace titrant::classifier::testing
