// Fitted models through a store and back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "../../src/run/stages/replicates.hpp"
#include "../../src/run/tables/parameter_table.hpp"
#include "folder_test.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/pd_parts.hpp"
#include "titrant/nlme/pk_parts.hpp"
#include "titrant/run/contract.hpp"
#include "titrant/run/models.hpp"

namespace titrant::run {

namespace {

using testing::HasSubstr;

const trial::Units model_units{"ug", "ng/L", "IU/mL"};

/// A covariance of as many coordinates as a population has: no number of it is round, one coordinate is at a bound.
void make_uncertain(nlme::FitSummary& fit) {
  fit.x = nlme::Layout(fit.population).encode(fit.population);
  fit.estimated = fit.x.size();
  const std::size_t size = fit.x.size();
  fit.covariance.assign(size * size, 0.0);
  for (std::size_t k = 0; k + 1 < size; ++k) {
    fit.covariance[k * size + k] = 0.01 / (1.0 + static_cast<double>(k));
    if (k == 0) continue;
    fit.covariance[k * size] = fit.covariance[k] = 1e-3 / (3.0 + static_cast<double>(k));
  }
}

nlme::Population pk_population() {
  nlme::Population population;
  population.concentration_scale = model_units.concentration_of_amount_per_litre();
  nlme::Parameter& rate = population.parameters.emplace_back();
  rate = {.name = "absorption_rate", .units = "1/h", .scale = {}, .typical = 1.0 / 3.0, .effects = {}};
  rate.typical_fixed = true;
  nlme::Parameter& clearance = population.parameters.emplace_back();
  clearance = {.name = "clearance", .units = "L/h", .scale = {}, .typical = 5.1, .omega = 0.3, .effects = {}};
  clearance.effects.push_back(
      {{.covariate = "weight", .kind = pkpd::EffectKind::power, .coefficient = 0.75, .reference = 70.0}, true});
  clearance.effects.push_back(
      {{.covariate = "sex", .kind = pkpd::EffectKind::categorical, .coefficient = -0.2, .reference = 1.0}, false});
  nlme::Parameter& volume = population.parameters.emplace_back();
  volume = {.name = "volume", .units = "L", .scale = {}, .typical = 77.0, .omega = 0.25, .effects = {}};
  volume.omega_fixed = true;
  volume.effects.push_back(
      {{.covariate = "age", .kind = pkpd::EffectKind::exponential, .coefficient = 0.01, .reference = 40.0}, false});
  volume.occasion_omega = 0.15;
  nlme::Parameter& lag = population.parameters.emplace_back();
  lag = {.name = "lag", .units = "h", .scale = {}, .typical = 0.4, .omega = 0.5, .effects = {}};
  population.blocks = {{.parameters = {1, 2, 3}, .correlations = {0.37, -0.21, 1.0 / 7.0}}};
  population.occasion = "visit";
  population.absorption = {pkpd::AbsorptionKind::transit, 4};
  population.errors.front().model = {.additive = 0.7, .proportional = 0.11, .omega = 2.0 / 7.0};
  population.errors.front().proportional_fixed = true;
  population.errors.front().units = model_units.concentration;
  return population;
}

nlme::Population biomarker_population() {
  nlme::Population population;
  for (const auto& [name, typical] :
       {std::pair{"baseline", 12.0}, std::pair{"kout", 0.02}, std::pair{"imax", 0.9}, std::pair{"ic50", 3.0},
        std::pair{"hill", 1.0}, std::pair{"baseline_slope", -0.002}}) {
    nlme::Parameter& one = population.parameters.emplace_back();
    one = {.name = name, .units = "1", .scale = {}, .typical = typical, .effects = {}};
    if (one.name == "imax") one.scale = {.kind = pkpd::Scale::Kind::logit, .lower = 0.0, .upper = 1.0};
    if (one.name == "baseline_slope") one.scale = {.kind = pkpd::Scale::Kind::linear, .lower = 0.0, .upper = 1e-3};
    one.typical_fixed = one.name == "hill";
    if (one.name == "baseline" || one.name == "imax") one.omega = 0.2;
  }
  population.errors.front().model = {.additive = 0.0, .proportional = 0.2, .omega = 0.4};
  population.errors.front().omega_fixed = true;
  population.baseline = pkpd::BaselineModel::linear;
  return population;
}

Results fits(nlme::PdMethod method) {
  Results results;
  results.trial.units = model_units;
  nlme::PopulationFit& pk = results.pk.best;
  pk.population = pk_population();
  pk.standard_error_method = "sandwich";
  make_uncertain(pk);
  pk.model = nlme::pk_model_of(pk.population, pkpd::Structure::one_compartment);
  nlme::BiomarkerFit& pd = results.pd.emplace().best;
  pd.population = biomarker_population();
  pd.how = method;
  if (method == nlme::PdMethod::joint) {
    nlme::Population both = pk.population;
    both.parameters[1].typical = 5.9;
    both.errors.front().name = "concentration";
    const nlme::Population biomarker = biomarker_population();
    both.parameters.insert(both.parameters.end(), biomarker.parameters.begin(), biomarker.parameters.end());
    both.errors.push_back(biomarker.errors.front());
    both.errors.back().name = "biomarker";
    both.baseline = biomarker.baseline;
    // Clearance, volume and lag were correlated by themselves, and are so with imax.
    const std::size_t imax = pk.population.parameters.size() + 2;
    both.blocks = {{.parameters = {1, 2, 3, imax}, .correlations = {0.37, -0.21, 1.0 / 7.0, 0.3, 0.1, -0.2}}};
    pd.population = both;
    pd.pk = nlme::pk_model_of(both, pkpd::Structure::one_compartment);
  }
  make_uncertain(pd);
  pd.model = nlme::biomarker_model_of(pd.population, pkpd::BiomarkerStructure::turnover_inhibition);
  for (nlme::FitSummary* fit : {static_cast<nlme::FitSummary*>(&pk), static_cast<nlme::FitSummary*>(&pd)}) {
    fit->estimates = {{.name = "clearance", .units = "L/h", .value = 5.1}};
  }
  return results;
}

void expect_same_parameters(const std::vector<pkpd::ParameterModel>& a, const std::vector<pkpd::ParameterModel>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_EQ(a[i].typical, b[i].typical);
    EXPECT_EQ(a[i].omega, b[i].omega);
    EXPECT_EQ(a[i].occasion_omega, b[i].occasion_omega);
    EXPECT_EQ(a[i].scale.kind, b[i].scale.kind);
    EXPECT_EQ(a[i].scale.lower, b[i].scale.lower);
    EXPECT_EQ(a[i].scale.upper, b[i].scale.upper);
    ASSERT_EQ(a[i].effects.size(), b[i].effects.size());
    for (std::size_t k = 0; k < a[i].effects.size(); ++k) {
      EXPECT_EQ(a[i].effects[k].covariate, b[i].effects[k].covariate);
      EXPECT_EQ(a[i].effects[k].kind, b[i].effects[k].kind);
      EXPECT_EQ(a[i].effects[k].coefficient, b[i].effects[k].coefficient);
      EXPECT_EQ(a[i].effects[k].reference, b[i].effects[k].reference);
    }
  }
}

void expect_same_correlations(const std::vector<pkpd::EtaCorrelation>& a, const std::vector<pkpd::EtaCorrelation>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].first, b[i].first);
    EXPECT_EQ(a[i].second, b[i].second);
    EXPECT_EQ(a[i].value, b[i].value);
  }
}

