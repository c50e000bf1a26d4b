#include "reader.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

#include "gate_parser.hpp"
#include "keywords.hpp"
#include "library.hpp"
#include "limits.hpp"

namespace titrant::quantum {

namespace qasm {

namespace {

/// The version a program names in its first statement; 3 where it names none.
int parse_version(Lexer& lexer) {
  if (!lexer.accept("OPENQASM")) return 3;
  const Token version = lexer.next();
  const bool is_2 = version.text == "2" || version.text == "2.0";
  const bool is_3 = version.text == "3" || version.text == "3.0" || version.text == "3.1";
  if (!is_2 && !is_3)
    lexer.source().fail(version.position,
                        fmt::format("OpenQASM {}: versions 2.0, 3.0 and 3.1 are read", in_quotes(version.text)));
  lexer.expect(";", "after the version");
  return is_2 ? 2 : 3;
}

}  // namespace

Reader::Reader(const Source& source, const QasmInputs& inputs)
    : source_(source),
      inputs_(inputs.begin(), inputs.end()),
      lexer_(source),
      version_(parse_version(lexer_)),
      gates_(&gate_library(version_)),
      builder_(source),
      expander_(source, builder_),
      notes_(source) {
  declare_physical_qubits();
}

QasmProgram Reader::read() {
  while (lexer_.peek().kind != Token::Kind::end) statement();
  if (!inputs_.empty())
    source_.fail({}, fmt::format("{} is no input of this program", in_quotes(inputs_.begin()->first)));
  const std::size_t qubits = symbols_.count(Kind::qubit);
  if (qubits == 0) source_.fail(lexer_.peek().position, "the program declares no qubit");
  return {builder_.finish(qubits, symbols_.count(Kind::bit)), symbols_.registers(Kind::qubit),
          symbols_.registers(Kind::bit), notes_.sentences()};
}

void Reader::declare_physical_qubits() {
  if (source_.text.find('$') == std::string_view::npos) return;
  const auto before = [](const Token& a, const Token& b) {  // as numbers, of any length
    return std::pair(a.text.size(), a.text) < std::pair(b.text.size(), b.text);
  };
  std::set<Token, decltype(before)> found(before);
  Lexer ahead = lexer_;
  while (ahead.peek().kind != Token::Kind::end) {
    if (is_pragma(ahead.peek()) || ahead.peek().is("@")) {
      ahead.take_line();
      continue;
    }
    const Token token = ahead.next();
    if (token.kind == Token::Kind::physical) found.insert(token);
  }
  for (const Token& token : found) symbols_.physical(lexer_, token);
}

void Reader::statement() {
  if (++depth_ > deepest_nesting)
    source_.fail(lexer_.peek().position, fmt::format("blocks are nested deeper than {}", deepest_nesting));
  const Token first = lexer_.peek();
  builder_.at(first.position);
  if (first.is("{")) {
    block();
  } else if (lexer_.accept("if")) {
    conditional();
  } else if (lexer_.accept("for")) {
    for_loop(first);
  } else if (lexer_.accept("while")) {
    while_loop(first);
  } else if (lexer_.accept("switch")) {
    switch_statement(first);
  } else if (is_scalar_type(first)) {
    declare_variable(first);
  } else if (const Symbols::Variable* variable = assigned_variable(first)) {
    assign_variable(first, *variable);
  } else if (lexer_.accept("barrier")) {
    barrier();
  } else if (lexer_.accept("reset")) {
    reset();
  } else if (lexer_.accept("measure")) {
    arrow_measurement();
  } else if (is_pragma(first)) {
    pragma(first);
  } else if (first.is("@")) {
    notes_.add(Notes::Kind::annotation, first.position, lexer_.take_line());
  } else if (lexer_.accept("delay")) {
    delay(first);
  } else if (lexer_.accept("box")) {
    block();  // its timing has no meaning here
  } else if (declaration(first)) {
    if (depth_ > 1) source_.fail(first.position, "not supported: declarations within a block; put them before it");
  } else if (assignment_follows()) {
    assignment();
  } else {
    gate_call(first);
  }
  --depth_;
}

bool Reader::declaration(const Token& first) {
  if (lexer_.accept("include")) {
    include();
  } else if (lexer_.accept("qreg") || lexer_.accept("creg")) {
    declare_old_register(lexer_, symbols_, names(), first.text == "qreg" ? Kind::qubit : Kind::bit);
  } else if (lexer_.accept("qubit") || lexer_.accept("bit")) {
    new_register(first.text == "qubit" ? Kind::qubit : Kind::bit);
  } else if (lexer_.accept("gate")) {
    const Token name = Lexer(lexer_).next();
    if (name.kind == Token::Kind::identifier && (is_keyword(name.text) || is_builtin_name(name.text)))
      source_.fail(name.position,
                   fmt::format("{} is a word of the language, not a name for a gate", in_quotes(name.text)));
    parse_gate_definition(lexer_, gates_, names());
    symbols_.gate(lexer_, name);
  } else if (lexer_.accept("opaque")) {
    const Token name = lexer_.peek();
    parse_opaque_gate(lexer_, gates_);
    symbols_.gate(lexer_, name);
  } else if (lexer_.accept("input")) {
    declare_input(lexer_, symbols_, names(), inputs_);
  } else if (lexer_.accept("const")) {
    declare_constant(lexer_, symbols_, names());
  } else if (lexer_.accept("let")) {
    declare_alias(lexer_, symbols_, names());
  } else {
    return false;
  }
  return true;
}

void Reader::include() {
  const Token file = lexer_.next();
  if (file.kind != Token::Kind::string || (file.text != "stdgates.inc" && file.text != "qelib1.inc")) {
    source_.fail(file.position, fmt::format(R"(cannot include {}: only "stdgates.inc" and "qelib1.inc" are known)",
                                            in_quotes(file.text)));
  }
  // The gates are known in any case: Amazon Braket writes no include.
  lexer_.expect(";", "after an include");
}

void Reader::new_register(Kind kind) {
  const Operand declared = declare_register(lexer_, symbols_, names(), kind);
  if (kind == Kind::bit && lexer_.accept("=")) {
    if (lexer_.accept("measure")) {
      measure(symbols_.parse(lexer_, names(), Kind::qubit), declared);
    } else {
      parse_zero(lexer_);
    }
  }
  lexer_.expect(";", "after a declaration");
}

void Reader::pragma(const Token& first) {
  const std::string_view line = lexer_.take_line();
  // Braket's unitaries and noise change what the circuit does; results and verbatim boxes do not.
  for (const std::string_view changing : {"unitary", "noise"}) {
    const std::size_t braket = line.find("braket ");
    if (braket != std::string_view::npos && line.find(changing, braket) != std::string_view::npos)
      source_.fail(first.position, fmt::format("not supported: {}, which changes the circuit", in_quotes(line)));
  }
  if (first.is("#") && line.substr(1).find("pragma") != line.find_first_not_of(" \t", 1) - 1)
    source_.fail(first.position, fmt::format("not supported: {}", in_quotes(line)));
  notes_.add(Notes::Kind::pragma, first.position, line);
}

}  // namespace qasm

QasmProgram read_qasm(std::string_view text, const std::string& file_name, const QasmInputs& inputs) {
  const qasm::Source source{text, file_name};
  if (text.size() > qasm::longest_text)
    source.fail({}, fmt::format("{} bytes of text; at most {} are read", text.size(), qasm::longest_text));
  return qasm::Reader(source, inputs).read();
}

}  // namespace titrant::quantum
