#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/nlme/population.hpp"
#include "titrant/nlme/small_matrix.hpp"

namespace titrant::nlme {

/// The lower Cholesky factor of the correlation matrix of a block, [member][member]. Throws NumericalError where the
/// correlations are those of no matrix.
SmallMatrix correlation_factor(const OmegaBlock& block);

/// The numbers by which the optimiser knows the correlations of a block, [pair]: the inverse hyperbolic tangents of its
/// partial correlations (row i, column j: of i and j given 0 to j - 1), which may each be any number (Lewandowski,
/// Kurowicka and Joe 2009, J Multivar Anal 100:1989); and the correlations of these.
std::vector<double> partial_coordinates(const OmegaBlock& block);
std::vector<double> correlations_of(std::span<const double> coordinates, std::size_t members);

/// d correlation / d coordinate: [pair][pair].
Eigen::MatrixXd correlation_derivatives(std::span<const double> coordinates, std::size_t members);

/// The random effects of a population and their covariance Omega. A subject's etas are those that stay, one for each
/// parameter with an omega and one for each residual error with an omega, and then those of its first occasion, of its
/// second, ...; the first have the covariance of omegas and blocks, all others are independent.
///
/// Numbers that describe Omega, in this order: log omega of each eta, the coordinates of the pairs of each block, log
/// occasion_omega of each parameter that has one.
class RandomEffects {
 public:
  /// Throws NumericalError where a block's correlations are those of no matrix.
  explicit RandomEffects(const Population& population);

  /// Etas of a subject with so many occasions.
  std::size_t etas(std::size_t occasions) const { return lasting_.size() + occasions * by_occasion_.size(); }

  const std::vector<std::size_t>& lasting() const { return lasting_; }
  /// How many of these are of parameters; the others are of residual errors, and their place in lasting() is that in
  /// Population::errors after all parameters.
  std::size_t of_parameters() const { return lasting_.size() - errors_.size(); }
  /// [eta of a residual error] its place in Population::errors.
  const std::vector<std::size_t>& errors() const { return errors_; }
  bool of_error(std::size_t eta) const { return eta >= of_parameters() && eta < lasting_.size(); }
  const std::vector<std::size_t>& by_occasion() const { return by_occasion_; }

  /// Omega, its inverse and log det Omega for a subject with so many occasions: [eta][eta].
  SmallMatrix covariance(std::size_t occasions) const;
  SmallMatrix precision(std::size_t occasions) const;
  double log_determinant(std::size_t occasions) const;

  /// How many numbers describe Omega.
  std::size_t size() const { return changes_.size() + by_occasion_.size(); }
  /// Where those of the blocks and of the occasions begin.
  std::size_t first_pair() const { return lasting_.size(); }
  std::size_t first_by_occasion() const { return changes_.size(); }

  /// Omega^-1 (d Omega / dz) Omega^-1 and the trace of Omega^-1 d Omega / dz, of one of these numbers z.
  SmallMatrix change(std::size_t number, std::size_t occasions) const;
  double trace(std::size_t number, std::size_t occasions) const;

 private:
  std::vector<std::size_t> lasting_;      ///< [eta], place of its parameter, or after all of these of its error
  std::vector<std::size_t> errors_;       ///< [eta of a residual error]
  std::vector<std::size_t> by_occasion_;  ///< the same of the etas of one occasion
  std::vector<double> occasion_omegas_;
  Eigen::MatrixXd covariance_;  ///< of the lasting ones: [eta][eta]
  Eigen::MatrixXd precision_;
  double log_determinant_ = 0.0;
  std::vector<Eigen::MatrixXd> changes_;  ///< [number]
  std::vector<double> traces_;
};

}  // namespace titrant::nlme
