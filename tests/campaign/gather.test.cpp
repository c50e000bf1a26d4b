#include "titrant/campaign/gather.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "campaign_test.hpp"
#include "titrant/core/error.hpp"

using namespace titrant::campaign;
namespace run = titrant::run;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using titrant::ConfigError;
using titrant::store::Kind;
using titrant::store::Reader;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

class GatherTest : public CampaignTest {
 protected:
  CampaignAnswers gather(const Plan& plan, const std::string& index) const {
    const Survey found = survey({}, folder_, plan);
    CampaignAnswers answers = read_answers({}, folder_, plan, found);
    write_index({}, folder_, folder_ / index, plan, found, answers, "test");
    return answers;
  }
};

}  // namespace

TEST_F(GatherTest, LaysTheAnswersOfMembersSideBySide) {
  const Plan plan = plan_of({1, 2, 3});
  write_member(plan, 0, "member_0001/run.h5", {{"base", 0.9, 8.0}, {"heavy", 0.9, none}});
  write_member(plan, 2, "member_0003/run.h5", {{"heavy", 0.9, 20.0}, {"base", 0.9, 1.0 / 3.0}});
  const CampaignAnswers answers = gather(plan, "campaign.h5");
  EXPECT_THAT(answers.members, ElementsAre(0, 2));
  ASSERT_EQ(answers.cells.size(), 2U);
  EXPECT_EQ(answers.cells[0].row.question.population, "base");
  EXPECT_EQ(answers.cells[0].row.question.endpoint, "endpoint");
  EXPECT_EQ(answers.cells[0].row.question.target, 0.9);
  EXPECT_EQ(answers.cells[0].row.method, "method");
  EXPECT_EQ(answers.cells[1].row.question.population, "heavy");
  EXPECT_THAT(answers.of_members.at("dose"), ElementsAre(8.0, 1.0 / 3.0, testing::IsNan(), 20.0))
      << "all bits of a dose";
  EXPECT_THAT(answers.asked, ElementsAre(1, 1, 1, 1));
}

TEST_F(GatherTest, KeepsTheUnitOfDoses) {
  const Plan plan = plan_of({1, 2});
  const auto write = [&](std::size_t place, const std::string& amount) {
    const run::Configuration configuration = member_configuration(plan, plan.members[place]);
    write_store(member_store(plan.members[place]).string(), run::to_yaml(configuration, false), {{"base", 0.9, 8.0}},
                true, amount);
  };
  write(0, "ug");
  write(1, "ug");
  EXPECT_THAT(spread_table(gather(plan, "campaign.h5")), HasSubstr(" ug "));
  const Reader index(folder_ / "campaign.h5", {Kind::campaign});
  EXPECT_THAT(index.strings("/decision/dose_unit"), ElementsAre("ug"));
  EXPECT_EQ(read_index(index).cells.front().dose_unit, "ug");
  write(1, "mg");
  EXPECT_THROW(gather(plan, "other.h5"), ConfigError) << "mg and ug are no numbers to compare";
}

TEST_F(GatherTest, KeepsVariantsApart) {
  const Plan plan = plan_of({1, 2}, {"pk.error=proportional,combined"});
  for (std::size_t i = 0; i < 4; ++i) {
    write_member(plan, i, member_store(plan.members[i]).string(), {{"base", 0.9, 1.0 + static_cast<double>(i)}});
  }
  const CampaignAnswers answers = gather(plan, "campaign.h5");
  ASSERT_EQ(answers.cells.size(), 2U);
  EXPECT_EQ(answers.cells[0].variant, "pk.error=proportional");
  EXPECT_EQ(answers.cells[1].variant, "pk.error=combined");
  EXPECT_THAT(answers.asked, ElementsAre(1, 1, 0, 0, 0, 0, 1, 1));
  const std::vector<Spread> all = spreads(answers);
  EXPECT_EQ(all[0].members, 2U);
  EXPECT_EQ(all[0].high, 2.0);
  EXPECT_EQ(all[1].low, 3.0);
}

