#include "titrant/campaign/survey.hpp"

#include <gmock/gmock.h>

#include <iostream>

#include "campaign_test.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/run/checkpoint.hpp"

using namespace titrant::campaign;
namespace run = titrant::run;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

class SurveyTest : public CampaignTest {
 protected:
  Survey look() const { return survey({}, folder_, plan_); }

  MemberState state(std::size_t place) const { return look().members.at(place).state; }

  const Plan plan_ = plan_of({1, 2, 3});
};

}  // namespace

TEST_F(SurveyTest, FindsMembersUnderTheirNames) {
  write_member(plan_, 1, "member_0002/run.h5");
  const Survey found = look();
  EXPECT_EQ(found.members[0].state, MemberState::missing);
  EXPECT_EQ(found.members[1].state, MemberState::done);
  EXPECT_EQ(found.members[1].store, "member_0002/run.h5");
  EXPECT_EQ(found.members[1].core_seconds, 14.0) << "3.5 s on 4 ranks";
  EXPECT_THAT(unfinished_members(found), ElementsAre(1, 3));
  EXPECT_TRUE(found.others.empty());
}

TEST_F(SurveyTest, FindsMembersByTheirContentWhereverTheyAre) {
  write_member(plan_, 0, "anything.h5");
  write_member(plan_, 1, "kept/for/later/b.h5");
  write_member(plan_, 2, "member_0001/run.h5");
  const Survey found = look();
  EXPECT_EQ(found.members[0].store, "anything.h5");
  EXPECT_EQ(found.members[1].store, "kept/for/later/b.h5");
  EXPECT_EQ(found.members[2].store, "member_0001/run.h5");
  EXPECT_THAT(unfinished_members(found), ElementsAre());
}

TEST_F(SurveyTest, TakesAStoreUnderItsOwnNameBeforeACopy) {
  write_member(plan_, 2, "a_copy.h5");
  write_member(plan_, 2, "member_0003/run.h5");
  const Survey found = look();
  EXPECT_EQ(found.members[2].store, "member_0003/run.h5");
  ASSERT_EQ(found.others.size(), 1U);
  EXPECT_EQ(found.others[0].file, "a_copy.h5");
  EXPECT_EQ(found.others[0].reason, "is another store of member_0003");
}

TEST_F(SurveyTest, SaysWhatStandsUnderAMembersName) {
  write_member(plan_, 0, "member_0001/run.h5");
  std::filesystem::create_directories(folder_ / "member_0002");
  std::filesystem::copy_file(folder_ / "member_0001" / "run.h5", folder_ / "member_0002" / "run.h5");
  EXPECT_EQ(look().members[1].detail, "is another store of member_0001");
  EXPECT_EQ(state(1), MemberState::foreign);

  const Plan other = plan_of({9});
  write_member(other, 0, "member_0002/run.h5");
  EXPECT_EQ(state(1), MemberState::foreign);
  EXPECT_EQ(look().members[1].detail, "is of another configuration: seed: 9, not 2");
  EXPECT_EQ(look_at(folder_, plan_, plan_.members[1]).state, MemberState::foreign);

  write_store("member_0002/run.h5", run::to_yaml(member_configuration(plan_, plan_.members[1]), false), {}, false);
  EXPECT_EQ(state(1), MemberState::foreign);
  EXPECT_THAT(look().members[1].detail, HasSubstr("holds no answers"));

  write_store("member_0002/run.h5", "keys: of another program\n", {{"base", 0.9, 1.0}});
  EXPECT_THAT(look().members[1].detail, HasSubstr("another version of titrant"));
}

TEST_F(SurveyTest, TakesNoDamagedStore) {
  write_member(plan_, 0, "member_0001/run.h5");
  const auto size = std::filesystem::file_size(folder_ / "member_0001" / "run.h5");
  std::fstream file(folder_ / "member_0001" / "run.h5", std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(size / 2));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(size / 2));
  file.put(static_cast<char>(byte ^ 4));
  file.close();
  EXPECT_EQ(state(0), MemberState::damaged);
  for (const std::uintmax_t bytes : {size - 1, size / 2, std::uintmax_t{0}}) {
    cut("member_0001/run.h5", bytes);
    EXPECT_EQ(state(0), MemberState::damaged) << bytes;
    EXPECT_EQ(look_at(folder_, plan_, plan_.members[0]).state, MemberState::damaged) << bytes;
  }
}

TEST_F(SurveyTest, KnowsACheckpointFromNothing) {
  std::filesystem::create_directories(folder_ / "member_0001");
  EXPECT_EQ(state(0), MemberState::missing);
  const auto stop = [&](std::size_t place) {
    const titrant::core::Console quiet(std::cerr, false, true);
    const run::CheckpointFacts facts = run::facts_of(member_configuration(plan_, plan_.members[place]), "run", "");
    run::Checkpointing checkpointing({}, folder_ / "member_0001" / "run.h5", facts, {}, quiet, false);
    checkpointing.begin_stage("Dose search");
    titrant::parallel::run(checkpointing.ranks(), titrant::parallel::Work{1, 1, [](std::size_t, std::span<double>) {}});
    checkpointing.save();
  };
  stop(0);
  EXPECT_EQ(state(0), MemberState::unfinished);
  EXPECT_THAT(look().members[0].detail, HasSubstr("it was at: Dose search"));
  EXPECT_EQ(look_at(folder_, plan_, plan_.members[0]).state, MemberState::unfinished);
  stop(1);
  EXPECT_EQ(state(0), MemberState::foreign);
  for (const char* name : {"run.h5.checkpoint", "run.h5.checkpoint.previous"}) {
    cut(std::string("member_0001/") + name, 20);
  }
  EXPECT_EQ(state(0), MemberState::damaged);
}

TEST_F(SurveyTest, OverlooksWhatIsHiddenOrNoStore) {
  write_member(plan_, 0, ".hidden.h5");
  write_member(plan_, 1, ".trash/run.h5");
  std::ofstream(folder_ / "notes.txt") << "not a store";
  const Survey found = look();
  EXPECT_THAT(unfinished_members(found), ElementsAre(1, 2, 3));
  EXPECT_TRUE(found.others.empty());
}

TEST_F(SurveyTest, RecognisesAConfigurationThatNamesItsOutput) {
  run::Configuration by_hand = member_configuration(plan_, plan_.members[1]);
  by_hand.output.file = "somewhere.h5";
  by_hand.output.report = !by_hand.output.report;
  write_store("by_hand.h5", run::to_yaml(by_hand, false), {{"base", 0.9, 1.0}});
  EXPECT_EQ(state(1), MemberState::done);
}
