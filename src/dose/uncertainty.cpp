#include "titrant/dose/uncertainty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/dose/mechanistic.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::dose {

namespace {

std::vector<MethodName> methods_of(const ReplicatePlan& plan) {
  std::vector<MethodName> methods;
  for (const Predictor& predictor : plan.cohort.predictors) {
    methods.push_back({predictor.name, predictor.label, predictor.window});
  }
  for (const Criterion& criterion : plan.criteria) {
    methods.push_back(
        {std::string(mechanistic_method), std::string(word(criterion.label)), std::string(word(criterion.window))});
  }
  return methods;
}

/// [panel][method] of one replicate.
std::vector<std::vector<PassRates>> evaluate_replicate(const ReplicatePlan& plan, const Replicate& models,
                                                       std::size_t replicate) {
  TITRANT_EXPECTS(models.classifiers.size() == plan.cohort.predictors.size());
  TITRANT_EXPECTS(plan.criteria.empty() || models.biomarker.has_value());
  CohortView cohort = plan.cohort;
  cohort.models.pk = &models.pk;
  cohort.models.biomarker = models.biomarker ? &*models.biomarker : nullptr;
  cohort.models.trial_weights = models.trial_weights;
  for (std::size_t c = 0; c < cohort.predictors.size(); ++c) {
    cohort.predictors[c].classifier = models.classifiers[c].get();
  }
  cohort.first = plan.cohort.first + (replicate + 1) * plan.cohort.size;
  const parallel::Communicator alone;
  std::vector<std::vector<PassRates>> rates = evaluate(alone, cohort, plan.panels, all_doses(plan.panels), false).rates;
  if (!plan.criteria.empty()) {
    MechanisticRates mechanistic_rates = mechanistic(alone, cohort, plan.panels, plan.criteria, false);
    for (std::size_t p = 0; p < rates.size(); ++p) {
      for (PassRates& of_criterion : mechanistic_rates.rates[p]) rates[p].push_back(std::move(of_criterion));
    }
  }
  return rates;
}

/// The replicate, or nothing and the reason in its slot.
std::optional<Replicate> try_to_make(const MakeReplicate& make, std::size_t replicate, std::span<double> slot) {
  try {
    return make(replicate);
  } catch (const NumericalError& error) {
    parallel::write_reason(error.what(), slot);
  } catch (const DataError& error) {
    parallel::write_reason(error.what(), slot);
  }
  return std::nullopt;
}

/// The place of the panel that a decision is about; none: past the end.
std::size_t panel_of(const Decision& decision, const std::vector<Panel>& panels) {
  const auto found = std::find_if(panels.begin(), panels.end(), [&](const Panel& panel) {
    return panel.scenario == decision.scenario && panel.regimen.name == decision.regimen;
  });
  return static_cast<std::size_t>(found - panels.begin());
}

}  // namespace

ReplicateRates replicate_rates(const parallel::Communicator& ranks, const ReplicatePlan& plan,
                               const MakeReplicate& make,
                               const std::function<void(std::size_t, std::size_t)>& progress) {
  ReplicateRates all;
  all.methods = methods_of(plan);
  std::size_t slot = parallel::reason_slot;  // why it could not be made, or nothing; then the rates
  for (const Panel& panel : plan.panels) slot += all.methods.size() * panel.doses.size() * 2;

  const parallel::Work work{plan.replicates, slot,
                            [&](std::size_t replicate, std::span<double> out) {
                              const std::optional<Replicate> models = try_to_make(make, replicate, out);
                              if (!models) return;
                              auto position = out.begin() + parallel::reason_slot;
                              for (const auto& panel : evaluate_replicate(plan, *models, replicate)) {
                                for (const PassRates& rates : panel) {
                                  position = std::copy(rates.mean.begin(), rates.mean.end(), position);
                                  position = std::copy(rates.indicator.begin(), rates.indicator.end(), position);
                                }
                              }
                            },
                            progress};
  const std::vector<double> slots = parallel::run(ranks, work);

  for (std::size_t replicate = 0; replicate < plan.replicates; ++replicate) {
    const std::string failure = parallel::read_reason(std::span(slots).subspan(replicate * slot, slot));
    all.left_out.add(replicate, failure);
    if (!failure.empty()) continue;
    auto position = slots.begin() + static_cast<std::ptrdiff_t>(replicate * slot + parallel::reason_slot);
    auto& panels = all.rates.emplace_back();
    for (const Panel& panel : plan.panels) {
      const auto doses = static_cast<std::ptrdiff_t>(panel.doses.size());
      for (PassRates& rates : panels.emplace_back(all.methods.size())) {
        rates.mean.assign(position, position + doses);
        position += doses;
        rates.indicator.assign(position, position + doses);
        position += doses;
      }
    }
  }
  if (all.rates.empty() && plan.replicates > 0) {
    throw NumericalError(
        fmt::format("none of the {} replicates behind the intervals could be made ({}); for answers without intervals "
                    "set uncertainty.source: none",
                    plan.replicates, all.left_out.text("replicate")));
  }
  return all;
}

void add_intervals(std::vector<Decision>& decisions, const std::vector<Panel>& panels, const ReplicateRates& replicates,
                   const std::string& source) {
  for (Decision& decision : decisions) {
    const std::size_t p = panel_of(decision, panels);
    const auto method = std::find(replicates.methods.begin(), replicates.methods.end(),
                                  MethodName{decision.classifier, decision.label, decision.window});
    if (p == panels.size() || method == replicates.methods.end() || replicates.rates.empty()) continue;
    const auto m = static_cast<std::size_t>(method - replicates.methods.begin());
    const std::vector<double>& grid = panels[p].doses;

    std::vector<std::optional<double>> doses;
    std::size_t meeting = 0;
    for (const auto& replicate : replicates.rates) {
      const std::vector<double>& rates = replicate[p][m].by(decision.rule);
      const auto first = first_reaching(rates, decision.target);
      doses.push_back(first ? std::optional(grid[*first]) : std::nullopt);
      if (!decision.minimal_dose) continue;
      const auto place = std::lower_bound(grid.begin(), grid.end(), *decision.minimal_dose) - grid.begin();
      if (rates[static_cast<std::size_t>(place)] >= decision.target) ++meeting;
    }
    const Interval found = interval(doses);
    decision.lower = found.lower;
    decision.upper = found.upper;
    decision.probability_of_target = static_cast<double>(meeting) / static_cast<double>(doses.size());
    decision.interval_source = source;
  }
}

Band band(const ReplicateRates& replicates, std::size_t panel, std::size_t method) {
  TITRANT_EXPECTS(!replicates.rates.empty());
  const std::size_t doses = replicates.rates.front()[panel][method].mean.size();
  Band result;
  std::vector<double> values(replicates.rates.size());
  for (std::size_t d = 0; d < doses; ++d) {
    for (std::size_t r = 0; r < values.size(); ++r) values[r] = replicates.rates[r][panel][method].mean[d];
    const Interval of_dose = interval(values);
    result.lower.push_back(of_dose.lower);
    result.upper.push_back(of_dose.upper);
  }
  return result;
}

}  // namespace titrant::dose
