#include "titrant/dose/occasions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "examples.hpp"
#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/dose/mechanistic.hpp"
#include "titrant/dose/outcomes.hpp"
#include "titrant/dose/uncertainty.hpp"
#include "titrant/dose/virtual_trial.hpp"

/// \file
/// Virtual subjects whose parameters differ between occasions.

namespace titrant::dose {

namespace {

using protocol::Quantity;
using protocol::Values;

/// One compartment; boluses tell its kinetics in closed form.
pkpd::PopulationModel occasion_population(double omega = 0.3) {
  pkpd::PopulationModel model;
  model.structure = pkpd::Structure::one_compartment;
  model.parameters = {{"absorption_rate", 0.7, 0.3, {}},
                      {"clearance", 40.0, 0.3, {}, {}, omega},
                      {"volume", 500.0, 0.25, {}, {}, 0.5 * omega},
                      {"lag", 0.5, 0.0, {}}};
  model.error = {0.2, 0.15};
  return model;
}

protocol::Regimen boluses() {
  protocol::Regimen regimen = regimen_of("boluses", 24.0, protocol::even_doses(2.0, 60.0, 2.0));
  regimen.route = protocol::Route::bolus;
  return regimen;
}

VirtualSubject occasion_subject(const pkpd::PopulationModel& pk, const pkpd::BiomarkerPopulation& biomarker,
                                std::uint64_t number) {
  static const VirtualPopulation population = weights("base", 50.0, 100.0);
  return Cohort(population, {&pk, &biomarker}, 12, {8, 8}).subject(number);
}

std::vector<ResolvedEndpoint> occasion_endpoints() {
  std::vector<protocol::Endpoint> all;
  const auto add = [&](const char* name, Quantity of, Values values, bool steady, const protocol::Limits& limits) {
    protocol::Endpoint& one = all.emplace_back(endpoint_named(name, of, values, steady));
    one.limits = limits;
    one.from = 100.0;
    one.to = 144.0;
    if (values == Values::measured) {
      one.times = steady ? std::vector<double>{1.0, 4.0, 23.0} : std::vector<double>{101.0, 120.0, 144.0};
    }
  };
  for (const bool steady : {true, false}) {
    for (const Values values : {Values::latent, Values::measured}) {
      add(steady ? "window" : "course", Quantity::concentration, values, steady, {30.0, 1.0, {}, {}});
      add(steady ? "limit" : "course_limit", Quantity::biomarker, values, steady, {5.0, {}, {}, {}});
      for (protocol::Endpoint& one : all) {
        if (one.values == Values::measured && one.name.find("measured") == std::string::npos) one.name += "_measured";
      }
    }
  }
  all.push_back(concentration("trough", {}, 1.0));
  all.back().at_trough = true;
  protocol::Endpoint both;
  both.name = "both";
  both.all = {"trough", "limit"};
  all.push_back(both);
  return resolve(all, true);
}

}  // namespace

// Kappas are log-normal with their standard deviations, and the numbers of one interval do not depend on how many are
// asked for, nor on another parameter that varies.
TEST(SubjectOccasions, AreDrawnIntervalByInterval) {
  const pkpd::PopulationModel model = occasion_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const VirtualSubject subject = occasion_subject(model, biomarker, 3);
  ASSERT_TRUE(subject.occasions.differ());
  const std::vector<pkpd::Individual> course = subject.occasions.of_course(4000);
  const std::vector<pkpd::Individual> begin = subject.occasions.of_course(3);
  const std::vector<pkpd::Individual> steady = subject.occasions.at_steady_state(4000);
  const std::vector<pkpd::Individual> end = subject.occasions.at_steady_state(3);
  double squares = 0.0;
  double products = 0.0;
  double between = 0.0;
  double previous = 0.0;
  for (std::size_t i = 0; i < course.size(); ++i) {
    const double kappa = std::log(course[i].clearance / subject.individual.clearance);
    squares += kappa * kappa;
    products += kappa * std::log(course[i].volume / subject.individual.volume);
    between += kappa * previous;
    previous = kappa;
    EXPECT_EQ(course[i].absorption_rate, subject.individual.absorption_rate);
  }
  const auto count = static_cast<double>(course.size());
  EXPECT_NEAR(std::sqrt(squares / count), 0.3, 4.0 * 0.3 / std::sqrt(2.0 * count));
  EXPECT_NEAR(products / count, 0.0, 4.0 * 0.3 * 0.15 / std::sqrt(count));
  EXPECT_NEAR(between / count, 0.0, 4.0 * 0.3 * 0.3 / std::sqrt(count));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(begin[i].clearance, course[i].clearance);
    EXPECT_EQ(end[i].clearance, steady[steady.size() - 3 + i].clearance);
    EXPECT_NE(begin[i].clearance, end[2 - i].clearance);
  }

