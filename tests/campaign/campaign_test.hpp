#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "run/folder_test.hpp"
#include "titrant/campaign/plan.hpp"
#include "titrant/run/contract.hpp"
#include "titrant/store/store.hpp"

/// An answer of a member.
struct MemberAnswer {
  std::string population;
  double target;
  double dose;  ///< NaN: none
  std::string direction = "rising";
  double window_end = std::numeric_limits<double>::quiet_NaN();
};

/// A folder with stores as runs of a campaign's members leave them, as far as a campaign looks at them.
class CampaignTest : public FolderTest {
 protected:
  static titrant::campaign::Plan plan_of(const std::vector<std::uint64_t>& seeds,
                                         const std::vector<std::string>& alternatives = {}) {
    return titrant::campaign::make_plan({"", {"cohort.size=50"}}, {seeds, alternatives});
  }

  /// \param file  from the campaign's folder
  void write_store(const std::string& file, const std::string& configuration, const std::vector<MemberAnswer>& answers,
                   bool with_answers = true, const std::string& amount = "mg") const {
    std::filesystem::create_directories((folder_ / file).parent_path());
    titrant::store::Writer out({}, folder_ / file, titrant::run::run_contract(), {{"amount", amount}});
    out.attribute("/", "titrant_version", std::string("9.8.7"));
    out.scalar("/config/resolved", configuration);
    out.scalar("/provenance/ranks", std::int64_t{4});
    out.scale("/provenance/stage", std::vector<std::string>{"fit", "search"});
    out.dataset("/provenance/seconds", std::vector<double>{1.5, 2.0});
    if (with_answers) write_answers(out, answers, amount);
    out.commit();
  }

  void write_member(const titrant::campaign::Plan& plan, std::size_t place, const std::string& file,
                    const std::vector<MemberAnswer>& answers = {{"base", 0.9, 8.0}}) const {
    const auto configuration = titrant::campaign::member_configuration(plan, plan.members.at(place));
    write_store(file, titrant::run::to_yaml(configuration, false), answers);
  }

  static void write_answers(titrant::store::Writer& out, const std::vector<MemberAnswer>& answers,
                            const std::string& amount) {
    const std::size_t count = answers.size();
    std::vector<std::string> populations;
    std::vector<double> targets;
    std::vector<double> doses;
    for (const MemberAnswer& answer : answers) {
      populations.push_back(answer.population);
      targets.push_back(answer.target);
      doses.push_back(answer.dose);
    }
    out.scale("/trial/subject", std::vector<std::int64_t>{1});
    out.dataset("/trial/dose", std::vector<double>{10.0});
    out.scale("/protocol/regimen/name", std::vector<std::string>{"regimen"});
    out.dataset("/protocol/regimen/dose_unit", std::vector<std::string>{amount});
    out.scale("/decision/row", std::vector<std::int64_t>(count, 0));
    out.dataset("/decision/population", populations);
    for (const char* name : {"regimen", "endpoint", "method", "rule"}) {
      out.dataset(std::string("/decision/") + name, std::vector<std::string>(count, name));
    }
    std::vector<std::string> directions;
    for (const MemberAnswer& answer : answers) directions.push_back(answer.direction);
    out.dataset("/decision/direction", directions);
    std::vector<double> ends;
    for (const MemberAnswer& answer : answers) ends.push_back(answer.window_end);
    out.dataset("/decision/window_end", ends);
    out.dataset("/decision/target", targets);
    out.dataset("/decision/dose", doses);
    out.dataset("/decision/lower", std::vector<double>(count, 0.1));
    out.dataset("/decision/upper", std::vector<double>(count, std::numeric_limits<double>::infinity()));
    out.dataset("/decision/target_attainment", std::vector<double>(count, 0.91));
  }

  void cut(const std::string& file, std::uintmax_t bytes) const { std::filesystem::resize_file(folder_ / file, bytes); }
};

/// The message of the error that an action throws, empty where it throws none.
template <class ErrorType, class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "";
}
