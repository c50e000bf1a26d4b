#include "titrant/protocol/regimen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::protocol {

namespace {

double value_of(const pkpd::Covariates& covariates, const std::string& name, const Regimen& regimen) {
  const auto found = covariates.find(name);
  if (found != covariates.end()) return found->second;
  throw DataError(fmt::format("regimens.{}: a dose depends on the covariate {}, which a subject has no value of",
                              regimen.name, name));
}

}  // namespace

double Regimen::dose_factor(const pkpd::Covariates& covariates) const {
  double factor = 1.0;
  if (!per.empty()) {
    factor = value_of(covariates, per, *this);
    if (!(factor > 0.0) || !std::isfinite(factor)) {
      throw DataError(
          fmt::format("regimens.{}: a dose is multiplied by {}, which is {:g} in a subject; expected a value above 0",
                      name, per, factor));
    }
  }
  if (bands.covariate.empty()) return factor;
  const double value = value_of(covariates, bands.covariate, *this);
  const auto band =
      std::find_if(bands.bands.begin(), bands.bands.end(), [&](const Bands::Band& one) { return value <= one.up_to; });
  if (band == bands.bands.end()) {
    throw DataError(fmt::format("regimens.{}.bands: {} is {:g} in a subject, above the last band ({:g}); end with .inf",
                                name, bands.covariate, value, bands.bands.back().up_to));
  }
  return factor * band->factor;
}

std::string Regimen::dose_unit(const std::string& amount) const {
  if (per.empty()) return amount;
  return per == "weight" ? amount + "/kg" : fmt::format("{} per unit of {}", amount, per);
}

std::vector<double> even_doses(double from, double to, double step) {
  TITRANT_EXPECTS(step > 0.0 && to >= from);
  constexpr double rounding = 1e-9;  // of a step: `to` counts as reached in spite of rounding
  const auto count = static_cast<std::size_t>(std::floor((to - from) / step + rounding)) + 1;
  std::vector<double> doses(count);
  constexpr double digits = 1e9;  // so that 0.02 + 14 x 0.02 is 0.3
  for (std::size_t i = 0; i < count; ++i) {
    const double dose = from + static_cast<double>(i) * step;
    const double rounded = std::round(dose * digits) / digits;
    doses[i] = std::abs(rounded - dose) <= std::numeric_limits<double>::epsilon() * 4.0 * dose ? rounded : dose;
  }
  return doses;
}

}  // namespace titrant::protocol