  pkpd::PopulationModel more = model;
  more.parameters[0].occasion_omega = 0.2;
  const VirtualSubject same = occasion_subject(more, biomarker, 3);
  EXPECT_EQ(same.individual.clearance, subject.individual.clearance);
  EXPECT_EQ(same.occasions.of_course(3)[2].clearance, begin[2].clearance);
  EXPECT_NE(same.occasions.of_course(3)[2].absorption_rate, begin[2].absorption_rate);
  EXPECT_NE(occasion_subject(model, biomarker, 4).occasions.of_course(1)[0].clearance, begin[0].clearance);

  const pkpd::PopulationModel none = without_occasions(model);
  const VirtualSubject constant = occasion_subject(none, biomarker, 3);
  EXPECT_FALSE(constant.occasions.differ());
  EXPECT_EQ(constant.individual.clearance, subject.individual.clearance);
  EXPECT_EQ(constant.biomarker.ic50, subject.biomarker.ic50);
}

// As SuccessRange.IsWhereTheDefinitionHolds, of oral doses, boluses and loaded infusions.
TEST(OccasionOutcomes, RangesAreWhereTheDefinitionHolds) {
  const pkpd::PopulationModel model = occasion_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const std::vector<ResolvedEndpoint> all = occasion_endpoints();
  protocol::Regimen infusions = regimen_of("infusions", 24.0, {1.0, 2.0});
  infusions.route = protocol::Route::infusion;
  infusions.duration = 2.0;
  infusions.loading = {2.0, 1};
  std::size_t ends = 0;
  for (const protocol::Regimen& regimen : {every_day(1.0, 40.0, 1.0), boluses(), infusions}) {
    const EndpointSet set(regimen, all);
    for (const std::uint64_t number : {0U, 1U, 2U, 3U}) {
      const VirtualSubject subject = occasion_subject(model, biomarker, number);
      const Outcomes outcomes(subject, set);
      for (std::size_t k = 0; k < all.size(); ++k) {
        const DoseRange range = outcomes.success_range(k);
        for (int i = 0; i < 40; ++i) {
          const double dose = 1e-2 * std::pow(10.0, i / 8.0);
          EXPECT_EQ(outcomes.succeeds(k, dose), range.holds(dose))
              << regimen.name << " " << all[k].name() << " " << dose;
        }
        for (const double end : {range.from, range.to}) {
          if (range.empty() || end == 0.0 || !std::isfinite(end) || range.to < range.from * (1.0 + 1e-7)) continue;
          ++ends;
          EXPECT_NE(outcomes.succeeds(k, end * (1.0 - 2e-8)), outcomes.succeeds(k, end * (1.0 + 2e-8)))
              << regimen.name << " " << all[k].name() << " " << end;
        }
      }
    }
  }
  EXPECT_GT(ends, 60U);
}

