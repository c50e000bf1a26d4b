#include "titrant/dose/outcomes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "examples.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::dose {

namespace {

using pkpd::BiomarkerStructure;
using protocol::Quantity;
using protocol::Values;

using titrant::core::infinity;

/// A subject of widely varying kinetics and response.
VirtualSubject random_subject(BiomarkerStructure structure, core::Stream& stream) {
  const auto about = [&](double typical, double spread) { return typical * std::exp(spread * stream.normal()); };
  VirtualSubject subject;
  subject.individual.structure = pkpd::Structure::two_compartment;
  subject.individual.absorption_rate = about(0.8, 0.5);
  subject.individual.clearance = about(40.0, 0.5);
  subject.individual.volume = about(800.0, 0.5);
  subject.individual.intercompartmental_clearance = about(50.0, 0.5);
  subject.individual.peripheral_volume = about(2500.0, 0.5);
  subject.individual.lag = stream.uniform() < 0.5 ? 0.0 : stream.uniform(0.0, 3.0);
  const bool inhibits = pkpd::inhibits(structure);
  subject.biomarker = {structure,         about(10.0, 0.3),
                       about(0.015, 0.5), inhibits ? stream.uniform(0.7, 1.0) : about(6.0, 0.5),
                       about(1.0, 0.7),   stream.uniform() < 0.5 ? 1.0 : stream.uniform(0.5, 4.0),
                       about(0.05, 0.7)};
  subject.biomarker_error = {0.3, 0.15};
  subject.concentration_error = {0.2, 0.2};
  for (int j = 0; j < 5; ++j) subject.biomarker_errors.push_back(stream.normal());
  for (int j = 0; j < 5; ++j) subject.concentration_errors.push_back(stream.normal());
  subject.covariates = {{"weight", stream.uniform(45.0, 120.0)}};
  return subject;
}

/// Once a day, once a week, twice a day with a loading dose, per kg, by bands, and per kg with loading.
std::vector<protocol::Regimen> regimens() {
  std::vector<protocol::Regimen> all = {every_day(1.0, 40.0, 1.0),
                                        every_week(5.0, 300.0, 5.0),
                                        regimen_of("loaded", 12.0, {1.0, 2.0}),
                                        regimen_of("by_weight", 24.0, {0.1, 0.2}),
                                        regimen_of("by_band", 24.0, {5.0, 10.0}),
                                        regimen_of("both", 96.0, {0.1, 0.2})};
  all[2].loading = {4.0, 3};
  all[3].per = "weight";
  all[4].bands = {"weight", {{60.0, 1.0}, {90.0, 1.5}, {infinity, 2.0}}};
  all[5].per = "weight";
  all[5].loading = {3.0, 1};
  return all;
}

/// Endpoints of every kind: quantity x values x window x limit, troughs, several limits at once, and combinations.
std::vector<ResolvedEndpoint> endpoints(BiomarkerStructure structure) {
  const bool lowers = pkpd::lowers(structure);
  std::vector<protocol::Endpoint> all;
  const auto add = [&](Quantity of, Values values, bool steady_state, double from, double to,
                       const protocol::Limits& limits) {
    protocol::Endpoint& endpoint =
        all.emplace_back(endpoint_named("e" + std::to_string(all.size()), of, values, steady_state));
    endpoint.from = from;
    endpoint.to = to;
    endpoint.limits = limits;
    if (values != Values::measured) return;
    if (steady_state) {
      endpoint.times = {0.0, 2.0, 7.0, 12.0};
    } else {
      for (int j = 0; j < 5; ++j) endpoint.times.push_back(from + (to - from) * j / 4.0);
    }
  };
  // Levels that divide the doses of most subjects, and a second one for windows of doses.
  const double level = lowers ? 3.3 : 25.0;
  const double other = lowers ? 1.5 : 15.0;
  const double change = lowers ? -0.5 : 1.0;
  const std::vector<protocol::Limits> of_biomarker = {{level, {}, {}, {}},
                                                      {{}, level, {}, {}},
                                                      {{}, {}, change, {}},
                                                      {{}, {}, {}, change},
                                                      {std::max(level, other), std::min(level, other), {}, {}},
                                                      {level, {}, {}, -0.9}};
  for (const Values values : {Values::latent, Values::measured}) {
    for (const protocol::Limits& limits : of_biomarker) {
      add(Quantity::biomarker, values, true, 0.0, 0.0, limits);
      add(Quantity::biomarker, values, false, 480.0, 504.0, limits);
      add(Quantity::biomarker, values, false, 30.0, 54.0, limits);
    }
    for (const protocol::Limits& limits :
         {protocol::Limits{20.0, {}, {}, {}}, protocol::Limits{{}, 2.0, {}, {}}, protocol::Limits{60.0, 0.5, {}, {}}}) {
      add(Quantity::concentration, values, true, 0.0, 0.0, limits);
      add(Quantity::concentration, values, false, 20.0, 60.0, limits);
    }
  }
  all.push_back(concentration("trough", {}, 2.0));
  all.back().at_trough = true;
  all.push_back(concentration("low_trough", 8.0, {}));
  all.back().at_trough = true;
  protocol::Endpoint both;
  both.name = "both";
  both.all = {"e0", "trough", "e37"};
  all.push_back(both);
  return resolve(all, lowers);
}

}  // namespace

