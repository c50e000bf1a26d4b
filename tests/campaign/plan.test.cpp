#include <gmock/gmock.h>

#include "campaign_test.hpp"
#include "titrant/core/error.hpp"

using namespace titrant::campaign;
namespace run = titrant::run;
using testing::ElementsAre;
using testing::HasSubstr;
using titrant::ConfigError;

namespace {

class PlanTest : public CampaignTest {};

std::string resolved(const Plan& plan, std::size_t place) {
  return run::to_yaml(member_configuration(plan, plan.members.at(place)), false);
}

}  // namespace

TEST(Numbers, AreReadAndWrittenAsSlurmWritesThem) {
  EXPECT_THAT(read_numbers("1-3,7,10-10"), ElementsAre(1, 2, 3, 7, 10));
  EXPECT_THAT(read_numbers("5,2"), ElementsAre(5, 2));
  EXPECT_THAT(read_numbers("18446744073709551614-18446744073709551615"),
              ElementsAre(18446744073709551614U, 18446744073709551615U));
  EXPECT_EQ(number_text({1, 2, 3, 7, 9, 10}), "1-3,7,9-10");
  EXPECT_EQ(number_text({}), "");
  for (const char* bad :
       {"", "a", "1-", "-1", "1,,2", "3-1", "1.5", "1-2-3", "1,1", "2,1-3", "1-9999999", "18446744073709551616"}) {
    EXPECT_THROW(read_numbers(bad), ConfigError) << bad;
  }
}

TEST_F(PlanTest, MembersAreTheProductOfSeedsAndAlternatives) {
  const Plan plan = plan_of({3, 5}, {"targets=[0.9, 0.75],[0.8]", "pk.compartments=1,auto"});
  ASSERT_EQ(plan.members.size(), 8U);
  EXPECT_EQ(plan.members[0].name, "member_0001");
  EXPECT_THAT(plan.members[0].settings, ElementsAre("targets=[0.9, 0.75]", "pk.compartments=1", "seed=3"));
  EXPECT_THAT(plan.members[1].settings, ElementsAre("targets=[0.9, 0.75]", "pk.compartments=1", "seed=5"));
  EXPECT_THAT(plan.members[7].settings, ElementsAre("targets=[0.8]", "pk.compartments=auto", "seed=5"));
  EXPECT_EQ(variant(plan.members[7]), "targets=[0.8]; pk.compartments=auto");
  EXPECT_EQ(member_store(plan.members[7]), "member_0008/run.h5");
  const run::Configuration last = member_configuration(plan, plan.members[7]);
  EXPECT_EQ(last.seed, 5U);
  EXPECT_THAT(last.protocol.targets, ElementsAre(0.8));
  EXPECT_EQ(last.cohort.size, 50U);
}

// training.on is resolved from pd.structure: the base has a biomarker model, one of the members has none.
TEST_F(PlanTest, AMemberIsWhatItsConfigurationWouldBeByItself) {
  const Plan plan = plan_of({}, {"pd.structure=auto,none"});
  for (const auto& [place, structure] : {std::pair{0U, "auto"}, std::pair{1U, "none"}}) {
    const run::Configuration alone =
        run::load_configuration({"", {"cohort.size=50", std::string("pd.structure=") + structure}});
    EXPECT_EQ(resolved(plan, place), run::to_yaml(alone, false));
  }
  EXPECT_THAT(plan.members[1].settings, ElementsAre("pd.structure=none", "training.on=[trial]"));
}

TEST_F(PlanTest, NamesDataByWhereItIs) {
  const Plan plan = make_plan({"", {"data.file=trial.csv"}}, {{1}, {}});
  const run::Configuration member = member_configuration(plan, plan.members.front());
  EXPECT_EQ(member.data.file, (std::filesystem::current_path() / "trial.csv").string());
}

