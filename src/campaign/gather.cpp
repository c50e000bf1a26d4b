#include "titrant/campaign/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/parallel/texts.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Columns of /decision that are texts of a cell, and those that are numbers.
const std::vector<std::string>& words() {
  static const std::vector<std::string> names = {"population", "regimen",   "endpoint", "method",
                                                 "rule",       "direction", "dose_unit"};
  return names;
}

/// The unit of the doses of each of these regimens.
std::vector<std::string> units_of(const store::Reader& run, const std::vector<std::string>& regimens) {
  const std::vector<std::string> names = run.strings("/protocol/regimen/name");
  const std::vector<std::string> units = run.strings("/protocol/regimen/dose_unit");
  std::vector<std::string> found;
  for (const std::string& regimen : regimens) {
    const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), regimen) - names.begin());
    if (place >= units.size()) {
      throw StoreError(fmt::format("/decision/regimen: /protocol/regimen has no unit for {}", regimen));
    }
    found.push_back(units[place]);
  }
  return found;
}

/// The answers of one run as a text, row by row. Numbers are written with as many digits as their bits need, as texts:
/// JSON knows neither NaN nor infinity.
std::string answers_of(const std::filesystem::path& file) {
  const store::Reader run(file);
  std::vector<std::vector<std::string>> columns;
  for (const std::string& name : words()) {
    if (name != "dose_unit") columns.push_back(run.strings("/decision/" + name));
  }
  columns.push_back(units_of(run, columns[1]));
  for (const char* name : {"target", "dose", "window_end", "lower", "upper", "target_attainment"}) {
    columns.emplace_back();
    for (const double value : run.numbers(std::string("/decision/") + name)) {
      columns.back().push_back(fmt::format("{}", value));
    }
  }
  for (const auto& column : columns) {
    if (column.size() != columns.front().size()) {
      throw StoreError(fmt::format("{}: the columns of /decision differ in length", file.string()));
    }
  }
  const std::string commit = "/provenance/commit";
  return nlohmann::json{{"columns", columns},
                        {"program", run.contains(commit) ? run.text(commit) : ""},
                        {"amount", run.text_attribute("/trial/dose", "units")}}
      .dump();
}

/// Which of the doses an answer is.
std::string_view answer_word(protocol::Direction direction) {
  if (direction == protocol::Direction::window) return "from";
  return direction == protocol::Direction::rising ? "lowest" : "highest";
}

using Columns = std::vector<std::vector<std::string>>;

/// What tells cells apart.
std::string key_of(const std::string& variant, const Columns& columns, std::size_t row) {
  std::string key = variant;
  for (std::size_t c = 0; c <= words().size(); ++c) key += '\n' + columns[c][row];
  return key;
}

CampaignCell cell_of(const std::string& variant, const Columns& columns, std::size_t row) {
  return {variant,
          {columns[0][row], columns[1][row], columns[2][row], std::stod(columns[words().size()][row])},
          columns[3][row],
          columns[4][row],
          direction_of(columns[5][row]),
          columns[6][row]};
}

double number_of(const std::string& text) { return std::stod(text); }

}  // namespace

protocol::Direction direction_of(const std::string& text) {
  using protocol::Direction;
  for (const Direction one : {Direction::rising, Direction::falling, Direction::window}) {
    if (text == protocol::word(one)) return one;
  }
  throw StoreError(fmt::format("/decision/direction: unknown direction {}", text));
}