class SuccessRange : public testing::TestWithParam<BiomarkerStructure> {};

// `succeeds` evaluates the definition at each dose. On 120 doses over 8 decades its answers must be those of the range,
// and must change within 2e-8 of each of its ends.
TEST_P(SuccessRange, IsWhereTheDefinitionHolds) {
  core::Stream stream(3, core::Purpose::test, 1);
  const std::vector<ResolvedEndpoint> all = endpoints(GetParam());
  std::map<std::string, int> ends;  // by endpoint: how many ranges begin or end somewhere
  for (int n = 0; n < 6; ++n) {
    for (const protocol::Regimen& regimen : regimens()) {
      const VirtualSubject subject = random_subject(GetParam(), stream);
      const EndpointSet set(regimen, all);
      const Outcomes outcomes(subject, set);
      for (std::size_t k = 0; k < all.size(); ++k) {
        const DoseRange range = outcomes.success_range(k);
        for (int i = 0; i < 120; ++i) {
          const double dose = 1e-4 * std::pow(10.0, i / 15.0);
          EXPECT_EQ(outcomes.succeeds(k, dose), range.holds(dose))
              << all[k].name() << " " << regimen.name << " " << dose;
        }
        EXPECT_EQ(outcomes.succeeds(k, 0.0), range.holds(0.0)) << all[k].name();
        if (range.empty()) continue;
        const double width = range.to / range.from;
        for (const double end : {range.from, range.to}) {
          if (end == 0.0 || end == infinity || width < 1.0 + 1e-7) continue;
          ++ends[all[k].name()];
          EXPECT_NE(outcomes.succeeds(k, end * (1.0 - 2e-8)), outcomes.succeeds(k, end * (1.0 + 2e-8)))
              << all[k].name() << " " << regimen.name << " " << end;
        }
      }
    }
  }
  std::size_t seen = 0;
  for (const auto& [name, count] : ends) seen += count > 2 ? 1 : 0;
  EXPECT_GT(seen, all.size() * 3 / 4);  // of 36 subjects each: most endpoints have a boundary in many
}

// Of those that rebound the range is one of several, see RangesOfAPrecursorAreTheLowest.
INSTANTIATE_TEST_SUITE_P(Structures, SuccessRange,
                         testing::ValuesIn(pkpd::all_biomarker_structures.begin(),
                                           pkpd::all_biomarker_structures.begin() + 10),
                         [](const auto& structure) { return std::string(pkpd::name(structure.param)); });

namespace {

/// The range of one endpoint by itself.
DoseRange range_of(const VirtualSubject& subject, const protocol::Regimen& regimen,
                   const protocol::Endpoint& endpoint) {
  const EndpointSet set(regimen, resolve({endpoint}, pkpd::lowers(subject.biomarker.structure)));
  return Outcomes(subject, set).success_range(0);
}

const protocol::Regimen once_a_day = every_day(1.0, 40.0, 1.0);

VirtualSubject with_structure(BiomarkerStructure structure, std::uint64_t unit) {
  core::Stream stream(5, core::Purpose::test, unit);
  VirtualSubject subject = random_subject(structure, stream);
  subject.biomarker_errors.assign(5, 0.0);
  return subject;
}

}  // namespace

