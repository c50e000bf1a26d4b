#include "titrant/dose/uncertainty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/dose/mechanistic.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::dose {

namespace {

bool has_occasions(const ReplicatePlan& plan) {
  return plan.cohort.models.pk != nullptr && plan.cohort.models.pk->kappa_count() > 0;
}

std::vector<MethodName> methods_of(const ReplicatePlan& plan) {
  std::vector<MethodName> methods;
  for (const Predictor& predictor : plan.cohort.predictors) methods.push_back({predictor.name, predictor.endpoint});
  const auto add = [&](std::string_view method) {
    for (const ResolvedEndpoint& endpoint : plan.endpoints) methods.push_back({std::string(method), endpoint.name()});
  };
  add(mechanistic_method);
  if (has_occasions(plan)) add(no_occasions_method);
  return methods;
}

/// [panel][method] of one replicate.
std::vector<std::vector<Attainment>> evaluate_replicate(const ReplicatePlan& plan, const Replicate& models,
                                                        std::size_t replicate) {
  TITRANT_EXPECTS(models.classifiers.size() == plan.cohort.predictors.size());
  CohortView cohort = plan.cohort;
  cohort.models.pk = &models.pk;
  cohort.models.biomarker = models.biomarker ? &*models.biomarker : nullptr;
  for (std::size_t c = 0; c < cohort.predictors.size(); ++c) {
    cohort.predictors[c].classifier = models.classifiers[c].get();
  }
  cohort.first = plan.cohort.first + (replicate + 1) * plan.cohort.size;
  const parallel::Communicator alone;
  std::vector<std::vector<Attainment>> all =
      evaluate(alone, cohort, plan.panels, all_doses(plan.panels), false).attainment;
  if (plan.endpoints.empty()) return all;
  const auto add = [&](const CohortView& whom) {
    MechanisticAttainment by_model = mechanistic(alone, whom, plan.panels, plan.endpoints, false);
    for (std::size_t p = 0; p < all.size(); ++p) {
      for (Attainment& of_endpoint : by_model.attainment[p]) all[p].push_back(std::move(of_endpoint));
    }
  };
  add(cohort);
  if (has_occasions(plan)) {
    const pkpd::PopulationModel same = without_occasions(models.pk);
    cohort.models.pk = &same;
    add(cohort);
  }
  return all;
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

/// The doses that answer a decision's question in every replicate; where there is none, nothing.
struct ReplicateDoses {
  std::vector<std::optional<double>> lowest;
  std::vector<std::optional<double>> highest;
  std::size_t meeting = 0;  ///< replicates in which the decision's own answer reaches the target
};

/// Whether attainment at each end of an answer reaches the target, in a replicate or anywhere else.
bool meets(const Decision& decision, const std::vector<double>& grid, const std::vector<double>& attainment) {
  if (std::isnan(decision.answer())) return false;
  const auto reaches = [&](const std::optional<double>& dose) {
    if (!dose) return true;
    const auto place = std::lower_bound(grid.begin(), grid.end(), *dose) - grid.begin();
    return attainment[static_cast<std::size_t>(place)] >= decision.question.target;
  };
  return reaches(decision.lowest) && reaches(decision.highest);
}

ReplicateDoses doses_of(const Decision& decision, const std::vector<double>& grid,
                        const ReplicateAttainment& replicates, std::size_t panel, std::size_t method) {
  ReplicateDoses doses;
  const auto dose_at = [&](std::optional<std::size_t> place) {
    return place ? std::optional(grid[*place]) : std::nullopt;
  };
  for (const auto& replicate : replicates.attainment) {
    const std::vector<double>& attainment = replicate[panel][method].by(decision.rule);
    const AnswerPlaces places = doses_reaching(attainment, decision.question.target, decision.direction);
    doses.lowest.push_back(dose_at(places.lowest));
    doses.highest.push_back(dose_at(places.highest));
    if (meets(decision, grid, attainment)) ++doses.meeting;
  }
  return doses;
}

}  // namespace

ReplicateAttainment replicate_attainment(const parallel::Communicator& ranks, const ReplicatePlan& plan,
                                         const MakeReplicate& make,
                                         const std::function<void(std::size_t, std::size_t)>& progress) {
  ReplicateAttainment all;
  all.methods = methods_of(plan);
  std::size_t slot = parallel::reason_slot;  // why it could not be made, or nothing; then attainment
  for (const Panel& panel : plan.panels) slot += all.methods.size() * panel.doses().size() * 2;

  const parallel::Work work{plan.replicates, slot,
                            [&](std::size_t replicate, std::span<double> out) {
                              const std::optional<Replicate> models = try_to_make(make, replicate, out);
                              if (!models) return;
                              auto position = out.begin() + parallel::reason_slot;
                              for (const auto& panel : evaluate_replicate(plan, *models, replicate)) {
                                for (const Attainment& one : panel) {
                                  position = std::copy(one.mean.begin(), one.mean.end(), position);
                                  position = std::copy(one.indicator.begin(), one.indicator.end(), position);
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
    auto& panels = all.attainment.emplace_back();
    for (const Panel& panel : plan.panels) {
      const auto doses = static_cast<std::ptrdiff_t>(panel.doses().size());
      for (Attainment& one : panels.emplace_back(all.methods.size())) {
        one.mean.assign(position, position + doses);
        position += doses;
        one.indicator.assign(position, position + doses);
        position += doses;
      }
    }
  }
  if (all.attainment.empty() && plan.replicates > 0) {
    throw NumericalError(
        fmt::format("none of the {} replicates behind the intervals could be made ({}); for answers without intervals "
                    "set uncertainty.source: none",
                    plan.replicates, all.left_out.text("replicate")));
  }
  return all;
}

void add_intervals(std::vector<Decision>& decisions, const std::vector<Panel>& panels,
                   const ReplicateAttainment& replicates, const std::string& source) {
  for (Decision& decision : decisions) {
    const std::size_t p = panel_of(decision.question, panels);
    const auto method = std::find(replicates.methods.begin(), replicates.methods.end(),
                                  MethodName{decision.method, decision.question.endpoint});
    if (p == panels.size() || method == replicates.methods.end() || replicates.attainment.empty()) continue;
    const auto m = static_cast<std::size_t>(method - replicates.methods.begin());
    const ReplicateDoses doses = doses_of(decision, panels[p].doses(), replicates, p, m);
    const Interval lowest = interval(doses.lowest, above_the_grid);
    const Interval highest = interval(doses.highest, below_the_grid);
    const Interval& answer = decision.direction == protocol::Direction::falling ? highest : lowest;
    decision.lower = answer.lower;
    decision.upper = answer.upper;
    if (decision.direction == protocol::Direction::window) {
      decision.upper_end_lower = highest.lower;
      decision.upper_end_upper = highest.upper;
    }
    decision.probability_of_target =
        static_cast<double>(doses.meeting) / static_cast<double>(replicates.attainment.size());
    decision.interval_source = source;
  }
}

Band band(const ReplicateAttainment& replicates, std::size_t panel, std::size_t method) {
  TITRANT_EXPECTS(!replicates.attainment.empty());
  const std::size_t doses = replicates.attainment.front()[panel][method].mean.size();
  Band result;
  std::vector<double> values(replicates.attainment.size());
  for (std::size_t d = 0; d < doses; ++d) {
    for (std::size_t r = 0; r < values.size(); ++r) values[r] = replicates.attainment[r][panel][method].mean[d];
    const Interval of_dose = interval(values);
    result.lower.push_back(of_dose.lower);
    result.upper.push_back(of_dose.upper);
  }
  return result;
}

}  // namespace titrant::dose
