#include "titrant/dose/mechanistic.hpp"

#include <algorithm>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "units.hpp"

namespace titrant::dose {

namespace {

constexpr std::size_t checked_subject = 64;  // one in so many has its monotonicity checked,
constexpr std::size_t checked_dose = 5;      // on one in so many doses, others for every such subject

/// One counting of successes: what its work units share.
class Count {
 public:
  Count(const CohortView& cohort, const std::vector<Panel>& panels, const std::vector<ResolvedEndpoint>& endpoints)
      : cohort_(cohort), panels_(panels), endpoints_(endpoints.size()), units_(cohort.size, panels.size()) {
    for (const Panel& panel : panels) {
      require_supplied(panel.population, panel.regimen);
      cohorts_.emplace_back(panel.population, cohort.models, cohort.seed, errors_needed(endpoints));
      sets_.emplace_back(panel.regimen, endpoints);
      most_ = std::max(most_, panel.doses().size());
    }
  }

  const Units& units() const { return units_; }

  /// A slot holds, for each endpoint, by how many the successes grow from dose to dose of the grid (the last entry: by
  /// how many they fall after the last), then the three numbers of the check. The last row holds how many lose their
  /// steady state from dose to dose.
  std::size_t slot() const { return (endpoints_ + 1) * row(); }

  void compute(std::size_t unit, std::span<double> slot_of_unit, LocalSuccessRanges* kept) const {
    const std::size_t p = units_.panel(unit);
    const parallel::Block subjects = units_.subjects(unit);
    for (std::size_t i = subjects.begin; i < subjects.end; ++i) {
      const VirtualSubject subject = cohorts_[p].subject(cohort_.first + i);
      const Outcomes outcomes(subject, sets_[p]);
      const double bounded_below =
          pkpd::steady_state_below(per_unit_dose(subject, panels_[p].regimen), panels_[p].regimen.course());
      count({bounded_below, core::infinity}, panels_[p].doses(), slot_of_unit.last(row()));
      for (std::size_t k = 0; k < endpoints_; ++k) {
        const std::span<double> numbers = slot_of_unit.subspan(k * row(), row());
        const DoseRange range = outcomes.success_range(k);
        count(range, panels_[p].doses(), numbers);
        if (kept != nullptr) {
          kept->from[k][i - kept->subjects.begin] = range.from;
          kept->to[k][i - kept->subjects.begin] = range.to;
        }
        if (i % checked_subject == 0) check(outcomes, k, range, p, i / checked_subject, numbers.last(3));
      }
    }
  }

  Attainment attainment(const std::vector<double>& slots, std::size_t panel, std::size_t endpoint) const {
    Attainment attainment;
    attainment.mean = shares(slots, panel, endpoint);
    attainment.indicator = attainment.mean;
    return attainment;
  }

  /// [dose]
  std::vector<double> without_steady_state(const std::vector<double>& slots, std::size_t panel) const {
    return shares(slots, panel, endpoints_);
  }

  MonotonicityCheck check_of(const std::vector<double>& slots, std::size_t panel, std::size_t endpoint) const {
    const std::vector<double> numbers = totals(slots, panel, endpoint);
    const auto number = [&](std::size_t place) { return static_cast<std::size_t>(numbers[most_ + 1 + place]); };
    return {number(0), number(1), number(2)};
  }

 private:
  std::size_t row() const { return most_ + 1 + 3; }

  /// The share of the cohort that is counted on each dose, from one row of all slots.
  std::vector<double> shares(const std::vector<double>& slots, std::size_t panel, std::size_t place) const {
    const std::vector<double> growth = totals(slots, panel, place);
    std::vector<double> result;
    double counted = 0.0;
    for (std::size_t d = 0; d < panels_[panel].doses().size(); ++d) {
      counted += growth[d];
      result.push_back(counted / static_cast<double>(cohort_.size));
    }
    return result;
  }

  static void count(const DoseRange& range, const std::vector<double>& doses, std::span<double> growth) {
    const auto first = std::lower_bound(doses.begin(), doses.end(), range.from) - doses.begin();
    const auto end = std::lower_bound(doses.begin(), doses.end(), range.to) - doses.begin();
    if (first >= end) return;
    growth[static_cast<std::size_t>(first)] += 1.0;
    growth[static_cast<std::size_t>(end)] -= 1.0;
  }

  void check(const Outcomes& outcomes, std::size_t k, const DoseRange& range, std::size_t p, std::size_t turn,
             std::span<double> numbers) const {
    const std::vector<double>& grid = panels_[p].doses();
    std::vector<double> doses;
    for (std::size_t d = turn % checked_dose; d < grid.size(); d += checked_dose) doses.push_back(grid[d]);
    MonotonicityCheck found;
    check_monotonicity([&](double dose) { return outcomes.succeeds(k, dose); }, range, doses, found);
    numbers[0] += static_cast<double>(found.subjects);
    numbers[1] += static_cast<double>(found.outcomes);
    numbers[2] += static_cast<double>(found.violations);
  }