// A direct effect at the lowest C of the interval: R(t) < threshold everywhere means C(t) > ic50 (u / (1 - u))^(1 /
// hill) everywhere, u = (1 - threshold / baseline) / effect, and C is proportional to the dose. R(t) > threshold
// everywhere: the same with the largest C.
TEST(SuccessRangeOf, DirectEffectHasAClosedForm) {
  VirtualSubject subject;
  subject.individual = {.absorption_rate = 0.8, .clearance = 40.0, .volume = 400.0};
  subject.biomarker = {BiomarkerStructure::direct_inhibition, 10.0, 1.0, 0.9, 1.3, 1.7, 1.0};
  const double share = (1.0 - 3.3 / 10.0) / 0.9;
  const double needed = 1.3 * std::pow(share / (1.0 - share), 1.0 / 1.7);
  const pkpd::ExposureMetrics per_mg = pkpd::exposure(subject.individual, {1.0, 24.0}).metrics();
  EXPECT_NEAR(range_of(subject, once_a_day, steady_below(3.3)).from / (needed / per_mg.minimum), 1.0, 1e-7);
  protocol::Endpoint above = steady_below(3.3);
  above.limits = {{}, 3.3, {}, {}};
  const DoseRange range = range_of(subject, once_a_day, above);
  EXPECT_EQ(range.from, 0.0);
  EXPECT_NEAR(range.to / (needed / per_mg.maximum), 1.0, 1e-7);
}

// Concentrations against the closed form of a steady state: average 1000 / (CL tau) per mg, extremes as of Exposure;
// 0.5 mg/kg of 80 kg are 40 mg.
TEST(SuccessRangeOf, ConcentrationsAreQuotients) {
  VirtualSubject subject;
  subject.individual = {.absorption_rate = 0.8, .clearance = 40.0, .volume = 400.0, .lag = 1.0};
  subject.covariates = {{"weight", 80.0}};
  const pkpd::Exposure per_mg(subject.individual, {1.0, 24.0});
  const DoseRange safe = range_of(subject, once_a_day, concentration("safe", 60.0, {}));
  EXPECT_EQ(safe, (DoseRange{0.0, 60.0 / per_mg.metrics().maximum}));
  const DoseRange window = range_of(subject, once_a_day, concentration("window", 60.0, 2.0));
  EXPECT_EQ(window, (DoseRange{2.0 / per_mg.metrics().minimum, 60.0 / per_mg.metrics().maximum}));
  protocol::Endpoint trough = concentration("trough", {}, 2.0);
  trough.at_trough = true;
  EXPECT_EQ(range_of(subject, once_a_day, trough).from, 2.0 / per_mg.at(24.0));
  protocol::Regimen per_kg = once_a_day;
  per_kg.per = "weight";
  EXPECT_NEAR(range_of(subject, per_kg, trough).from * 80.0 * per_mg.at(24.0) / 2.0, 1.0, 1e-14);
}

// A measured concentration is C (1 + 0.2 e) without an additive error.
TEST(SuccessRangeOf, MeasuredConcentrationsHoldTheirErrors) {
  VirtualSubject subject;
  subject.individual = {.absorption_rate = 0.8, .clearance = 40.0, .volume = 400.0};
  subject.concentration_error = {0.0, 0.2};
  subject.concentration_errors = {1.5, -0.5};
  protocol::Endpoint endpoint = endpoint_named("c", Quantity::concentration, Values::measured, true);
  endpoint.times = {3.0, 20.0};
  const pkpd::Exposure per_mg(subject.individual, {1.0, 24.0});
  const double first = per_mg.at(3.0) * 1.3;
  const double second = per_mg.at(20.0) * 0.9;
  endpoint.limits.below = 50.0;
  EXPECT_NEAR(range_of(subject, once_a_day, endpoint).to * std::max(first, second) / 50.0, 1.0, 1e-12);
  endpoint.limits = {{}, 2.0, {}, {}};
  EXPECT_NEAR(range_of(subject, once_a_day, endpoint).from * std::min(first, second) / 2.0, 1.0, 1e-12);
  // An additive error alone may reach a limit: no dose is then below, and every dose above.
  subject.concentration_error = {2.0, 0.2};
  endpoint.limits = {2.5, {}, {}, {}};
  EXPECT_TRUE(range_of(subject, once_a_day, endpoint).empty());
  subject.concentration_errors = {1.5, 1.4};
  endpoint.limits = {{}, 2.5, {}, {}};
  EXPECT_EQ(range_of(subject, once_a_day, endpoint), DoseRange{});
  // So negative an error that no concentration measures above 0.
  subject.concentration_errors = {-6.0, 0.0};
  EXPECT_TRUE(range_of(subject, once_a_day, endpoint).empty());
}

