#include "body_volume.hpp"

#include <fmt/format.h>

#include <vector>

#include "titrant/core/statistics.hpp"

namespace titrant::nlme {

namespace {

constexpr double adult_weight = 70.0;     // kg
constexpr double least_volume = 0.02;     // L/kg
constexpr double largest_volume = 300.0;  // L/kg

double median_weight(const PkModel& trial) {
  std::vector<double> weights;
  for (std::size_t subject = 0; subject < trial.subjects(); ++subject) {
    const auto& covariates = trial.trial_subject(subject).covariates;
    const auto found = covariates.find("weight");
    if (found != covariates.end()) weights.push_back(found->second);
  }
  if (weights.empty()) return adult_weight;
  return core::upper_median(std::move(weights));
}

}  // namespace

std::string body_volume_remark(const PkModel& trial, const pkpd::PopulationModel& model) {
  double volume = 0.0;
  for (const pkpd::ParameterModel& one : model.parameters) {
    if (one.name == "volume" || one.name == "peripheral_volume" || one.name == "second_peripheral_volume") {
      volume += one.typical;
    }
  }
  const double weight = median_weight(trial);
  if (volume >= least_volume * weight && volume <= largest_volume * weight) return "";
  return fmt::format(
      "a volume of {:.3g} L is hardly one of a body of {:.3g} kg (usual are {:.3g} to {:.3g} L): are doses in {} and "
      "concentrations in {}, as data.units has them?",
      volume, weight, least_volume * weight, largest_volume * weight, trial.units().amount,
      trial.units().concentration);
}

}  // namespace titrant::nlme
