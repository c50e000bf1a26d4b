#include "condition.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "number.hpp"
#include "text.hpp"
#include "titrant/core/error.hpp"

namespace titrant::trial {

namespace {

using Operator = Condition::Operator;

constexpr std::size_t longest_text = 1000;
constexpr int deepest = 20;  // parentheses

struct Token {
  enum class Kind { word, comparison, conjunction, disjunction, open, close, end };
  Kind kind = Kind::end;
  std::string text = {};
  Operator comparison = Operator::equal;
  std::size_t at = 0;
};

struct Symbol {
  std::string_view text;
  Token::Kind kind;
  Operator comparison = Operator::equal;
};

/// Longer ones before those that they begin with.
constexpr std::array<Symbol, 24> symbols = {{
    {".EQN.", Token::Kind::comparison, Operator::equal},
    {".NEN.", Token::Kind::comparison, Operator::unequal},
    {".EQ.", Token::Kind::comparison, Operator::equal},
    {".NE.", Token::Kind::comparison, Operator::unequal},
    {".LT.", Token::Kind::comparison, Operator::less},
    {".LE.", Token::Kind::comparison, Operator::at_most},
    {".GT.", Token::Kind::comparison, Operator::greater},
    {".GE.", Token::Kind::comparison, Operator::at_least},
    {".AND.", Token::Kind::conjunction},
    {".OR.", Token::Kind::disjunction},
    {"&&", Token::Kind::conjunction},
    {"||", Token::Kind::disjunction},
    {"==", Token::Kind::comparison, Operator::equal},
    {"!=", Token::Kind::comparison, Operator::unequal},
    {"/=", Token::Kind::comparison, Operator::unequal},
    {"<>", Token::Kind::comparison, Operator::unequal},
    {"<=", Token::Kind::comparison, Operator::at_most},
    {">=", Token::Kind::comparison, Operator::at_least},
    {"<", Token::Kind::comparison, Operator::less},
    {">", Token::Kind::comparison, Operator::greater},
    {"=", Token::Kind::comparison, Operator::equal},
    {"(", Token::Kind::open},
    {")", Token::Kind::close},
    {"!", Token::Kind::end},
}};

/// The symbol that a text begins with.
const Symbol* symbol_at(std::string_view text) {
  for (const Symbol& symbol : symbols) {
    if (text.size() >= symbol.text.size() && same_but_for_case(text.substr(0, symbol.text.size()), symbol.text)) {
      return &symbol;
    }
  }
  return nullptr;
}

[[noreturn]] void refuse(std::string_view key, const std::string& text, std::size_t at, std::string_view expected) {
  throw ConfigError(fmt::format("{}: '{}': expected {} at character {}, as in \"DOSE == 10 and AGE >= 18\"", key,
                                excerpt(text), expected, at + 1));
}

std::vector<Token> tokens_of(const std::string& text, std::string_view key) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
      continue;
    }
    Token token{.at = at};
    const std::string_view rest = std::string_view(text).substr(at);
    if (c == '"' || c == '\'') {
      const std::size_t end = text.find(c, at + 1);
      if (end == std::string::npos) refuse(key, text, at, "a closing quote for that");
      token.kind = Token::Kind::word;
      token.text = text.substr(at + 1, end - at - 1);
      at = end + 1;
    } else if (const Symbol* symbol = symbol_at(rest)) {
      if (symbol->kind == Token::Kind::end) refuse(key, text, at, "a comparison");
      token.kind = symbol->kind;
      token.comparison = symbol->comparison;
      at += symbol->text.size();
    } else {
      std::size_t end = at;
      while (end < text.size() && std::isspace(static_cast<unsigned char>(text[end])) == 0 && text[end] != '"' &&
             text[end] != '\'' && symbol_at(std::string_view(text).substr(end)) == nullptr) {
        ++end;
      }
      token.kind = Token::Kind::word;
      token.text = text.substr(at, end - at);
      if (same_but_for_case(token.text, "and")) token.kind = Token::Kind::conjunction;
      if (same_but_for_case(token.text, "or")) token.kind = Token::Kind::disjunction;
      at = end;
    }
    tokens.push_back(std::move(token));
  }
  tokens.push_back({.at = text.size()});
  return tokens;
}

