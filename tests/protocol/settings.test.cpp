// A protocol from YAML and back.

#include "titrant/protocol/settings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>

#include "protocol_yaml.hpp"

using namespace titrant::protocol;
using testing::HasSubstr;
using titrant::tests::Asked;

namespace {

const std::string example = R"(
regimens:
  daily:    {interval: 24,  doses: {from: 0.5, to: 40, step: 0.5}}
  weekly:   {interval: 168, doses: {from: 5, to: 300, step: 5}}
  twice:    {interval: 12,  doses: [1, 2.5, 5, 10]}
  loaded:   {interval: 24,  doses: {from: 1, to: 20, step: 1}, loading: {factor: 3, doses: 1}}
  by_weight: {interval: 24, doses: {from: 0.05, to: 0.5, step: 0.05}, per: kg}
  banded:   {interval: 24,  doses: [1, 2], bands: {weight: {up_to: {60: 1.0, 90: 1.5, .inf: 2.0}}}}
  renal:    {interval: 24,  doses: [0.1], per: creatinine_clearance, route: oral}
endpoints:
  control:  {of: biomarker, values: measured, hours: [480, 504], below: 3.3}
  steady:   {of: biomarker, values: latent, at: steady_state, below: 3.3}
  exposed:  {of: concentration, values: latent, at: steady_state, above: 2}
  trough:   {of: concentration, values: latent, at: steady_state, above: 2, at_trough: true}
  safe:     {of: concentration, values: latent, at: steady_state, below: 60}
  reduced:  {of: biomarker, values: latent, hours: [672, 840], change_from_baseline: {below: -50 %}}
  sampled:  {of: biomarker, values: measured, at: steady_state, times: [1, 2.5, 12], below: 5, above: 0.25}
  both:     {all: [steady, safe]}
populations:
  base:     {weight: {uniform: [50, 100]}, comed: {share: 0.5}}
  renal:    {weight: {normal: [80, 15], within: [45, 150]}, creatinine_clearance: {log_normal: [45, 0.3]},
             sex: {share: 0.5}, correlation: [[weight, creatinine_clearance, 0.4]]}
  women:    {weight: 65, sex: female, site: {levels: {north: 0.25, south: 0.75}}}
  observed: {from: trial, where: "weight >= 50 and weight <= 100"}
  register: {from: people.csv}
targets: [0.90, 0.75]
questions: all
headline: {population: base, regimen: daily, endpoint: control, target: 0.9}
data:
  covariates:
    weight: WT
    sex: {column: SEX, levels: {1: male, 2: female}}
    site: {column: SITE, levels: {N: north, M: middle, S: south}}
    creatinine_clearance: {column: CRCL, reference: 90}
    comed: COMED
)";

Asked read_example() {
  Asked asked;
  EXPECT_EQ(asked.read(example), "");
  EXPECT_EQ(asked.resolve(), "");
  return asked;
}

}  // namespace

TEST(ProtocolSettings, ReadRegimens) {
  const Protocol protocol = read_example().protocol;
  ASSERT_EQ(protocol.regimens.size(), 7U);
  EXPECT_EQ(protocol.regimens[0].name, "daily") << "in the order of the file";
  const Regimen& daily = protocol.regimen("daily");
  EXPECT_EQ(daily.interval, 24.0);
  ASSERT_EQ(daily.doses.size(), 80U);
  EXPECT_EQ(daily.doses.front(), 0.5);
  EXPECT_EQ(daily.doses.back(), 40.0);
  EXPECT_FALSE(daily.individual_amounts());
  EXPECT_EQ(daily.loading.doses, 0);
  EXPECT_EQ(protocol.regimen("twice").doses, (std::vector<double>{1, 2.5, 5, 10}));
  EXPECT_EQ(protocol.regimen("loaded").loading.factor, 3.0);
  EXPECT_EQ(protocol.regimen("loaded").loading.doses, 1);
  EXPECT_EQ(protocol.regimen("by_weight").per, "weight");
  EXPECT_EQ(protocol.regimen("by_weight").doses.size(), 10U);
  EXPECT_EQ(protocol.regimen("renal").per, "creatinine_clearance");
  const Bands& bands = protocol.regimen("banded").bands;
  EXPECT_EQ(bands.covariate, "weight");
  ASSERT_EQ(bands.bands.size(), 3U);
  EXPECT_EQ(bands.bands[1].up_to, 90.0);
  EXPECT_EQ(bands.bands[1].factor, 1.5);
  EXPECT_EQ(bands.bands[2].up_to, std::numeric_limits<double>::infinity());
}

