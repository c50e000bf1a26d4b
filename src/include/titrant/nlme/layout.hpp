#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/nlme/error_kind.hpp"
#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

/// The role of one estimated number.
enum class Role {
  typical,
  coefficient,
  omega,
  error_omega,
  correlation,
  occasion_omega,
  additive,
  proportional,
  exponent
};

/// Whether a coordinate is one of the numbers of RandomEffects.
constexpr bool is_of_random_effects(Role role) {
  return role == Role::omega || role == Role::error_omega || role == Role::correlation || role == Role::occasion_omega;
}
/// Whether it is the logarithm of a standard deviation between subjects or occasions.
constexpr bool is_omega(Role role) {
  return role == Role::omega || role == Role::error_omega || role == Role::occasion_omega;
}
constexpr bool is_error(Role role) {
  return role == Role::additive || role == Role::proportional || role == Role::exponent;
}
/// Whether it is the logarithm of a standard deviation of residual errors.
constexpr bool is_error_size(Role role) { return is_error(role) && role != Role::exponent; }
/// Place of a residual error parameter among those of ResidualTerm.
constexpr std::size_t error_term(Role role) { return role == Role::proportional ? 1 : 0; }

/// The name of a residual error parameter: "error.additive", "error.biomarker.proportional", "error.exponent"; the
/// proportional one of a log-normal error is "error.log_normal".
std::string error_name(const ResponseError& error, Role role);
std::string error_units(const ResponseError& error, Role role);

/// The residual error among what varies between subjects.
inline constexpr const char* error_word = "error";

/// What a residual error is called among what varies between subjects: "error", "error.biomarker"; its standard
/// deviation is "omega.error", "omega.error.biomarker".
std::string error_eta_name(const ResponseError& error);
std::string error_omega_name(const ResponseError& error);

/// A residual error parameter: its value, 0 where it is not in the model, and whether it is held fixed.
struct ErrorNumber {
  Role role;
  double& value;
  bool& fixed;
};
/// The three of them that an error may have, in the order of Layout.
std::array<ErrorNumber, 3> error_numbers(ResponseError& error);

/// The names of those that an error model estimates: of one kind of measurement.
std::vector<std::string> error_names(ErrorKind kind);

/// Where the exponent of a power begins: that of a proportional error.
inline constexpr double initial_exponent = 1.0;

/// "correlation.clearance.volume", of two members of a block.
std::string correlation_name(const Population& population, const OmegaBlock& block, std::size_t row,
                             std::size_t column);

/// One coordinate of the optimiser: h(typical), a slope, log omega, the inverse hyperbolic tangent of a partial
/// correlation, log occasion_omega, log of a residual error or of its exponent.
struct Coordinate {
  std::string name;  ///< "clearance", "clearance.weight", "omega.clearance", "omega.error",
                     ///< "correlation.clearance.volume", "occasion_omega.clearance", "error.additive"
  std::string units;
  Role role = Role::typical;
  std::size_t parameter = 0;  ///< place in Population::parameters (typical, coefficient, omegas)
  std::size_t effect = 0;     ///< place in Parameter::effects (coefficient)
  std::size_t number = 0;     ///< place among the numbers of RandomEffects (omegas, correlation)
  std::size_t block = 0;      ///< place in Population::blocks (correlation)
  std::size_t row = 0;        ///< members of the block, by their places in it (correlation)
  std::size_t column = 0;
  std::size_t other = 0;     ///< place in Population::parameters of the column's member; `parameter` is that of the row
  std::size_t response = 0;  ///< place in Population::errors (errors, error_omega)
  double lower = 0.0;        ///< bounds on the optimiser's scale
  double upper = 0.0;
};

/// How the estimated numbers of a population are laid out as one vector: first typical values and coefficients,
/// parameter by parameter, then omegas, those of parameters first, correlations block by block and occasion_omegas,
/// then the additive error or the exponent and the proportional error of each response. Fixed ones are not in it.
class Layout {
 public:
  /// Bounds are set around the values of `initial`: a factor e^8 for typical values and errors, omegas in [1e-3, 5],
  /// partial correlations within 0.999 of 0.
  explicit Layout(const Population& initial);

  std::size_t size() const { return coordinates_.size(); }
  const std::vector<Coordinate>& coordinates() const { return coordinates_; }
  /// The population that it was made for.
  const Population& initial() const { return initial_; }

  std::vector<double> encode(const Population& population) const;

  /// The population at `x`; what is fixed stays as it was in the initial one.
  Population decode(std::span<const double> x) const;

  /// A coordinate's value on its natural scale, and its derivative there with respect to the coordinate. Of a
  /// correlation it is the partial one, which is the correlation itself in the first column of a block.
  double natural(std::size_t coordinate, double x) const;
  double natural_derivative(std::size_t coordinate, double x) const;

 private:
  Population initial_;
  std::vector<Coordinate> coordinates_;
};

}  // namespace titrant::nlme
