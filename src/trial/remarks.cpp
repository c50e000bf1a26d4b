#include "remarks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "text.hpp"

namespace titrant::trial {

namespace {

constexpr std::size_t most_names = 5;

void replace(std::string& sentence, std::string_view what, const std::string& with) {
  const std::size_t at = sentence.find(what);
  if (at != std::string::npos) sentence.replace(at, what.size(), with);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

void Remarks::count(std::string_view sentence, std::size_t line, std::string_view subject) {
  const auto found = places_.find(sentence);
  const std::size_t place = found == places_.end() ? tallies_.size() : found->second;
  if (found == places_.end()) {
    places_.emplace(std::string(sentence), place);
    tallies_.push_back({.sentence = std::string(sentence), .first_line = line});
  }
  Tally& tally = tallies_[place];
  ++tally.records;
  if (subject.empty() || subject == tally.last_subject) return;
  tally.last_subject = subject;
  ++tally.subjects;
  if (tally.names.size() < most_names) tally.names.push_back(excerpt(subject));
}

void Remarks::say(std::string sentence) { tallies_.push_back({.sentence = std::move(sentence)}); }

std::vector<std::string> Remarks::sentences() const {
  std::vector<std::string> result;
  for (const Tally& tally : tallies_) {
    std::string sentence = tally.sentence;
    if (tally.records > 0) {
      replace(sentence, "{records}", counted(tally.records, "record"));
      replace(sentence, "{line}", fmt::format("line {}", tally.first_line));
      replace(sentence, "{subjects}",
              fmt::format("{} ({}{})", counted(tally.subjects, "subject"), fmt::join(tally.names, ", "),
                          tally.subjects > tally.names.size() ? ", ..." : ""));
    }
    result.push_back(std::move(sentence));
  }
  return result;
}

}  // namespace titrant::trial