TEST(ProtocolSettings, ReadEndpoints) {
  const Protocol protocol = read_example().protocol;
  ASSERT_EQ(protocol.endpoints.size(), 8U);
  const Endpoint& control = protocol.endpoint("control");
  EXPECT_EQ(control.of, Quantity::biomarker);
  EXPECT_EQ(control.values, Values::measured);
  EXPECT_FALSE(control.steady_state);
  EXPECT_EQ(control.from, 480.0);
  EXPECT_EQ(control.to, 504.0);
  EXPECT_EQ(control.limits.below, 3.3);
  EXPECT_EQ(control.limits.above, std::nullopt);
  EXPECT_TRUE(control.labels_trial());
  const Endpoint& exposed = protocol.endpoint("exposed");
  EXPECT_EQ(exposed.of, Quantity::concentration);
  EXPECT_EQ(exposed.values, Values::latent);
  EXPECT_TRUE(exposed.steady_state);
  EXPECT_FALSE(exposed.at_trough);
  EXPECT_EQ(exposed.limits.above, 2.0);
  EXPECT_FALSE(exposed.labels_trial());
  EXPECT_TRUE(protocol.endpoint("trough").at_trough);
  EXPECT_EQ(protocol.endpoint("reduced").limits.change_below, -0.5);
  EXPECT_EQ(protocol.endpoint("sampled").times, (std::vector<double>{1, 2.5, 12}));
  EXPECT_FALSE(protocol.endpoint("sampled").labels_trial());
  EXPECT_EQ(protocol.endpoint("both").all, (std::vector<std::string>{"steady", "safe"}));
}

TEST(ProtocolSettings, ReadPopulationsAndLevels) {
  const Asked asked = read_example();
  const Protocol& protocol = asked.protocol;
  using Kind = Distribution::Kind;
  const Population& renal = protocol.population("renal");
  ASSERT_EQ(renal.covariates.size(), 3U);
  EXPECT_EQ(renal.covariates[0].first, "weight");
  EXPECT_EQ(renal.covariates[0].second.family, "normal");
  EXPECT_EQ(renal.covariates[0].second.first, 80.0);
  EXPECT_EQ(renal.covariates[0].second.second, 15.0);
  EXPECT_EQ(renal.covariates[0].second.low, 45.0);
  EXPECT_EQ(renal.covariates[0].second.high, 150.0);
  EXPECT_EQ(renal.covariates[1].second.family, "log_normal");
  using Shares = std::vector<std::pair<double, double>>;
  EXPECT_EQ(renal.covariates[2].second.shares, (Shares{{0.0, 0.5}, {1.0, 0.5}}));
  ASSERT_EQ(renal.correlations.size(), 1U);
  EXPECT_EQ(renal.correlations[0].coefficient, 0.4);
  const Population& women = protocol.population("women");
  EXPECT_EQ(women.covariates[0].second.first, 65.0);
  EXPECT_EQ(women.covariates[1].second.kind, Kind::fixed);
  EXPECT_EQ(women.covariates[1].second.first, 1.0) << "the place of female";
  EXPECT_EQ(women.covariates[2].second.shares, (Shares{{0.0, 0.25}, {2.0, 0.75}}));
  EXPECT_EQ(protocol.population("observed").source, Population::Source::trial);
  EXPECT_EQ(protocol.population("observed").where, "weight >= 50 and weight <= 100");
  EXPECT_EQ(protocol.population("register").source, Population::Source::file);
  EXPECT_EQ(protocol.population("register").file, "people.csv");
  ASSERT_EQ(asked.covariates.size(), 5U);
  EXPECT_EQ(asked.covariates[0].column, "WT");
  EXPECT_FALSE(asked.covariates[0].is_categorical());
  EXPECT_EQ(asked.covariates[1].value_of("female"), 1.0);
  EXPECT_EQ(asked.covariates[1].value_of("2"), std::nullopt);
  EXPECT_EQ(asked.covariates[3].reference, 90.0);
}

