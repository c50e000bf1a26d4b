#include "titrant/nlme/draw.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace titrant::nlme {

std::vector<double> draw_coordinates(const FitSummary& fit, core::Stream& stream) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  if (fit.x.empty()) return {};
  if (!fit.draws.empty()) {
    const double place = stream.uniform() * static_cast<double>(fit.draws.size());
    return fit.draws[std::min(static_cast<std::size_t>(place), fit.draws.size() - 1)];
  }
  const auto count = static_cast<Eigen::Index>(fit.x.size());
  TITRANT_EXPECTS(fit.covariance.size() == fit.x.size() * fit.x.size());
  const Eigen::Map<const Matrix> covariance(fit.covariance.data(), count, count);
  if (!covariance.allFinite()) {
    throw NumericalError(
        fmt::format("the parameters of {} cannot be drawn from their uncertainty: standard errors are {}",
                    fit.description.empty() ? "this fit" : fit.description, fit.standard_error_method));
  }
  Eigen::VectorXd z(count);
  for (double& number : z) number = stream.normal();
  // The symmetric square root: rounding may leave eigenvalues a little below 0.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(covariance);
  const Eigen::VectorXd lengths = eigen.eigenvalues().cwiseMax(0.0).cwiseSqrt();
  const Eigen::VectorXd move = eigen.eigenvectors() * lengths.cwiseProduct(eigen.eigenvectors().transpose() * z);
  const Layout layout(fit.population);
  std::vector<double> drawn = fit.x;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const Coordinate& coordinate = layout.coordinates()[i];
    const auto row = static_cast<Eigen::Index>(i);
    if (covariance(row, row) == 0.0) continue;
    drawn[i] = std::clamp(drawn[i] + move[row], coordinate.lower, coordinate.upper);
  }
  return drawn;
}

Population draw_population(const FitSummary& fit, core::Stream& stream) {
  return Layout(fit.population).decode(draw_coordinates(fit, stream));
}

pkpd::PopulationModel draw_model(const PopulationFit& fit, core::Stream& stream) {
  return pk_model_of(draw_population(fit, stream), fit.model.structure);
}

}  // namespace titrant::nlme
