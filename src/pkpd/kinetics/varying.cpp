#include "titrant/pkpd/varying.hpp"

#include <algorithm>
#include <cmath>

#include "saturable_concentration.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "varying_history.hpp"

namespace titrant::pkpd {

std::vector<double> concentration(const VaryingIndividual& individual, std::span<const Dose> doses,
                                  std::span<const double> times, RecordsBefore records_before) {
  if (individual.changes.empty()) return concentration(individual.first, doses, times, records_before);
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  if (individual.first.saturable()) return saturable_concentration(individual, doses, times, records_before);
  const VaryingHistory history(individual, doses, latest(times), false);
  std::vector<double> value(times.size());
  for (std::size_t j = 0; j < times.size(); ++j) {
    const VaryingHistory::Piece& piece = history.piece_at(times[j], records_before_of(records_before, j));
    const Individual& now = individual.segment(piece.segment);
    value[j] = now.concentration_scale / now.volume * history.at(times[j], piece).value[1];
  }
  return value;
}

void concentration_and_gradient(const VaryingIndividual& individual, std::span<const Dose> doses,
                                std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                RecordsBefore records_before, std::span<const PkParameter> by) {
  const std::size_t width = individual.segments() * pk_parameter_count;
  constexpr auto volume = static_cast<std::size_t>(PkParameter::volume);
  TITRANT_EXPECTS(records_before.empty() || records_before.size() == times.size());
  TITRANT_EXPECTS(value.size() == times.size() && gradient.size() == times.size() * width);
  if (individual.changes.empty()) {
    concentration_and_gradient(individual.first, doses, times, value, gradient, records_before, by);
    return;
  }
  if (individual.first.saturable()) {
    saturable_concentration_and_gradient(individual, doses, times, value, gradient, records_before, by,
                                         GradientRows::all_parameters);
    return;
  }
  const std::span<const PkParameter> used = parameters_of(individual.first.structure);
  const VaryingHistory history(individual, doses, latest(times), true);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (std::size_t j = 0; j < times.size(); ++j) {
    const VaryingHistory::Piece& piece = history.piece_at(times[j], records_before_of(records_before, j));
    const Individual& now = individual.segment(piece.segment);
    const double scale = now.concentration_scale / now.volume;
    const Amounts amounts = history.at(times[j], piece);
    value[j] = scale * amounts.value[1];
    const double* central = amounts.by.data() + individual.segments() * used.size();
    for (std::size_t s = 0; s < individual.segments(); ++s) {
      const auto row = gradient.subspan(j * width + s * pk_parameter_count, pk_parameter_count);
      for (const PkParameter which : used) row[static_cast<std::size_t>(which)] = scale * *central++;
    }
    gradient[j * width + piece.segment * pk_parameter_count + volume] -= value[j] / now.volume;
  }
  for (const PkParameter which : dose_parameters) {
    if (std::find(by.begin(), by.end(), which) == by.end()) continue;
    for (std::size_t s = 0; s < individual.segments(); ++s) {
      if (!depends_on(individual.segment(s), doses, which)) continue;
      const VaryingHistory derivative(individual, doses, latest(times), false, VaryingHistory::DoseParameter{which, s});
      for (std::size_t j = 0; j < times.size(); ++j) {
        const VaryingHistory::Piece& piece = derivative.piece_at(times[j], records_before_of(records_before, j));
        const Individual& now = individual.segment(piece.segment);
        gradient[j * width + s * pk_parameter_count + static_cast<std::size_t>(which)] =
            now.concentration_scale / now.volume * derivative.at(times[j], piece).value[1];
      }
    }
  }
}

}  // namespace titrant::pkpd
