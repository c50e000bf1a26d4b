#include "titrant/hardware/answer.hpp"

#include <algorithm>
#include <map>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/core/sum.hpp"

namespace titrant::hardware {

namespace {

std::optional<double> dose_at(const Scheme& scheme, std::optional<std::size_t> place) {
  return place ? std::optional(scheme.doses[*place]) : std::nullopt;
}

/// Exact attainment of the subjects that have counts on every dose.
std::vector<double> exact_of(const Scheme& scheme, std::span<const Counted> counts) {
  std::map<std::uint64_t, std::map<double, double>> by_subject;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const PlannedCircuit& circuit = scheme.circuits[k];
    if (circuit.role == Role::question && counts[k].shots >= least_counted)
      by_subject[circuit.subject][circuit.dose] = circuit.p_one;
  }
  std::map<double, std::vector<double>> by_dose;
  for (const auto& [subject, doses] : by_subject) {
    if (doses.size() != scheme.doses.size()) continue;
    for (const auto& [dose, p_one] : doses) by_dose[dose].push_back(scheme.readout.probability(p_one));
  }
  std::vector<double> attainment;
  for (const auto& [dose, p] : by_dose) attainment.push_back(core::ordered_mean(p));
  return attainment;
}

}  // namespace

std::optional<DeviceAnswer> answer_of(const Scheme& scheme, const std::vector<double>& grid,
                                      std::span<const Counted> counts, std::uint64_t seed) {
  const std::optional<Estimate> found = estimate(scheme, counts);
  if (!found) return std::nullopt;
  DeviceAnswer answer;
  answer.estimate = *found;
  answer.dose = dose_at(scheme, found->place);
  const bool falling = scheme.direction == protocol::Direction::falling;
  const double outermost = falling ? scheme.doses.back() : scheme.doses.front();
  answer.open = answer.dose == outermost && outermost != (falling ? grid.back() : grid.front());
  answer.exact = exact_of(scheme, counts);
  answer.exact_dose =
      dose_at(scheme, dose::doses_reaching(answer.exact, scheme.target, scheme.direction).answer(scheme.direction));
  for (const PlannedCircuit& circuit : scheme.circuits)
    answer.readout_amplification = std::max(answer.readout_amplification, amplification(circuit.readout));

  std::vector<std::optional<double>> doses;
  std::vector<Counted> drawn(counts.begin(), counts.end());
  for (std::size_t replicate = 0; replicate < interval_replicates; ++replicate) {
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      if (counts[k].shots == 0) continue;
      core::Stream stream(seed, core::Purpose::device_interval, replicate, static_cast<std::uint32_t>(k));
      const double share = (static_cast<double>(counts[k].ones) + 0.5) / (static_cast<double>(counts[k].shots) + 1.0);
      drawn[k].ones = stream.binomial(static_cast<std::uint32_t>(counts[k].shots), share);
    }
    const std::optional<Estimate> again = estimate(scheme, drawn);
    doses.push_back(again ? dose_at(scheme, again->place) : std::nullopt);
  }
  answer.interval = dose::interval(doses, falling ? dose::below_the_grid : dose::above_the_grid);
  return answer;
}

}  // namespace titrant::hardware
