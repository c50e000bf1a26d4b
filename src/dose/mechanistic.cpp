#include "titrant/dose/mechanistic.hpp"

#include <algorithm>
#include <array>

#include "titrant/core/error.hpp"
#include "titrant/dose/critical_dose.hpp"
#include "titrant/parallel/work.hpp"
#include "units.hpp"

namespace titrant::dose {

namespace {

constexpr std::size_t checked_subject = 64;  // one in so many has its monotonicity checked,
constexpr std::size_t checked_dose = 5;      // on one in so many doses, others for every such person

std::size_t most_errors(const std::vector<Criterion>& criteria) {
  std::size_t most = 0;
  for (const Criterion& criterion : criteria) {
    if (criterion.label == Label::measured) most = std::max(most, criterion.sampling.size());
  }
  return most;
}

/// One counting of critical doses: what its work units share.
class Count {
 public:
  Count(const CohortView& cohort, const std::vector<Panel>& panels, const std::vector<Criterion>& criteria)
      : cohort_(cohort),
        panels_(panels),
        criteria_(criteria.size()),
        lowers_(pkpd::lowers(cohort.models.biomarker->structure)),
        units_(cohort.size, panels.size()) {
    for (const Panel& panel : panels) {
      people_.emplace_back(panel.population, cohort.models, cohort.seed, most_errors(criteria));
      questions_.emplace_back(panel.regimen.interval, criteria);
      most_ = std::max(most_, panel.doses.size());
    }
  }

  const Units& units() const { return units_; }

  /// A slot holds, for each criterion, the number of people by the first dose of the grid that is not below their
  /// critical dose (the last entry: none is), then the three numbers of the check.
  std::size_t slot() const { return criteria_ * row(); }

  void compute(std::size_t unit, std::span<double> slot_of_unit, LocalCriticalDoses* kept) const {
    const std::size_t p = units_.panel(unit);
    const std::vector<double>& doses = panels_[p].doses;
    const parallel::Block subjects = units_.subjects(unit);
    for (std::size_t i = subjects.begin; i < subjects.end; ++i) {
      const VirtualSubject person = people_[p].subject(cohort_.first + i);
      const Outcomes outcomes(person, questions_[p]);
      for (std::size_t k = 0; k < criteria_; ++k) {
        const std::span<double> counts = slot_of_unit.subspan(k * row(), row());
        const double critical = outcomes.critical_dose(k);
        counts[static_cast<std::size_t>(std::lower_bound(doses.begin(), doses.end(), critical) - doses.begin())] += 1.0;
        if (kept != nullptr) kept->dose[k][i - kept->subjects.begin] = critical;
        if (i % checked_subject == 0) check(outcomes, k, critical, p, i / checked_subject, counts.last(3));
      }
    }
  }

  PassRates rates(const std::vector<double>& slots, std::size_t panel, std::size_t criterion) const {
    const std::vector<double> people = totals(slots, panel, criterion);
    PassRates rates;
    double reached = 0.0;
    for (std::size_t d = 0; d < panels_[panel].doses.size(); ++d) {
      reached += people[d];
      const double successes = lowers_ ? reached : static_cast<double>(cohort_.size) - reached;
      rates.mean.push_back(successes / static_cast<double>(cohort_.size));
    }
    rates.indicator = rates.mean;
    return rates;
  }

  MonotonicityCheck check_of(const std::vector<double>& slots, std::size_t panel, std::size_t criterion) const {
    const std::vector<double> numbers = totals(slots, panel, criterion);
    const auto number = [&](std::size_t place) { return static_cast<std::size_t>(numbers[most_ + 1 + place]); };
    return {number(0), number(1), number(2)};
  }

 private:
  std::size_t row() const { return most_ + 1 + 3; }