CampaignAnswers read_answers(const parallel::Communicator& ranks, const std::filesystem::path& folder, const Plan& plan,
                             const Survey& survey) {
  CampaignAnswers answers;
  for (std::size_t i = 0; i < survey.members.size(); ++i) {
    if (survey.members[i].state == MemberState::done) answers.members.push_back(i);
  }
  const std::size_t count = answers.members.size();
  std::vector<std::string> texts(count);
  const auto read = [&](std::size_t i, std::span<double> /*slot*/) {
    texts[i] = answers_of(folder / survey.members[answers.members[i]].store);
  };
  parallel::run(ranks, parallel::Work{.units = count, .slot = 0, .compute = read, .leaves_more = true});
  texts = parallel::texts_of_all(ranks, texts);

  std::map<std::string, std::size_t> places;
  std::vector<Columns> tables;
  std::vector<std::vector<std::size_t>> cells(count);  // of each member's rows
  for (std::size_t m = 0; m < count; ++m) {
    const nlohmann::json of_member = nlohmann::json::parse(texts[m]);
    tables.push_back(of_member.at("columns").get<Columns>());
    answers.programs.insert(of_member.at("program").get<std::string>());
    const auto amount = of_member.at("amount").get<std::string>();
    if (m > 0 && amount != answers.amount) {
      const auto name = [&](std::size_t place) { return plan.members[answers.members[place]].name; };
      throw ConfigError(fmt::format("{} gives doses in {}, {} in {}: their answers cannot stand side by side", name(0),
                                    answers.amount, name(m), amount));
    }
    answers.amount = amount;
    const std::string changes = variant(plan.members[answers.members[m]]);
    for (std::size_t row = 0; row < tables[m].front().size(); ++row) {
      const auto [place, is_new] = places.emplace(key_of(changes, tables[m], row), answers.cells.size());
      if (is_new) answers.cells.push_back(cell_of(changes, tables[m], row));
      cells[m].push_back(place->second);
    }
  }
  const std::size_t size = answers.cells.size() * count;
  answers.asked.assign(size, 0.0);
  const auto matrices = {&answers.dose, &answers.window_end, &answers.lower, &answers.upper, &answers.attainment};
  for (auto* matrix : matrices) matrix->assign(size, nothing);
  for (std::size_t m = 0; m < count; ++m) {
    for (std::size_t row = 0; row < cells[m].size(); ++row) {
      const std::size_t at = cells[m][row] * count + m;
      std::size_t column = words().size() + 1;
      answers.asked[at] = 1.0;
      for (auto* matrix : matrices) (*matrix)[at] = number_of(tables[m][column++][row]);
    }
  }
  return answers;
}

std::vector<Spread> spreads(const CampaignAnswers& answers) {
  const std::size_t count = answers.members.size();
  std::vector<Spread> all;
  for (std::size_t c = 0; c < answers.cells.size(); ++c) {
    const bool falls = answers.cells[c].direction == protocol::Direction::falling;
    const double without = falls ? 0.0 : std::numeric_limits<double>::infinity();
    std::vector<double> doses;
    std::size_t found = 0;
    for (std::size_t m = 0; m < count; ++m) {
      if (answers.asked[c * count + m] == 0.0) continue;
      const double dose = answers.dose[c * count + m];
      found += std::isnan(dose) ? 0 : 1;
      doses.push_back(std::isnan(dose) ? without : dose);
    }
    std::sort(doses.begin(), doses.end());
    const dose::Interval ends = dose::interval(doses);
    all.push_back({doses.size(), static_cast<double>(found) / static_cast<double>(doses.size()),
                   doses[(doses.size() - 1) / 2], ends.lower, ends.upper});
  }
  return all;
}

std::string spread_table(const CampaignAnswers& answers) {
  if (answers.cells.empty()) return "";
  const auto dose_text = [](double dose) {
    return std::isinf(dose) || dose == 0.0 ? "none of these" : fmt::format("{:g}", dose);
  };
  std::string table = fmt::format(
      "Answered dose over {} members: median, 5 % and 95 % quantile (nearest rank), share that finds a dose\n",
      answers.members.size());
  const std::vector<Spread> all = spreads(answers);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const CampaignCell& cell = answers.cells[i];
    if (i == 0 || cell.variant != answers.cells[i - 1].variant) {
      table += cell.variant.empty() ? "" : fmt::format("{}\n", cell.variant);
      table += fmt::format("  {:<14} {:<14} {:<14} {:>6} {:<18} {:<9} {:<8} {:>7} {:>13} {:>13} {:>13} {:<6} {:>5}\n",
                           "population", "regimen", "endpoint", "target", "method", "rule", "answer", "members",
                           "median", "5 %", "95 %", "unit", "share");
    }
    const protocol::Question& question = cell.question;
    table += fmt::format("  {:<14} {:<14} {:<14} {:>6g} {:<18} {:<9} {:<8} {:>7} {:>13} {:>13} {:>13} {:<6} {:>5.2f}\n",
                         question.population, question.regimen, question.endpoint, question.target, cell.method,
                         cell.rule, answer_word(cell.direction), all[i].members, dose_text(all[i].median),
                         dose_text(all[i].low), dose_text(all[i].high), cell.dose_unit, all[i].answered);
  }
  return table;
}

}  // namespace titrant::campaign
