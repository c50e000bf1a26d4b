#include "titrant/campaign/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/parallel/texts.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/store/columns.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

namespace {

std::optional<protocol::Direction> known_direction(const std::string& text) {
  using protocol::Direction;
  for (const Direction one : {Direction::rising, Direction::falling, Direction::window}) {
    if (text == protocol::word(one)) return one;
  }
  return std::nullopt;
}

/// The columns of /decision that an index has.
const std::vector<run::AnswerColumn>& columns() {
  static const std::vector<run::AnswerColumn> gathered = [] {
    std::vector<run::AnswerColumn> those;
    for (const run::AnswerColumn& column : run::answer_columns()) {
      if (column.role != run::AnswerColumn::Role::of_run) those.push_back(column);
    }
    return those;
  }();
  return gathered;
}

/// The answers of one run as a text, row by row. Numbers are written with as many digits as their bits need, as texts:
/// JSON knows neither NaN nor infinity.
std::string text_of(const std::filesystem::path& file) {
  const store::Reader run(file);
  if (!run.contains("/decision")) throw StoreError(fmt::format("{}: holds no answers (/decision)", file.string()));
  const std::map<std::string, std::string> units =
      store::texts_by_name(run, "/protocol/regimen/name", "/protocol/regimen/dose_unit");
  nlohmann::json rows = nlohmann::json::array();
  std::vector<run::Answer> answers = run::read_answers(run);
  expect_directions(file, answers);
  for (run::Answer& answer : answers) {
    const auto unit = units.find(answer.question.regimen);
    if (unit == units.end()) {
      throw StoreError(fmt::format("{}: /protocol/regimen has no unit for {}, which /decision/regimen names",
                                   file.string(), answer.question.regimen));
    }
    nlohmann::json row = {unit->second};
    for (const run::AnswerColumn& column : columns()) {
      row.push_back(column.text != nullptr ? column.text(answer) : fmt::format("{}", column.number(answer)));
    }
    rows.push_back(std::move(row));
  }
  const std::string commit = "/provenance/commit";
  return nlohmann::json{{"rows", rows},
                        {"program", run.contains(commit) ? run.text(commit) : ""},
                        {"amount", run.text_attribute("/trial/dose", "units")}}
      .dump();
}

/// One row of that text.
struct GatheredRow {
  std::string dose_unit;
  run::Answer answer;
  std::string key;  ///< what tells it from other rows of its variant
};

GatheredRow row_of(const nlohmann::json& fields) {
  GatheredRow row{.dose_unit = fields.at(0), .answer = {}, .key = {}};
  std::size_t place = 1;
  for (const run::AnswerColumn& column : columns()) {
    const auto field = fields.at(place++).get<std::string>();
    if (column.text != nullptr) {
      column.text(row.answer) = field;
    } else {
      column.number(row.answer) = std::stod(field);
    }
    if (column.role == run::AnswerColumn::Role::key) row.key.append(1, '\n').append(field);
  }
  row.key.append(1, '\n').append(row.dose_unit);
  return row;
}

/// A word that expect_directions let pass.
protocol::Direction direction_of(const std::string& text) {
  using protocol::Direction;
  const std::optional<Direction> known = known_direction(text);
  TITRANT_EXPECTS(known);
  return *known;
}

/// Which of the doses an answer is.
std::string_view answer_word(protocol::Direction direction) {
  if (direction == protocol::Direction::window) return "from";
  return direction == protocol::Direction::rising ? "lowest" : "highest";
}

/// How a column of the members' doses is spread in one cell. \param without  what no dose counts as
Spread spread_of(const CampaignAnswers& answers, std::size_t cell, const std::string& column, double without) {
  const std::size_t count = answers.members.size();
  std::vector<double> doses;
  std::size_t found = 0;
  for (std::size_t m = 0; m < count; ++m) {
    if (answers.asked[cell * count + m] == 0.0) continue;
    const double dose = answers.of_members.at(column)[cell * count + m];
    found += std::isnan(dose) ? 0 : 1;
    doses.push_back(std::isnan(dose) ? without : dose);
  }
  std::sort(doses.begin(), doses.end());
  const dose::Interval ends = dose::interval(doses);
  return {doses.size(), static_cast<double>(found) / static_cast<double>(doses.size()), doses[(doses.size() - 1) / 2],
          ends.lower, ends.upper};
}

/// One line of the table of spreads.
std::string spread_line(const CampaignCell& cell, std::string_view answer, const Spread& spread) {
  const auto dose_text = [](double dose) {
    return std::isinf(dose) || dose == 0.0 ? "none of these" : fmt::format("{:g}", dose);
  };
  const protocol::Question& question = cell.row.question;
  return fmt::format("  {:<14} {:<14} {:<14} {:>6g} {:<18} {:<9} {:<8} {:>7} {:>13} {:>13} {:>13} {:<6} {:>5.2f}\n",
                     question.population, question.regimen, question.endpoint, question.target, cell.row.method,
                     cell.row.rule, answer, spread.members, dose_text(spread.median), dose_text(spread.low),
                     dose_text(spread.high), cell.dose_unit, spread.answered);
}

}  // namespace