  void check(const Outcomes& outcomes, std::size_t k, double critical, std::size_t p, std::size_t turn,
             std::span<double> numbers) const {
    const std::vector<double>& grid = panels_[p].doses;
    std::vector<double> doses;
    for (std::size_t d = turn % checked_dose; d < grid.size(); d += checked_dose) doses.push_back(grid[d]);
    MonotonicityCheck found;
    check_monotonicity([&](double dose) { return outcomes.passes(k, dose); }, critical, lowers_, doses, found);
    numbers[0] += static_cast<double>(found.subjects);
    numbers[1] += static_cast<double>(found.outcomes);
    numbers[2] += static_cast<double>(found.violations);
  }

  /// Sums of integers over the units of a panel, exact in any order.
  std::vector<double> totals(const std::vector<double>& slots, std::size_t panel, std::size_t criterion) const {
    std::vector<double> sums(row(), 0.0);
    for (std::size_t b = 0; b < units_.blocks(); ++b) {
      const double* from = slots.data() + units_.unit(b, panel) * slot() + criterion * row();
      for (std::size_t e = 0; e < sums.size(); ++e) sums[e] += from[e];
    }
    return sums;
  }

  const CohortView& cohort_;
  const std::vector<Panel>& panels_;
  std::size_t criteria_;
  bool lowers_;
  Units units_;
  std::vector<Population> people_;    // [panel]
  std::vector<Questions> questions_;  // [panel]
  std::size_t most_ = 0;              // doses of any panel
};

}  // namespace

void check_monotonicity(const std::function<bool(double)>& succeeds_at, double critical, bool lowers,
                        const std::vector<double>& doses, MonotonicityCheck& check) {
  ++check.subjects;
  for (const double dose : doses) {
    ++check.outcomes;
    const bool predicted = (dose >= critical) == lowers;
    if (succeeds_at(dose) != predicted) ++check.violations;
  }
}

MechanisticRates mechanistic(const parallel::Communicator& ranks, const CohortView& cohort,
                             const std::vector<Panel>& panels, const std::vector<Criterion>& criteria, bool keep,
                             const std::function<void(std::size_t, std::size_t)>& progress) {
  TITRANT_EXPECTS(cohort.size > 0 && cohort.models.biomarker != nullptr);
  const Count count(cohort, panels, criteria);
  const Units& units = count.units();

  MechanisticRates found;
  if (keep) {
    const parallel::Block mine = parallel::block_of(units.count(), ranks.size(), ranks.rank());
    for (std::size_t p = 0; p < panels.size(); ++p) {
      const parallel::Block subjects = units.subjects_of(mine, p);
      found.local.push_back({subjects, std::vector(criteria.size(), std::vector<double>(subjects.size()))});
    }
  }
  const parallel::Work work{units.count(), count.slot(),
                            [&](std::size_t unit, std::span<double> slot) {
                              count.compute(unit, slot, keep ? &found.local[units.panel(unit)] : nullptr);
                            },
                            progress, keep};
  const std::vector<double> slots = parallel::run(ranks, work);

  found.rates.resize(panels.size());
  found.check.resize(panels.size());
  for (std::size_t p = 0; p < panels.size(); ++p) {
    for (std::size_t k = 0; k < criteria.size(); ++k) {
      found.rates[p].push_back(count.rates(slots, p, k));
      found.check[p].push_back(count.check_of(slots, p, k));
    }
  }
  return found;
}

std::vector<Decision> mechanistic_decisions(const std::vector<Panel>& panels, const std::vector<Criterion>& criteria,
                                            const MechanisticRates& found, const std::vector<double>& targets) {
  std::vector<Decision> decisions;
  for (std::size_t k = 0; k < criteria.size(); ++k) {
    for (std::size_t p = 0; p < panels.size(); ++p) {
      for (const double target : targets) {
        for (const Rule rule : {Rule::mean, Rule::indicator}) {
          Decision decision = decide(panels[p], std::string(mechanistic_method), found.rates[p][k], target, rule);
          decision.label = word(criteria[k].label);
          decision.window = word(criteria[k].window);
          decisions.push_back(std::move(decision));
        }
      }
    }
  }
  return decisions;
}

}  // namespace titrant::dose
