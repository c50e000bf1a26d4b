// One message for each fault: where it is, what is wrong, what is right.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "protocol_yaml.hpp"

using testing::HasSubstr;
using titrant::tests::Asked;
using titrant::tests::faults_between;
using titrant::tests::faults_of;

namespace {

std::string regimen(const std::string& keys) { return faults_of("regimens: {x: {" + keys + "}}"); }
std::string endpoint(const std::string& keys) { return faults_of("endpoints: {x: {" + keys + "}}"); }
std::string population(const std::string& keys) { return faults_of("populations: {x: {" + keys + "}}"); }

const std::string steady = "of: biomarker, values: latent, at: steady_state";

}  // namespace

TEST(BadRegimen, UnknownKeysNameTheNearest) {
  EXPECT_EQ(faults_of("regimens:\n  x: {interval: 24, doses: [1], intervall: 2}\n"),
            "run.yaml:2:33: regimens.x.intervall: unknown key; did you mean 'interval'?");
  EXPECT_THAT(regimen("interval: 24, doses: {from: 1, to: 2, stop: 1}"),
              HasSubstr("regimens.x.doses.stop: unknown key; did you mean 'step'?"));
}

TEST(BadRegimen, NeedsAnIntervalAndDoses) {
  EXPECT_THAT(regimen("doses: [1]"),
              HasSubstr("regimens.x: interval is missing; write interval: 24 (h between doses)"));
  EXPECT_THAT(
      regimen("interval: 24"),
      HasSubstr("regimens.x: doses are missing; write doses: [1, 2.5, 5] or doses: {from: 1, to: 20, step: 1}"));
  EXPECT_THAT(regimen("interval: 0, doses: [1]"), HasSubstr("regimens.x.interval: 0 is out of range; allowed: > 0 h"));
  EXPECT_EQ(faults_of("regimens: {x: 24}"),
            "run.yaml:1:15: regimens.x: expected a section with the keys interval, doses, loading, per, bands, route, "
            "duration, found '24'");
  EXPECT_EQ(faults_of("regimens: [x]"), "run.yaml:1:11: regimens: expected a section {name: value}, found a list");
}

TEST(BadRegimen, DosesAscend) {
  EXPECT_EQ(regimen("interval: 24, doses: [1, 5, 2.5]"),
            "run.yaml:1:37: regimens.x.doses: doses must ascend, each once; found [1, 5, 2.5]");
  EXPECT_THAT(regimen("interval: 24, doses: [1, 1]"), HasSubstr("doses must ascend, each once; found [1, 1]"));
  EXPECT_THAT(regimen("interval: 24, doses: []"), HasSubstr("regimens.x.doses: at least one dose is needed"));
  EXPECT_THAT(regimen("interval: 24, doses: [0, 1]"), HasSubstr("regimens.x.doses: 0 is out of range; allowed: > 0"));
  EXPECT_THAT(regimen("interval: 24, doses: {from: 5, to: 1, step: 1}"),
              HasSubstr("regimens.x.doses: the doses end (1) before they begin (5)"));
  EXPECT_THAT(regimen("interval: 24, doses: {from: 1, to: 20000, step: 1}"),
              HasSubstr("regimens.x.doses: more than 10000 doses; increase step"));
}

TEST(BadRegimen, KeysThatAreMissingAreNamed) {
  EXPECT_EQ(regimen("interval: 24, doses: {from: 1, to: 2}"), "run.yaml:1:37: regimens.x.doses.step: is missing");
  EXPECT_THAT(regimen("interval: 24, doses: [1], loading: {doses: 1}"),
              HasSubstr("regimens.x.loading.factor: is missing"));
  EXPECT_THAT(regimen("interval: 24, doses: [1], bands: {weight: {}}"),
              HasSubstr("regimens.x.bands.weight.up_to: is missing"));
  Asked asked;
  EXPECT_THAT(asked.set("regimens.x={interval: 24, doses: {from: 1}}"), HasSubstr("regimens.x.doses.to: is missing"));
}