TEST(SuccessRangeOf, TellsPlaceboAndNever) {
  VirtualSubject subject = with_structure(BiomarkerStructure::turnover_inhibition, 2);
  const protocol::Endpoint steady = steady_below(3.3);
  const protocol::Endpoint control = control_below(3.3);
  subject.biomarker.baseline = 3.2;
  EXPECT_EQ(range_of(subject, once_a_day, steady), DoseRange{});
  EXPECT_EQ(range_of(subject, once_a_day, control), DoseRange{});
  subject.biomarker.baseline = 10.0;
  subject.biomarker.imax = 0.66;  // leaves 3.4 at best
  EXPECT_TRUE(range_of(subject, once_a_day, steady).empty());
  EXPECT_TRUE(range_of(subject, once_a_day, control).empty());
  subject.biomarker.imax = 0.68;  // leaves 3.2 at steady state; exp(-480 kout) of the rest after 20 days
  subject.biomarker.kout = 0.001;
  EXPECT_FALSE(range_of(subject, once_a_day, steady).empty());
  EXPECT_TRUE(range_of(subject, once_a_day, control).empty());
  subject.biomarker.hill = 6.0;  // the response saturates sharply: doses differ no more
  EXPECT_TRUE(range_of(subject, once_a_day, control).empty());
}

// A biomarker that rises starts below the limit or never succeeds; a higher dose only harms.
TEST(SuccessRangeOf, RisingBiomarkersSucceedBelowADose) {
  VirtualSubject subject = with_structure(BiomarkerStructure::turnover_stimulation, 3);
  subject.biomarker.baseline = 3.0;
  subject.biomarker.imax = 2.0;
  const DoseRange range = range_of(subject, once_a_day, steady_below(3.3));
  EXPECT_EQ(range.from, 0.0);
  EXPECT_GT(range.to, 0.0);
  EXPECT_LT(range.to, infinity);
  subject.biomarker.baseline = 3.4;
  EXPECT_TRUE(range_of(subject, once_a_day, steady_below(3.3)).empty());
  subject.biomarker.baseline = 1.0;
  EXPECT_EQ(range_of(subject, once_a_day, steady_below(3.3)), DoseRange{});  // never above 3
}

// A change of -60 % from baseline is a limit of 0.4 x the subject's own.
TEST(SuccessRangeOf, ChangesAreOfTheOwnBaseline) {
  VirtualSubject subject = with_structure(BiomarkerStructure::turnover_inhibition, 4);
  subject.biomarker.baseline = 12.5;
  protocol::Endpoint change = steady_below(1.0);
  change.limits = {{}, {}, -0.6, {}};
  const DoseRange range = range_of(subject, once_a_day, change);
  EXPECT_FALSE(range.empty());
  EXPECT_EQ(range, range_of(subject, once_a_day, steady_below(12.5 * (1.0 - 0.6))));
}

// Without residual error, the values at sampling times are some of those over the whole interval, so that measuring
// needs no more.
TEST(SuccessRangeOf, MeasuringWithoutErrorNeedsNoMore) {
  const std::vector<double> clock = {0.0, 6.0, 12.0, 24.0};
  for (std::uint64_t n = 0; n < 50; ++n) {
    const VirtualSubject subject = with_structure(BiomarkerStructure::turnover_inhibition, 10 + n);
    protocol::Endpoint measured = steady_below(3.3);
    measured.values = Values::measured;
    measured.times = clock;
    protocol::Endpoint latent_window = control_below(3.3);
    latent_window.values = Values::latent;
    const double steady = range_of(subject, once_a_day, steady_below(3.3)).from;
    EXPECT_LE(range_of(subject, once_a_day, measured).from, steady * (1.0 + 2e-8));
    // A course approaches its steady state from above, so three weeks need at least as much.
    EXPECT_GE(range_of(subject, once_a_day, latent_window).from * (1.0 + 2e-8), steady);
  }
}

