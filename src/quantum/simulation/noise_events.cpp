#include "noise_events.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace titrant::quantum {

namespace {

constexpr double frequent_from = 0.25;

/// The least probability of this Kraus operator, whatever the state: the smallest eigenvalue of K^+ K.
double least_probability(const Matrix& kraus) {
  const Matrix square = kraus.adjoint() * kraus;
  if (square.isDiagonal(0.0)) return square.diagonal().real().minCoeff();
  return Eigen::SelfAdjointEigenSolver<Matrix>(square, Eigen::EigenvaluesOnly).eigenvalues().minCoeff();
}

}  // namespace

NoiseEvents noise_events(const Channel& channel) {
  std::vector<double> least;
  for (const Matrix& kraus : channel.kraus) least.push_back(least_probability(kraus));
  const auto usual = static_cast<std::size_t>(std::max_element(least.begin(), least.end()) - least.begin());
  NoiseEvents noise;
  noise.usual = channel.kraus[usual];
  const Matrix identity = Matrix::Identity(noise.usual.rows(), noise.usual.cols());
  if ((noise.usual - noise.usual(0, 0) * identity).cwiseAbs().maxCoeff() < 1e-15) noise.usual = identity;
  for (std::size_t k = 0; k < channel.kraus.size(); ++k)
    if (k != usual) noise.events.push_back(channel.kraus[k]);
  const auto mixture = as_unitary_mixture(channel);
  if (mixture && mixture->unitary.size() == channel.kraus.size()) {
    noise.fixed = true;
    for (std::size_t k = 0; k < channel.kraus.size(); ++k)
      if (k != usual) noise.candidate += mixture->probability[k];
    for (std::size_t k = 0; k < channel.kraus.size(); ++k)
      if (k != usual) noise.share.push_back(mixture->probability[k] / noise.candidate);
  } else {
    noise.candidate = std::clamp(1.0 - least[usual], 0.0, 1.0);
  }
  noise.frequent = noise.candidate > frequent_from;
  return noise;
}

}  // namespace titrant::quantum
