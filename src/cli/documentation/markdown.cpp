#include <fmt/format.h>

#include "documentation.hpp"
#include "facts.hpp"
#include "titrant/core/build.hpp"

/// \file
/// The reference of commands and keys, in Markdown.

namespace titrant::cli {

namespace {

/// Text of a table's cell.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string markdown_section(const CommandFacts& facts) {
  std::string text =
      fmt::format("## titrant {}\n\n{}.\n\n    {}\n\nFor example:\n\n", facts.path, facts.summary, facts.usage);
  for (const std::string& example : facts.examples) text += fmt::format("    {}\n", example);
  text += "\n";
  if (!facts.actions.empty()) return text;
  text += "| option | meaning | default |\n|---|---|---|\n";
  for (const OptionFacts& option : facts.options) {
    text += fmt::format("| `{}`{} | {} | {} |\n", cell(option_text(option)), option.bare ? " (or a bare argument)" : "",
                        cell(option.meaning), cell(option.standard));
  }
  return text + "\n";
}

template <class Pairs>
std::string table(std::string_view title, std::string_view what, const Pairs& pairs) {
  std::string text = fmt::format("## {}\n\n| {} | meaning |\n|---|---|\n", title, what);
  for (const auto& [term, explanation] : pairs) text += fmt::format("| `{}` | {} |\n", cell(term), cell(explanation));
  return text + "\n";
}

}  // namespace

std::string markdown_reference() {
  std::string text = fmt::format("# titrant {}: {}\n\n{}\n\n", core::build::version, purpose, description_text);
  for (const CommandFacts& facts : all_facts()) text += markdown_section(facts);
  text += "## Keys of the configuration\n\n| key | meaning | unit | allowed | default |\n|---|---|---|---|---|\n";
  for (const core::Settings::Description& key : documented_keys())
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.path, cell(key.meaning), cell(key.unit),
                        cell(key.allowed), cell(key.value));
  text += "\n";
  text += table("Exit codes", "code", exit_codes());
  text += table("Environment", "variable", environment_variables());
  text += table("Files", "file", known_files());
  text.pop_back();
  return text;
}

}  // namespace titrant::cli
