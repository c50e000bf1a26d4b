#include "saturable_concentration.hpp"

#include <algorithm>

#include "saturable_history.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

std::vector<double> saturable_concentration(const VaryingIndividual& individual, std::span<const Dose> doses,
                                            std::span<const double> times, RecordsBefore records_before) {
  SaturableHistory history(individual, doses, latest(times));
  std::vector<double> value;
  value.reserve(times.size());
  for (std::size_t j = 0; j < times.size(); ++j) {
    value.push_back(history.concentration(times[j], records_before_of(records_before, j)));
  }
  return value;
}

void saturable_concentration_and_gradient(const VaryingIndividual& individual, std::span<const Dose> doses,
                                          std::span<const double> times, std::span<double> value,
                                          std::span<double> gradient, RecordsBefore records_before,
                                          std::span<const PkParameter> by, GradientRows rows) {
  const bool all = rows == GradientRows::all_parameters;
  const std::size_t segments = individual.segments();
  const std::size_t width = all ? pk_parameter_count : by.size();
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  TITRANT_EXPECTS(value.size() == times.size() && gradient.size() == times.size() * segments * width);
  SaturableHistory history(individual, doses, latest(times), by);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  std::vector<double> row(segments * by.size());
  for (std::size_t j = 0; j < times.size(); ++j) {
    value[j] = history.concentration(times[j], records_before_of(records_before, j), row);
    const auto into = gradient.subspan(j * segments * width, segments * width);
    for (std::size_t s = 0; s < segments; ++s) {
      for (std::size_t p = 0; p < by.size(); ++p) {
        into[s * width + (all ? static_cast<std::size_t>(by[p]) : p)] = row[s * by.size() + p];
      }
    }
  }
}

}  // namespace titrant::pkpd
