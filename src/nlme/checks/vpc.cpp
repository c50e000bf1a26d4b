#include "titrant/nlme/vpc.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "observation_interval.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/trial/outcome.hpp"

namespace titrant::nlme {

namespace {

using Observations = std::vector<trial::Observation> trial::Subject::*;

constexpr std::size_t most_times = 60;   // more different sampling times than this are pooled
constexpr std::size_t pooled_bins = 20;  // into so many bins of equal count

bool above_its_value(const trial::Observation& one) {
  return one.censored && std::isinf(observation_interval(one).upper);
}

/// Where an observation belongs: the bins of a trial, by dose group and sampling time.
class Bins {
 public:
  Bins(const trial::Trial& trial, Observations kind) : kind_(kind) {
    std::vector<double> times;
    for (const trial::Subject& subject : trial.subjects) {
      for (const trial::Observation& one : subject.*kind) times.push_back(one.time);
    }
    std::sort(times.begin(), times.end());
    std::vector<double> distinct = times;
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (distinct.size() <= most_times) {
      first_ = distinct;
      centre_ = distinct;
    } else {
      for (std::size_t k = 0; k < pooled_bins; ++k) {
        const std::size_t begin = k * times.size() / pooled_bins;
        const std::size_t end = (k + 1) * times.size() / pooled_bins;
        if (!first_.empty() && times[begin] == first_.back()) continue;
        first_.push_back(times[begin]);
        centre_.push_back(times[(begin + end) / 2]);
      }
    }
    for (const trial::Subject& subject : trial.subjects) {
      for (const trial::Observation& one : subject.*kind) places_[{subject.dose, bin_of(one.time)}] = 0;
    }
    std::size_t place = 0;
    for (auto& [key, index] : places_) index = place++;
  }

  std::size_t size() const { return places_.size(); }

  /// [bin] the values of a trial; a censored one is 0, below every other, or, where it is known to be above its value,
  /// that value.
  std::vector<std::vector<double>> values(const trial::Trial& trial) const {
    std::vector<std::vector<double>> all(size());
    for (const trial::Subject& subject : trial.subjects) {
      for (const trial::Observation& one : subject.*kind_) {
        all[places_.at({subject.dose, bin_of(one.time)})].push_back(
            !one.censored || above_its_value(one) ? shown_value(one) : 0.0);
      }
    }
    return all;
  }

  std::vector<CheckBin> empty() const {
    std::vector<CheckBin> bins;
    for (const auto& [key, index] : places_) {
      CheckBin bin;
      bin.dose = key.first;
      bin.time = centre_[key.second];
      bins.push_back(bin);
    }
    return bins;
  }

 private:
  std::size_t bin_of(double time) const {
    return static_cast<std::size_t>(std::upper_bound(first_.begin(), first_.end(), time) - first_.begin()) - 1;
  }

