#include "saem_omega.hpp"

#include <algorithm>
#include <cmath>
#include <nlopt.hpp>

#include "titrant/core/error.hpp"
#include "titrant/nlme/random_effects.hpp"

namespace titrant::nlme {

namespace {

constexpr double likelihood_tolerance = 1e-10;
constexpr int most_omega_evaluations = 200;

/// log det Omega + tr(Omega^-1 S) in some coordinates of a layout, the others held.
struct OmegaLikelihood {
  const Layout& layout;
  const Eigen::MatrixXd& mean_square;
  std::vector<std::size_t> coordinates;
  std::vector<double> x;

  double operator()(const std::vector<double>& point, std::vector<double>& gradient) {
    for (std::size_t i = 0; i < point.size(); ++i) x[coordinates[i]] = point[i];
    const RandomEffects effects(layout.decode(x));
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const std::size_t number = layout.coordinates()[coordinates[i]].number;
      gradient[i] =
          effects.trace(number, 0) - Eigen::MatrixXd(effects.change(number, 0)).cwiseProduct(mean_square).sum();
    }
    return effects.log_determinant(0) + Eigen::MatrixXd(effects.precision(0)).cwiseProduct(mean_square).sum();
  }

  static double value(const std::vector<double>& point, std::vector<double>& gradient, void* self) {
    return (*static_cast<OmegaLikelihood*>(self))(point, gradient);
  }
};

/// The maximum in coordinates that have no closed form, from where the population is.
void maximise(Population& population, const Layout& layout, const Eigen::MatrixXd& mean_square,
              std::vector<std::size_t> coordinates) {
  OmegaLikelihood likelihood{layout, mean_square, std::move(coordinates), layout.encode(population)};
  std::vector<double> lower;
  std::vector<double> upper;
  std::vector<double> point;
  for (const std::size_t i : likelihood.coordinates) {
    lower.push_back(layout.coordinates()[i].lower);
    upper.push_back(layout.coordinates()[i].upper);
    point.push_back(std::clamp(likelihood.x[i], lower.back(), upper.back()));
  }
  const std::vector<double> start = point;
  nlopt::opt optimiser(nlopt::LD_SLSQP, static_cast<unsigned>(point.size()));
  optimiser.set_lower_bounds(lower);
  optimiser.set_upper_bounds(upper);
  optimiser.set_ftol_rel(likelihood_tolerance);
  optimiser.set_maxeval(most_omega_evaluations);
  optimiser.set_min_objective(&OmegaLikelihood::value, &likelihood);
  double value = 0.0;
  try {
    optimiser.optimize(point, value);
  } catch (const std::runtime_error&) {  // as near as rounding allows; a worse point than the start is none
    std::vector<double> none;
    if (!(likelihood(point, none) <= likelihood(start, none))) point = start;
  }
  for (std::size_t i = 0; i < point.size(); ++i) likelihood.x[likelihood.coordinates[i]] = point[i];
  population = layout.decode(likelihood.x);
}

}  // namespace

void set_omegas(Population& population, const Layout& layout, const Eigen::MatrixXd& mean_square) {
  const RandomEffects effects(population);
  const std::vector<std::size_t>& lasting = effects.lasting();
  const auto eta_of = [&](std::size_t parameter) {
    return static_cast<Eigen::Index>(std::find(lasting.begin(), lasting.end(), parameter) - lasting.begin());
  };
  // Closed form where nothing of a block is held, and outside blocks.
  for (std::size_t k = 0; k < lasting.size(); ++k) {
    const auto place = static_cast<Eigen::Index>(k);
    const double omega = std::sqrt(mean_square(place, place));
    if (effects.of_error(k)) {
      ResponseError& error = population.errors[effects.errors()[k - effects.of_parameters()]];
      if (!error.omega_fixed) error.model.omega = omega;
      continue;
    }
    Parameter& parameter = population.parameters[lasting[k]];
    if (!parameter.omega_fixed) parameter.omega = omega;
  }
  std::vector<std::size_t> numerical;
  for (std::size_t b = 0; b < population.blocks.size(); ++b) {
    OmegaBlock& block = population.blocks[b];
    const bool held = block.fixed || std::any_of(block.parameters.begin(), block.parameters.end(),
                                                 [&](std::size_t p) { return population.parameters[p].omega_fixed; });
    for (std::size_t row = 1; row < block.parameters.size() && !held; ++row) {
      for (std::size_t column = 0; column < row; ++column) {
        const Eigen::Index k = eta_of(block.parameters[row]);
        const Eigen::Index l = eta_of(block.parameters[column]);
        block.correlations[OmegaBlock::pair(row, column)] =
            mean_square(k, l) / std::sqrt(mean_square(k, k) * mean_square(l, l));
      }
    }
    for (std::size_t i = 0; i < layout.size() && held; ++i) {
      const Coordinate& which = layout.coordinates()[i];
      const bool of_block =
          std::find(block.parameters.begin(), block.parameters.end(), which.parameter) != block.parameters.end();
      if ((which.role == Role::omega && of_block) || (which.role == Role::correlation && which.block == b)) {
        numerical.push_back(i);
      }
    }
  }
  std::vector<double> x = layout.encode(population);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Coordinate& which = layout.coordinates()[i];
    if (is_of_random_effects(which.role)) x[i] = std::clamp(x[i], which.lower, which.upper);
  }
  population = layout.decode(x);
  if (!numerical.empty()) maximise(population, layout, mean_square, std::move(numerical));
}

}  // namespace titrant::nlme
