#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

#include "inspect.hpp"

/// \file
/// What a store is and how it was made, for people.

namespace titrant::cli {

namespace {

void print_line(const std::string& what, const std::string& text) {
  if (!text.empty()) fmt::print("  {:<9} {}\n", what, text);
}

std::string size_text(double bytes) {
  constexpr double thousand = 1e3;
  for (const char* unit : {"bytes", "kB", "MB", "GB"}) {
    if (bytes < thousand || *unit == 'G') return fmt::format("{:.3g} {}", bytes, unit);
    bytes /= thousand;
  }
  return "";
}

/// As much of a digest as tells files apart; --json has all of it.
std::string digest_text(const std::string& digest) { return "SHA-256 " + digest.substr(0, 16) + "..."; }

std::string made_text(const Inspection& found) {
  const std::string started = time_text(found.fact("started"));
  if (started.empty()) return "";
  const std::string finished = time_text(found.fact("finished"));
  const std::string day = started.substr(0, started.find(' '));
  const bool same_day = finished.starts_with(day) && finished.size() > day.size();
  const double ranks = found.count("ranks");
  return fmt::format("{} to {} UTC on {:g} rank{} of {}", started,
                     same_day ? finished.substr(day.size() + 1) : finished, ranks, ranks == 1.0 ? "" : "s",
                     found.fact("hosts"));
}

std::string stages_text(const Inspection& found) {
  constexpr double worth_a_word = 0.05;  // s
  double sum = 0.0;
  std::string stages;
  for (const auto& [stage, seconds] : found.stages) {
    sum += seconds;
    if (seconds >= worth_a_word) stages += fmt::format("{}{} {:.1f} s", stages.empty() ? "" : ", ", stage, seconds);
  }
  if (found.stages.empty()) return "";
  return fmt::format("{:.1f} s in all{}{}", sum, stages.empty() ? "" : ": ", stages);
}

std::string data_text(const Inspection& found) {
  const std::string subjects = found.subjects == 0 ? "" : fmt::format(", {} subjects", found.subjects);
  if (found.data_file.empty()) return "the embedded synthetic trial" + subjects;
  return fmt::format("{}{}{}", found.data_file, subjects,
                     found.data_digest.empty() ? "" : fmt::format(" ({})", digest_text(found.data_digest)));
}

void print_origin(const Inspection& found) {
  fmt::print("{}: {}, {}, {}\n", found.file.string(), found.filetype, found.complete ? "complete" : "NOT COMPLETE",
             size_text(static_cast<double>(found.bytes)));
  print_line("program", fmt::format("titrant {} ({})", found.version, found.fact("commit")));
  print_line("command", found.fact("command"));
  print_line("made", made_text(found));
  print_line("time", stages_text(found));
  if (const double memory = found.count("peak_memory"); !std::isnan(memory)) {
    print_line("memory", fmt::format("{} at most on one rank", size_text(memory)));
  }
  if (const double resumed = found.count("resumed"); resumed > 0.0) {
    print_line("resumed", fmt::format("{:g} time{} from a checkpoint; times are of the last part", resumed,
                                      resumed == 1.0 ? "" : "s"));
  }
  if (found.kind == store::Kind::run && !found.configuration_digest.empty()) {
    print_line("data", data_text(found));
    print_line("settings", fmt::format("{}; titrant run --config {} repeats them",
                                       digest_text(found.configuration_digest), found.file.string()));
  }
  for (const FoundFit& fit : found.fits) {
    print_line(fit.group + " model",
               fmt::format("{}, objective {:.1f}, BIC {:.1f}", fit.structure, fit.objective, fit.bic));
  }
}

/// Where a run ended with its fits, these are what it found.
void print_parameters(const Inspection& found) {
  for (const FoundFit& fit : found.fits) {
    fmt::print("\n{:<36} {:<9} {:>12} {:>8}   {}\n", "/" + fit.group, "unit", "estimate", "RSE %", "95 % interval");
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
      const bool known = std::isfinite(fit.rse.at(i));
      fmt::print("  {:<34} {:<9} {:>12.5g} {:>8}   {}\n", fit.parameters[i], fit.units.at(i), fit.estimates.at(i),
                 known ? fmt::format("{:.1f}", fit.rse[i]) : "-",
                 known ? fmt::format("{:.5g} .. {:.5g}", fit.lower.at(i), fit.upper.at(i)) : "-");
    }
  }
}

void print_metrics(const Inspection& found) {
  if (found.metrics.empty()) return;
  fmt::print("\n{:<24} {:>9} {:>9} {:>6}\n", "Cross-validation on the trial", "log-loss", "accuracy", "AUC");
  for (const FoundMetrics& one : found.metrics) {
    fmt::print("  {:<27} {:>9.3f} {:>9.3f} {:>6.3f}\n", one.classifier, one.log_loss, one.accuracy, one.auc);
  }
}

void print_index(const Inspection& found) {
  fmt::print("  {:<9} {} of {:g}\n\n{}", "members", found.members.size(), found.planned_members,
             campaign::spread_table(found.gathered));
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  return shape.empty() ? "scalar" : fmt::format("[{}]", fmt::join(shape, ", "));
}

/// The first part of a path.
std::string group_of(const std::string& path) {
  const std::size_t end = path.find('/', 1);
  return path.substr(0, end);
}

void print_contents(const Inspection& found, bool all) {
  if (all) {
    fmt::print("\nContents: {} datasets\n", found.contents.size());
    for (const store::Entry& entry : found.contents) {
      fmt::print("  {:<52} {:<14} {:<9} {}\n", entry.path, shape_text(entry.shape), entry.units, entry.long_name);
    }
    return;
  }
  struct Group {
    std::size_t datasets = 0;
    double values = 0.0;
  };
  std::map<std::string, Group> groups;
  for (const store::Entry& entry : found.contents) {
    Group& group = groups[group_of(entry.path)];
    ++group.datasets;
    double values = 1.0;
    for (const std::size_t extent : entry.shape) values *= static_cast<double>(extent);
    group.values += values;
  }
  fmt::print("\nContents: {} datasets; --contents lists them\n", found.contents.size());
  for (const auto& [path, group] : groups) {
    fmt::print("  {:<16} {:>6} dataset{} {:>14.0f} value{}\n", path, group.datasets, group.datasets == 1 ? " " : "s",
               group.values, group.values == 1.0 ? "" : "s");
  }
}

}  // namespace

std::string time_text(const std::string& utc) {
  std::string text = utc;
  if (const std::size_t middle = text.find('T'); middle != std::string::npos) text[middle] = ' ';
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  return text;
}

void print_inspection(const Inspection& found, const InspectOptions& options) {
  print_origin(found);
  if (found.kind == store::Kind::campaign) {
    print_index(found);
  } else if (!found.answers.empty()) {
    print_answers(found, options);
    if (!options.answers) print_charts(found);
  } else {
    print_parameters(found);
    print_metrics(found);
  }
  print_contents(found, options.contents);
}

}  // namespace titrant::cli