TEST_F(PlanTest, ReportsTheFaultsOfAllMembersAtOnce) {
  const std::string message = message_of<ConfigError>([] {
    plan_of({1}, {"cohort.size=0,10", "pk.compartments=auto,4"});
  });
  EXPECT_THAT(message, HasSubstr("member_0001 (cohort.size=0; pk.compartments=auto; seed=1): "));
  EXPECT_THAT(message, HasSubstr("member_0002"));
  EXPECT_THAT(message, testing::Not(HasSubstr("member_0003")));
  EXPECT_THAT(message, HasSubstr("member_0004 (cohort.size=10; pk.compartments=4; seed=1): "));
}

TEST_F(PlanTest, RefusesWhatIsNoVariation) {
  EXPECT_THAT(message_of<ConfigError>([] { plan_of({}); }), HasSubstr("members must differ in something"));
  EXPECT_THAT(message_of<ConfigError>([] { plan_of({1}, {"cohort.size"}); }), HasSubstr("expected key.path=value"));
  EXPECT_THAT(message_of<ConfigError>([] { plan_of({1}, {"cohort.size=1,"}); }), HasSubstr("a value is missing"));
  EXPECT_THAT(message_of<ConfigError>([] { plan_of({1}, {"cohort.size=1,1"}); }), HasSubstr("is given twice"));
  EXPECT_THAT(message_of<ConfigError>([] {
                plan_of({1}, {"cohort.size=1", "cohort.size=2"});
              }),
              HasSubstr("is given twice"));
  EXPECT_THAT(message_of<ConfigError>([] { plan_of({1}, {"seed=2"}); }), HasSubstr("--seeds"));
  EXPECT_THAT(message_of<ConfigError>([] { plan_of({1}, {"targets=[0.9],[0.90]"}); }),
              HasSubstr("is the same run as member_0001"));
}

TEST_F(PlanTest, IsReadAsItWasWritten) {
  const Plan plan = plan_of({1, 2}, {"pk.error=proportional,combined"});
  write_plan(folder_ / "new" / "campaign", plan);
  const Plan read = read_plan(folder_ / "new" / "campaign");
  EXPECT_EQ(read.base, plan.base);
  ASSERT_EQ(read.members.size(), plan.members.size());
  for (std::size_t i = 0; i < plan.members.size(); ++i) {
    EXPECT_EQ(read.members[i].name, plan.members[i].name);
    EXPECT_EQ(read.members[i].settings, plan.members[i].settings);
    EXPECT_EQ(resolved(read, i), resolved(plan, i));
  }
}

TEST_F(PlanTest, IsNotReplacedByAnother) {
  write_plan(folder_, plan_of({1, 2}));
  EXPECT_NO_THROW(write_plan(folder_, plan_of({1, 2})));
  EXPECT_THAT(message_of<ConfigError>([&] {
                write_plan(folder_, plan_of({1, 2, 3}));
              }),
              HasSubstr("is another plan already"));
  EXPECT_EQ(read_plan(folder_).members.size(), 2U);
}

TEST_F(PlanTest, RefusesAFileThatIsNoPlan) {
  EXPECT_THAT(message_of<ConfigError>([&] { read_plan(folder_); }), HasSubstr("there is no such plan"));
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"a: [", "is not a plan"},
      {"seed: 1\n", "is not a plan"},
      {"titrant_campaign: 2\nmembers: {member_0001: []}\nconfiguration: ''\n", "has another format"},
      {"titrant_campaign: 1\nmembers: {}\nconfiguration: ''\n", "has no members"},
      {"titrant_campaign: 1\nmembers: {../member_0001: []}\nconfiguration: ''\n", "expected member_0001"},
      {"titrant_campaign: 1\nmembers: {member_0001: [], member_0001: []}\nconfiguration: ''\n",
       "campaign.yaml:2:28: members.member_0001: is given twice; the first time in line 2, column 11"},
      {"titrant_campaign: 1\nmembers: {member_0001: []}\nconfiguration: ''\n---\nseed: 2\n",
       "campaign.yaml:4:1: a second document"},
      {"titrant_campaign: 1\nmembers: {member_0001: 7}\nconfiguration: ''\n", "is not a plan"}};
  for (const auto& [text, reason] : bad) {
    std::ofstream(folder_ / "campaign.yaml") << text;
    EXPECT_THAT(message_of<ConfigError>([&] { read_plan(folder_); }), HasSubstr(reason)) << text;
  }
}
