#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "builder.hpp"
#include "condition_parser.hpp"
#include "declarations.hpp"
#include "expander.hpp"
#include "gate_parser.hpp"
#include "keywords.hpp"
#include "lexer.hpp"
#include "library.hpp"
#include "limits.hpp"
#include "notes.hpp"
#include "symbols.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum {

namespace qasm {
namespace {

using Kind = Symbols::Kind;

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

/// Statement by statement, from the text to the operations of the builder.
class Reader {
 public:
  Reader(const Source& source, const QasmInputs& inputs)
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

  QasmProgram read() {
    while (lexer_.peek().kind != Token::Kind::end) statement();
    if (!inputs_.empty())
      source_.fail({}, fmt::format("{} is no input of this program", in_quotes(inputs_.begin()->first)));
    const std::size_t qubits = symbols_.count(Kind::qubit);
    if (qubits == 0) source_.fail(lexer_.peek().position, "the program declares no qubit");
    return {builder_.finish(qubits, symbols_.count(Kind::bit)), symbols_.registers(Kind::qubit),
            symbols_.registers(Kind::bit), notes_.sentences()};
  }

 private:
  /// Qubits of a device need no declaration: those that occur, in the order of their numbers.
  void declare_physical_qubits() {
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

  static bool is_pragma(const Token& token) { return token.is("#") || token.is("pragma"); }

  Names names() const { return {symbols_.constants(), {}, version_ == 2}; }

  void statement() {
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

  /// Handles a statement that declares something; false where this is none.
  bool declaration(const Token& first) {
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

  void include() {
    const Token file = lexer_.next();
    if (file.kind != Token::Kind::string || (file.text != "stdgates.inc" && file.text != "qelib1.inc")) {
      source_.fail(file.position, fmt::format(R"(cannot include {}: only "stdgates.inc" and "qelib1.inc" are known)",
                                              in_quotes(file.text)));
    }
    // The gates are known in any case: Amazon Braket writes no include.
    lexer_.expect(";", "after an include");
  }

  void new_register(Kind kind) {
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

  void block() {
    const Token brace = lexer_.expect("{", "before a block");
    const std::size_t mark = symbols_.mark();
    while (!lexer_.accept("}")) {
      if (lexer_.peek().kind == Token::Kind::end) source_.fail(brace.position, "this block has no end '}'");
      statement();
    }
    symbols_.forget_since(mark);
  }

  /// Does this, which combines conditions, with errors reported here.
  template <class Work>
  auto combining(Position position, const Work& work) {
    try {
      return work();
    } catch (const TooManyCases& error) {
      source_.fail(position, error.what());
    }
  }

  Predicate condition(Position position) {
    Predicate condition = combining(position, [this] { return parse_condition(lexer_, symbols_, names(), builder_); });
    lexer_.expect(")", "after the condition");
    return condition;
  }

  void conditional() {
    const Position position = lexer_.expect("(", "after 'if'").position;
    const Predicate holds = condition(position);
    if (holds.is_never() || holds.is_always()) {  // decided: the branch that is not taken is passed over
      holds.is_always() ? statement() : skip_statement();
      if (lexer_.accept("else")) holds.is_never() ? statement() : skip_statement();
      return;
    }
    combining(position, [&] { builder_.begin_if(holds); });
    statement();
    if (lexer_.accept("else")) {
      combining(position, [&] { builder_.begin_else(); });
      statement();
    }
    builder_.end_if();
  }

  /// Reads on behind a bracket of this kind, the opening one being next.
  void skip_brackets(std::string_view open, std::string_view close) {
    const Position position = lexer_.expect(open, "here").position;
    for (std::size_t depth = 1; depth > 0;) {
      if (lexer_.peek().kind == Token::Kind::end)
        source_.fail(position, fmt::format("this '{}' has no end '{}'", open, close));
      if (is_pragma(lexer_.peek()) || lexer_.peek().is("@")) {
        lexer_.take_line();
        continue;
      }
      const Token token = lexer_.next();
      depth += token.is(open) ? 1 : 0;
      depth -= token.is(close) ? 1 : 0;
    }
  }

  /// Reads on behind a statement that is not done.
  void skip_statement() {
    if (++depth_ > deepest_nesting)
      source_.fail(lexer_.peek().position, fmt::format("blocks are nested deeper than {}", deepest_nesting));
    if (lexer_.peek().is("{")) {
      skip_brackets("{", "}");
    } else if (lexer_.accept("if")) {
      skip_brackets("(", ")");
      skip_statement();
      if (lexer_.accept("else")) skip_statement();
    } else if (lexer_.accept("while")) {
      skip_brackets("(", ")");
      skip_statement();
    } else if (lexer_.accept("switch")) {
      skip_brackets("(", ")");
      skip_brackets("{", "}");
    } else if (lexer_.accept("for")) {
      while (!lexer_.peek().is("in") && lexer_.peek().kind != Token::Kind::end) lexer_.next();
      lexer_.expect("in", "in a loop");
      lexer_.peek().is("[") ? skip_brackets("[", "]") : skip_brackets("{", "}");
      skip_statement();
    } else if (is_pragma(lexer_.peek()) || lexer_.peek().is("@")) {
      lexer_.take_line();
    } else {
      while (!lexer_.accept(";")) {
        if (lexer_.next().kind == Token::Kind::end)
          source_.fail(lexer_.peek().position, "expected ';' after a statement, found the end of the text");
      }
    }
    --depth_;
  }

  /// Rounds of all loops together, and the bytes that they read, so that every program ends.
  void count_round(Position position, std::size_t bytes) {
    read_again_ += bytes;
    if (++rounds_ > most_operations || read_again_ > most_read_again)
      source_.fail(position, fmt::format("the loops have more than {} rounds, or take too long", most_operations));
  }

  /// The values of `[first:last]`, `[first:step:last]` or `{value, ...}`.
  std::vector<Number> loop_values() {
    std::vector<Number> values;
    if (lexer_.accept("{")) {
      do {
        values.push_back(parse_constant(lexer_, names()));
      } while (lexer_.accept(","));
      lexer_.expect("}", "after the values of a loop");
      return values;
    }
    const Token bracket = lexer_.expect("[", "before the range of a loop");
    constexpr std::string_view what = "a bound of a loop";
    const std::int64_t first = parse_integer(lexer_, names(), what);
    lexer_.expect(":", "in the range of a loop");
    std::int64_t last = parse_integer(lexer_, names(), what);
    std::int64_t step = 1;
    if (lexer_.accept(":")) {
      step = last;
      last = parse_integer(lexer_, names(), what);
    }
    lexer_.expect("]", "after the range of a loop");
    if (step == 0) source_.fail(bracket.position, "this range has the step 0");
    for (std::int64_t k = first; step > 0 ? k <= last : k >= last; k += step) {
      if (values.size() == most_operations)
        source_.fail(bracket.position, fmt::format("the loops have more than {} rounds", most_operations));
      values.push_back({static_cast<double>(k), true});
    }
    return values;
  }

  /// Statements have no state but the reader's: a loop reads its body once for each value.
  void for_loop(const Token& word) {
    Symbols::Variable type = parse_scalar_type(lexer_, names());
    type.conditions = builder_.conditions();
    const Token name = expect_new_name(lexer_, "the name of a variable");
    lexer_.expect("in", "after the variable of a loop");
    const Position position = lexer_.peek().position;
    const std::vector<Number> values = loop_values();
    const Lexer body = lexer_;
    for (const Number& value : values) {
      lexer_ = body;
      const std::size_t mark = symbols_.mark();
      symbols_.variable(lexer_, name, type, variable_value(type, value, position));
      statement();
      symbols_.forget_since(mark);
      count_round(word.position, lexer_.offset() - body.offset());
    }
    if (values.empty()) skip_statement();
  }

  void while_loop(const Token& word) {
    const Lexer head = lexer_;
    for (bool again = true; again;) {
      lexer_ = head;
      const Position position = lexer_.expect("(", "after 'while'").position;
      const Predicate holds = condition(position);
      if (!holds.is_always() && !holds.is_never())
        source_.fail(word.position, "not supported: 'while' on measured bits, whose number of rounds is not known");
      again = holds.is_always();
      again ? statement() : skip_statement();
      count_round(word.position, lexer_.offset() - head.offset());
    }
  }

  /// All conditions are decided before any case is done, as the selector is read once.
  void switch_statement(const Token& word) {
    lexer_.expect("(", "after 'switch'");
    const Lexer selector = lexer_;
    while (!lexer_.peek().is(")") && lexer_.peek().kind != Token::Kind::end) lexer_.next();
    lexer_.expect(")", "after the value of a switch");
    const Token brace = lexer_.expect("{", "before the cases");
    struct Branch {
      Predicate holds;
      Lexer body;
    };
    std::vector<Branch> branches;
    std::optional<Lexer> otherwise;
    std::set<double> labels;
    while (!lexer_.accept("}")) {
      if (lexer_.peek().kind == Token::Kind::end) source_.fail(brace.position, "this block has no end '}'");
      Predicate holds = Predicate::never();
      const Token kind = lexer_.peek();
      if (otherwise) source_.fail(kind.position, "nothing follows the default of a switch");
      if (lexer_.accept("case")) {
        do {
          const Position position = lexer_.peek().position;
          const Number label = parse_constant(lexer_, names());
          if (!label.integer) source_.fail(position, "the value of a case must be an integer (up to 2^53)");
          if (!labels.insert(label.value).second)
            source_.fail(position, fmt::format("the case {} stands twice", label.value));
          Lexer again = selector;
          holds = combining(position, [&] {
            const Predicate one = parse_equality(again, symbols_, names(), builder_, label, position);
            return builder_.algebra().either(holds, one);
          });
          again.expect(")", "after the value of a switch");
        } while (lexer_.accept(","));
        branches.push_back({holds, lexer_});
      } else {
        lexer_.expect("default", "or 'case' in a switch");
        otherwise = lexer_;
      }
      skip_brackets("{", "}");
    }
    if (branches.empty()) source_.fail(word.position, "not supported: 'switch' without a case");
    const Lexer after = lexer_;
    std::size_t open = 0;
    bool decided = false;
    for (const Branch& branch : branches) {
      if (branch.holds.is_never()) continue;
      lexer_ = branch.body;
      decided = branch.holds.is_always();
      if (!decided) combining(word.position, [&] { builder_.begin_if(branch.holds); });
      block();
      if (decided) break;
      combining(word.position, [&] { builder_.begin_else(); });
      ++open;
    }
    if (!decided && otherwise) {
      lexer_ = *otherwise;
      block();
    }
    for (; open > 0; --open) builder_.end_if();
    lexer_ = after;
  }

  Number variable_value(const Symbols::Variable& type, Number value, Position position) {
    Number typed = as_type(lexer_, type, value, position);
    typed.variable = typed.integer && !typed.boolean;
    return typed;
  }

  void declare_variable(const Token& first) {
    Symbols::Variable type = parse_scalar_type(lexer_, names());
    type.conditions = builder_.conditions();
    const Token name = expect_new_name(lexer_, "the name of a variable");
    if (!lexer_.accept("="))
      source_.fail(first.position,
                   fmt::format("not supported: a variable without a value; write '{} = ...'", name.text));
    const Position position = lexer_.peek().position;
    const Number value = parse_constant(lexer_, names());
    lexer_.expect(";", "after a variable");
    symbols_.variable(lexer_, name, type, variable_value(type, value, position));
  }

  /// `name = expression;`, also with + - * or / before the sign.
  void assign_variable(const Token& name, const Symbols::Variable& type) {
    if (type.conditions != builder_.conditions()) {
      source_.fail(name.position, fmt::format("not supported: an assignment to {} under a condition on measured bits: "
                                              "its value would not be known while reading",
                                              in_quotes(name.text)));
    }
    lexer_.next();
    const Token sign = lexer_.next();
    if (!sign.is("=")) lexer_.expect("=", fmt::format("after {}{}", name.text, sign.text));
    const Position position = lexer_.peek().position;
    Expression right = parse_expression(lexer_, names());
    lexer_.expect(";", "after an assignment");
    if (!sign.is("=")) {
      const Expression::Step step = sign.is("+")   ? Expression::Step::add
                                    : sign.is("-") ? Expression::Step::subtract
                                    : sign.is("*") ? Expression::Step::multiply
                                                   : Expression::Step::divide;
      right.instructions.insert(right.instructions.begin(),
                                {Expression::Step::constant, 0, symbols_.constants().find(name.text)->second});
      right.instructions.push_back({step, 0, {}});
    }
    symbols_.assign(name.text, variable_value(type, evaluate(right, {}, source_), position));
  }

  const Symbols::Variable* assigned_variable(const Token& name) const {
    const Symbols::Variable* variable = name.kind == Token::Kind::identifier ? symbols_.variable(name.text) : nullptr;
    if (variable == nullptr) return nullptr;
    Lexer ahead = lexer_;
    ahead.next();
    const Token sign = ahead.peek();
    return sign.is("=") || sign.is("+") || sign.is("-") || sign.is("*") || sign.is("/") ? variable : nullptr;
  }

  std::vector<Operand> operands() {
    std::vector<Operand> all;
    if (lexer_.peek().is(";")) return all;
    do {
      if (all.size() > most_qubits) source_.fail(lexer_.peek().position, "more operands than there are qubits");
      all.push_back(symbols_.parse(lexer_, names(), Kind::qubit));
    } while (lexer_.accept(","));
    return all;
  }

  /// Two operands of one operation must not share a qubit.
  void claim(std::size_t qubit, const Operand& operand) {
    claimed_.resize(symbols_.count(Kind::qubit), 0);
    if (std::exchange(claimed_[qubit], claims_) == claims_)
      source_.fail(operand.position,
                   fmt::format("a qubit of {} is given twice to one operation", in_quotes(operand.text)));
  }

  void barrier() {
    const std::vector<Operand> all = operands();
    lexer_.expect(";", "after a barrier");
    std::vector<std::size_t> qubits;
    ++claims_;
    for (const Operand& operand : all) {
      for (const std::size_t qubit : operand.elements) {
        claim(qubit, operand);
        qubits.push_back(qubit);
      }
    }
    builder_.barrier(qubits);
  }

  void reset() {
    const Operand qubits = symbols_.parse(lexer_, names(), Kind::qubit);
    lexer_.expect(";", "after a reset");
    for (const std::size_t qubit : qubits.elements) builder_.reset(qubit);
  }

  void measure(const Operand& qubits, const Operand& bits) {
    if (qubits.elements.size() != bits.elements.size()) {
      source_.fail(qubits.position,
                   fmt::format("{} qubits are measured into {} bits", qubits.elements.size(), bits.elements.size()));
    }
    for (std::size_t k = 0; k < bits.elements.size(); ++k)
      builder_.measure(qubits.elements[k], bits.elements[k], in_quotes(bits.text));
  }

  void arrow_measurement() {
    const Operand qubits = symbols_.parse(lexer_, names(), Kind::qubit);
    if (lexer_.peek().is(";")) return measure_into_new_bits(qubits);
    lexer_.expect("->", "after the measured qubits");
    measure(qubits, symbols_.parse(lexer_, names(), Kind::bit));
    lexer_.expect(";", "after a measurement");
  }

  /// An outcome without a bit still collapses its qubit: it needs a bit of its own.
  void measure_into_new_bits(const Operand& qubits) {
    Token name = lexer_.next();
    notes_.add(Notes::Kind::measurement, qubits.position, fmt::format("measure {}", qubits.text));
    std::string text = "unassigned";
    while (symbols_.knows(text)) text = fmt::format("unassigned_{}", ++unassigned_);
    name.text = text;
    const std::size_t first = symbols_.count(Kind::bit);
    symbols_.declare(lexer_, name, Kind::bit, qubits.elements.size(), qubits.single);
    Operand bits{{}, qubits.single, text, name.position};
    for (std::size_t k = first; k < symbols_.count(Kind::bit); ++k) bits.elements.push_back(k);
    measure(qubits, bits);
  }

  void pragma(const Token& first) {
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

  void delay(const Token& first) {
    lexer_.expect("[", "after 'delay'");
    if (lexer_.peek().kind == Token::Kind::duration) {
      lexer_.next();
    } else {
      parse_constant(lexer_, names());
    }
    lexer_.expect("]", "after the time of a delay");
    operands();
    lexer_.expect(";", "after a delay");
    notes_.add(Notes::Kind::delay, first.position, "delay");
  }

  bool assignment_follows() const {
    if (lexer_.peek().kind != Token::Kind::identifier || is_keyword(lexer_.peek().text)) return false;
    Lexer ahead = lexer_;
    ahead.next();
    return ahead.peek().is("=") || ahead.peek().is("[");
  }

  void assignment() {
    const Operand bits = symbols_.parse(lexer_, names(), Kind::bit);
    lexer_.expect("=", "after the bits");
    if (!lexer_.accept("measure"))
      source_.fail(lexer_.peek().position, "not supported: assignments of anything but 'measure'");
    measure(symbols_.parse(lexer_, names(), Kind::qubit), bits);
    lexer_.expect(";", "after a measurement");
  }

  void gate_call(const Token& first) {
    static constexpr std::array<std::string_view, 6> callable = {"U", "gphase", "inv", "pow", "ctrl", "negctrl"};
    const bool word = first.kind == Token::Kind::identifier && is_keyword(first.text) &&
                      std::find(callable.begin(), callable.end(), first.text) == callable.end();
    if (word) source_.fail(first.position, fmt::format("not supported: {}", in_quotes(first.text)));
    CallHead head = parse_call_head(lexer_, gates_, names());
    const std::vector<Operand> all = operands();
    lexer_.expect(";", "after the call of a gate");
    head.give(all.size(), source_);
    std::size_t repeats = 1;
    const Operand* broadcast = nullptr;
    for (const Operand& operand : all) {
      if (operand.single) continue;
      if (broadcast != nullptr && operand.elements.size() != repeats) {
        source_.fail(operand.position, fmt::format("registers of different sizes: {} has {} qubits and {} has {}",
                                                   broadcast->text, repeats, operand.text, operand.elements.size()));
      }
      repeats = operand.elements.size();
      broadcast = &operand;
    }
    const std::vector<BoundModifier> modifiers = bind(head.modifiers, {}, source_);
    const std::vector<double> angles = bind(head.angles, {}, source_);
    std::vector<std::size_t> qubits(all.size());
    for (std::size_t k = 0; k < repeats; ++k) {
      ++claims_;
      for (std::size_t j = 0; j < all.size(); ++j) {
        qubits[j] = all[j].elements[all[j].single ? 0 : k];
        claim(qubits[j], all[j]);
      }
      expander_.expand({head.gate, modifiers, angles, qubits}, head.position);
    }
  }

  const Source& source_;
  InputValues inputs_;
  Lexer lexer_;
  int version_;
  GateTable gates_;
  Symbols symbols_;
  CircuitBuilder builder_;
  Expander expander_;
  Notes notes_;
  std::size_t depth_ = 0;
  std::size_t unassigned_ = 0;  ///< names of registers that were tried
  std::size_t rounds_ = 0;
  std::size_t read_again_ = 0;
  std::vector<std::uint64_t> claimed_;  ///< by qubit: the last operation that had it
  std::uint64_t claims_ = 0;
};

}  // namespace
}  // namespace qasm

QasmProgram read_qasm(std::string_view text, const std::string& file_name, const QasmInputs& inputs) {
  const qasm::Source source{text, file_name};
  if (text.size() > qasm::longest_text)
    source.fail({}, fmt::format("{} bytes of text; at most {} are read", text.size(), qasm::longest_text));
  return qasm::Reader(source, inputs).read();
}

}  // namespace titrant::quantum