TEST(BadRegimen, InfusionsAloneHaveADuration) {
  EXPECT_THAT(regimen("interval: 336, doses: [50], route: rectal"),
              HasSubstr("regimens.x.route: 'rectal' is no route; expected oral, bolus or infusion"));
  EXPECT_THAT(regimen("interval: 336, doses: [50], route: infusion"),
              HasSubstr("regimens.x: an infusion needs its duration; write duration: 1 (h)"));
  EXPECT_THAT(regimen("interval: 336, doses: [50], route: infusion, duration: 0"),
              HasSubstr("regimens.x.duration: 0 is out of range; allowed: 1e-06 .. 1000000 h"));
  EXPECT_THAT(regimen("interval: 336, doses: [50], duration: 1"),
              HasSubstr("regimens.x.duration: only infusions have a duration; write route: infusion, or leave it out"));
}

TEST(BadRegimen, BandsAscendAndAreOfOneCovariate) {
  const auto bands = [](const std::string& text) { return regimen("interval: 24, doses: [1], bands: " + text); };
  EXPECT_THAT(bands("{weight: {up_to: {90: 1, 60: 2}}}"),
              HasSubstr("regimens.x.bands.weight.up_to: upper ends must ascend; 60 follows 90"));
  EXPECT_THAT(bands("{weight: {up_to: {heavy: 1}}}"),
              HasSubstr("'heavy' is no upper end of a band; expected a number or .inf"));
  EXPECT_THAT(bands("{weight: {up_to: {60: 0}}}"), HasSubstr("up_to.60: 0 is out of range; allowed: > 0"));
  EXPECT_THAT(bands("{weight: {up_to: {}}}"), HasSubstr("at least one band is needed"));
  EXPECT_THAT(bands("{weight: {up_to: {.inf: 1}}, age: {up_to: {.inf: 1}}}"),
              HasSubstr("regimens.x.bands: expected one covariate"));
}

TEST(BadRegimen, NamesAreGroupsOfTheStore) {
  EXPECT_THAT(faults_of("regimens: {a/b: {interval: 24, doses: [1]}}"),
              HasSubstr("regimens: 'a/b': names hold letters, digits, _ and - only, 64 at most"));
  EXPECT_THAT(faults_of("regimens: {a: {interval: 24, doses: [1]}, a: {interval: 12, doses: [1]}}"),
              HasSubstr("run.yaml:1:43"));
}

TEST(BadEndpoint, SaysWhatItIsOfAndWhichValues) {
  EXPECT_THAT(endpoint("values: latent, at: steady_state, below: 3"),
              HasSubstr("endpoints.x: of is missing; write of: biomarker or of: concentration"));
  EXPECT_THAT(endpoint("of: biomarker, at: steady_state, below: 3"),
              HasSubstr("endpoints.x: values is missing; write values: latent (at every instant) or values: measured"));
  EXPECT_THAT(
      endpoint("of: biomarkr, values: latent, at: steady_state, below: 3"),
      HasSubstr("endpoints.x.of: 'biomarkr' is not one of: biomarker, concentration; did you mean 'biomarker'?"));
  EXPECT_THAT(endpoint(steady + ", belov: 3"), HasSubstr("endpoints.x.belov: unknown key; did you mean 'below'?"));
}

TEST(BadEndpoint, HasAWindow) {
  EXPECT_THAT(endpoint("of: biomarker, values: latent, below: 3"),
              HasSubstr("endpoints.x: no window; give hours: [from, to] (h) or at: steady_state"));
  EXPECT_THAT(endpoint("of: biomarker, values: latent, hours: [504, 480], below: 3"),
              HasSubstr("endpoints.x.hours: [504, 480] is no window; expected its begin and a later end"));
  EXPECT_THAT(endpoint("of: biomarker, values: latent, hours: [-24, 0], below: 3"),
              HasSubstr("endpoints.x.hours: -24 is out of range; allowed: >= 0"))
      << "before the first dose";
  EXPECT_THAT(endpoint("of: biomarker, values: latent, hours: [480], below: 3"),
              HasSubstr("endpoints.x.hours: expected two numbers [a, b], found a list"));
  EXPECT_THAT(endpoint(steady + ", hours: [480, 504], below: 3"),
              HasSubstr("endpoints.x: both hours and at: steady_state; latent values are judged in one of the two"));
}