  /// Sums of integers over the units of a panel, exact in any order.
  std::vector<double> totals(const std::vector<double>& slots, std::size_t panel, std::size_t endpoint) const {
    std::vector<double> sums(row(), 0.0);
    for (std::size_t b = 0; b < units_.blocks(); ++b) {
      const double* from = slots.data() + units_.unit(b, panel) * slot() + endpoint * row();
      for (std::size_t e = 0; e < sums.size(); ++e) sums[e] += from[e];
    }
    return sums;
  }

  const CohortView& cohort_;
  const std::vector<Panel>& panels_;
  std::size_t endpoints_;
  Units units_;
  std::vector<Cohort> cohorts_;    // [panel]
  std::vector<EndpointSet> sets_;  // [panel]
  std::size_t most_ = 0;           // doses of any panel
};

}  // namespace

void check_monotonicity(const std::function<bool(double)>& succeeds_at, const DoseRange& range,
                        const std::vector<double>& doses, MonotonicityCheck& check) {
  ++check.subjects;
  for (const double dose : doses) {
    ++check.outcomes;
    if (succeeds_at(dose) != range.holds(dose)) ++check.violations;
  }
}

MechanisticAttainment mechanistic(const parallel::Communicator& ranks, const CohortView& cohort,
                                  const std::vector<Panel>& panels, const std::vector<ResolvedEndpoint>& endpoints,
                                  bool keep, const std::function<void(std::size_t, std::size_t)>& progress) {
  TITRANT_EXPECTS(cohort.size > 0);
  require_models(endpoints, cohort.models);
  const Count count(cohort, panels, endpoints);
  const Units& units = count.units();

  MechanisticAttainment found;
  if (keep) {
    const parallel::Block mine = parallel::block_of(units.count(), ranks.size(), ranks.rank());
    for (std::size_t p = 0; p < panels.size(); ++p) {
      const parallel::Block subjects = units.subjects_of(mine, p);
      const std::vector<std::vector<double>> room(endpoints.size(), std::vector<double>(subjects.size()));
      found.local.push_back({subjects, room, room});
    }
  }
  const parallel::Work work{units.count(), count.slot(),
                            [&](std::size_t unit, std::span<double> slot) {
                              count.compute(unit, slot, keep ? &found.local[units.panel(unit)] : nullptr);
                            },
                            progress, keep};
  const std::vector<double> slots = parallel::run(ranks, work);

  found.attainment.resize(panels.size());
  found.check.resize(panels.size());
  for (std::size_t p = 0; p < panels.size(); ++p) {
    found.without_steady_state.push_back(count.without_steady_state(slots, p));
    for (std::size_t k = 0; k < endpoints.size(); ++k) {
      found.attainment[p].push_back(count.attainment(slots, p, k));
      found.check[p].push_back(count.check_of(slots, p, k));
    }
  }
  return found;
}

std::vector<Decision> mechanistic_decisions(const std::vector<Panel>& panels,
                                            const std::vector<ResolvedEndpoint>& endpoints,
                                            const MechanisticAttainment& found,
                                            const std::vector<protocol::Question>& questions, std::string_view method) {
  std::vector<Decision> decisions;
  for (const protocol::Question& question : questions) {
    const std::size_t p = panel_of(question, panels);
    const auto endpoint = std::find_if(endpoints.begin(), endpoints.end(),
                                       [&](const ResolvedEndpoint& one) { return one.name() == question.endpoint; });
    if (p == panels.size() || endpoint == endpoints.end()) continue;
    const auto k = static_cast<std::size_t>(endpoint - endpoints.begin());
    for (const Rule rule : {Rule::mean, Rule::indicator}) {
      decisions.push_back(
          decide(question, panels[p].doses(), endpoint->direction, std::string(method), found.attainment[p][k], rule));
    }
  }
  return decisions;
}

void add_without_steady_state(std::vector<Decision>& decisions, const std::vector<Panel>& panels,
                              const std::vector<ResolvedEndpoint>& endpoints, const MechanisticAttainment& found) {
  for (Decision& decision : decisions) {
    const std::size_t p = panel_of(decision.question, panels);
    const std::vector<protocol::Endpoint>& parts = endpoint_of(decision.question, endpoints).parts;
    const bool steady =
        std::any_of(parts.begin(), parts.end(), [](const protocol::Endpoint& part) { return part.steady_state; });
    if (p == panels.size() || !steady) continue;
    const std::optional<double>& last = decision.highest ? decision.highest : decision.lowest;
    if (!last) {
      decision.without_steady_state = core::not_available;
      continue;
    }
    const std::vector<double>& doses = panels[p].doses();
    const auto place = std::lower_bound(doses.begin(), doses.end(), *last) - doses.begin();
    decision.without_steady_state = found.without_steady_state[p][static_cast<std::size_t>(place)];
  }
}

}  // namespace titrant::dose
