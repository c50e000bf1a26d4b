#include "notes.hpp"

#include <fmt/format.h>

namespace titrant::quantum::qasm {

namespace {

constexpr std::array<std::string_view, 4> meanings = {
    "is ignored, as all pragmas are that do not change the circuit", "is ignored, as all annotations are",
    "takes no time here: delays leave no operation", "has no bit: its outcome goes to a register of its own"};

}  // namespace

void Notes::add(Kind kind, Position position, std::string_view text) {
  Entry& entry = entries_.at(static_cast<std::size_t>(kind));
  if (entry.count++ == 0) {
    entry.position = position;
    entry.text = in_quotes(text);
  }
}

std::vector<std::string> Notes::sentences() const {
  std::vector<std::string> sentences;
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const auto& [position, text, count] = entries_.at(k);
    if (count == 0) continue;
    sentences.push_back(fmt::format("{}:{}:{}: {} {}{}", source_.name, position.line, position.column, text,
                                    meanings.at(k), count > 1 ? fmt::format(" ({} in all)", count) : std::string()));
  }
  return sentences;
}

}  // namespace titrant::quantum::qasm
