#include "titrant/run/cost.hpp"

#include <gmock/gmock.h>

#include <iostream>

#include "folder_test.hpp"
#include "titrant/run/run.hpp"

using namespace titrant::run;

namespace {

class CostTest : public FolderTest {
 protected:
  /// Large enough that only a part of it is run.
  static Context context() {
    const Configuration configuration =
        load_configuration({"",
                            {"pk={structure: one_compartment, starts: 1}", "pd.structure=none",
                             "training={on: trial, steps: 50}", "classifier.compare=[]", "cohort.size=1000",
                             "regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: "
                             "168, doses: {from: 5, to: "
                             "300, step: 40}}}",
                             "endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}",
                             "populations={base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}, heavy: {weight: "
                             "{uniform: [70, 140]}, "
                             "comed: {share: 0.5}}, no_comed: {weight: {uniform: [50, 100]}, comed: {share: 0}}}",
                             "uncertainty={source: parameters, replicates: 6, cohort: 30, steps: 3}",
                             "diagnostics.simulations=0", "training.replicates=2"}});
    return {titrant::parallel::Communicator(), configuration, titrant::core::Console(std::cerr, false, true)};
  }
};

const StageCost& of(const RunCost& cost, const std::string& stage) {
  for (const StageCost& one : cost.stages) {
    if (one.stage == stage) return one;
  }
  throw std::runtime_error("no stage " + stage);
}

}  // namespace

TEST_F(CostTest, RunsAPartOfEachStageAndCountsTheWhole) {
  const RunCost cost = measure(context(), folder_);
  EXPECT_EQ(of(cost, "evaluate").units, 5 * 2 * 50);
  EXPECT_EQ(of(cost, "evaluate").measured_units, 5 * 10);
  EXPECT_EQ(of(cost, "search").units, 1000);
  EXPECT_EQ(of(cost, "search").measured_units, 200);
  EXPECT_EQ(of(cost, "intervals").units, 6);
  EXPECT_EQ(of(cost, "intervals").measured_units, 2);
  EXPECT_DOUBLE_EQ(of(cost, "search").core_seconds(), 5 * of(cost, "search").measured);
  EXPECT_GT(of(cost, "fit").measured, 0.0);
  EXPECT_GT(cost.circuits, 3.0 * 1000 * 10) << "more than those of the search over daily doses";
  EXPECT_TRUE(std::filesystem::is_empty(folder_)) << "what was written for the measurement is gone";
}

TEST_F(CostTest, TellsTheSizeOfTheStore) {
  const RunCost cost = measure(context(), folder_);
  const std::filesystem::path store = folder_ / "run.h5";
  titrant::run::run(context(), stages_for("run"), store, "test");
  const auto size = static_cast<double>(std::filesystem::file_size(store));
  EXPECT_NEAR(cost.store_bytes / size, 1.0, 0.15) << "chunks of few subjects compress a little less";
}
