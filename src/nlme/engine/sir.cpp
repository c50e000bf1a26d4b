#include "titrant/nlme/sir.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::nlme {

namespace {

/// A normal distribution of the coordinates that are free.
struct Proposal {
  Eigen::VectorXd mean;
  Eigen::MatrixXd root;  ///< lower Cholesky factor of the covariance
};

Eigen::MatrixXd cholesky(const Eigen::MatrixXd& covariance) {
  const Eigen::LLT<Eigen::MatrixXd> llt(covariance);
  if (!covariance.allFinite() || llt.info() != Eigen::Success) {
    throw NumericalError("sampling importance resampling has no positive definite covariance to propose from");
  }
  return llt.matrixL();
}

/// Whether a point lies within the bounds of the layout, on which its meaning depends.
bool within(const Layout& layout, const std::vector<double>& x, const std::vector<std::size_t>& free) {
  return std::all_of(free.begin(), free.end(), [&](std::size_t i) {
    return x[i] >= layout.coordinates()[i].lower && x[i] <= layout.coordinates()[i].upper;
  });
}

/// Places of `count` of these weights, drawn one after another without replacement, each by its share of what is left
/// (Efraimidis and Spirakis 2006, Inf Process Lett 97:181: those with the largest log(uniform) / weight).
std::vector<std::size_t> without_replacement(const std::vector<double>& log_weights, std::size_t count,
                                             core::Stream& stream) {
  std::vector<std::pair<double, std::size_t>> keys;
  for (std::size_t i = 0; i < log_weights.size(); ++i) {
    const double uniform = stream.uniform();
    if (!std::isfinite(log_weights[i])) continue;
    // log(-log(u)) - log w ascending, which neither overflows nor underflows.
    keys.emplace_back(std::log(-std::log(std::max(uniform, std::numeric_limits<double>::min()))) - log_weights[i], i);
  }
  if (keys.size() < count) {
    throw NumericalError(
        "sampling importance resampling: too few of the proposed parameters have a finite likelihood; the covariance "
        "that they were proposed from does not describe it");
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i) places.push_back(keys[i].second);
  return places;
}

/// Mean and covariance of some points.
Proposal proposal_of(const std::vector<std::vector<double>>& points, const std::vector<std::size_t>& free) {
  const auto count = static_cast<Eigen::Index>(free.size());
  const auto total = static_cast<double>(points.size());
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(count);
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(count, count);
  const auto at = [&](const std::vector<double>& x) {
    Eigen::VectorXd value(count);
    for (Eigen::Index k = 0; k < count; ++k) value[k] = x[free[static_cast<std::size_t>(k)]];
    return value;
  };
  for (const std::vector<double>& x : points) mean += at(x) / total;
  for (const std::vector<double>& x : points) {
    const Eigen::VectorXd from_mean = at(x) - mean;
    squares += from_mean * from_mean.transpose() / (total - 1.0);
  }
  return {.mean = mean, .root = cholesky(squares)};
}

}  // namespace

Sir sir(const Objective& objective, const std::vector<double>& x, const std::vector<double>& covariance,
        std::uint64_t seed, const std::vector<SirRound>& rounds) {
  const std::size_t size = x.size();
  TITRANT_EXPECTS(covariance.size() == size * size && !rounds.empty());
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < size; ++i) {
    if (covariance[i * size + i] != 0.0) free.push_back(i);
  }
  const auto count = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd first(count, count);
  Proposal proposal{.mean = Eigen::VectorXd(count), .root = {}};
  for (Eigen::Index k = 0; k < count; ++k) {
    const std::size_t row = free[static_cast<std::size_t>(k)];
    proposal.mean[k] = x[row];
    for (Eigen::Index l = 0; l < count; ++l) {
      first(k, l) = covariance[row * size + free[static_cast<std::size_t>(l)]];
    }
  }
  proposal.root = cholesky(first);

  Sir result;
  for (std::size_t round = 0; round < rounds.size(); ++round) {
    std::vector<std::vector<double>> points;
    std::vector<double> log_density;  // of the proposal, without its constant
    for (std::size_t sample = 0; sample < rounds[round].samples; ++sample) {
      core::Stream stream(seed, core::Purpose::sir, round, static_cast<std::uint32_t>(sample));
      Eigen::VectorXd z(count);
      for (double& number : z) number = stream.normal();
      const Eigen::VectorXd drawn = proposal.mean + proposal.root * z;
      std::vector<double> point = x;
      for (Eigen::Index k = 0; k < count; ++k) point[free[static_cast<std::size_t>(k)]] = drawn[k];
      if (!within(objective.layout(), point, free)) continue;  // the likelihood is not asked there
      points.push_back(std::move(point));
      log_density.push_back(-0.5 * z.squaredNorm());
    }
    const std::vector<double> values = objective.values_at(points);
    std::vector<double> log_weights;
    for (std::size_t i = 0; i < points.size(); ++i) log_weights.push_back(-0.5 * values[i] - log_density[i]);
    core::Stream stream(seed, core::Purpose::sir, round, static_cast<std::uint32_t>(rounds[round].samples));
    result.draws.clear();
    for (const std::size_t place : without_replacement(log_weights, rounds[round].resamples, stream)) {
      result.draws.push_back(points[place]);
    }
    const double largest = *std::max_element(log_weights.begin(), log_weights.end());
    double sum = 0.0;
    double squares = 0.0;
    for (const double one : log_weights) {
      const double weight = std::exp(one - largest);
      sum += weight;
      squares += weight * weight;
    }
    result.effective = sum * sum / squares;
    if (round + 1 < rounds.size()) proposal = proposal_of(result.draws, free);
  }
  return result;
}

}  // namespace titrant::nlme
