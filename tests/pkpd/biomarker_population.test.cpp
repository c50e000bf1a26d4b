#include "titrant/pkpd/biomarker_population.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

BiomarkerPopulation population() {
  BiomarkerPopulation model;
  model.parameters = {
      {.name = "ic50", .typical = 2.0, .omega = 0.3, .effects = {}},
      {.name = "baseline",
       .typical = 10.0,
       .effects = {{.covariate = "comed", .kind = EffectKind::categorical, .coefficient = -0.25, .reference = 0.0}}},
      {.name = "imax", .typical = 0.9, .omega = 0.5, .effects = {}, .scale = {.kind = Scale::Kind::logit}}};
  return model;
}

}  // namespace

TEST(BiomarkerPopulation, PutsEveryParameterInItsPlace) {
  const BiomarkerPopulation model = population();
  ASSERT_EQ(model.eta_count(), 2U);
  const Biomarker typical = individual_biomarker(model, {{"comed", 0.0}}, std::vector<double>{0.0, 0.0});
  EXPECT_EQ(typical.structure, BiomarkerStructure::turnover_inhibition);
  EXPECT_EQ(typical.baseline, 10.0);
  EXPECT_EQ(typical.ic50, 2.0);
  EXPECT_EQ(typical.imax, 0.9);
  EXPECT_EQ(typical.hill, Biomarker().hill);  // not named: as in a default biomarker

  // Etas go to the parameters with omega > 0 in their order: exp(eta) on ic50, a shift of the log odds of the effect.
  const Biomarker other = individual_biomarker(model, {{"comed", 1.0}}, std::vector<double>{0.2, -1.0});
  EXPECT_DOUBLE_EQ(other.baseline, 7.5);
  EXPECT_DOUBLE_EQ(other.ic50, 2.0 * std::exp(0.2));
  EXPECT_DOUBLE_EQ(other.imax / (1.0 - other.imax), 9.0 * std::exp(-1.0));
}

TEST(BiomarkerPopulation, EffectsStayBelowFullInhibition) {
  const BiomarkerPopulation model = population();
  core::Stream stream(3, core::Purpose::test, 0);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<double> etas = draw_etas(model, stream);
    ASSERT_EQ(etas.size(), 2U);
    const Biomarker one = individual_biomarker(model, {{"comed", 0.0}}, etas);
    EXPECT_GT(one.imax, 0.0);
    EXPECT_LT(one.imax, 1.0);
  }
}

TEST(BiomarkerPopulation, FaultsNameTheirCause) {
  BiomarkerPopulation model = population();
  EXPECT_THROW(individual_biomarker(model, {}, std::vector<double>{0.0, 0.0}), DataError);
  model.parameters[0].name = "clearance";
  EXPECT_THROW(individual_biomarker(model, {{"comed", 0.0}}, std::vector<double>{0.0, 0.0}), ConfigError);
}

}  // namespace titrant::pkpd