  Observations kind_;
  std::vector<double> first_;   ///< [time bin] its first time
  std::vector<double> centre_;  ///< and the middle one
  std::map<std::pair<double, std::size_t>, std::size_t> places_;
};

std::vector<double> quantiles(std::vector<std::vector<double>> values) {
  std::vector<double> all;
  for (std::vector<double>& of_bin : values) {
    for (const double share : check_quantiles) all.push_back(core::quantile(of_bin, share));
  }
  return all;
}

/// The observed quantiles beside those of all simulations. \param slots  [simulation][slot], these from `offset` on
std::vector<CheckBin> compare(const Bins& bins, const trial::Trial& trial, const std::vector<double>& slots,
                              std::size_t slot, std::size_t offset) {
  std::vector<CheckBin> result = bins.empty();
  std::vector<std::vector<double>> values = bins.values(trial);
  const std::size_t simulations = slots.size() / slot;
  for (std::size_t b = 0; b < result.size(); ++b) {
    result[b].count = values[b].size();
    for (std::size_t q = 0; q < check_quantiles.size(); ++q) {
      result[b].observed[q] = core::quantile(values[b], check_quantiles[q]);
      std::vector<double> simulated;
      for (std::size_t s = 0; s < simulations; ++s) {
        simulated.push_back(slots[s * slot + offset + b * check_quantiles.size() + q]);
      }
      result[b].lower[q] = core::quantile(simulated, 0.05);
      result[b].simulated[q] = core::quantile(simulated, 0.5);
      result[b].upper[q] = core::quantile(simulated, 0.95);
    }
  }
  return result;
}

/// Successes of one endpoint on one dose.
struct EndpointStratum {
  std::string endpoint;
  trial::ObservedAttainment attainment;
};

/// By endpoint, then dose; endpoints of the biomarker only where it is simulated.
std::vector<EndpointStratum> strata(const trial::Trial& trial, const std::vector<protocol::Endpoint>& endpoints,
                                    bool with_biomarker) {
  std::vector<EndpointStratum> all;
  for (const protocol::Endpoint& endpoint : endpoints) {
    if (!endpoint.labels_trial()) continue;
    if (endpoint.of == protocol::Quantity::biomarker && !with_biomarker) continue;
    for (const trial::ObservedAttainment& one : trial::attainment_by_dose(trial, endpoint)) {
      all.push_back({endpoint.name, one});
    }
  }
  return all;
}

}  // namespace

PredictiveChecks predictive_checks(const parallel::Communicator& ranks, const trial::Trial& trial,
                                   const pkpd::PopulationModel& pk, const pkpd::BiomarkerPopulation* biomarker,
                                   const std::vector<protocol::Endpoint>& endpoints, std::size_t simulations,
                                   std::uint64_t seed) {
  TITRANT_EXPECTS(simulations > 0);
  // Numbers of simulated trials from here on, so that they share nothing with other replicates of a run.
  constexpr std::size_t first = std::size_t{1} << 24U;
  const Bins concentrations(trial, &trial::Subject::concentrations);
  const Bins biomarkers(trial, &trial::Subject::biomarkers);
  const std::vector<EndpointStratum> observed = strata(trial, endpoints, biomarker != nullptr);
  const std::size_t of_pk = concentrations.size() * check_quantiles.size();
  const std::size_t of_pd = biomarker == nullptr ? 0 : biomarkers.size() * check_quantiles.size();
  const std::size_t of_rates = observed.size();
  const std::size_t slot = of_pk + of_pd + of_rates;
  const auto compute = [&](std::size_t unit, std::span<double> out) {
    const trial::Trial again = simulate_again(trial, pk, biomarker, seed, first + unit);
    const std::vector<double> pk_quantiles = quantiles(concentrations.values(again));
    std::copy(pk_quantiles.begin(), pk_quantiles.end(), out.begin());
    if (biomarker != nullptr) {
      const std::vector<double> pd_quantiles = quantiles(biomarkers.values(again));
      std::copy(pd_quantiles.begin(), pd_quantiles.end(), out.begin() + static_cast<std::ptrdiff_t>(of_pk));
    }
    const std::vector<EndpointStratum> rates = strata(again, endpoints, biomarker != nullptr);
    for (std::size_t g = 0; g < of_rates; ++g) out[of_pk + of_pd + g] = rates[g].attainment.successes;
  };
  const std::vector<double> slots =
      parallel::run(ranks, {.units = simulations, .slot = slot, .compute = compute, .progress = {}});

  PredictiveChecks checks;
  checks.concentration = compare(concentrations, trial, slots, slot, 0);
  if (biomarker != nullptr) checks.biomarker = compare(biomarkers, trial, slots, slot, of_pk);
  for (std::size_t g = 0; g < of_rates; ++g) {
    std::vector<double> successes;
    for (std::size_t s = 0; s < simulations; ++s) successes.push_back(slots[s * slot + of_pk + of_pd + g]);
    const trial::ObservedAttainment& of_dose = observed[g].attainment;
    AttainmentCheck check{observed[g].endpoint, of_dose.dose, of_dose.successes, of_dose.count, 0.0, 0.0, 0.0};
    check.lower = core::nearest_rank(successes, 0.05);
    check.median = core::nearest_rank(successes, 0.5);
    check.upper = core::nearest_rank(successes, 0.95);
    checks.attainment.push_back(check);
  }
  return checks;
}

}  // namespace titrant::nlme