// Twice 5 mg a day in steps of 12 h: the C that decides is that of the same doses written out as records.
TEST(SuccessRangeOf, RegimensAreTheirRecords) {
  VirtualSubject subject = with_structure(BiomarkerStructure::direct_inhibition, 70);
  subject.individual.lag = 0.0;
  protocol::Regimen loaded = regimen_of("loaded", 12.0, {1.0});
  loaded.loading = {3.0, 2};
  protocol::Endpoint endpoint = endpoint_named("c", Quantity::concentration, Values::measured, false);
  endpoint.to = 30.0;
  endpoint.times = {29.0};
  endpoint.limits.above = 2.0;
  subject.concentration_error = {};
  const std::vector<pkpd::Dose> records = {
      {.time = 0.0, .amount = 3.0}, {.time = 12.0, .amount = 3.0}, {.time = 24.0, .amount = 1.0}};
  const double per_mg = pkpd::concentration(subject.individual, records, endpoint.times)[0];
  EXPECT_NEAR(range_of(subject, loaded, endpoint).from * per_mg / 2.0, 1.0, 1e-12);
}

TEST(EndpointSet, SharesViewsAndEqualLimits) {
  protocol::Endpoint measured = steady_below(3.3, "measured");
  measured.values = Values::measured;
  measured.times = {0.0, 12.0};
  protocol::Endpoint both;
  both.name = "both";
  both.all = {"steady", "safe"};
  const EndpointSet set(
      once_a_day,
      resolve({steady_below(3.3), measured, control_below(3.3), concentration("safe", 60.0, {}), both}, true));
  EXPECT_EQ(set.views().size(), 3U);  // biomarker at steady state and of the course, concentration
  EXPECT_EQ(set.conditions().size(), 4U);
  EXPECT_EQ(set.conditions_of(4), (std::vector<std::size_t>{set.conditions_of(0)[0], set.conditions_of(3)[0]}));
  EXPECT_EQ(set.views()[0].times, measured.times);
}

TEST(Outcomes, NameTooFewResidualErrors) {
  VirtualSubject subject = with_structure(BiomarkerStructure::turnover_inhibition, 80);
  subject.biomarker_errors.resize(2);
  const EndpointSet set(once_a_day, resolve({control_below(3.3)}, true));
  EXPECT_THROW(Outcomes(subject, set), DataError);
  protocol::Regimen regimen = once_a_day;
  regimen.per = "age";
  const EndpointSet of_age(regimen, resolve({steady_below(3.3)}, true));
  EXPECT_THROW(Outcomes(subject, of_age), DataError);
}

// Moving baselines: on both sides of either end of the range, the definition of success.
TEST(Outcomes, RangesFollowAMovingBaseline) {
  using pkpd::BaselineModel;
  std::size_t seen = 0;
  for (std::uint64_t unit = 0; unit < 24; ++unit) {
    VirtualSubject subject = with_structure(pkpd::all_biomarker_structures.at(unit % 8), 500 + unit);
    subject.biomarker.baseline_model = pkpd::all_baseline_models.at(1 + unit % 3);
    subject.biomarker.baseline_slope = unit % 2 == 0 ? 0.003 : -0.002;
    subject.biomarker.baseline_amplitude = 0.3;
    subject.biomarker.baseline_phase = 9.0;
    const bool lowers = pkpd::lowers(subject.biomarker.structure);
    const double factor = lowers ? 0.75 : 1.4;
    protocol::Endpoint latent = endpoint_named("latent", Quantity::biomarker, Values::latent, false);
    latent.from = 100.0;
    latent.to = 140.0;
    const double limit = factor * subject.biomarker.baseline;
    if (lowers) latent.limits.below = limit;
    if (!lowers) latent.limits.above = limit;
    protocol::Endpoint measured = latent;
    measured.name = "measured";
    measured.values = Values::measured;
    measured.times = {102.0, 110.0, 121.0, 139.0};
    const EndpointSet set(every_day(1.0, 40.0, 1.0), resolve({latent, measured}, lowers));
    const Outcomes outcomes(subject, set);
    for (std::size_t k = 0; k < 2; ++k) {
      const DoseRange range = outcomes.success_range(k);
      if (range.empty()) {
        for (const double dose : {0.0, 1e-3, 1.0, 1e3, 1e6}) EXPECT_FALSE(outcomes.succeeds(k, dose)) << unit;
        continue;
      }
      EXPECT_EQ(outcomes.succeeds(k, 0.0), range.from == 0.0) << unit;
      if (range.from == 0.0) continue;
      ++seen;
      EXPECT_FALSE(outcomes.succeeds(k, range.from * (1.0 - 2e-8))) << unit;
      EXPECT_TRUE(outcomes.succeeds(k, range.from * (1.0 + 2e-8))) << unit;
      EXPECT_TRUE(outcomes.succeeds(k, range.from * 50.0)) << unit;
    }
  }
  EXPECT_GT(seen, 12U);
}