void expect_same_models(const Models& a, const Models& b) {
  EXPECT_EQ(a.pk.model.structure, b.pk.model.structure);
  EXPECT_EQ(a.pk.model.concentration_scale, b.pk.model.concentration_scale);
  EXPECT_EQ(a.pk.model.error.additive, b.pk.model.error.additive);
  EXPECT_EQ(a.pk.model.error.omega, b.pk.model.error.omega);
  EXPECT_EQ(a.pk.model.error.proportional, b.pk.model.error.proportional);
  expect_same_parameters(a.pk.model.parameters, b.pk.model.parameters);
  EXPECT_EQ(a.pk.model.correlations.size(), 3U);
  expect_same_correlations(a.pk.model.correlations, b.pk.model.correlations);
  EXPECT_EQ(a.pk.model.absorption, b.pk.model.absorption);
  EXPECT_EQ(b.pk.model.absorption.transit_compartments, 4);
  EXPECT_EQ(a.pk.model.occasion, "visit");
  EXPECT_EQ(b.pk.model.occasion, "visit");
  ASSERT_EQ(a.pd.has_value(), b.pd.has_value());
  if (!a.pd) return;
  EXPECT_EQ(a.pd->model.structure, b.pd->model.structure);
  EXPECT_EQ(a.pd->model.baseline, b.pd->model.baseline);
  EXPECT_EQ(a.pd->how, b.pd->how);
  EXPECT_EQ(b.pd->model.pk_correlations.size(), b.pd->how == nlme::PdMethod::joint ? 3U : 0U);
  expect_same_correlations(a.pd->model.pk_correlations, b.pd->model.pk_correlations);
  EXPECT_EQ(a.pd->model.error.additive, b.pd->model.error.additive);
  EXPECT_EQ(a.pd->model.error.omega, b.pd->model.error.omega);
  EXPECT_EQ(a.pd->model.error.proportional, b.pd->model.error.proportional);
  expect_same_parameters(a.pd->model.parameters, b.pd->model.parameters);
}

