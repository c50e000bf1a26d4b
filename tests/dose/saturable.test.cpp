#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "examples.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/dose/outcomes.hpp"
#include "titrant/pkpd/concentration.hpp"

/// \file
/// Outcomes under saturable elimination, where C is not proportional to the dose.

namespace titrant::dose {

namespace {

using protocol::Quantity;
using protocol::Values;

VirtualSubject saturable_subject(pkpd::Elimination elimination) {
  VirtualSubject subject;
  subject.individual = {.absorption_rate = 0.8,
                        .clearance = 4.0,
                        .volume = 60.0,
                        .intercompartmental_clearance = 5.0,
                        .peripheral_volume = 90.0,
                        .lag = 0.6,
                        .structure = pkpd::Structure::two_compartment};
  subject.individual.elimination = elimination;
  subject.individual.maximum_elimination_rate = 9.0;
  subject.individual.michaelis_constant = 700.0;
  subject.biomarker = {pkpd::BiomarkerStructure::turnover_inhibition, 10.0, 0.05, 0.9, 400.0, 1.0, 0.05};
  subject.biomarker_error = {0.3, 0.15};
  subject.biomarker_errors = {0.4, -1.0, 0.2};
  subject.concentration_error = {2.0, 0.2};
  subject.concentration_errors = {0.5, -0.7, 1.1};
  subject.covariates = {{"weight", 80.0}};
  return subject;
}

std::vector<ResolvedEndpoint> saturable_endpoints() {
  std::vector<protocol::Endpoint> all;
  const auto add = [&](const char* name, Quantity of, Values values, bool steady, const protocol::Limits& limits) {
    protocol::Endpoint& one = all.emplace_back(endpoint_named(name, of, values, steady));
    one.limits = limits;
    one.from = 20.0;
    one.to = 60.0;
    if (values == Values::measured) {
      one.times = steady ? std::vector<double>{1.0, 4.0, 11.0} : std::vector<double>{21.0, 30.0, 58.0};
    }
  };
  add("first", Quantity::concentration, Values::latent, false, {2000.0, {}, {}, {}});
  add("early", Quantity::concentration, Values::latent, false, {{}, 150.0, {}, {}});
  add("steady", Quantity::concentration, Values::latent, true, {3000.0, 200.0, {}, {}});
  add("measured", Quantity::concentration, Values::measured, true, {2500.0, {}, {}, {}});
  add("above", Quantity::concentration, Values::measured, false, {{}, 250.0, {}, {}});
  add("marker", Quantity::biomarker, Values::latent, true, {5.0, {}, {}, {}});
  add("marker_measured", Quantity::biomarker, Values::measured, false, {8.0, {}, {}, {}});
  all.push_back(concentration("trough", {}, 600.0));
  all.back().at_trough = true;
  return resolve(all, true);
}

std::vector<protocol::Regimen> saturable_regimens() {
  std::vector<protocol::Regimen> all = {regimen_of("plain", 12.0, {1.0, 2.0}),
                                        regimen_of("by_weight", 12.0, {0.1, 0.2})};
  all[1].per = "weight";
  all[1].loading = {3.0, 1};
  return all;
}

}  // namespace

TEST(SaturableOutcomes, RangesAreWhereTheDefinitionHolds) {
  const std::vector<ResolvedEndpoint> all = saturable_endpoints();
  for (const pkpd::Elimination elimination : {pkpd::Elimination::michaelis_menten, pkpd::Elimination::both}) {
    const VirtualSubject subject = saturable_subject(elimination);
    for (const protocol::Regimen& regimen : saturable_regimens()) {
      const EndpointSet set(regimen, all);
      const Outcomes outcomes(subject, set);
      for (std::size_t k = 0; k < all.size(); ++k) {
        const DoseRange range = outcomes.success_range(k);
        for (int i = 0; i < 16; ++i) {
          const double dose = 0.05 * std::pow(10.0, i / 4.0);
          EXPECT_EQ(outcomes.succeeds(k, dose), range.holds(dose))
              << all[k].name() << " " << regimen.name << " " << dose;
        }
        EXPECT_EQ(outcomes.succeeds(k, 0.0), range.holds(0.0)) << all[k].name();
        ASSERT_FALSE(range.empty()) << all[k].name();
        for (const double end : {range.from, range.to}) {
          if (end == 0.0 || std::isinf(end)) continue;
          EXPECT_NE(outcomes.succeeds(k, end * (1.0 - 1e-6)), outcomes.succeeds(k, end * (1.0 + 1e-6)))
              << all[k].name();
        }
      }
    }
  }
}

/// C of the amounts that the subject is given, by their own records.
TEST(SaturableOutcomes, ConcentrationsAreThoseOfTheAmountsGiven) {
  const std::vector<ResolvedEndpoint> all = saturable_endpoints();
  const VirtualSubject subject = saturable_subject(pkpd::Elimination::michaelis_menten);
  for (const protocol::Regimen& regimen : saturable_regimens()) {
    const EndpointSet set(regimen, all);
    const double dose = Outcomes(subject, set).success_range(0).to;  // largest C over [20, 60] h is 2000
    const double amount = dose * regimen.dose_factor(subject.covariates);
    std::vector<pkpd::Dose> doses = {{.time = 0.0, .amount = amount, .interval = 12.0, .additional = 5}};
    if (regimen.loading.doses > 0) {
      doses = {{.time = 0.0, .amount = regimen.loading.factor * amount},
               {.time = 12.0, .amount = amount, .interval = 12.0, .additional = 4}};
    }
    std::vector<double> times;
    for (double time = 20.0; time <= 60.0; time += 0.01) times.push_back(time);
    const std::vector<double> found = pkpd::concentration(subject.individual, doses, times);
    EXPECT_NEAR(*std::max_element(found.begin(), found.end()), 2000.0, 0.1) << regimen.name;
  }
}

/// A dose beyond what elimination can take has concentrations and effects without bound.
TEST(SaturableOutcomes, DosesWithoutSteadyState) {
  const std::vector<ResolvedEndpoint> all = saturable_endpoints();
  const EndpointSet set(saturable_regimens().front(), all);
  const VirtualSubject subject = saturable_subject(pkpd::Elimination::michaelis_menten);
  const Outcomes outcomes(subject, set);
  const double most = 9.0 * 12.0;
  EXPECT_FALSE(outcomes.succeeds(2, most));  // below 3000
  EXPECT_TRUE(outcomes.succeeds(7, most));   // the trough
  EXPECT_TRUE(outcomes.succeeds(5, most));   // R falls to a tenth
  EXPECT_TRUE(outcomes.succeeds(7, 10.0 * most));
  EXPECT_LT(outcomes.success_range(2).to, most);
}

}  // namespace titrant::dose