TEST(BadEndpoint, SamplingTimesAreOfMeasuredValuesInTheWindow) {
  EXPECT_THAT(endpoint(steady + ", times: [1], below: 3"),
              HasSubstr("endpoints.x.times: latent values are judged at every instant; give values: measured, or no "
                        "times"));
  EXPECT_THAT(endpoint("of: biomarker, values: measured, at: steady_state, below: 3"),
              HasSubstr("endpoints.x: measured values at steady state need sampling times"));
  const std::string measured = "of: biomarker, values: measured, hours: [480, 504], below: 3, ";
  EXPECT_THAT(endpoint(measured + "times: [490, 485]"),
              HasSubstr("endpoints.x.times: expected sampling times in ascending order, each once"));
  EXPECT_THAT(endpoint(measured + "times: [490, 490]"), HasSubstr("in ascending order, each once"));
  EXPECT_THAT(endpoint(measured + "times: [479, 490]"),
              HasSubstr("endpoints.x.times: sampling times lie outside hours: [480, 504]"));
  EXPECT_EQ(endpoint(measured + "times: [480, 504]"), "");
}

TEST(BadEndpoint, LimitsDoNotContradictEachOther) {
  EXPECT_THAT(
      endpoint(steady + ", below: 3, above: 3"),
      HasSubstr("endpoints.x: the limits contradict each other: no value is below the one and above the other"));
  EXPECT_THAT(endpoint(steady + ", change_from_baseline: {below: -50 %, above: -20 %}"),
              HasSubstr("the limits contradict each other"));
  EXPECT_EQ(endpoint(steady + ", below: 3, above: 2"), "");
  EXPECT_THAT(endpoint(steady),
              HasSubstr("endpoints.x: no limit; give below, above or change_from_baseline: {below: -50 %}"));
}

TEST(BadEndpoint, ChangesArePercentages) {
  const auto change = [](const std::string& text) {
    return endpoint(steady + ", change_from_baseline: {below: " + text + "}");
  };
  EXPECT_THAT(change("-0.5"), HasSubstr("endpoints.x.change_from_baseline.below: '-0.5' is no change from baseline; "
                                        "expected a percentage above -100 %, as -50 %"));
  for (const char* wrong : {"half", "%", "-100 %", "-150 %", "-50 % %", "-50 x %", "inf %", "nan %", "[1]"}) {
    EXPECT_NE(change(wrong), "") << wrong;
  }
  for (const char* right : {"-50 %", "-50%", "20 %", "+20 %", "-12.5  %", "1e2 %"})
    EXPECT_EQ(change(right), "") << right;
  EXPECT_THAT(endpoint("of: concentration, values: latent, at: steady_state, change_from_baseline: {below: -50 %}"),
              HasSubstr("a concentration has no baseline; give below or above, or of: biomarker"));
}

TEST(BadEndpoint, TroughsAreOfLatentConcentrationsAtSteadyState) {
  EXPECT_THAT(endpoint(steady + ", below: 3, at_trough: true"),
              HasSubstr("endpoints.x.at_trough: is for latent concentrations at: steady_state"));
  EXPECT_THAT(endpoint("of: concentration, values: latent, hours: [0, 24], above: 3, at_trough: true"),
              HasSubstr("endpoints.x.at_trough: is for latent concentrations at: steady_state"));
}

TEST(BadEndpoint, CombinationsNameOthers) {
  const std::string parts = "endpoints: {low: {" + steady + ", below: 3}, high: {" + steady +
                            ", above: 5}, late: {of: biomarker, values: latent, hours: [0, 24], above: 5}, ";
  EXPECT_THAT(faults_of(parts + "both: {all: [low, low]}}"), HasSubstr("endpoints.both.all: 'low' is listed twice"));
  EXPECT_THAT(faults_of(parts + "both: {all: []}}"),
              HasSubstr("endpoints.both.all: expected the names of endpoints that must all be met"));
  EXPECT_THAT(faults_of(parts + "both: {all: [low, high], below: 3}}"), HasSubstr("endpoints.both.below: unknown key"));
  EXPECT_EQ(faults_between(parts + "both: {all: [low, hihg]}}"),
            "endpoints.both.all: 'hihg' is no endpoint; did you mean 'high'?");
  EXPECT_EQ(faults_between(parts + "both: {all: [low, high]}}"),
            "endpoints.both.all: low and high contradict each other: no value meets both limits");
  EXPECT_EQ(faults_between(parts + "both: {all: [low, late]}}"), "") << "at other times";
  EXPECT_EQ(faults_between(parts + "one: {all: [low]}, both: {all: [one, late]}}"),
            "endpoints.both.all: 'one' is itself a combination; name the endpoints that it combines");
}

