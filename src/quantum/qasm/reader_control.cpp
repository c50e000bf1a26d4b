#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "classical_parser.hpp"
#include "limits.hpp"
#include "reader.hpp"

/// \file
/// Blocks, branches and loops: a branch that is decided is passed over, a loop reads its body once for each value.

namespace titrant::quantum::qasm {

void Reader::block() {
  const Token brace = lexer_.expect("{", "before a block");
  symbols_.open_scope();
  while (flow_ == Flow::none && !lexer_.accept("}")) {
    if (lexer_.peek().kind == Token::Kind::end) source_.fail(brace.position, "this block has no end '}'");
    statement();
  }
  symbols_.close_scope();
}

Predicate Reader::condition(Position position) {
  Predicate condition = combining(position, [this] { return parse_condition(lexer_, context()); });
  lexer_.expect(")", "after the condition");
  return condition;
}

void Reader::conditional() {
  const Position position = lexer_.expect("(", "after 'if'").position;
  const Predicate holds = condition(position);
  if (holds.is_never() || holds.is_always()) {  // decided: the branch that is not taken is passed over
    holds.is_always() ? statement() : skip_statement();
    if (flow_ != Flow::none) return;
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

void Reader::skip_brackets(std::string_view open, std::string_view close) {
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

void Reader::skip_statement() {
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

void Reader::count_round(Position position, std::size_t bytes) {
  read_again_ += bytes;
  if (++rounds_ > most_operations || read_again_ > most_read_again)
    source_.fail(position, fmt::format("loops and calls have more than {} rounds, or take too long", most_operations));
}

std::vector<Number> Reader::loop_values() {
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

void Reader::for_loop(const Token& word) {
  Symbols::Variable type = parse_scalar_type(lexer_, names());
  type.conditions = builder_.conditions();
  const Token name = expect_new_name(lexer_, "the name of a variable");
  lexer_.expect("in", "after the variable of a loop");
  const Position position = lexer_.peek().position;
  const std::vector<Number> values = loop_values();
  const Lexer body = lexer_;
  loops_.push_back(builder_.conditions());
  bool behind = false;  // the body was read to its end
  for (const Number& value : values) {
    lexer_ = body;
    symbols_.open_scope();
    symbols_.variable(lexer_, name, type, variable_value(type, value, position));
    statement();
    symbols_.close_scope();
    count_round(word.position, std::max(lexer_.offset(), body.offset()) - body.offset());
    behind = flow_ == Flow::none;
    if (flow_ == Flow::next_round) flow_ = Flow::none;
    if (flow_ != Flow::none) break;
  }
  loops_.pop_back();
  if (flow_ == Flow::leave_loop) flow_ = Flow::none;
  if (behind || flow_ != Flow::none) return;
  lexer_ = body;
  skip_statement();
}

void Reader::while_loop(const Token& word) {
  const Lexer head = lexer_;
  loops_.push_back(builder_.conditions());
  for (bool again = true; again && flow_ == Flow::none;) {
    lexer_ = head;
    const Position position = lexer_.expect("(", "after 'while'").position;
    const Predicate holds = condition(position);
    if (!holds.is_always() && !holds.is_never())
      source_.fail(word.position, "not supported: 'while' on measured bits, whose number of rounds is not known");
    again = holds.is_always();
    again ? statement() : skip_statement();
    count_round(word.position, std::max(lexer_.offset(), head.offset()) - head.offset());
    if (flow_ == Flow::next_round) flow_ = Flow::none;
  }
  loops_.pop_back();
  if (flow_ != Flow::leave_loop) return;
  flow_ = Flow::none;
  lexer_ = head;
  skip_brackets("(", ")");
  skip_statement();
}

void Reader::leave(const Token& word) {
  lexer_.next();
  if (word.is("end")) {
    if (builder_.conditions() > 0)
      source_.fail(word.position, "not supported: 'end' under a condition on measured bits");
    flow_ = Flow::end;
  } else {
    if (loops_.empty()) source_.fail(word.position, fmt::format("{} outside of a loop", in_quotes(word.text)));
    if (builder_.conditions() != loops_.back())
      source_.fail(word.position,
                   fmt::format("not supported: {} under a condition on measured bits", in_quotes(word.text)));
    flow_ = word.is("break") ? Flow::leave_loop : Flow::next_round;
  }
  lexer_.expect(";", fmt::format("after '{}'", word.text));
}

void Reader::switch_statement(const Token& word) {
  lexer_.expect("(", "after 'switch'");
  const Value selector = parse_value(lexer_, context());
  ValueAlgebra values(source_, builder_);
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
        holds = combining(position, [&] {
          return builder_.algebra().either(holds, values.equal(selector, {label, position}));
        });
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
    if (flow_ != Flow::none) return;  // decided: no condition was opened
    if (decided) break;
    combining(word.position, [&] { builder_.begin_else(); });
    ++open;
  }
  if (!decided && otherwise) {
    lexer_ = *otherwise;
    block();
    if (flow_ != Flow::none) return;
  }
  for (; open > 0; --open) builder_.end_if();
  lexer_ = after;
}

}  // namespace titrant::quantum::qasm
