#include "titrant/run/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <optional>

#include "titrant/core/error.hpp"
#include "titrant/parallel/stop.hpp"
#include "titrant/parallel/work.hpp"

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace titrant::run {

namespace {

CheckpointFacts facts(const std::vector<std::string>& sets) {
  return facts_of(load_configuration({"", sets}), "run", "titrant run");
}

}  // namespace

TEST(Checkpoint, DifferencesAreNamedByTheirKeys) {
  EXPECT_EQ(differences(facts({}), facts({})), "");
  EXPECT_EQ(differences(facts({}), facts({"output.trajectories=none"})), "");
  EXPECT_THAT(differences(facts({"training.steps=100"}), facts({"training.steps=200"})),
              AllOf(HasSubstr("training.steps: 100 in the checkpoint, 200 now"), Not(HasSubstr("seed"))));
  EXPECT_THAT(differences(facts({}), facts({"targets=[0.8]"})), HasSubstr("targets: "));
  CheckpointFacts other = facts({});
  other.commit = "abc";
  EXPECT_THAT(differences(other, facts({})), HasSubstr("(abc) in the checkpoint"));
  other = facts({});
  other.data_digest = "12";
  EXPECT_THAT(differences(other, facts({})), HasSubstr("SHA-256 of the data: 12 in the checkpoint, nothing now"));
}

TEST(Checkpoint, SaysWhatItIsOf) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "titrant_checkpoint";
  std::filesystem::create_directories(folder);
  const std::filesystem::path store = folder / "run.h5";
  const parallel::Communicator alone;
  const core::Console quiet(std::cerr, false, true);
  EXPECT_FALSE(checkpoint_facts(store).has_value());
  const CheckpointFacts begun = facts({"seed=5"});
  std::size_t computed = 0;
  const parallel::Work work{3, 1, [&](std::size_t unit, std::span<double> slot) {
                              ++computed;
                              slot[0] = static_cast<double>(unit) + 0.5;
                            }};
  {
    Checkpointing first(alone, store, begun, {}, quiet, false);
    first.begin_stage("Training");
    parallel::run(first.ranks(), work);
    first.save();
  }
  const std::optional<CheckpointFacts> found = checkpoint_facts(store);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->stage, "Training");
  EXPECT_EQ(found->resumed, 0U);
  EXPECT_EQ(differences(*found, begun), "");
  {
    Checkpointing second(alone, store, begun, {}, quiet, true);
    EXPECT_THAT(parallel::run(second.ranks(), work), testing::ElementsAre(0.5, 1.5, 2.5));
    EXPECT_EQ(second.facts().resumed, 1U);
    second.remove();
  }
  EXPECT_EQ(computed, 3U);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace titrant::run