TEST(BadPopulation, DistributionsAreOneOfThoseThatThereAre) {
  EXPECT_THAT(population("weight: {unifrom: [50, 100]}"),
              HasSubstr("populations.x.weight.unifrom: unknown key; did you mean 'uniform'?"));
  EXPECT_THAT(population("weight: {uniform: [50, 100], normal: [80, 15]}"),
              HasSubstr("populations.x.weight: expected one distribution: a number, uniform: [from, to]"));
  EXPECT_THAT(population("weight: {}"), HasSubstr("populations.x.weight: expected one distribution"));
  EXPECT_THAT(population("weight: {uniform: [100, 50]}"),
              HasSubstr("populations.x.weight.uniform: expected [from, to] with from <= to"));
  EXPECT_THAT(population("weight: {normal: [80, 0]}"),
              HasSubstr("populations.x.weight.normal: the standard deviation must be above 0"));
  EXPECT_THAT(population("weight: {log_normal: [-80, 0.3]}"),
              HasSubstr("populations.x.weight.log_normal: the median must be above 0"));
  EXPECT_THAT(population("weight: {normal: [80]}"), HasSubstr("expected two numbers [a, b], found a list"));
  EXPECT_THAT(population("weight: {uniform: [50, 100], within: [60, 70]}"),
              HasSubstr("populations.x.weight.within: cuts off normal and log_normal distributions alone"));
  EXPECT_THAT(population("weight: {normal: [80, 15], within: [70, 60]}"),
              HasSubstr("populations.x.weight.within: expected [low, high] with low < high"));
  EXPECT_THAT(population("weight: {log_normal: [80, 0.3], within: [-5, -1]}"),
              HasSubstr("populations.x.weight.within: log_normal values are above 0"));
}

TEST(BadPopulation, SharesAddUpToOne) {
  EXPECT_THAT(population("sex: {share: 1.5}"),
              HasSubstr("populations.x.sex.share: 1.5 is out of range; allowed: 0 .. 1"));
  EXPECT_THAT(population("sex: {levels: {male: 0.5, female: 0.4}}"),
              HasSubstr("populations.x.sex.levels: shares add up to 0.9; expected 1"));
}

TEST(BadPopulation, LevelsAreThoseOfTheData) {
  const std::string data =
      "data: {covariates: {sex: {levels: {1: male, 2: female}}, "
      "site: {levels: {1: north, 2: middle, 3: south}}}}\n";
  EXPECT_EQ(faults_between(data + "populations: {x: {sex: {levels: {mael: 1}}}}"),
            "populations.x.sex: 'mael' is no level of sex; did you mean 'male'?");
  EXPECT_EQ(faults_between(data + "populations: {x: {sex: unknown}}"),
            "populations.x.sex: 'unknown' is no level of sex; there are: male, female");
  EXPECT_EQ(faults_between(data + "populations: {x: {sex: {uniform: [0, 1]}}}"),
            "populations.x.sex: sex has levels; expected share or levels");
  EXPECT_EQ(faults_between(data + "populations: {x: {site: {share: 0.5}}}"),
            "populations.x.site: share is for two levels, and site has 3; expected levels: {name: share}");
  EXPECT_EQ(faults_between(data + "populations: {x: {age: old}}"),
            "populations.x.age: 'old' is no number, and data.covariates.age names no levels");
}