// What the store keeps, and what --set is laid over.
TEST(ProtocolSettings, ReadBackWhatTheyWrite) {
  Asked asked;
  EXPECT_EQ(asked.read(example), "");
  const std::string once = asked.written();
  Asked again;
  EXPECT_EQ(again.read(once), "") << once;
  EXPECT_EQ(again.written(), once);
  EXPECT_EQ(again.resolve(), "");
  const Protocol all = read_example().protocol;
  EXPECT_EQ(again.protocol.questions(), all.questions());
  EXPECT_EQ(again.protocol.headline(), all.headline());
  for (const Regimen& regimen : all.regimens) {
    const Regimen& read = again.protocol.regimen(regimen.name);
    EXPECT_EQ(read.interval, regimen.interval);
    EXPECT_EQ(read.doses, regimen.doses) << "to the last bit";
    EXPECT_EQ(read.loading, regimen.loading);
    EXPECT_EQ(read.per, regimen.per);
    EXPECT_EQ(read.bands.covariate, regimen.bands.covariate);
    ASSERT_EQ(read.bands.bands.size(), regimen.bands.bands.size());
    EXPECT_EQ(definition(read), definition(regimen));
  }
  for (const Endpoint& endpoint : all.endpoints) {
    const Endpoint& read = again.protocol.endpoint(endpoint.name);
    EXPECT_EQ(definition(read), definition(endpoint));
    EXPECT_EQ(read.limits.change_below, endpoint.limits.change_below);
    EXPECT_EQ(read.times, endpoint.times);
    EXPECT_EQ(read.all, endpoint.all);
  }
  for (const Population& population : all.populations) {
    const Population& read = again.protocol.population(population.name);
    EXPECT_EQ(definition(read), definition(population));
    ASSERT_EQ(read.covariates.size(), population.covariates.size());
    for (std::size_t i = 0; i < read.covariates.size(); ++i) {
      EXPECT_EQ(read.covariates[i].second.shares, population.covariates[i].second.shares);
      EXPECT_EQ(read.covariates[i].second.quantile(0.3), population.covariates[i].second.quantile(0.3));
    }
  }
}

TEST(ProtocolSettings, DefineOneThingOnOneLine) {
  const Protocol protocol = read_example().protocol;
  EXPECT_EQ(definition(protocol.regimen("weekly")), "{interval: 168, doses: {from: 5, to: 300, step: 5}}");
  EXPECT_EQ(definition(protocol.regimen("by_weight")),
            "{interval: 24, doses: {from: 0.05, to: 0.5, step: 0.05}, per: kg}");
  EXPECT_EQ(definition(protocol.regimen("banded")),
            "{interval: 24, doses: [1, 2], bands: {weight: {up_to: {60: 1, 90: 1.5, .inf: 2}}}}");
  EXPECT_EQ(definition(protocol.endpoint("reduced")),
            "{of: biomarker, values: latent, hours: [672, 840], change_from_baseline: {below: -50 %}}");
  EXPECT_EQ(definition(protocol.endpoint("both")), "{all: [steady, safe]}");
  EXPECT_EQ(definition(protocol.population("women")),
            "{weight: 65, sex: female, site: {levels: {north: 0.25, south: 0.75}}}");
}

TEST(ProtocolSettings, PercentagesAreWrittenAsTheyWereRead) {
  for (int percent = -99; percent <= 300; ++percent) {
    Asked asked;
    const std::string change = fmt::format("{{below: {} %}}", percent);
    EXPECT_EQ(asked.read("endpoints: {x: {of: biomarker, values: latent, at: steady_state, change_from_baseline: " +
                         change + "}}"),
              "");
    EXPECT_THAT(definition(asked.protocol.endpoints.at(0)), HasSubstr("change_from_baseline: " + change));
    EXPECT_EQ(asked.protocol.endpoints[0].limits.change_below, percent / 100.0);
  }
}

