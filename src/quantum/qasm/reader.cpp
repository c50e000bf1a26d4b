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
      symbols_(slots_),
      builder_(source, slots_),
      expander_(source, builder_),
      notes_(source) {
  declare_physical_qubits();
}

QasmProgram Reader::read() {
  while (lexer_.peek().kind != Token::Kind::end && flow_ != Flow::end) statement();
  if (!inputs_.empty())
    source_.fail({}, fmt::format("{} is no input of this program", in_quotes(inputs_.begin()->first)));
  if (symbols_.count(Kind::qubit) == 0) source_.fail(lexer_.peek().position, "the program declares no qubit");
  return finished();
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
  const Token first = lexer_.peek();
  if (++depth_ > deepest_nesting)
    source_.fail(first.position, fmt::format("blocks are nested deeper than {}", deepest_nesting));
  builder_.at(first.position);
  combining(first.position, [&] { any_statement(first); });
  --depth_;
}

void Reader::any_statement(const Token& first) {
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
  } else if (first.is("break") || first.is("continue") || first.is("end")) {
    leave(first);
  } else if (lexer_.accept("return")) {
    return_statement(first);
  } else if (is_scalar_type(first)) {
    declare_variable(first);
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
    box();
  } else if (lexer_.accept("let")) {
    declare_alias(lexer_, symbols_, names());
  } else if (lexer_.accept("const")) {
    declare_constant(lexer_, symbols_, names());
  } else if (lexer_.accept("array")) {
    count_round(first.position, declare_array(lexer_, symbols_, names(), builder_.conditions()));
  } else if (lexer_.accept("bit") || lexer_.accept("creg")) {
    new_register(first);
  } else if (declaration(first)) {
    if (symbols_.in_scope())
      source_.fail(first.position, "not supported: declarations within a block; put them before it");
  } else if (assignment_follows()) {
    assignment();
  } else if (symbols_.subroutine(first.text) != nullptr) {
    call_subroutine(lexer_);
    if (flow_ == Flow::none) lexer_.expect(";", "after the call of a subroutine");
  } else {
    gate_call(first);
  }
}

void Reader::box() {
  if (lexer_.accept("[")) {  // its duration has no meaning here
    lexer_.peek().kind == Token::Kind::duration ? static_cast<void>(lexer_.next())
                                                : static_cast<void>(parse_constant(lexer_, names()));
    lexer_.expect("]", "after the duration of a box");
  }
  block();
}

bool Reader::declaration(const Token& first) {
  if (lexer_.accept("include")) {
    include();
  } else if (lexer_.accept("qreg")) {
    declare_old_register(lexer_, symbols_, names(), Kind::qubit);
  } else if (lexer_.accept("qubit")) {
    new_register(first);
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
  } else if (lexer_.accept("output")) {
    output();
  } else if (lexer_.accept("def")) {
    define_subroutine();
  } else if (lexer_.accept("extern")) {
    const Token name = lexer_.peek();
    source_.fail(
        first.position,
        fmt::format("not supported: the extern function {}: the text does not say what it does", in_quotes(name.text)));
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

void Reader::new_register(const Token& word) {
  if (word.is("creg")) return declare_old_register(lexer_, symbols_, names(), Kind::bit);
  const Kind kind = word.is("qubit") ? Kind::qubit : Kind::bit;
  if (kind == Kind::qubit && symbols_.in_scope())
    source_.fail(word.position, "not supported: declarations within a block; put them before it");
  const Operand declared = declare_register(lexer_, symbols_, names(), kind);
  if (symbols_.in_scope()) count_round(word.position, bytes_of_bit * declared.elements.size());
  if (kind == Kind::bit && lexer_.accept("=")) {
    if (lexer_.accept("measure")) {
      measure(symbols_.parse(lexer_, names(), Kind::qubit), declared);
    } else {
      // That bits start as 0 is said by many programs, and is so in any case.
      const Value value = parse_value(lexer_, context());
      const auto* zero = std::get_if<std::uint64_t>(&value.is);
      if (zero == nullptr || *zero != 0 || symbols_.in_scope()) assign_bits(declared, value, false);
    }
  }
  lexer_.expect(";", "after a declaration");
}

void Reader::output() {
  const Token type = lexer_.peek();
  if (!lexer_.accept("bit") && !type.is("bool"))
    source_.fail(type.position, "not supported: outputs of types other than bit and bool");
  if (type.is("bool")) lexer_.next();
  Token name = lexer_.peek();
  if (type.is("bool")) {
    lexer_.expect_identifier("the name of an output");
    symbols_.declare(lexer_, name, Kind::bit, 1, true);
  } else {
    const Operand declared = declare_register(lexer_, symbols_, names(), Kind::bit);
    outputs_.push_back(declared.text);
    lexer_.expect(";", "after an output");
    return;
  }
  outputs_.emplace_back(name.text);
  lexer_.expect(";", "after an output");
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