bool compare(Operator op, double a, double b) {
  switch (op) {
    case Operator::equal:
      return a == b;
    case Operator::unequal:
      return a != b;
    case Operator::less:
      return a < b;
    case Operator::at_most:
      return a <= b;
    case Operator::greater:
      return a > b;
    case Operator::at_least:
      return a >= b;
  }
  return false;
}

}  // namespace

struct Condition::Node {
  enum class Kind { comparison, all, any };
  Kind kind = Kind::comparison;
  std::vector<Node> parts = {};  ///< of all, any
  std::string column_name = {};
  std::size_t column = 0;
  Operator comparison = Operator::equal;
  std::string literal = {};
  bool literal_missing = false;
  std::optional<double> number = {};  ///< of the literal
};

namespace {

using Node = Condition::Node;

/// Recursive descent: any of (all of (comparison or parentheses)).
class Parser {
 public:
  Parser(const std::string& text, std::string_view key) : text_(text), key_(key), tokens_(tokens_of(text, key)) {}

  Node parse() {
    Node node = any(0);
    if (now().kind != Token::Kind::end) refuse(key_, text_, now().at, "'and' or 'or'");
    return node;
  }

 private:
  const Token& now() const { return tokens_[at_]; }

  Node joined(Node::Kind kind, Token::Kind by, int depth) {
    Node node{.kind = kind};
    for (;;) {
      node.parts.push_back(kind == Node::Kind::any ? joined(Node::Kind::all, Token::Kind::conjunction, depth)
                                                   : single(depth));
      if (now().kind != by) return node;
      ++at_;
    }
  }

  Node any(int depth) { return joined(Node::Kind::any, Token::Kind::disjunction, depth); }

  Node single(int depth) {
    if (now().kind == Token::Kind::open) {
      if (depth == deepest) refuse(key_, text_, now().at, "fewer parentheses within parentheses");
      ++at_;
      Node node = any(depth + 1);
      if (now().kind != Token::Kind::close) refuse(key_, text_, now().at, "a closing parenthesis");
      ++at_;
      return node;
    }
    Node node;
    node.column_name = word("the name of a column");
    if (now().kind != Token::Kind::comparison) refuse(key_, text_, now().at, "a comparison (==, !=, <, <=, >, >=)");
    node.comparison = now().comparison;
    ++at_;
    node.literal = word("a number or a text");
    node.literal_missing = Field{.text = node.literal}.missing();
    const Number number = read_number(node.literal);
    if (number.fault.empty() && !node.literal_missing) node.number = number.value;
    const bool order = node.comparison != Operator::equal && node.comparison != Operator::unequal;
    if (order && !node.number) refuse(key_, text_, tokens_[at_ - 1].at, "a number");
    return node;
  }

  std::string word(std::string_view expected) {
    if (now().kind != Token::Kind::word) refuse(key_, text_, now().at, expected);
    return tokens_[at_++].text;
  }

