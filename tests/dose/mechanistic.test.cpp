#include "titrant/dose/mechanistic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "examples.hpp"
#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

std::vector<Panel> panels() {
  protocol::Regimen per_kg = regimen_of("per_kg", 24.0, protocol::even_doses(0.02, 0.4, 0.02));
  per_kg.per = "weight";
  per_kg.loading = {2.0, 1};
  return {{weights("base", 50.0, 100.0), every_day(1.0, 20.0, 1.0)},
          {weights("heavy", 70.0, 140.0, 0.0), every_week(5.0, 150.0, 10.0)},
          {rows_of("observed", {{{"weight", 61.0}, {"comed", 0.0}}, {{"weight", 98.0}, {"comed", 1.0}}}), per_kg}};
}

/// Below a limit, measured below it, safe concentrations, and both.
std::vector<ResolvedEndpoint> endpoints(bool lowers) {
  protocol::Endpoint both;
  both.name = "both";
  both.all = {"steady", "safe"};
  return resolve({steady_below(3.3), control_below(3.3), concentration("safe", 12.0, {}), both}, lowers);
}

}  // namespace

// The share of subjects who succeed on each dose, each judged by the definition.
TEST(Mechanistic, AttainmentIsTheShareOfThoseWhoSucceed) {
  const pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  for (const auto structure :
       {pkpd::BiomarkerStructure::turnover_inhibition, pkpd::BiomarkerStructure::turnover_stimulation}) {
    const bool lowers = pkpd::lowers(structure);
    biomarker.structure = structure;
    if (!lowers) {
      biomarker.parameters[0].typical = 2.0;
      biomarker.parameters[2].typical = 3.0;
    }
    const std::vector<ResolvedEndpoint> all = endpoints(lowers);
    const CohortView cohort{{&pk, &biomarker}, 150, 4, {}, 7};
    const MechanisticAttainment found = mechanistic({}, cohort, panels(), all, false);
    bool rose = false;
    bool fell = false;
    for (std::size_t p = 0; p < panels().size(); ++p) {
      const Panel panel = panels()[p];
      const Cohort subjects(panel.population, cohort.models, cohort.seed, errors_needed(all));
      const EndpointSet set(panel.regimen, all);
      for (std::size_t k = 0; k < all.size(); ++k) {
        std::vector<double> successes(panel.doses().size(), 0.0);
        for (std::size_t i = 0; i < cohort.size; ++i) {
          const VirtualSubject subject = subjects.subject(7 + i);
          const Outcomes outcomes(subject, set);
          for (std::size_t d = 0; d < successes.size(); ++d) {
            successes[d] += outcomes.succeeds(k, panel.doses()[d]) ? 1.0 : 0.0;
          }
        }
        const std::vector<double>& shares = found.attainment[p][k].mean;
        for (std::size_t d = 0; d < successes.size(); ++d) {
          EXPECT_EQ(shares[d], successes[d] / 150.0) << panel.name() << " " << all[k].name() << " " << panel.doses()[d];
        }
        EXPECT_EQ(found.attainment[p][k].indicator, shares);
        EXPECT_EQ(found.check[p][k].violations, 0U);
        EXPECT_EQ(found.check[p][k].subjects, 3U);  // subjects 0, 64, 128
        for (std::size_t d = 1; d < shares.size(); ++d) {
          rose = rose || (all[k].name() == "both" && shares[d] > shares[d - 1]);
          fell = fell || (all[k].name() == "both" && shares[d] < shares[d - 1]);
        }
      }
    }
    EXPECT_TRUE(fell);
    EXPECT_EQ(rose, lowers);
  }
}

TEST(Mechanistic, KeepsTheRangesOfAllSubjects) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const CohortView cohort{{&pk, &biomarker}, 100, 4};
  const MechanisticAttainment kept = mechanistic({}, cohort, panels(), endpoints(true), true);
  const MechanisticAttainment lean = mechanistic({}, cohort, panels(), endpoints(true), false);
  EXPECT_TRUE(lean.local.empty());
  for (std::size_t p = 0; p < panels().size(); ++p) {
    ASSERT_EQ(kept.local[p].subjects.size(), 100U);
    for (std::size_t k = 0; k < endpoints(true).size(); ++k) {
      EXPECT_EQ(kept.attainment[p][k].mean, lean.attainment[p][k].mean);
      double successes = 0.0;
      for (std::size_t i = 0; i < 100; ++i) {
        successes += DoseRange{kept.local[p].from[k][i], kept.local[p].to[k][i]}.holds(panels()[p].doses()[4]) ? 1 : 0;
      }
      EXPECT_EQ(successes / 100.0, kept.attainment[p][k].mean[4]);
    }
  }
}

