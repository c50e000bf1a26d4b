#include "titrant/nlme/random_effects.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

Eigen::Index at(std::size_t place) { return static_cast<Eigen::Index>(place); }

/// Row by row, the factor whose rows have length 1: column j of row i is its partial correlation times what columns
/// before it leave of that length.
SmallMatrix factor_of(std::span<const double> coordinates, std::size_t members) {
  SmallMatrix factor = SmallMatrix::Zero(at(members), at(members));
  factor(0, 0) = 1.0;
  for (std::size_t i = 1; i < members; ++i) {
    double left = 1.0;
    for (std::size_t j = 0; j < i; ++j) {
      const double z = coordinates[OmegaBlock::pair(i, j)];
      factor(at(i), at(j)) = left * std::tanh(z);
      left /= std::cosh(z);  // sqrt(1 - tanh^2), without cancellation
    }
    factor(at(i), at(i)) = left;
  }
  return factor;
}

/// d factor / d coordinate of the pair (row, column): one row of the factor, from `column` on.
SmallMatrix factor_change(std::span<const double> coordinates, std::size_t members, std::size_t row,
                          std::size_t column) {
  SmallMatrix change = SmallMatrix::Zero(at(members), at(members));
  double left = 1.0;
  double left_change = 0.0;
  for (std::size_t j = 0; j < row; ++j) {
    const double z = coordinates[OmegaBlock::pair(row, j)];
    const double partial = std::tanh(z);
    const double rest = 1.0 / std::cosh(z);
    change(at(row), at(j)) = left_change * partial + (j == column ? left * rest * rest : 0.0);
    left_change = left_change * rest - (j == column ? left * partial * rest : 0.0);
    left *= rest;
  }
  change(at(row), at(row)) = left_change;
  return change;
}

}  // namespace

SmallMatrix correlation_factor(const OmegaBlock& block) {
  return factor_of(partial_coordinates(block), block.parameters.size());
}

std::vector<double> partial_coordinates(const OmegaBlock& block) {
  const std::size_t members = block.parameters.size();
  TITRANT_EXPECTS(members >= 2 && block.correlations.size() == members * (members - 1) / 2);
  SmallMatrix matrix = SmallMatrix::Identity(at(members), at(members));
  for (std::size_t i = 1; i < members; ++i) {
    for (std::size_t j = 0; j < i; ++j)
      matrix(at(i), at(j)) = matrix(at(j), at(i)) = block.correlations[OmegaBlock::pair(i, j)];
  }
  const Eigen::LLT<SmallMatrix> llt(matrix);
  if (llt.info() != Eigen::Success) {
    throw NumericalError(
        "the correlations of a block of random effects contradict each other: their matrix is not positive definite");
  }
  const SmallMatrix factor = llt.matrixL();
  std::vector<double> coordinates;
  for (std::size_t i = 1; i < members; ++i) {
    // What columns from j on have of a row's length 1, from its end: without cancellation.
    SmallVector left(at(i + 1));
    left[at(i)] = factor(at(i), at(i)) * factor(at(i), at(i));
    for (std::size_t j = i; j-- > 0;) left[at(j)] = left[at(j + 1)] + factor(at(i), at(j)) * factor(at(i), at(j));
    for (std::size_t j = 0; j < i; ++j) {
      // atanh(c / sqrt(left)), sinh of which is c / sqrt(left of the rest)
      coordinates.push_back(std::asinh(factor(at(i), at(j)) / std::sqrt(left[at(j + 1)])));
    }
  }
  return coordinates;
}

std::vector<double> correlations_of(std::span<const double> coordinates, std::size_t members) {
  const SmallMatrix factor = factor_of(coordinates, members);
  std::vector<double> correlations;
  for (std::size_t i = 1; i < members; ++i) {
    for (std::size_t j = 0; j < i; ++j) correlations.push_back(factor.row(at(i)).dot(factor.row(at(j))));
  }
  return correlations;
}

Eigen::MatrixXd correlation_derivatives(std::span<const double> coordinates, std::size_t members) {
  const SmallMatrix factor = factor_of(coordinates, members);
  Eigen::MatrixXd result(at(coordinates.size()), at(coordinates.size()));
  for (std::size_t row = 1; row < members; ++row) {
    for (std::size_t column = 0; column < row; ++column) {
      const SmallMatrix half = factor_change(coordinates, members, row, column) * factor.transpose();
      for (std::size_t i = 1; i < members; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          result(at(OmegaBlock::pair(i, j)), at(OmegaBlock::pair(row, column))) =
              half(at(i), at(j)) + half(at(j), at(i));
        }
      }
    }
  }
  return result;
}

