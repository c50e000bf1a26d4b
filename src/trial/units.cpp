#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

namespace {

struct Unit {
  std::string_view name;
  double size;  ///< in g, or in L
};

constexpr std::array<Unit, 8> masses = {{{"g", 1.0},
                                         {"mg", 1e-3},
                                         {"ug", 1e-6},
                                         {"\xC2\xB5g", 1e-6},  // micro sign
                                         {"\xCE\xBCg", 1e-6},  // Greek mu
                                         {"mcg", 1e-6},
                                         {"ng", 1e-9},
                                         {"pg", 1e-12}}};
constexpr std::array<Unit, 7> volumes = {
    {{"L", 1.0}, {"l", 1.0}, {"dL", 1e-1}, {"dl", 1e-1}, {"mL", 1e-3}, {"ml", 1e-3}, {"uL", 1e-6}}};

template <std::size_t count>
std::optional<double> size_of(const std::array<Unit, count>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.size;
  }
  return std::nullopt;
}

}  // namespace

double Units::concentration_of_amount_per_litre() const {
  const std::size_t slash = concentration.find('/');
  const std::optional<double> dosed = size_of(masses, amount);
  if (!dosed) throw ConfigError(fmt::format("data.units.amount: expected g, mg, ug or ng, found '{}'", amount));
  const std::optional<double> mass = size_of(masses, std::string_view(concentration).substr(0, slash));
  const std::optional<double> volume =
      slash == std::string::npos ? std::nullopt : size_of(volumes, std::string_view(concentration).substr(slash + 1));
  if (!mass || !volume) {
    throw ConfigError(
        fmt::format("data.units.concentration: expected a mass by a volume, as ng/mL, ug/mL, mg/L or ug/L, found '{}'",
                    concentration));
  }
  // Of decimal prefixes: rounded to the power of ten that it is.
  return std::pow(10.0, std::round(std::log10(*dosed / *mass * *volume)));
}

}  // namespace titrant::trial