TEST(BadPopulation, MisspeltCovariatesAreNamed) {
  const std::string data = "data: {covariates: {weight: WT, age: AGE}}\n";
  EXPECT_EQ(faults_between(data + "populations: {x: {wieght: 70}}"),
            "populations.x.wieght: unknown covariate; did you mean 'weight'?");
  EXPECT_EQ(faults_between(data + "populations: {x: {creatinine_clearance: 70}}"), "") << "one that no model uses";
}

TEST(BadPopulation, CorrelationsArePossible) {
  const std::string three = "populations: {x: {a: {uniform: [0, 1]}, b: {uniform: [0, 1]}, c: {uniform: [0, 1]}, ";
  EXPECT_EQ(faults_between(three + "correlation: [[a, b, 0.9], [b, c, 0.9], [a, c, -0.9]]}}"),
            "populations.x.correlation: no covariates have such correlations (the matrix is not positive definite at "
            "c); make them smaller");
  EXPECT_EQ(faults_between(three + "correlation: [[a, d, 0.5]]}}"),
            "populations.x.correlation: the covariate d has no distribution here");
  EXPECT_EQ(faults_between(three + "correlation: [[a, a, 0.5]]}}"), "populations.x.correlation: a with itself");
  EXPECT_THAT(faults_of(three + "correlation: [[a, b, 1]]}}"),
              HasSubstr("populations.x.correlation: 1 is out of range; allowed: between -1 and 1, both excluded"));
  EXPECT_THAT(faults_of(three + "correlation: [[a, b]]}}"),
              HasSubstr("expected [covariate, covariate, correlation of their normal scores]"));
  EXPECT_THAT(faults_of(three + "correlation: [[a, b, 0.5], [b, a, 0.4]]}}"),
              HasSubstr("populations.x.correlation: the correlation of b and a is given twice"));
}

TEST(BadPopulation, RowsAreResampledWhole) {
  EXPECT_THAT(population("from: trial, weight: {uniform: [50, 100]}"),
              HasSubstr("populations.x: whole rows are resampled where from is given; expected from and where alone"));
  EXPECT_THAT(population("weight: 70, where: \"weight > 3\""),
              HasSubstr("populations.x: where chooses among rows; give from: trial or a file too"));
}

TEST(BadCovariate, HasAColumnAndTwoLevels) {
  EXPECT_THAT(faults_of("data: {covariates: {sex: {column: SEX, levels: {1: male}}}}"),
              HasSubstr("data.covariates.sex.levels: expected two levels or more, as {1: male, 2: female}"));
  EXPECT_THAT(faults_of("data: {covariates: {sex: {colum: SEX}}}"),
              HasSubstr("data.covariates.sex.colum: unknown key; did you mean 'column'?"));
  EXPECT_THAT(faults_of("data: {covariates: {sex: [1]}}"), HasSubstr("data.covariates.sex: expected a section"));
}

TEST(BadQuestion, NamesWhatThereIs) {
  const std::string all = "regimens: {daily: {interval: 24, doses: [1]}}\nendpoints: {low: {" + steady +
                          ", below: 3}}\npopulations: {base: {weight: 70}}\n";
  const auto asked = [&](const std::string& text) { return faults_between(all + text); };
  EXPECT_EQ(asked("questions: [{population: base, regimen: dayly, endpoint: low, target: 0.9}]"),
            "questions: 'dayly' is no regimen; did you mean 'daily'?");
  EXPECT_EQ(asked("headline: {endpoint: hihg}"), "headline: 'hihg' is no endpoint; there are: low");
  EXPECT_EQ(asked("headline: {target: 0.8}"), "headline: is no question of this run; see targets and questions");
  EXPECT_EQ(asked("headline: {target: 0.75}"), "");
  EXPECT_EQ(asked("targets: []"), "targets: at least one target is needed");
  EXPECT_THAT(faults_of("questions: [{population: base, regimen: daily, endpoint: low}]"),
              HasSubstr("questions: target is missing"));
  EXPECT_THAT(faults_of("questions: []"),
              HasSubstr("questions: expected all, or a list of {population, regimen, endpoint, target}"));
  EXPECT_THAT(faults_of("questions: some"), HasSubstr("questions: 'some' is not one of: all"));
  EXPECT_THAT(faults_of("targets: [90]"), HasSubstr("targets: 90 is out of range; allowed: between 0 and 1"));
}