// Boluses into one compartment by hand: A -> (A + 1) exp(-CL / V tau) from interval to interval, C = A / V.
TEST(OccasionOutcomes, AreThoseOfTheRecursionOfAmounts) {
  const pkpd::PopulationModel model = occasion_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  protocol::Endpoint trough = concentration("trough", {}, 2.0);
  trough.at_trough = true;
  protocol::Endpoint later = endpoint_named("later", Quantity::concentration, Values::latent, false);
  later.from = 48.0;
  later.to = 96.0;
  later.limits.below = 40.0;
  const EndpointSet set(boluses(), resolve({trough, later}, true));
  const auto left = [](const pkpd::Individual& one) { return std::exp(-24.0 * one.clearance / one.volume); };
  for (std::uint64_t number = 0; number < 20; ++number) {
    const VirtualSubject subject = occasion_subject(model, biomarker, number);
    const Outcomes outcomes(subject, set);
    // 40 intervals of the past leave nothing of its begin; the past in use leaves exp(-7) of the variation.
    const std::vector<pkpd::Individual> past = subject.occasions.at_steady_state(40);
    double amount = 0.0;
    for (const pkpd::Individual& one : past) amount = (amount + 1.0) * left(one);
    EXPECT_NEAR(outcomes.success_range(0).from, 2.0 * past.back().volume / (1000.0 * amount),
                2e-3 * outcomes.success_range(0).from);

    const std::vector<pkpd::Individual> course = subject.occasions.of_course(4);
    amount = 0.0;
    double largest = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
      amount += 1.0;
      if (i >= 2) largest = std::max(largest, 1000.0 * amount / course[i].volume);
      amount *= left(course[i]);
    }
    largest = std::max(largest, 1000.0 * (amount + 1.0) / course[3].volume);  // the dose at the end of the window
    EXPECT_NEAR(outcomes.success_range(1).to, 40.0 / largest, 1e-10 * outcomes.success_range(1).to);
  }
}

// Occasions that differ by nothing: the solver's tolerance is 1e-8, that of panels as much.
TEST(OccasionOutcomes, WithoutVariabilityAreThoseOfOneOccasion) {
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const pkpd::PopulationModel nearly = occasion_population(1e-12);
  const pkpd::PopulationModel none = occasion_population(0.0);
  const std::vector<ResolvedEndpoint> all = occasion_endpoints();
  for (const protocol::Regimen& regimen : {every_day(1.0, 40.0, 1.0), boluses()}) {
    const EndpointSet set(regimen, all);
    for (std::uint64_t number = 0; number < 5; ++number) {
      const VirtualSubject with = occasion_subject(nearly, biomarker, number);
      const VirtualSubject without = occasion_subject(none, biomarker, number);
      ASSERT_TRUE(with.occasions.differ());
      for (std::size_t k = 0; k < all.size(); ++k) {
        const DoseRange found = Outcomes(with, set).success_range(k);
        const DoseRange expected = Outcomes(without, set).success_range(k);
        const bool concentrations = !all[k].needs_biomarker();
        for (const auto& [a, b] : {std::pair{found.from, expected.from}, std::pair{found.to, expected.to}}) {
          if (std::isfinite(b)) {
            EXPECT_NEAR(a, b, (concentrations ? 1e-10 : 3e-8) * b) << regimen.name << " " << all[k].name();
          } else {
            EXPECT_EQ(a, b) << all[k].name();
          }
        }
      }
    }
  }
}

// Ranges hold by their definition, occasions spread the doses that do, and the model without them answers as ever.
TEST(OccasionMechanistic, AnswersWithAndWithout) {
  const pkpd::PopulationModel model = occasion_population(0.6);
  const pkpd::PopulationModel same = without_occasions(model);
  const pkpd::PopulationModel plain = occasion_population(0.0);
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const std::vector<Panel> panels = {{weights("base", 50.0, 100.0), every_day(1.0, 60.0, 1.0)}};
  const std::vector<ResolvedEndpoint> all = occasion_endpoints();
  const MechanisticAttainment with = mechanistic({}, {{&model, &biomarker}, 400, 4}, panels, all, false);
  const MechanisticAttainment without = mechanistic({}, {{&same, &biomarker}, 400, 4}, panels, all, false);
  const MechanisticAttainment expected = mechanistic({}, {{&plain, &biomarker}, 400, 4}, panels, all, false);
  const auto dose_for = [&](const MechanisticAttainment& found, double target) {
    const std::vector<Decision> decisions =
        mechanistic_decisions(panels, all, found, {{"base", "daily", "trough", target}}, no_occasions_method);
    EXPECT_EQ(decisions.front().method, "mechanistic_no_occasions");
    return decisions.front().lowest.value_or(core::infinity);
  };
  EXPECT_GT(dose_for(with, 0.9), 1.1 * dose_for(without, 0.9));
  EXPECT_LT(dose_for(with, 0.1), dose_for(without, 0.1));
  for (std::size_t k = 0; k < all.size(); ++k) {
    EXPECT_EQ(without.attainment[0][k].mean, expected.attainment[0][k].mean);
    EXPECT_EQ(with.check[0][k].violations, 0U) << all[k].name();
    EXPECT_GT(with.check[0][k].outcomes, 80U);
    EXPECT_EQ(with.without_steady_state[0], std::vector<double>(60, 0.0));
  }
}