// Nearest rank: the k-th smallest of n with k = ceil(q n). No dose is the largest of all.
TEST(Spreads, CountNoDoseAsInfinite) {
  CampaignAnswers answers;
  answers.cells.resize(1);
  for (std::size_t i = 0; i < 40; ++i) {
    answers.members.push_back(i);
    answers.asked.push_back(1.0);
    answers.of_members["dose"].push_back(i < 3 ? none : 43.0 - static_cast<double>(i));  // 4 .. 40 and three times none
  }
  const Spread spread = spreads(answers).front();
  EXPECT_EQ(spread.members, 40U);
  EXPECT_DOUBLE_EQ(spread.answered, 37.0 / 40.0);
  EXPECT_EQ(spread.low, 5.0) << "the second of 40";
  EXPECT_EQ(spread.median, 23.0) << "the twentieth";
  EXPECT_TRUE(std::isinf(spread.high)) << "the thirty-eighth";
}

TEST(Spreads, CountNoDoseBelowAllWhereSuccessFalls) {
  CampaignAnswers answers;
  answers.cells.resize(1);
  answers.cells.front().row.direction = "falling";
  for (const double dose : {none, 10.0, 20.0, 30.0}) {
    answers.members.push_back(answers.members.size());
    answers.asked.push_back(1.0);
    answers.of_members["dose"].push_back(dose);
  }
  const Spread spread = spreads(answers).front();
  EXPECT_EQ(spread.low, 0.0);
  EXPECT_EQ(spread.median, 10.0) << "of 0, 10, 20 and 30 the second";
  EXPECT_EQ(spread.high, 30.0);
}

TEST_F(GatherTest, KeepsTheDirectionOfAnAnswer) {
  const Plan plan = plan_of({1, 2});
  write_member(plan, 0, "member_0001/run.h5", {{"base", 0.9, 8.0, "falling"}});
  write_member(plan, 1, "member_0002/run.h5", {{"base", 0.9, none, "falling"}});
  const CampaignAnswers answers = gather(plan, "campaign.h5");
  EXPECT_EQ(answers.cells.front().row.direction, "falling");
  EXPECT_THAT(spread_table(answers), HasSubstr("highest"));
  const Reader index(folder_ / "campaign.h5", {Kind::campaign});
  EXPECT_THAT(index.numbers("/decision/lower_quantile"), ElementsAre(0.0));
  EXPECT_EQ(spread_table(read_index(index)), spread_table(answers));
}

// A window has two ends: where one member has none, its first dose counts as above all, and its last one as below all.
TEST_F(GatherTest, ShowsBothEndsOfAWindow) {
  const Plan plan = plan_of({1, 2, 3});
  write_member(plan, 0, "member_0001/run.h5", {{"base", 0.9, 8.0, "window", 24.0}});
  write_member(plan, 1, "member_0002/run.h5", {{"base", 0.9, 12.0, "window", 20.0}});
  write_member(plan, 2, "member_0003/run.h5", {{"base", 0.9, none, "window", none}});
  const CampaignAnswers answers = gather(plan, "campaign.h5");
  const std::string table = spread_table(answers);
  const auto line = [&](const std::string& answer) {
    std::vector<std::string> words;
    const std::size_t begin = table.find(" " + answer + " ");
    std::istringstream rest(table.substr(begin, table.find('\n', begin) - begin));
    for (std::string word; rest >> word;) words.push_back(word);
    return words;
  };
  EXPECT_THAT(line("from"), ElementsAre("from", "3", "12", "8", "none", "of", "these", "mg", "0.67")) << table;
  EXPECT_THAT(line("to"), ElementsAre("to", "3", "20", "none", "of", "these", "24", "mg", "0.67")) << table;
  const Reader index(folder_ / "campaign.h5", {Kind::campaign});
  EXPECT_THAT(index.numbers("/decision/median"), ElementsAre(12.0)) << "columns are of the first end";
  EXPECT_EQ(spread_table(read_index(index)), table);
}

TEST_F(GatherTest, NamesTheStoreOfAnUnknownDirection) {
  const Plan plan = plan_of({1, 2});
  write_member(plan, 0, "member_0001/run.h5");
  write_member(plan, 1, "member_0002/run.h5", {{"base", 0.9, 8.0, "sideways"}});
  EXPECT_THAT(message_of<titrant::StoreError>([&] { gather(plan, "campaign.h5"); }),
              AllOf(HasSubstr("member_0002/run.h5: /decision/direction: unknown direction 'sideways'"),
                    HasSubstr("expected rising, falling or window")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "campaign.h5"));
}