// Without variability all subjects of one weight are alike: attainment jumps from 0 to 1 at their minimum effective
// dose. Only what is asked is decided.
TEST(Mechanistic, DecidesTheQuestionsThatAreAsked) {
  pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  for (auto& parameter : pk.parameters) parameter.omega = 0.0;
  for (auto& parameter : biomarker.parameters) parameter.omega = 0.0;
  const std::vector<Panel> one = {{weights("alike", 70.0, 70.0, 0.0), every_day(0.25, 20.0, 0.25)}};
  const std::vector<ResolvedEndpoint> all = endpoints(true);
  const MechanisticAttainment found = mechanistic({}, {{&pk, &biomarker}, 20, 4}, one, all, true);
  const std::vector<protocol::Question> questions = {{"alike", "daily", "safe", 0.9},
                                                     {"alike", "daily", "steady", 0.75},
                                                     {"alike", "another regimen", "steady", 0.75}};
  const std::vector<Decision> decisions = mechanistic_decisions(one, all, found, questions);
  ASSERT_EQ(decisions.size(), 4U);  // by both rules
  for (const Decision& decision : decisions) {
    EXPECT_EQ(decision.method, "mechanistic");
    EXPECT_EQ(decision.attainment, 1.0);
    EXPECT_EQ(decision.attainment_beside, 0.0);
  }
  EXPECT_EQ(decisions[0].question, questions[0]);
  EXPECT_EQ(decisions[0].direction, protocol::Direction::falling);
  EXPECT_EQ(decisions[0].highest, std::ceil(found.local[0].to[2][0] * 4.0 - 1.0) / 4.0);
  EXPECT_EQ(decisions[2].question, questions[1]);
  EXPECT_EQ(decisions[2].lowest, std::ceil(found.local[0].from[0][0] * 4.0) / 4.0);
  EXPECT_EQ(decisions[3].rule, Rule::indicator);
}

TEST(Mechanistic, AnswersConcentrationsWithoutABiomarker) {
  const pkpd::PopulationModel pk = simple_population();
  const CohortView cohort{{&pk, nullptr}, 40, 4};
  const MechanisticAttainment found =
      mechanistic({}, cohort, panels(), resolve({concentration("safe", 12.0, {})}, true), false);
  EXPECT_GT(found.attainment[0][0].mean.front(), found.attainment[0][0].mean.back());
  EXPECT_THROW(mechanistic({}, cohort, panels(), endpoints(true), false), ConfigError);
}

// Someone who succeeds between 2 and 12 mg alone has a minimum effective dose of 2 mg by any search from below; the
// doses from 12 on contradict it.
TEST(CheckMonotonicity, FindsOutcomesThatFallBack) {
  MonotonicityCheck check;
  const std::vector<double> doses = protocol::even_doses(1.0, 20.0, 1.0);
  const double infinity = std::numeric_limits<double>::infinity();
  check_monotonicity([](double dose) { return dose >= 2.0 && dose < 12.0; }, {2.0, infinity}, doses, check);
  EXPECT_EQ(check.subjects, 1U);
  EXPECT_EQ(check.outcomes, 20U);
  EXPECT_EQ(check.violations, 9U);
  check_monotonicity([](double dose) { return dose >= 2.0 && dose < 12.0; }, {2.0, 12.0}, doses, check);
  check_monotonicity([](double dose) { return dose < 2.0; }, {0.0, 2.0}, doses, check);
  check_monotonicity([](double) { return false; }, {infinity, infinity}, doses, check);
  EXPECT_EQ(check.subjects, 4U);
  EXPECT_EQ(check.violations, 9U);
}

}  // namespace titrant::dose
