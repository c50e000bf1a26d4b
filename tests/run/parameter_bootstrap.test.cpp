#include "../../src/run/stages/parameter_bootstrap.hpp"

#include <gmock/gmock.h>

#include <map>

#include "folder_test.hpp"
#include "small_run.hpp"
#include "titrant/nlme/fit.hpp"

using namespace titrant;
using namespace titrant::run;
using titrant::run::fixtures::nearest_rank;
using titrant::run::fixtures::small_context;

namespace {

/// As many subjects of each dose as there are, drawn with replacement; doses ascending, subjects in their order.
trial::Trial drawn_again(const trial::Trial& trial, std::uint64_t seed, std::size_t replicate) {
  core::Stream stream(seed, core::Purpose::bootstrap, replicate);
  std::map<double, std::vector<const trial::Subject*>> groups;
  for (const trial::Subject& subject : trial.subjects) groups[subject.dose].push_back(&subject);
  trial::Trial sample = trial;
  sample.subjects.clear();
  for (const auto& [dose, members] : groups) {
    for (std::size_t k = 0; k < members.size(); ++k) {
      sample.subjects.push_back(*members[stream.below(members.size())]);
      sample.subjects.back().id = std::to_string(sample.subjects.size());
    }
  }
  return sample;
}

class ParameterBootstrapTest : public FolderTest {};

}  // namespace

// Each row is a fit of a trial that the test has drawn itself, and the limits of the store are quantiles of the rows by
// their definition.
TEST_F(ParameterBootstrapTest, HoldsFitsOfResampledTrials) {
  const Context context = small_context({"uncertainty={source: bootstrap, replicates: 5, cohort: 10, steps: 1}",
                                         "training.steps=1", "pk.error=proportional"});
  const std::filesystem::path store = folder_ / "run.h5";
  const Results results = titrant::run::run(context, stages_for("search"), store, "test");
  const std::vector<nlme::Estimate>& estimates = results.pk.best.estimates;
  const std::size_t parameters = estimates.size();
  ASSERT_EQ(results.parameter_bootstrap.pk.size(), 5 * parameters);
  EXPECT_EQ(results.parameter_bootstrap.left_out.count, 0U);
  nlme::PkOptions options = context.configuration.pk;
  options.structure = nlme::StructureChoice::one_compartment;
  options.starts = 1;
  options.covariance = nlme::CovarianceKind::none;
  options.compare_nested = false;
  std::vector<std::vector<double>> of_parameter(parameters);
  for (std::size_t replicate = 0; replicate < 5; ++replicate) {
    const trial::Trial sample = drawn_again(results.trial, context.configuration.seed, replicate);
    ASSERT_EQ(sample.subjects.size(), results.trial.subjects.size());
    const nlme::PkFit fit = nlme::fit_pk({}, sample, options, context.configuration.seed);
    for (std::size_t p = 0; p < parameters; ++p) {
      EXPECT_EQ(fit.best.estimates[p].name, estimates[p].name);
      EXPECT_EQ(results.parameter_bootstrap.pk[replicate * parameters + p], fit.best.estimates[p].value);
      of_parameter[p].push_back(fit.best.estimates[p].value);
    }
  }
  const store::Reader reader(store);
  const std::vector<double> lower = reader.numbers("/pk/bootstrap/ci_lower");
  const std::vector<double> upper = reader.numbers("/pk/bootstrap/ci_upper");
  for (std::size_t p = 0; p < parameters; ++p) {
    EXPECT_EQ(lower[p], nearest_rank(of_parameter[p], 0.025)) << estimates[p].name;
    EXPECT_EQ(upper[p], nearest_rank(of_parameter[p], 0.975)) << estimates[p].name;
  }
}

// A fit that fails leaves NaN, is counted, and its reason is kept; once both were lost.
TEST_F(ParameterBootstrapTest, KeepsTheReasonOfAFitThatFails) {
  const Context context = small_context({"uncertainty={source: bootstrap, replicates: 2}"});
  Results results;
  for (const auto& stage : stages_for("fit")) {
    core::Progress progress(context.console, stage->title());
    stage->compute(context, results, progress);
  }
  for (trial::Subject& subject : results.trial.subjects) subject.concentrations.clear();
  const ParameterBootstrap found = bootstrap_parameters({}, context.configuration, results);
  EXPECT_EQ(found.left_out.count, 2U);
  EXPECT_THAT(found.left_out.text("replicate"),
              ::testing::HasSubstr("the first, replicate 1: synthetic: no subject has a concentration"));
  for (const double value : found.pk) EXPECT_TRUE(std::isnan(value));
}
