#include <fmt/format.h>

#include <algorithm>

#include "titrant/campaign/gather.hpp"
#include "titrant/core/build.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/run/answers.hpp"
#include "titrant/run/contract.hpp"
#include "titrant/run/provenance.hpp"
#include "titrant/store/columns.hpp"
#include "titrant/store/store.hpp"

/// \file
/// The index store of a campaign (its layout is a contract: src/store/README.md).

namespace titrant::campaign {

namespace {

/// The keys in which members differ, in the order in which the plan brings them.
std::vector<std::string> changed_keys(const Plan& plan) {
  std::vector<std::string> keys;
  for (const Member& member : plan.members) {
    for (const std::string& setting : member.settings) {
      const std::string key = setting.substr(0, setting.find('='));
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

/// The value that a member gives a key; that of the base where it gives none.
std::string value_of(const std::string& key, const Member& member,
                     const std::vector<core::Settings::Description>& base) {
  for (const std::string& setting : member.settings) {
    if (setting.starts_with(key + "=")) return setting.substr(key.size() + 1);
  }
  const auto found = std::find_if(base.begin(), base.end(), [&](const auto& of_base) { return of_base.path == key; });
  return found == base.end() ? "" : found->value;
}

/// Where the store of a member is, from the folder of the index. By names alone: a member's folder may be a link.
std::string link_target(const std::filesystem::path& store, const std::filesystem::path& output) {
  const auto place = [](const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal();
  };
  const std::filesystem::path target = place(store).lexically_relative(place(output).parent_path());
  if (target.empty() || *target.begin() == "..") {
    throw ConfigError(
        fmt::format("{}: the index must lie in the folder of its members, or above it: {} is not below it",
                    output.string(), store.string()));
  }
  return target.generic_string();
}

void write_members(const Plan& plan, const std::vector<Member>& members, store::Writer& out) {
  std::vector<std::string> names;
  names.reserve(members.size());
  for (const Member& member : members) names.push_back(member.name);
  out.scale("/campaign/member", names);
  run::Configuration base = member_configuration(plan, {});
  const auto values = run::describe(base).descriptions();
  const store::Columns columns(out, "/campaign/setting", members);
  for (const std::string& key : changed_keys(plan)) {
    columns.words(key, [&](const Member& m) { return value_of(key, m, values); });
  }
}

void write_cells(const CampaignAnswers& answers, const std::vector<std::string>& names, store::Writer& out) {
  out.scale("/decision/row", store::whole_numbers(answers.cells.size()));
  out.scale("/decision/member", names);
  const store::Columns cells(out, "/decision", answers.cells);
  cells.words("variant", [](const CampaignCell& c) { return c.variant; });
  std::vector<run::Answer> rows;
  for (const CampaignCell& cell : answers.cells) rows.push_back(cell.row);
  run::write_answers(std::move(rows), out, run::AnswerColumn::Role::key);
  cells.words("dose_unit", [](const CampaignCell& c) { return c.dose_unit; });
  const std::vector<Spread> all = spreads(answers);
  store::Columns(out, "/decision", all)
      .integers("members", [](const Spread& s) { return s.members; })
      .numbers("answered", [](const Spread& s) { return s.answered; })
      .numbers("median", [](const Spread& s) { return s.median; })
      .numbers("lower_quantile", [](const Spread& s) { return s.low; })
      .numbers("upper_quantile", [](const Spread& s) { return s.high; });
  out.dataset("/decision/asked", std::vector<std::int64_t>(answers.asked.begin(), answers.asked.end()));
  for (const auto& [name, matrix] : answers.of_members) out.dataset("/decision/" + name, matrix);
}

}  // namespace

void write_index(const parallel::Communicator& ranks, const std::filesystem::path& folder,
                 const std::filesystem::path& output, const Plan& plan, const Survey& survey,
                 const CampaignAnswers& answers, const std::string& command_line) {
  std::vector<Member> members;
  std::vector<std::string> names;
  std::vector<std::string> targets;
  for (const std::size_t place : answers.members) {
    members.push_back(plan.members.at(place));
    names.push_back(members.back().name);
    targets.push_back(link_target(folder / survey.members.at(place).store, output));
  }
  const run::Provenance provenance(command_line, core::time_now());
  store::Writer out(ranks, output, run::index_contract(), {});
  out.attribute("/", "titrant_version", std::string(core::build::version));
  out.attribute("/", "planned_members", static_cast<std::int64_t>(plan.members.size()));
  out.scalar("/config/base", plan.base);
  out.attribute("/config/base", "sha256", core::sha256(plan.base));
  write_members(plan, members, out);
  write_cells(answers, names, out);
  for (std::size_t m = 0; m < members.size(); ++m) out.external_link("/member/" + names[m], targets[m]);
  provenance.write(ranks, out);
  out.commit();
}

CampaignAnswers read_index(const store::Reader& index) {
  CampaignAnswers answers;
  const std::size_t members = store::rows_of(index, "/decision/member");
  for (std::size_t m = 0; m < members; ++m) answers.members.push_back(m);
  const std::vector<std::string> variants = index.strings("/decision/variant");
  const std::vector<std::string> units = index.strings("/decision/dose_unit");
  const std::vector<run::Answer> rows = run::read_answers(index, run::AnswerColumn::Role::key);
  if (variants.size() != rows.size() || units.size() != rows.size()) {
    throw StoreError(fmt::format("{}: the columns of /decision differ in length", index.file().string()));
  }
  expect_directions(index.file(), rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    answers.cells.push_back({variants[i], rows[i], units[i]});
  }
  const auto matrix = [&](const std::string& name) {
    const std::string path = "/decision/" + name;
    std::vector<double> values = index.numbers(path);
    if (values.size() != rows.size() * members)
      throw StoreError(fmt::format("{}: {} is not [row, member]", index.file().string(), path));
    return values;
  };
  answers.asked = matrix("asked");
  for (const run::AnswerColumn& column : run::answer_columns()) {
    const std::string& name = column.description.name;
    if (column.role == run::AnswerColumn::Role::of_member) answers.of_members[name] = matrix(name);
  }
  return answers;
}

}  // namespace titrant::campaign