RandomEffects::RandomEffects(const Population& population)
    : lasting_(population.eta_parameters()),
      errors_(population.error_etas()),
      by_occasion_(population.occasion_parameters()) {
  std::vector<double> omegas;  // [eta that stays]
  for (const std::size_t place : lasting_) omegas.push_back(population.parameters[place].omega);
  for (const std::size_t place : errors_) {
    lasting_.push_back(population.parameters.size() + place);
    omegas.push_back(population.errors[place].model.omega);
  }
  const Eigen::Index count = at(lasting_.size());
  covariance_ = Eigen::MatrixXd::Zero(count, count);
  std::vector<std::size_t> eta_of(population.parameters.size() + population.errors.size(), lasting_.size());
  for (std::size_t k = 0; k < lasting_.size(); ++k) {
    eta_of[lasting_[k]] = k;
    covariance_(at(k), at(k)) = omegas[k] * omegas[k];
  }
  for (const OmegaBlock& block : population.blocks) {
    for (std::size_t i = 1; i < block.parameters.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const std::size_t k = eta_of[block.parameters[i]];
        const std::size_t l = eta_of[block.parameters[j]];
        TITRANT_EXPECTS(k < lasting_.size() && l < lasting_.size());
        covariance_(at(k), at(l)) = covariance_(at(l), at(k)) =
            block.correlations[OmegaBlock::pair(i, j)] * omegas[k] * omegas[l];
      }
    }
  }
  // Correlations are factored apart from standard deviations, which may differ by many powers of ten.
  Eigen::MatrixXd inverse_root = Eigen::MatrixXd::Zero(count, count);  // of the lower factor
  for (std::size_t k = 0; k < lasting_.size(); ++k) inverse_root(at(k), at(k)) = 1.0;
  double log_root = 0.0;
  for (const OmegaBlock& block : population.blocks) {
    const SmallMatrix factor = correlation_factor(block);
    const SmallMatrix inverse =
        factor.triangularView<Eigen::Lower>().solve(SmallMatrix::Identity(factor.rows(), factor.rows()));
    log_root += factor.diagonal().array().log().sum();
    for (std::size_t i = 0; i < block.parameters.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        inverse_root(at(eta_of[block.parameters[i]]), at(eta_of[block.parameters[j]])) = inverse(at(i), at(j));
      }
    }
  }
  for (std::size_t k = 0; k < lasting_.size(); ++k) {
    inverse_root.col(at(k)) /= omegas[k];
    log_root += std::log(omegas[k]);
  }
  precision_ = inverse_root.transpose() * inverse_root;
  log_determinant_ = 2.0 * log_root;

  const auto add = [&](const Eigen::MatrixXd& covariance_change) {
    changes_.emplace_back(precision_ * covariance_change * precision_);
    traces_.push_back((precision_ * covariance_change).trace());
  };
  for (Eigen::Index k = 0; k < count; ++k) {  // d Omega / d log omega_k: row and column k, twice where they meet
    Eigen::MatrixXd by_omega = Eigen::MatrixXd::Zero(count, count);
    by_omega.row(k) += covariance_.row(k);
    by_omega.col(k) += covariance_.col(k);
    add(by_omega);
  }
  for (const OmegaBlock& block : population.blocks) {
    const std::size_t members = block.parameters.size();
    const Eigen::MatrixXd derivatives = correlation_derivatives(partial_coordinates(block), members);
    for (Eigen::Index number = 0; number < derivatives.cols(); ++number) {
      Eigen::MatrixXd by_pair = Eigen::MatrixXd::Zero(count, count);
      for (std::size_t i = 1; i < members; ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          const Eigen::Index k = at(eta_of[block.parameters[i]]);
          const Eigen::Index l = at(eta_of[block.parameters[j]]);
          by_pair(k, l) = by_pair(l, k) =
              derivatives(at(OmegaBlock::pair(i, j)), number) * std::sqrt(covariance_(k, k) * covariance_(l, l));
        }
      }
      add(by_pair);
    }
  }
  for (const std::size_t place : by_occasion_) occasion_omegas_.push_back(population.parameters[place].occasion_omega);
}

SmallMatrix RandomEffects::covariance(std::size_t occasions) const {
  const Eigen::Index count = at(etas(occasions));
  SmallMatrix result = SmallMatrix::Zero(count, count);
  result.topLeftCorner(covariance_.rows(), covariance_.cols()) = covariance_;
  for (Eigen::Index k = covariance_.rows(); k < count; ++k) {
    const double omega = occasion_omegas_[static_cast<std::size_t>(k - covariance_.rows()) % occasion_omegas_.size()];
    result(k, k) = omega * omega;
  }
  return result;
}

SmallMatrix RandomEffects::precision(std::size_t occasions) const {
  const Eigen::Index count = at(etas(occasions));
  SmallMatrix result = SmallMatrix::Zero(count, count);
  result.topLeftCorner(precision_.rows(), precision_.cols()) = precision_;
  for (Eigen::Index k = precision_.rows(); k < count; ++k) {
    const double omega = occasion_omegas_[static_cast<std::size_t>(k - precision_.rows()) % occasion_omegas_.size()];
    result(k, k) = 1.0 / (omega * omega);
  }
  return result;
}

double RandomEffects::log_determinant(std::size_t occasions) const {
  double result = log_determinant_;
  for (const double omega : occasion_omegas_) result += 2.0 * static_cast<double>(occasions) * std::log(omega);
  return result;
}

SmallMatrix RandomEffects::change(std::size_t number, std::size_t occasions) const {
  const Eigen::Index count = at(etas(occasions));
  SmallMatrix result = SmallMatrix::Zero(count, count);
  if (number < changes_.size()) {
    result.topLeftCorner(precision_.rows(), precision_.cols()) = changes_[number];
    return result;
  }
  const std::size_t which = number - changes_.size();
  const double omega = occasion_omegas_[which];
  for (std::size_t k = lasting_.size() + which; k < etas(occasions); k += by_occasion_.size()) {
    result(at(k), at(k)) = 2.0 / (omega * omega);
  }
  return result;
}

double RandomEffects::trace(std::size_t number, std::size_t occasions) const {
  return number < changes_.size() ? traces_[number] : 2.0 * static_cast<double>(occasions);
}

}  // namespace titrant::nlme