TEST(ProtocolSettings, LevelsMayHaveAnyText) {
  Asked asked;
  const std::string text = R"(
populations: {x: {arm: "a: b, {c", sex: {levels: {"d, e": 0.5, "#f": 0.5}}}}
data: {covariates: {arm: {column: "A, B", levels: {1: "a: b, {c", "2, 3": g}}, sex: {levels: {1: "d, e", 2: "#f"}}}}
)";
  EXPECT_EQ(asked.read(text), "");
  EXPECT_EQ(asked.resolve(), "");
  Asked again;
  EXPECT_EQ(again.read(asked.written()), "") << asked.written();
  EXPECT_EQ(again.resolve(), "");
  EXPECT_EQ(again.covariates.at(0).levels, asked.covariates[0].levels);
  EXPECT_EQ(again.covariates.at(0).column, "A, B");
  EXPECT_EQ(again.covariates.at(1).column, "sex") << "a column is called like its covariate where none is given";
  EXPECT_EQ(again.protocol.populations.at(0).covariates[1].second.shares,
            asked.protocol.populations[0].covariates[1].second.shares);
}

TEST(ProtocolSettings, SetChangesOneValue) {
  Asked asked = read_example();
  EXPECT_EQ(asked.set("regimens.twice.interval=8"), "");
  EXPECT_EQ(asked.protocol.regimens.size(), 7U);
  EXPECT_EQ(asked.protocol.regimen("twice").interval, 8.0);
  EXPECT_EQ(asked.protocol.regimen("twice").doses, (std::vector<double>{1, 2.5, 5, 10}));
  EXPECT_EQ(asked.set("regimens.daily.doses.step=1"), "");
  EXPECT_EQ(asked.protocol.regimen("daily").doses.size(), 40U);
  EXPECT_EQ(asked.set("regimens.daily.doses=[1, 2]"), "");
  EXPECT_EQ(asked.protocol.regimen("daily").doses, (std::vector<double>{1, 2}));
  EXPECT_EQ(asked.set("endpoints.control.below=2.5"), "");
  EXPECT_EQ(asked.protocol.endpoint("control").limits.below, 2.5);
  EXPECT_EQ(asked.protocol.endpoint("control").from, 480.0);
  EXPECT_EQ(asked.set("populations.base.weight.uniform=[60, 70]"), "");
  EXPECT_EQ(asked.protocol.population("base").covariates.at(0).second.second, 70.0);
  EXPECT_EQ(asked.protocol.population("base").covariates.size(), 2U);
  EXPECT_EQ(asked.set("headline.target=0.75"), "");
  EXPECT_EQ(asked.protocol.headline().target, 0.75);
  EXPECT_EQ(asked.protocol.headline().regimen, "daily");
  EXPECT_EQ(asked.set("data.covariates.weight=BW"), "");
  EXPECT_EQ(asked.covariates.at(0).column, "BW");
  EXPECT_EQ(asked.covariates.size(), 5U);
  EXPECT_EQ(asked.resolve(), "");
}

TEST(ProtocolSettings, SetAddsANewOne) {
  Asked asked = read_example();
  EXPECT_EQ(asked.set("regimens.monthly={interval: 672, doses: [100, 200]}"), "");
  EXPECT_EQ(asked.protocol.regimens.size(), 8U);
  EXPECT_EQ(asked.protocol.regimen("monthly").interval, 672.0);
  EXPECT_THAT(asked.set("regimens.yearly.interval=8760"),
              HasSubstr("--set regimens.yearly.interval=8760: regimens.yearly: doses are missing"));
  EXPECT_THAT(asked.set("regimens.daily.intervall=8"), HasSubstr("unknown key; did you mean 'interval'?"));
}

TEST(ProtocolSettings, AreDocumentedKeyByKey) {
  Asked asked;
  const titrant::core::Settings settings = asked.settings();
  std::map<std::string, titrant::core::Settings::Description> keys;
  for (const auto& one : settings.documentation()) keys[one.path] = one;
  for (const char* key : {"regimens.<name>.interval", "regimens.<name>.doses", "regimens.<name>.bands",
                          "endpoints.<name>.hours", "endpoints.<name>.all", "endpoints.<name>.change_from_baseline",
                          "populations.<name>.correlation", "populations.<name>.where"}) {
    ASSERT_TRUE(keys.contains(key)) << key;
    EXPECT_FALSE(keys[key].meaning.empty()) << key;
    EXPECT_FALSE(keys[key].allowed.empty()) << key;
  }
  EXPECT_EQ(keys["regimens.<name>.interval"].unit, "h");
}
