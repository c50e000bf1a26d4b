#include "titrant/dose/mechanistic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/dose/critical_dose.hpp"

namespace titrant::dose {

namespace {

std::vector<Panel> panels() {
  return {{"base", {50.0, 100.0, 0.5}, daily, GridOptions{1.0, 20.0, 1.0}.values()},
          {"heavy", {70.0, 140.0, 0.0}, weekly, GridOptions{5.0, 150.0, 10.0}.values()}};
}

std::vector<Criterion> criteria() {
  Criterion latent;
  latent.label = Label::latent;
  latent.window = Window::steady_state;
  Criterion measured;
  measured.sampling = {480.0, 492.0, 504.0};
  return {latent, measured};
}

}  // namespace

// The share of persons who pass each dose, each judged by the definition.
TEST(Mechanistic, RatesAreTheSharesOfThoseWhoPass) {
  const pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  for (const auto structure :
       {pkpd::BiomarkerStructure::turnover_inhibition, pkpd::BiomarkerStructure::turnover_stimulation}) {
    biomarker.structure = structure;
    if (structure == pkpd::BiomarkerStructure::turnover_stimulation) {
      biomarker.parameters[0].typical = 2.0;
      biomarker.parameters[2].typical = 3.0;
    }
    const CohortView cohort{{&pk, &biomarker, {}}, 150, 4, {}, 7};
    const MechanisticRates found = mechanistic({}, cohort, panels(), criteria(), false);
    for (std::size_t p = 0; p < panels().size(); ++p) {
      const Panel panel = panels()[p];
      const Population people(panel.population, cohort.models, cohort.seed, 3);
      const Questions questions(panel.regimen.interval, criteria());
      for (std::size_t k = 0; k < 2; ++k) {
        std::vector<double> passing(panel.doses.size(), 0.0);
        for (std::size_t i = 0; i < cohort.size; ++i) {
          const VirtualSubject person = people.subject(7 + i);
          const Outcomes outcomes(person, questions);
          for (std::size_t d = 0; d < passing.size(); ++d) passing[d] += outcomes.passes(k, panel.doses[d]) ? 1.0 : 0.0;
        }
        for (std::size_t d = 0; d < passing.size(); ++d) {
          EXPECT_EQ(found.rates[p][k].mean[d], passing[d] / 150.0) << panel.scenario << " " << panel.doses[d];
        }
        EXPECT_EQ(found.rates[p][k].indicator, found.rates[p][k].mean);
        EXPECT_EQ(found.check[p][k].violations, 0U);
        EXPECT_EQ(found.check[p][k].subjects, 3U);  // persons 0, 64, 128
      }
    }
    const bool falls = found.rates[0][0].mean.front() > found.rates[0][0].mean.back();
    EXPECT_EQ(falls, structure == pkpd::BiomarkerStructure::turnover_stimulation);
  }
}

TEST(Mechanistic, KeepsTheCriticalDosesOfAllSubjects) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const CohortView cohort{{&pk, &biomarker, {}}, 100, 4, {}};
  const MechanisticRates kept = mechanistic({}, cohort, panels(), criteria(), true);
  const MechanisticRates lean = mechanistic({}, cohort, panels(), criteria(), false);
  EXPECT_TRUE(lean.local.empty());
  for (std::size_t p = 0; p < 2; ++p) {
    ASSERT_EQ(kept.local[p].subjects.size(), 100U);
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_EQ(kept.rates[p][k].mean, lean.rates[p][k].mean);
      double passing = 0.0;
      for (const double critical : kept.local[p].dose[k]) passing += critical <= panels()[p].doses[4] ? 1.0 : 0.0;
      EXPECT_EQ(passing / 100.0, kept.rates[p][k].mean[4]);
    }
  }
}

// Without variability all people of one weight are one person: the pass rate jumps from 0 to 1 at their critical dose.
TEST(Mechanistic, DecidesByCriterionPanelTargetAndRule) {
  pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  for (auto& parameter : pk.parameters) parameter.omega = 0.0;
  for (auto& parameter : biomarker.parameters) parameter.omega = 0.0;
  const std::vector<Panel> one = {{"alike", {70.0, 70.0, 0.0}, daily, GridOptions{0.25, 20.0, 0.25}.values()}};
  const CohortView cohort{{&pk, &biomarker, {}}, 20, 4, {}};
  const std::vector<Criterion> latent = {criteria()[0]};
  const MechanisticRates found = mechanistic({}, cohort, one, latent, true);
  const std::vector<Decision> decisions = mechanistic_decisions(one, latent, found, {0.9, 0.75});
  ASSERT_EQ(decisions.size(), 4U);
  for (const Decision& decision : decisions) {
    EXPECT_EQ(decision.classifier, "mechanistic");
    EXPECT_EQ(decision.label, "latent");
    EXPECT_EQ(decision.window, "steady_state");
    EXPECT_EQ(decision.minimal_dose, std::ceil(found.local[0].dose[0][0] * 4.0) / 4.0);
    EXPECT_EQ(decision.pass_rate, 1.0);
    EXPECT_EQ(decision.pass_rate_below, 0.0);
  }
}

// Someone who succeeds between 2 and 12 mg alone has a critical dose of 2 mg by any search from below; the doses from
// 12 on contradict it.
TEST(CheckMonotonicity, FindsOutcomesThatFallBack) {
  MonotonicityCheck check;
  const std::vector<double> doses = GridOptions{1.0, 20.0, 1.0}.values();
  check_monotonicity([](double dose) { return dose >= 2.0 && dose < 12.0; }, 2.0, true, doses, check);
  EXPECT_EQ(check.subjects, 1U);
  EXPECT_EQ(check.outcomes, 20U);
  EXPECT_EQ(check.violations, 9U);
  check_monotonicity([](double dose) { return dose >= 2.0; }, 2.0, true, doses, check);
  check_monotonicity([](double dose) { return dose < 2.0; }, 2.0, false, doses, check);
  check_monotonicity([](double) { return false; }, std::numeric_limits<double>::infinity(), true, doses, check);
  EXPECT_EQ(check.subjects, 4U);
  EXPECT_EQ(check.violations, 9U);
}

}  // namespace titrant::dose
