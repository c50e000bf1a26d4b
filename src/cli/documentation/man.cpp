#include <fmt/format.h>

#include <sstream>

#include "documentation.hpp"
#include "facts.hpp"
#include "titrant/core/build.hpp"

/// \file
/// The manual page, in the man macros of roff.

namespace titrant::cli {

namespace {

/// Words in lines of at most 80 characters, as readers of roff wish; escapes may add a few.
std::string filled(std::string_view text) {
  constexpr std::size_t width = 72;
  std::string result;
  std::size_t line = 0;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (line > 0) result += line + word.size() > width ? '\n' : ' ';
    line = line + word.size() > width ? 0 : line;
    result += word;
    line += word.size() + 1;
  }
  return result;
}

/// Text in which roff sees nothing of its own: hyphens that may be copied, no requests at the start of a line.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      const bool request = (c == '.' || c == '\'') && (result.empty() || result.back() == '\n');
      result += request ? std::string("\\&") + c : std::string(1, c);
    }
  }
  return result;
}

/// A term and its explanation.
std::string item(std::string_view term, std::string_view explanation) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(term), roff(filled(explanation)));
}

std::string example_text(const std::string& line) { return fmt::format(".PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", roff(line)); }

std::string option_item(const OptionFacts& option) {
  std::string term = option.letter.empty() ? "" : fmt::format(R"(\fB\-{}\fR, )", option.letter);
  term += fmt::format(R"(\fB\-\-{}\fR)", roff(option.name));
  if (!option.value.empty()) term += fmt::format(" \\fI{}\\fR", roff(option.value));
  std::string meaning = option.meaning;
  if (option.bare) meaning += "; a bare argument will do";
  if (!option.standard.empty()) meaning += fmt::format(" (default: {})", option.standard);
  return fmt::format(".TP\n{}\n{}\n", term, roff(filled(meaning)));
}

std::string man_section(const CommandFacts& facts) {
  std::string text = fmt::format(".SS \"titrant {}\"\n{}.\n.PP\n\\fB{}\\fR\n", roff(facts.path),
                                 roff(filled(facts.summary)), roff(facts.usage));
  for (const OptionFacts& option : facts.options) {
    if (facts.actions.empty() && !is_common(option)) text += option_item(option);
  }
  for (const std::string& example : facts.examples) text += example_text(example);
  return text;
}

std::string key_item(const core::Settings::Description& key) {
  std::string meaning = key.meaning;
  if (!key.unit.empty()) meaning += fmt::format("; {}", key.unit);
  meaning += fmt::format("; allowed: {}", key.allowed);
  return item(key.path, fmt::format("{} (default: {})", meaning, key.value));
}

template <class Pairs>
std::string items(const Pairs& pairs) {
  std::string text;
  for (const auto& [term, explanation] : pairs) text += item(term, explanation);
  return text;
}

}  // namespace

std::string man_page() {
  const std::vector<CommandFacts> all = all_facts();
  std::string text = fmt::format(".TH TITRANT 1 \"\" \"titrant {}\" \"User Commands\"\n", core::build::version);
  text += fmt::format(".SH NAME\ntitrant \\- {}\n", roff(filled(purpose)));
  text +=
      ".SH SYNOPSIS\n\\fBtitrant\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR ...]\n.br\n"
      "\\fBmpiexec\\fR \\-n \\fIRANKS\\fR \\fBtitrant\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR ...]\n";
  text += fmt::format(".SH DESCRIPTION\n{}\n", roff(filled(description_text)));
  text += ".SH COMMANDS\n";
  for (const CommandFacts& facts : all) text += man_section(facts);
  text += ".SH \"OPTIONS OF EVERY COMMAND\"\n";
  for (const OptionFacts& option : all.front().options) {
    if (is_common(option)) text += option_item(option);
  }
  text += item("--version [--json]", "how this program was built, and the instruction sets of this machine");
  text += ".SH \"CONFIGURATION KEYS\"\nOf the YAML file of \\fB\\-\\-config\\fR, and of \\fB\\-\\-set\\fR.\n";
  for (const core::Settings::Description& key : documented_keys()) text += key_item(key);
  text += ".SH \"EXIT STATUS\"\n" + items(exit_codes());
  text += ".SH ENVIRONMENT\n" + items(environment_variables());
  text += ".SH FILES\n" + items(known_files());
  text += ".SH \"SEE ALSO\"\n\\fBmpiexec\\fR(1), \\fBsbatch\\fR(1), \\fBh5dump\\fR(1)\n";
  return text;
}

}  // namespace titrant::cli