// A survey takes no store without answers for a member; it may be replaced between survey and reading.
TEST_F(GatherTest, NamesAMemberWithoutAnswers) {
  const Plan plan = plan_of({1, 2});
  write_member(plan, 0, "member_0001/run.h5");
  write_member(plan, 1, "member_0002/run.h5");
  const Survey found = survey({}, folder_, plan);
  ASSERT_EQ(found.members[1].state, MemberState::done);
  std::filesystem::remove(folder_ / "member_0002/run.h5");
  write_store("member_0002/run.h5", run::to_yaml(member_configuration(plan, plan.members[1]), false), {}, false);
  EXPECT_EQ(survey({}, folder_, plan).members[1].state, MemberState::foreign);
  EXPECT_THAT(message_of<titrant::StoreError>([&] { read_answers({}, folder_, plan, found); }),
              HasSubstr("member_0002/run.h5: holds no answers (/decision)"));
}

TEST_F(GatherTest, WritesAnIndexThatReadsThroughToItsMembers) {
  const Plan plan = plan_of({7, 9});
  write_member(plan, 0, "member_0001/run.h5", {{"base", 0.9, 8.0}});
  write_member(plan, 1, "elsewhere.h5", {{"base", 0.9, none}});
  const CampaignAnswers answers = gather(plan, "campaign.h5");
  const Reader index(folder_ / "campaign.h5", {Kind::campaign});
  EXPECT_TRUE(index.complete());
  EXPECT_THAT(index.strings("/campaign/member"), ElementsAre("member_0001", "member_0002"));
  EXPECT_THAT(index.strings("/campaign/setting/seed"), ElementsAre("7", "9"));
  EXPECT_THAT(index.numbers("/member/member_0001/decision/dose"), ElementsAre(8.0));
  EXPECT_THAT(index.numbers("/member/member_0002/decision/dose"), ElementsAre(testing::IsNan()));
  EXPECT_THAT(index.numbers("/decision/answered"), ElementsAre(0.5));
  EXPECT_EQ(index.text("/config/base"), plan.base);
  EXPECT_EQ(index.number_attribute("/", "planned_members"), 2.0);
  EXPECT_EQ(spread_table(read_index(index)), spread_table(answers));
}

TEST_F(GatherTest, LeadsThroughAFolderThatIsALink) {
  const Plan plan = plan_of({1});
  write_member(plan, 0, "other_disk/run.h5", {{"base", 0.9, 8.0}});
  std::filesystem::create_directories(folder_ / "campaign");
  std::filesystem::create_directory_symlink(folder_ / "other_disk", folder_ / "campaign" / "member_0001");
  const Survey found = survey({}, folder_ / "campaign", plan);
  ASSERT_EQ(found.members[0].state, MemberState::done);
  const CampaignAnswers answers = read_answers({}, folder_ / "campaign", plan, found);
  const std::filesystem::path index = folder_ / "campaign" / "campaign.h5";
  write_index({}, folder_ / "campaign", index, plan, found, answers, "test");
  EXPECT_THAT(Reader(index, {Kind::campaign}).numbers("/member/member_0001/decision/dose"), ElementsAre(8.0));
}

// The order in which a folder lists its files must not matter.
TEST_F(GatherTest, DoesNotDependOnTheNamesOfFiles) {
  const Plan plan = plan_of({1, 2});
  write_member(plan, 0, "z.h5", {{"base", 0.9, 1.0}, {"heavy", 0.9, 3.0}});
  write_member(plan, 1, "a.h5", {{"heavy", 0.9, 4.0}, {"base", 0.9, 2.0}});
  const std::string before = spread_table(gather(plan, "campaign.h5"));
  const CampaignAnswers first = gather(plan, "campaign.h5");
  std::filesystem::rename(folder_ / "z.h5", folder_ / "0.h5");
  const CampaignAnswers second = gather(plan, "campaign.h5");
  EXPECT_EQ(first.of_members.at("dose"), second.of_members.at("dose"));
  EXPECT_EQ(before, spread_table(second));
  EXPECT_THAT(first.of_members.at("dose"), ElementsAre(1.0, 2.0, 3.0, 4.0));
}

TEST_F(GatherTest, RefusesAnIndexThatMembersAreNotBelow) {
  const Plan plan = plan_of({1});
  write_member(plan, 0, "member_0001/run.h5");
  std::filesystem::create_directories(folder_ / "aside");
  EXPECT_THAT(message_of<ConfigError>([&] { gather(plan, "aside/campaign.h5"); }), HasSubstr("is not below it"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "aside" / "campaign.h5"));
}
