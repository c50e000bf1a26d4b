#include "titrant/protocol/regimen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol_yaml.hpp"
#include "titrant/core/error.hpp"

using namespace titrant::protocol;
using testing::HasSubstr;
using titrant::DataError;

namespace {

Regimen banded() {
  Regimen regimen;
  regimen.name = "banded";
  regimen.bands = {"weight", {{60.0, 1.0}, {90.0, 1.5}}};
  return regimen;
}

std::string refusal(const Regimen& regimen, const titrant::pkpd::Covariates& covariates) {
  try {
    regimen.dose_factor(covariates);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Regimen, TheDoseIsTheAmountUnlessItIsIndividual) {
  const Regimen plain;
  EXPECT_EQ(plain.dose_factor({{"weight", 80.0}}), 1.0);
  EXPECT_EQ(plain.dose_factor({}), 1.0);
  EXPECT_FALSE(plain.individual_amounts());
  EXPECT_EQ(plain.dose_unit("mg"), "mg");
}

TEST(Regimen, DosesByWeightAreMultipliedByIt) {
  Regimen regimen;
  regimen.name = "by_weight";
  regimen.per = "weight";
  EXPECT_EQ(regimen.dose_factor({{"weight", 80.0}, {"age", 30.0}}), 80.0);
  EXPECT_TRUE(regimen.individual_amounts());
  EXPECT_EQ(regimen.dose_unit("mg"), "mg/kg");
  EXPECT_EQ(refusal(regimen, {{"age", 30.0}}),
            "regimens.by_weight: a dose depends on the covariate weight, which a subject has no value of");
  EXPECT_THAT(refusal(regimen, {{"weight", 0.0}}),
              HasSubstr("a dose is multiplied by weight, which is 0 in a subject; expected a value above 0"));
  regimen.per = "creatinine_clearance";
  EXPECT_EQ(regimen.dose_unit("mg"), "mg per unit of creatinine_clearance");
}

TEST(Regimen, BandsIncludeTheirUpperEnds) {
  const Regimen regimen = banded();
  EXPECT_TRUE(regimen.individual_amounts());
  for (const auto& [weight, factor] : {std::pair{40.0, 1.0}, {60.0, 1.0}, {60.1, 1.5}, {90.0, 1.5}}) {
    EXPECT_EQ(regimen.dose_factor({{"weight", weight}}), factor) << weight;
  }
  EXPECT_EQ(refusal(regimen, {{"weight", 90.1}}),
            "regimens.banded.bands: weight is 90.1 in a subject, above the last band (90); end with .inf");
  EXPECT_THAT(refusal(regimen, {}), HasSubstr("depends on the covariate weight"));
}

TEST(Regimen, BandsMultiplyDosesPerUnit) {
  Regimen regimen = banded();
  regimen.per = "age";
  EXPECT_EQ(regimen.dose_factor({{"weight", 80.0}, {"age", 30.0}}), 45.0);
}

TEST(Regimen, EvenDosesHaveNoAccumulatedRounding) {
  const std::vector<double> doses = even_doses(0.1, 100.0, 0.1);
  ASSERT_EQ(doses.size(), 1000U);
  for (std::size_t i = 0; i < doses.size(); ++i) EXPECT_EQ(doses[i], static_cast<double>(i + 1) / 10.0);
  EXPECT_EQ(even_doses(1.0, 2.0, 0.4), (std::vector<double>{1.0, 1.4, 1.8}));
  EXPECT_EQ(even_doses(1.0, 1.0, 0.4), (std::vector<double>{1.0}));
}

TEST(Regimen, RoutesAreReadAndWritten) {
  titrant::tests::Asked asked;
  EXPECT_EQ(asked.read("regimens:\n  a: {interval: 24, doses: [1]}\n  b: {interval: 24, doses: [1], route: bolus}\n"
                       "  c: {interval: 336, doses: [50], route: infusion, duration: 1.5}\n"),
            "");
  const auto& regimens = asked.protocol.regimens;
  ASSERT_EQ(regimens.size(), 3U);
  EXPECT_EQ(regimens[0].course().into, titrant::pkpd::DoseInto::depot);
  EXPECT_EQ(regimens[1].course().into, titrant::pkpd::DoseInto::central);
  EXPECT_EQ(regimens[1].course().duration, 0.0);
  EXPECT_EQ(regimens[2].course().into, titrant::pkpd::DoseInto::central);
  EXPECT_EQ(regimens[2].course().duration, 1.5);
  EXPECT_EQ(definition(regimens[0]), "{interval: 24, doses: [1]}");
  EXPECT_EQ(definition(regimens[2]), "{interval: 336, doses: [50], route: infusion, duration: 1.5}");
}