  const std::string& text_;
  std::string_view key_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

void bind_node(Node& node, const Table& table, const std::string& key, const std::string& text, Faults& faults) {
  for (Node& part : node.parts) bind_node(part, table, key, text, faults);
  if (node.kind != Node::Kind::comparison) return;
  const std::vector<std::size_t> found = columns_called(table.names(), node.column_name);
  if (!found.empty()) {
    node.column = found.front();
    return;
  }
  const std::string near = core::nearest(node.column_name, table.names());
  const std::string all = fmt::format("{}", fmt::join(table.names(), ", "));
  faults.add(table.header().start(), "no column '{}' for {}: {}; {}", excerpt(node.column_name), key, excerpt(text),
             near.empty() ? "the header has " + excerpt(all) : fmt::format("did you mean '{}'?", excerpt(near)));
}

bool node_holds(const Node& node, const Row& row, const std::string& key, const std::string& text, Faults& faults) {
  const auto holds = [&](const Node& part) { return node_holds(part, row, key, text, faults); };
  if (node.kind == Node::Kind::all) return std::all_of(node.parts.begin(), node.parts.end(), holds);
  if (node.kind == Node::Kind::any) return std::any_of(node.parts.begin(), node.parts.end(), holds);
  const Field& field = row.fields[node.column];
  const bool wants_equal = node.comparison == Operator::equal;
  const bool order = !wants_equal && node.comparison != Operator::unequal;
  // As in NONMEM, nothing is 0 where a number is compared; NA is no number at all.
  if (node.number && field.missing() && !field.missing_in_words()) return compare(node.comparison, 0.0, *node.number);
  if (node.literal_missing || field.missing()) {
    return !order && (node.literal_missing && field.missing()) == wants_equal;
  }
  const Number number = read_number(field.text);
  if (node.number && number.fault.empty()) return compare(node.comparison, number.value, *node.number);
  if (order) {
    faults.add(row.place(node.column), "{}: {}: expected a number in column '{}', found '{}'", key, excerpt(text),
               excerpt(node.column_name), excerpt(field.text));
    return false;
  }
  return (field.unquoted() == node.literal) == wants_equal;
}

}  // namespace

Condition::Condition(const std::string& text, std::string_view key) : text_(text), key_(key) {
  if (text_.size() > longest_text) throw ConfigError(fmt::format("{}: more than {} characters", key, longest_text));
  root_ = std::make_unique<Node>(Parser(text_, key_).parse());
}

Condition::Condition(Condition&&) noexcept = default;
Condition::~Condition() = default;

void Condition::bind(const Table& table, Faults& faults) { bind_node(*root_, table, key_, text_, faults); }

bool Condition::holds(const Row& row, Faults& faults) const { return node_holds(*root_, row, key_, text_, faults); }

Filter::Filter(const NonmemFormat& format) : ignored_(format.ignore.size()), rejected_(format.where.size()) {
  for (const std::string& text : format.ignore) ignore_.emplace_back(text, "data.ignore");
  for (const std::string& text : format.where) where_.emplace_back(text, "data.where");
}

void Filter::bind(const Table& table, std::optional<std::size_t> amount, Faults& faults) {
  amount_ = amount;
  for (Condition& one : ignore_) one.bind(table, faults);
  for (Condition& one : where_) one.bind(table, faults);
}

bool Filter::accepts(const Row& row, Faults& faults) {
  for (std::size_t i = 0; i < ignore_.size(); ++i) {
    if (!ignore_[i].holds(row, faults)) continue;
    count(row, ignored_[i]);
    return false;
  }
  for (std::size_t i = 0; i < where_.size(); ++i) {
    if (where_[i].holds(row, faults)) continue;
    count(row, rejected_[i]);
    return false;
  }
  return true;
}

void Filter::count(const Row& row, LeftOut& left_out) const {
  ++left_out.records;
  if (!amount_ || row.fields[*amount_].missing()) return;
  const Number amount = read_number(row.fields[*amount_].text);
  if (amount.fault.empty() && amount.value > 0.0) ++left_out.doses;
}

void Filter::add_remarks(Remarks& remarks) const {
  const auto say = [&remarks](std::string_view key, const Condition& one, const LeftOut& left_out) {
    remarks.say(fmt::format("{} '{}' leaves out {} record{}{}.", key, excerpt(one.text()), left_out.records,
                            left_out.records == 1 ? "" : "s",
                            left_out.doses == 0 ? "" : fmt::format(", {} with a dose", left_out.doses)));
  };
  for (std::size_t i = 0; i < ignore_.size(); ++i) say("data.ignore", ignore_[i], ignored_[i]);
  for (std::size_t i = 0; i < where_.size(); ++i) say("data.where", where_[i], rejected_[i]);
}

}  // namespace titrant::trial