void expect_directions(const std::filesystem::path& file, const std::vector<run::Answer>& answers) {
  for (const run::Answer& answer : answers) {
    if (known_direction(answer.direction)) continue;
    throw StoreError(
        fmt::format("{}: /decision/direction: unknown direction '{}'; expected rising, falling or window: the store is "
                    "damaged, or of a later version",
                    file.string(), answer.direction));
  }
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
    texts[i] = text_of(folder / survey.members[answers.members[i]].store);
  };
  parallel::run(ranks, parallel::Work{.units = count, .slot = 0, .compute = read, .leaves_more = true});
  texts = parallel::texts_of_all(ranks, texts);

  std::map<std::string, std::size_t> places;
  std::vector<std::vector<GatheredRow>> tables(count);
  std::vector<std::vector<std::size_t>> cells(count);  // of each member's rows
  for (std::size_t m = 0; m < count; ++m) {
    const nlohmann::json of_member = nlohmann::json::parse(texts[m]);
    answers.programs.insert(of_member.at("program").get<std::string>());
    const auto amount = of_member.at("amount").get<std::string>();
    if (m > 0 && amount != answers.amount) {
      const auto name = [&](std::size_t place) { return plan.members[answers.members[place]].name; };
      throw ConfigError(fmt::format("{} gives doses in {}, {} in {}: their answers cannot stand side by side", name(0),
                                    answers.amount, name(m), amount));
    }
    answers.amount = amount;
    const std::string changes = variant(plan.members[answers.members[m]]);
    for (const nlohmann::json& fields : of_member.at("rows")) {
      tables[m].push_back(row_of(fields));
      const GatheredRow& row = tables[m].back();
      const auto [place, is_new] = places.emplace(changes + row.key, answers.cells.size());
      if (is_new) answers.cells.push_back({changes, row.answer, row.dose_unit});
      cells[m].push_back(place->second);
    }
  }
  const std::size_t size = answers.cells.size() * count;
  answers.asked.assign(size, 0.0);
  for (const run::AnswerColumn& column : columns()) {
    if (column.role != run::AnswerColumn::Role::of_member) continue;
    std::vector<double>& matrix = answers.of_members[column.description.name];
    matrix.assign(size, core::not_available);
    for (std::size_t m = 0; m < count; ++m) {
      for (std::size_t row = 0; row < cells[m].size(); ++row) {
        const std::size_t at = cells[m][row] * count + m;
        answers.asked[at] = 1.0;
        matrix[at] = column.number(tables[m][row].answer);
      }
    }
  }
  return answers;
}

std::vector<Spread> spreads(const CampaignAnswers& answers) {
  std::vector<Spread> all;
  for (std::size_t c = 0; c < answers.cells.size(); ++c) {
    const bool falls = direction_of(answers.cells[c].row.direction) == protocol::Direction::falling;
    all.push_back(spread_of(answers, c, "dose", falls ? 0.0 : core::infinity));
  }
  return all;
}

std::string spread_table(const CampaignAnswers& answers) {
  if (answers.cells.empty()) return "";
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
    const protocol::Direction direction = direction_of(cell.row.direction);
    table += spread_line(cell, answer_word(direction), all[i]);
    if (direction != protocol::Direction::window) continue;
    table += spread_line(cell, "to", spread_of(answers, i, "window_end", 0.0));
  }
  return table;
}

}  // namespace titrant::campaign
