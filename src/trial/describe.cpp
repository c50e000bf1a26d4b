#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "titrant/trial/summary.hpp"

namespace titrant::trial {

namespace {

using Cells = std::vector<std::string>;

/// Rows of cells under a heading, every column as wide as its widest cell; the first column to the left.
std::string table(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line = fmt::format("  {:<{}}", row[0], widths[0]);
    for (std::size_t i = 1; i < row.size(); ++i) line += fmt::format("  {:>{}}", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string number(double value) { return fmt::format("{:.4g}", value); }

/// "21", "20 to 21"
std::string from_to(double low, double high) { return low == high ? number(low) : number(low) + " to " + number(high); }

std::string plural(int count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string dose_heading(const TrialSummary& summary) { return fmt::format("dose ({})", summary.units.amount); }

std::string dose_table(const TrialSummary& summary) {
  std::vector<Cells> rows = {
      {dose_heading(summary), "subjects", "doses each", "interval (h)", "concentrations", "biomarker values"}};
  for (const DoseGroup& group : summary.groups) {
    const bool repeated = group.longest_interval > 0.0;
    rows.push_back({group.dose > 0.0 ? number(group.dose) : "0 (placebo)", std::to_string(group.subjects),
                    from_to(group.fewest_doses, group.most_doses),
                    repeated ? from_to(group.shortest_interval, group.longest_interval) : "-",
                    std::to_string(group.concentrations), std::to_string(group.biomarkers)});
  }
  return table(rows);
}

std::string observation_table(const TrialSummary& summary) {
  std::vector<Cells> rows = {
      {"observations", "count", "censored", "subjects", "time (h)", "minimum", "median", "maximum"}};
  const std::array kinds = {
      std::pair(fmt::format("concentration ({})", summary.units.concentration), &summary.concentrations),
      std::pair(fmt::format("biomarker ({})", summary.units.biomarker), &summary.biomarkers)};
  for (const auto& [name, one] : kinds) {
    Cells row = {name, std::to_string(one->count), std::to_string(one->censored), std::to_string(one->subjects)};
    const Cells values = {from_to(one->first, one->last), number(one->minimum), number(one->median),
                          number(one->maximum)};
    for (const std::string& value : values) row.push_back(one->count > 0 ? value : "-");
    rows.push_back(row);
  }
  return table(rows);
}

std::string covariate_table(const TrialSummary& summary) {
  std::vector<Cells> rows = {{"covariate", "subjects", "minimum", "mean", "maximum", "subjects per value"}};
  for (const CovariateSummary& one : summary.covariates) {
    std::vector<std::string> levels;
    for (const auto& [value, count] : one.levels) {
      levels.push_back(fmt::format("{}: {}", one.names.contains(value) ? one.names.at(value) : number(value), count));
    }
    rows.push_back({one.name == "weight" ? "weight (kg)" : one.name, std::to_string(one.subjects), number(one.minimum),
                    number(one.mean), number(one.maximum),
                    levels.empty() ? "-" : fmt::format("{}", fmt::join(levels, ", "))});
  }
  return table(rows);
}

/// "6/12" and "50.0".
std::string share(int successes, int count) { return fmt::format("{}/{}", successes, count); }
std::string rate(int successes, int count) {
  return count == 0 ? "-" : fmt::format("{:.1f}", 100.0 * successes / count);
}

std::string level_name(const TrialSummary& summary, const std::string& covariate, const std::optional<double>& level) {
  if (!level) return "unknown";
  for (const CovariateSummary& one : summary.covariates) {
    if (one.name == covariate && one.names.contains(*level)) return one.names.at(*level);
  }
  return number(*level);
}

std::string outcome_table(const TrialSummary& summary, const OutcomeSummary& outcomes) {
  std::vector<Cells> rows = {{dose_heading(summary), "covariate", "value", "successes", "share (%)"}};
  for (const ObservedAttainment& total : outcomes.by_dose) {
    rows.push_back(
        {number(total.dose), "all", "", share(total.successes, total.count), rate(total.successes, total.count)});
    for (const auto& [covariate, strata] : outcomes.by_covariate) {
      for (const ObservedAttainment& one : strata) {
        if (one.dose != total.dose) continue;
        rows.push_back({"", covariate, level_name(summary, covariate, one.level), share(one.successes, one.count),
                        rate(one.successes, one.count)});
      }
    }
  }
  return table(rows);
}

std::string outcome_text(const TrialSummary& summary, const OutcomeSummary& outcomes) {
  std::string text = fmt::format("Success in {}: {}.\n\n{}", outcomes.endpoint, outcomes.description,
                                 outcome_table(summary, outcomes));
  if (outcomes.without > 0) {
    text += fmt::format("\n{} without a value in that time: neither success nor failure.\n",
                        plural(outcomes.without, "subject"));
  }
  return text;
}

/// Sentences as a list within 100 columns.
std::string remark_lines(const std::vector<std::string>& remarks) {
  constexpr std::size_t width = 98;
  std::string text;
  for (const std::string& remark : remarks) {
    std::string line(1, '-');
    line.insert(0, 2, ' ');
    for (std::size_t at = 0; at < remark.size();) {
      const std::size_t end = std::min(remark.find(' ', at), remark.size());
      if (line.size() + 1 + end - at > width && line.size() > 3) {
        text += line + '\n';
        line.assign(3, ' ');
      }
      line.append(1, ' ').append(remark, at, end - at);
      at = end + 1;
    }
    text += line + '\n';
  }
  return text;
}

}  // namespace

std::string describe(const TrialSummary& summary) {
  std::string text = fmt::format("{}: {}, {} on active treatment and {} on placebo, {} h\n\n", summary.source,
                                 plural(summary.subjects, "subject"), summary.active, summary.placebo,
                                 from_to(summary.first_time, summary.last_time));
  text += dose_table(summary) + '\n' + observation_table(summary) + '\n';
  if (!summary.covariates.empty()) text += covariate_table(summary) + '\n';
  for (const OutcomeSummary& outcomes : summary.outcomes) {
    if (&outcomes != &summary.outcomes.front()) text += '\n';
    text += outcome_text(summary, outcomes);
  }
  if (!summary.remarks.empty()) text += "\nReading the data:\n" + remark_lines(summary.remarks);
  return text;
}

}  // namespace titrant::trial
