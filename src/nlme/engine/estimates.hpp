#pragma once

#include <Eigen/Core>
#include <vector>

#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

/// 1 - sd(eta) / omega for each eta that holds on all occasions, sd with n - 1 (Savic and Karlsson 2009); NaN for fewer
/// than two subjects.
std::vector<double> shrinkage(const std::vector<std::vector<double>>& etas, const Population& population);

/// The same of the etas of residual errors: [subject][error] to [error].
std::vector<double> error_shrinkage(const std::vector<std::vector<double>>& etas, const Population& population);

/// The same of the etas of occasions, over all occasions of all subjects: [parameter with an occasion_omega].
std::vector<double> occasion_shrinkage(const std::vector<std::vector<double>>& etas, const Population& population);

/// A covariance of the coordinates `free` as row-major matrix of all `size`: 0 for the others, NaN where it is empty
/// though some are free.
std::vector<double> spread_covariance(const Eigen::MatrixXd& covariance, const std::vector<std::size_t>& free,
                                      std::size_t size);

/// All numbers of the population, estimated or fixed, with errors and intervals by the delta method.
std::vector<Estimate> estimates(const Layout& layout, const std::vector<double>& x, const Population& population,
                                const Eigen::MatrixXd& covariance, const std::vector<std::size_t>& free);

/// The covariance of draws, as spread_covariance gives one.
std::vector<double> covariance_of(const std::vector<std::vector<double>>& draws);

/// Standard errors and 95 % intervals of what is estimated by draws: their standard deviation and quantiles.
void take_intervals(const Layout& layout, const std::vector<std::vector<double>>& draws,
                    std::vector<Estimate>& estimates);

}  // namespace titrant::nlme