TEST(Outcomes, RangesOfAPrecursorAreTheLowest) {
  std::size_t ends = 0;
  for (std::uint64_t unit = 0; unit < 12; ++unit) {
    VirtualSubject subject = with_structure(pkpd::BiomarkerStructure::precursor_inhibition, 600 + unit);
    subject.biomarker.kp = 0.05;
    subject.biomarker.kout = 0.3;
    protocol::Endpoint endpoint = endpoint_named("latent", Quantity::biomarker, Values::latent, false);
    endpoint.from = 10.0;
    endpoint.to = 20.0;
    endpoint.limits.below = 0.8 * subject.biomarker.baseline;
    const EndpointSet set(every_day(1.0, 40.0, 1.0), resolve({endpoint}, true));
    const Outcomes outcomes(subject, set);
    const DoseRange range = outcomes.success_range(0);
    for (const double below : {0.0, 1e-3, 0.1, 0.5, 0.9}) {
      if (std::isfinite(range.from) && range.from > 0.0) {
        EXPECT_FALSE(outcomes.succeeds(0, below * range.from)) << unit;
      }
    }
    if (range.empty() || range.from == 0.0) continue;
    ++ends;
    EXPECT_FALSE(outcomes.succeeds(0, range.from * (1.0 - 2e-8))) << unit;
    EXPECT_TRUE(outcomes.succeeds(0, range.from * (1.0 + 2e-8))) << unit;
  }
  EXPECT_GT(ends, 5U);
}

// Of a binary biomarker 1 is measured with its probability: over many residual errors the share of doses that succeed
// is R at that dose.
TEST(Outcomes, EventsHaveTheirProbability) {
  VirtualSubject subject = with_structure(pkpd::BiomarkerStructure::direct_stimulation, 700);
  subject.biomarker.binary = true;
  subject.biomarker.baseline = 0.2;
  subject.biomarker.imax = 3.0;
  subject.biomarker_error = {.form = pkpd::ErrorForm::binary};
  protocol::Endpoint endpoint = endpoint_named("event", Quantity::biomarker, Values::measured, false);
  endpoint.from = 100.0;
  endpoint.to = 140.0;
  endpoint.times = {110.0};
  endpoint.limits.above = 0.5;
  const EndpointSet set(every_day(1.0, 40.0, 1.0), resolve({endpoint}, false));
  const pkpd::BiomarkerResponse response(subject.individual, every_day(1.0, 40.0, 1.0).course(),
                                         {.steady_state = false, .from = 100.0, .to = 140.0},
                                         std::vector<double>{110.0});
  constexpr double dose = 12.0;
  std::vector<double> p(1);
  response.at_samples(subject.biomarker, dose, p);
  core::Stream stream(3, core::Purpose::test, 0);
  int events = 0;
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    subject.biomarker_errors = {stream.normal()};
    const Outcomes outcomes(subject, set);
    const bool succeeds = outcomes.succeeds(0, dose);
    EXPECT_EQ(succeeds, outcomes.success_range(0).holds(dose));
    events += succeeds ? 1 : 0;
  }
  EXPECT_NEAR(events / static_cast<double>(draws), p[0], 4.0 * std::sqrt(p[0] * (1.0 - p[0]) / draws));
}

}  // namespace titrant::dose
