#include "../../src/nlme/pd/pd_candidates.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "../../src/nlme/pd/pd_initial.hpp"
#include "pd_trials.hpp"

namespace {

using namespace titrant;
using pkpd::BiomarkerStructure;

const parallel::Communicator this_rank;

nlme::PdShape shape(std::vector<std::string> etas, nlme::ErrorKind error = nlme::ErrorKind::combined) {
  nlme::PdShape result;
  result.structure = BiomarkerStructure::direct_inhibition;
  result.etas = std::move(etas);
  result.held = {{"hill", 1.0}};
  result.error = error;
  return result;
}

}  // namespace

TEST(PdCandidates, KnowWhatIsNested) {
  const nlme::PdShape one = shape({"baseline"});
  nlme::PdShape two = shape({"baseline", "ic50"});
  EXPECT_TRUE(nlme::is_nested(one, two));
  EXPECT_FALSE(nlme::is_nested(two, one));
  EXPECT_FALSE(nlme::is_nested(one, one));
  EXPECT_TRUE(nlme::is_nested(shape({"baseline"}, nlme::ErrorKind::additive), one));
  EXPECT_FALSE(nlme::is_nested(shape({"baseline"}, nlme::ErrorKind::additive),
                               shape({"baseline", "ic50"}, nlme::ErrorKind::proportional)));
  EXPECT_FALSE(nlme::is_nested(shape({"imax"}), two));
  nlme::PdShape covariate = one;
  covariate.effects["baseline"]["comed"] = pkpd::EffectKind::categorical;
  EXPECT_TRUE(nlme::is_nested(one, covariate));
  EXPECT_FALSE(nlme::is_nested(covariate, two));
  two.held.clear();  // hill free
  EXPECT_TRUE(nlme::is_nested(one, two));
  two.structure = BiomarkerStructure::direct_stimulation;
  EXPECT_FALSE(nlme::is_nested(one, two));
}

// A larger model that stopped far above one nested in it starts again from there and ends at or below it.
TEST(PdCandidates, NoModelStaysAboveOneNestedInIt) {
  const trial::Trial trial =
      tests::pd_test_trial(tests::pd_test_biomarker(BiomarkerStructure::direct_inhibition), 4, 29);
  const nlme::PopulationFit pk = tests::pd_test_pk_fit(trial);
  nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::direct_inhibition);
  options.covariates.clear();
  const nlme::PdModel model(trial, pk, options.structure);
  const nlme::Population start = nlme::pd_initial_values(model, options);
  std::map<std::string, nlme::FittedShape> fitted;
  nlme::PdShape free_hill = shape({"baseline", "ic50"});
  free_hill.held.clear();
  std::vector<nlme::ShapeStart> starts;
  for (const nlme::PdShape& one : {shape({"baseline"}), shape({"baseline", "ic50"}), free_hill}) {
    starts.push_back({one, start, false});
  }
  for (nlme::FittedShape& one : nlme::fit_shapes(this_rank, model, starts, options)) {
    fitted.emplace(one.shape.description(), one);
  }
  nlme::FittedShape& two = fitted.at(shape({"baseline", "ic50"}).description());
  nlme::FittedShape& three = fitted.at(free_hill.description());
  const double optimum = two.objective;
  two.objective = three.objective = fitted.at(shape({"baseline"}).description()).objective + 40.0;
  const std::vector<std::string> changed = nlme::restore_bounds(this_rank, model, options, fitted);
  EXPECT_GE(changed.size(), 2U);
  const double one = fitted.at(shape({"baseline"}).description()).objective;
  EXPECT_LE(two.objective, one + 1e-5 * std::abs(one));
  EXPECT_LE(three.objective, two.objective + 1e-4 * std::abs(one));
  EXPECT_GE(two.objective, optimum - 0.05);  // and no lower than its minimum
}

TEST(PdCandidates, AModelStandsInTheTableOnce) {
  std::vector<nlme::PdCandidate> rows;
  nlme::PdCandidate row;
  row.description = "a";
  row.step = "structure";
  row.objective = 5.0;
  nlme::add_row(rows, row);
  row.step = "variability";
  row.objective = 4.0;
  nlme::add_row(rows, row);
  row.objective = 6.0;
  nlme::add_row(rows, row);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].objective, 4.0);
  EXPECT_EQ(rows[0].step, "structure");
}
