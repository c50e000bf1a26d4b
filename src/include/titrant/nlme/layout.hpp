#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

/// The role of one estimated number.
enum class Role { typical, coefficient, omega, additive, proportional };

/// The name of a residual error parameter: "error.additive", "error.biomarker.proportional", ...
std::string error_name(const ResponseError& error, Role role);

/// One coordinate of the optimiser: h(typical), a slope, log omega or log of a residual error.
struct Coordinate {
  std::string name;  ///< "clearance", "clearance.weight", "omega.clearance", "error.additive"
  std::string units;
  Role role = Role::typical;
  std::size_t parameter = 0;  ///< place in Population::parameters (typical, coefficient, omega)
  std::size_t effect = 0;     ///< place in Parameter::effects (coefficient)
  std::size_t eta = 0;        ///< place among the etas (omega)
  std::size_t response = 0;   ///< place in Population::errors (additive, proportional)
  double lower = 0.0;         ///< bounds on the optimiser's scale
  double upper = 0.0;
};

/// How the estimated numbers of a population are laid out as one vector: first typical values and coefficients,
/// parameter by parameter, then omegas, then the additive and the proportional error of each response. Fixed ones are
/// not in it.
class Layout {
 public:
  /// Bounds are set around the values of `initial`: a factor e^8 for typical values and errors, omega in [1e-3, 5].
  explicit Layout(const Population& initial);

  std::size_t size() const { return coordinates_.size(); }
  const std::vector<Coordinate>& coordinates() const { return coordinates_; }

  std::vector<double> encode(const Population& population) const;

  /// The population at `x`; what is fixed stays as it was in the initial one.
  Population decode(std::span<const double> x) const;

  /// A coordinate's value on its natural scale, and its derivative there with respect to the coordinate.
  double natural(std::size_t coordinate, double x) const;
  double natural_derivative(std::size_t coordinate, double x) const;

 private:
  Population initial_;
  std::vector<Coordinate> coordinates_;
};

}  // namespace titrant::nlme
