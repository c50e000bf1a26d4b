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

// By hand: with unit normals z of the PK and y of the biomarker, eta = omega (rho z + sqrt(1 - rho^2) y). Without a
// correlation the bits are those of the biomarker alone.
TEST(BiomarkerPopulation, EtasAreCorrelatedWithThoseOfThePharmacokinetics) {
  PopulationModel pk;
  pk.parameters = {{.name = "clearance", .typical = 5.0, .omega = 0.3, .effects = {}},
                   {.name = "volume", .typical = 50.0, .omega = 0.0, .effects = {}},
                   {.name = "lag", .typical = 0.5, .omega = 0.2, .effects = {}}};
  BiomarkerPopulation model = population();
  const std::vector<double> z = {0.7, -1.3};
  const std::vector<double> y = {0.4, 1.1};
  EXPECT_EQ(biomarker_etas_from(pk, model, z, y), etas_from(model.parameters, {}, y));
  model.pk_correlations = {{"lag", "ic50", -0.6}};
  const std::vector<double> etas = biomarker_etas_from(pk, model, z, y);
  ASSERT_EQ(etas.size(), 2U);
  EXPECT_NEAR(etas[0], 0.3 * (-0.6 * -1.3 + 0.8 * 0.4), 1e-15);
  EXPECT_NEAR(etas[1], 0.5 * 1.1, 1e-15);
  // A matrix whose factor has more than one row of its own: the covariance is L L'.
  pk.correlations = {{"clearance", "lag", 0.5}};
  model.correlations = {{"ic50", "imax", -0.4}};
  const std::vector<double> sum = biomarker_etas_from(pk, model, z, y);
  double covariance = 0.0;  // of lag and ic50 over the four unit vectors of normals
  for (std::size_t k = 0; k < 4; ++k) {
    std::vector<double> one_z(2, 0.0);
    std::vector<double> one_y(2, 0.0);
    (k < 2 ? one_z[k] : one_y[k - 2]) = 1.0;
    covariance += etas_from(pk.parameters, pk.correlations, one_z)[1] * biomarker_etas_from(pk, model, one_z, one_y)[0];
  }
  EXPECT_NEAR(covariance, -0.6 * 0.2 * 0.3, 1e-15);
  EXPECT_NE(sum[0], etas[0]);
  model.pk_correlations.push_back({"volume", "imax", 0.1});
  EXPECT_THROW(biomarker_etas_from(pk, model, z, y), ConfigError);
}

TEST(BiomarkerPopulation, FaultsNameTheirCause) {
  BiomarkerPopulation model = population();
  EXPECT_THROW(individual_biomarker(model, {}, std::vector<double>{0.0, 0.0}), DataError);
  model.parameters[0].name = "clearance";
  EXPECT_THROW(individual_biomarker(model, {{"comed", 0.0}}, std::vector<double>{0.0, 0.0}), ConfigError);
}

}  // namespace titrant::pkpd