// What a classifier sees of a virtual subject is C(t) on the occasions that the label is of.
TEST(OccasionProfiles, ShowTheOccasionsOfTheirWindow) {
  const pkpd::PopulationModel model = occasion_population(0.5);
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const PopulationModels models{&model, &biomarker};
  const std::vector<protocol::Regimen> regimens = {every_day(1.0, 40.0, 1.0)};
  const VirtualTrialOptions options{12, {weights("base", 50.0, 100.0)}, regimens};
  for (const ResolvedEndpoint& endpoint : occasion_endpoints()) {
    const VirtualTrial trial = virtual_trial({}, models, options, endpoint, 8, 0);
    const VirtualPopulation population = weights("base", 50.0, 100.0);
    const Cohort cohort(population, models, 8, errors_needed({endpoint}), core::Purpose::virtual_trial);
    for (std::size_t i = 0; i < 12; ++i) {
      const VirtualSubject subject = cohort.subject(i);
      const pkpd::ResponseWindow window = exposure_window(endpoint);
      const pkpd::ConcentrationResponse seen(per_unit_dose(subject, regimens[0], window), regimens[0].course(), window);
      EXPECT_EQ(trial.profiles[i].per_mg.maximum, seen.maximum()) << endpoint.name();
      EXPECT_EQ(trial.profiles[i].per_mg.minimum, seen.minimum()) << endpoint.name();
      EXPECT_EQ(trial.profiles[i].individual.clearance, subject.individual.clearance);
      const bool success =
          Outcomes(subject, EndpointSet(regimens[0], {endpoint})).succeeds(0, trial.labelled.examples[i].dose);
      EXPECT_EQ(trial.labelled.labels[i], success ? 1 : 0);
    }
  }
  const KnownClassifier original([](const classifier::Example& e) { return reaches(e, 3.0); });
  const std::vector<Panel> panels = {{weights("base", 50.0, 100.0), regimens[0]}};
  const CohortView cohort{models, 50, 8, {{&original, "known", "steady"}}};
  const Evaluation found = evaluate({}, cohort, panels, all_doses(panels), true);
  const Cohort subjects(panels[0].population, models, 8);
  std::vector<double> expected(panels[0].doses().size(), 0.0);
  for (std::size_t i = 0; i < 50; ++i) {
    const VirtualSubject subject = subjects.subject(i);
    const classifier::Profile seen =
        classifier::profile(per_unit_dose(subject, regimens[0], {}), subject.covariates, regimens[0].course(), {});
    for (std::size_t d = 0; d < expected.size(); ++d) {
      expected[d] += reaches({&seen, panels[0].doses()[d], 0}, 3.0) / 50.0;
    }
    // The store keeps C(t) of the usual parameters.
    const pkpd::Exposure usual = pkpd::exposure(per_unit_dose(subject, regimens[0]), {1.0, 24.0});
    EXPECT_EQ(found.local[0].curve[i * 64], usual.at(24.0 / 128.0));
  }
  for (std::size_t d = 0; d < expected.size(); ++d) EXPECT_NEAR(found.attainment[0][0].mean[d], expected[d], 1e-12);
}