class StoredModelTest : public FolderTest {
 protected:
  /// A store with the fits, or as far as it is asked for.
  std::string written(const Results& results, bool models = true) {
    const std::string file = folder_ / "fits.h5";
    store::Writer out({}, file, run_contract(), unit_symbols(results));
    out.attribute("/", "titrant_version", std::string("test"));
    write_fit("/pk", results.pk.best, "one_compartment", out);
    if (models) {
      write_model("/pk/model", results.pk.best, results.trial.units, out);
      out.attribute("/pk/model", "routes", std::string("intravenous"));
    }
    if (results.pd) {
      write_fit("/pd", results.pd->best, "turnover_inhibition", out);
      write_model("/pd/model", results.pd->best, results.trial.units, out);
      out.attribute("/pd/model", "baseline", std::string(pkpd::name(results.pd->best.model.baseline)));
      out.attribute("/pd/model", "estimated_with", std::string(name_of(results.pd->best.how)));
    }
    out.commit();
    return file;
  }
};

std::string refusal(const std::string& file) {
  try {
    read_models(store::Reader(file));
  } catch (const StoreError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_F(StoredModelTest, IsTheFittedModelToTheLastBit) {
  for (const nlme::PdMethod method : {nlme::PdMethod::individual, nlme::PdMethod::joint}) {
    SCOPED_TRACE(name_of(method));
    const Results results = fits(method);
    const StoredModels stored = read_models(store::Reader(written(results)));
    expect_same_models(stored.models, fitted_models(results));
    EXPECT_EQ(stored.units.amount, "ug");
    EXPECT_EQ(stored.units.concentration, "ng/L");
    EXPECT_EQ(stored.units.biomarker, "IU/mL");
    EXPECT_FALSE(stored.routes.absorbed);
    EXPECT_TRUE(stored.routes.intravenous);
    // Draws see bounds, what is held fixed, and the covariance.
    core::Stream pk_a(1, core::Purpose::test, 1);
    core::Stream pk_b(1, core::Purpose::test, 1);
    core::Stream pd_a(1, core::Purpose::test, 2);
    core::Stream pd_b(1, core::Purpose::test, 2);
    const Models drawn = draw_models(stored.models, pk_a, pd_a);
    expect_same_models(drawn, draw_models(fitted_models(results), pk_b, pd_b));
    EXPECT_NE(drawn.pk.model.parameters[1].typical, stored.models.pk.model.parameters[1].typical);
    EXPECT_EQ(drawn.pk.model.parameters[1].effects[0].coefficient, 0.75);
    EXPECT_EQ(drawn.pk.model.parameters[2].omega, 0.25);
  }
}

TEST_F(StoredModelTest, MayHaveNoBiomarkerAndNoCovariance) {
  Results results = fits(nlme::PdMethod::individual);
  results.pd.reset();
  for (double& value : results.pk.best.covariance) value = std::numeric_limits<double>::quiet_NaN();
  const StoredModels stored = read_models(store::Reader(written(results)));
  EXPECT_FALSE(stored.models.pd.has_value());
  EXPECT_FALSE(can_be_drawn(stored.models.pk));
  EXPECT_EQ(stored.models.pk.standard_error_method, "sandwich");
}

TEST_F(StoredModelTest, IsRefusedWhereThereIsNone) {
  Results results = fits(nlme::PdMethod::individual);
  results.pd.reset();
  EXPECT_THAT(refusal(written(results, false)), HasSubstr("kept no models (/pk/model): fit again"));
  const std::string empty = folder_ / "empty.h5";
  {
    store::Writer out({}, empty, run_contract(), unit_symbols(results));
    out.commit();
  }
  EXPECT_THAT(refusal(empty), HasSubstr("holds no fitted model; expected a store of titrant fit or titrant run"));
}

// A model with an estimated number that this version has no place for would be simulated without it.
TEST_F(StoredModelTest, IsRefusedWhereCorrelationsAreNoBlocks) {
  const auto refused = [&](const std::vector<nlme::OmegaBlock>& blocks) {
    Results results = fits(nlme::PdMethod::individual);
    results.pd.reset();
    results.pk.best.population.blocks = blocks;
    results.pk.best.x.clear();
    return refusal(written(results));
  };
  EXPECT_THAT(refused({{.parameters = {0, 1}, .correlations = {0.5}}}),
              HasSubstr("a pair with 0, no parameter that varies"));
  EXPECT_THAT(refused({{.parameters = {1, 7}, .correlations = {0.5}}}),
              HasSubstr("a pair with 7, no parameter that varies"));
  EXPECT_THAT(refused({{.parameters = {1, 2}, .correlations = {1.5}}}), HasSubstr("holds no blocks"));
  EXPECT_THAT(refused({{.parameters = {1, 2, 3}, .correlations = {0.9, 0.9, -0.9}}}),
              HasSubstr("contradict each other"));
}

TEST_F(StoredModelTest, IsRefusedWherePartsAreUnknown) {
  Results results = fits(nlme::PdMethod::individual);
  results.pd.reset();
  const std::string group = "/pk/model/";
  for (const bool known : {true, false}) {
    const std::string file = folder_ / (known ? "known.h5" : "unknown.h5");
    {
      store::Writer out({}, file, run_contract(), unit_symbols(results));
      write_fit("/pk", results.pk.best, "one_compartment", out);
      const auto numbers = [&](const char* name, std::vector<double> values) { out.dataset(group + name, values); };
      const auto flags = [&](const char* name, std::vector<std::int64_t> values) { out.dataset(group + name, values); };
      const auto words = [&](const char* name, std::vector<std::string> values) { out.dataset(group + name, values); };
      out.scale(group + "parameter", std::vector<std::string>{"clearance", "volume"});
      words("units", {"L/h", "L"});
      numbers("typical", {5.0, 70.0});
      flags("typical_fixed", {0, 0});
      numbers("omega", {0.3, 0.2});
      flags("omega_fixed", {0, 1});
      numbers("occasion_omega", {0.0, 0.0});
      flags("occasion_omega_fixed", {0, 0});
      words("transformation", {"log", "log"});
      numbers("lower", {0.0, 0.0});
      numbers("upper", {1.0, 1.0});
      out.scale(group + "response", std::vector<std::string>{"observed"});
      words("response_units", {"ng/L"});
      numbers("additive", {0.0});
      flags("additive_fixed", {0});
      numbers("proportional", {0.1});
      flags("proportional_fixed", {0});
      std::vector<std::string> names = {"clearance", "volume", "omega.clearance", "error.proportional"};
      if (!known) names.insert(names.begin() + 3, "omega.between_weeks");
      out.scale(group + "coordinate", names);
      numbers("optimum", std::vector<double>(names.size(), 0.5));
      numbers("covariance", std::vector<double>(names.size() * names.size(), 0.0));
      for (const char* unit : {"amount", "concentration", "biomarker"}) {
        out.attribute("/pk/model", unit, std::string(unit == std::string("amount") ? "ug" : "ng/L"));
      }
      out.attribute("/pk/model", "routes", std::string("absorbed, intravenous"));
      out.attribute("/pk/model", "occasion", std::string());
      out.attribute("/pk/model", "absorption", std::string("first_order"));
      out.attribute("/pk/model", "transit_compartments", std::int64_t{0});
      out.commit();
    }
    if (known) {
      const StoredModels stored = read_models(store::Reader(file));
      EXPECT_TRUE(stored.routes.absorbed && stored.routes.intravenous);
      EXPECT_EQ(stored.models.pk.model.parameters.at(1).typical, 70.0);
    } else {
      EXPECT_THAT(refusal(file), HasSubstr("the model of /pk has estimated numbers that this version of the program "
                                           "does not know"));
    }
  }
}

}  // namespace titrant::run