TEST(OccasionReplicates, AnswerWithAndWithout) {
  const pkpd::PopulationModel model = occasion_population(0.6);
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  ReplicatePlan plan;
  plan.cohort = {{&model, &biomarker}, 50, 4};
  plan.panels = {{weights("base", 50.0, 100.0), every_day(1.0, 60.0, 1.0)}};
  protocol::Endpoint trough = concentration("trough", {}, 1.0);
  trough.at_trough = true;
  plan.endpoints = resolve({trough}, true);
  plan.replicates = 2;
  const ReplicateAttainment found = replicate_attainment({}, plan, [&](std::size_t /*replicate*/) {
    Replicate made;
    made.pk = model;
    made.biomarker = biomarker;
    return made;
  });
  ASSERT_EQ(found.methods.size(), 2U);
  EXPECT_EQ(found.methods[1], (MethodName{"mechanistic_no_occasions", "trough"}));
  for (std::size_t r = 0; r < 2; ++r) {
    const pkpd::PopulationModel same = without_occasions(model);
    CohortView of_replicate{{&same, &biomarker}, 50, 4};
    of_replicate.first = 50 * (r + 1);
    EXPECT_EQ(found.attainment[r][0][1].mean,
              mechanistic({}, of_replicate, plan.panels, plan.endpoints, false).attainment[0][0].mean);
    EXPECT_NE(found.attainment[r][0][0].mean, found.attainment[r][0][1].mean);
  }
}

// Vmax tau < dose has no steady state; Vmax is log-normal around 20 mg/h.
TEST(WithoutSteadyState, IsTheShareWhoseEliminationIsTooSmall) {
  pkpd::PopulationModel model = occasion_population(0.0);
  model.elimination = pkpd::Elimination::michaelis_menten;
  model.parameters = {{"absorption_rate", 0.7, 0.0, {}},
                      {"volume", 50.0, 0.2, {}},
                      {"lag", 0.0, 0.0, {}},
                      {"maximum_elimination_rate", 20.0, 0.3, {}},
                      {"michaelis_constant", 4000.0, 0.0, {}}};
  const std::vector<Panel> panels = {
      {weights("base", 50.0, 100.0), regimen_of("tablets", 12.0, {60.0, 180.0, 240.0, 300.0})}};
  protocol::Endpoint course = concentration("course", {}, 100.0);
  course.steady_state = false;
  course.from = 2.0;
  course.to = 12.0;
  const std::vector<ResolvedEndpoint> all =
      resolve({concentration("enough", {}, 1000.0), concentration("safe", 12000.0, {}), course}, true);
  const MechanisticAttainment found = mechanistic({}, {{&model, nullptr}, 120, 4}, panels, all, false);
  const Cohort subjects(panels[0].population, {&model, nullptr}, 4);
  const std::vector<double>& doses = panels[0].doses();
  for (std::size_t d = 0; d < doses.size(); ++d) {
    double without = 0.0;
    for (std::size_t i = 0; i < 120; ++i) {
      without += subjects.subject(i).individual.maximum_elimination_rate * 12.0 <= doses[d] ? 1.0 : 0.0;
    }
    EXPECT_EQ(found.without_steady_state[0][d], without / 120.0) << doses[d];
  }
  EXPECT_NEAR(found.without_steady_state[0][2], 0.5, 0.14);  // three standard errors
  std::vector<Decision> decisions = mechanistic_decisions(
      panels, all, found,
      {{"base", "tablets", "enough", 0.95}, {"base", "tablets", "safe", 0.6}, {"base", "tablets", "course", 0.1}});
  add_without_steady_state(decisions, panels, all, found);
  for (const Decision& decision : decisions) {
    const auto place = std::find(doses.begin(), doses.end(), decision.answer()) - doses.begin();
    ASSERT_LT(place, 4) << decision.question.endpoint;
    const double share =
        decision.question.endpoint == "course" ? 0.0 : found.without_steady_state[0][static_cast<std::size_t>(place)];
    EXPECT_EQ(decision.without_steady_state, share) << decision.question.endpoint;
  }
  EXPECT_GT(decisions[0].without_steady_state, 0.0);
}

}  // namespace titrant::dose
