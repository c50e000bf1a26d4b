#include "lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>

#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {  // all of Unicode beyond ASCII may stand in names, as π and θ do
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0U;
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_unit(std::string_view text) {
  return text == "dt" || text == "ns" || text == "us" || text == "µs" || text == "ms" || text == "s";
}

/// Bytes of the UTF-8 character that this byte begins, 0 where none begins with it.
std::size_t character_bytes(unsigned char first) {
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first < 0xE0U) return 2;
  if (first >= 0xE0U && first < 0xF0U) return 3;
  if (first >= 0xF0U && first < 0xF5U) return 4;
  return 0;
}

}  // namespace

Lexer::Lexer(const Source& source) : source_(&source) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (source_->text.substr(0, 3) == byte_order_mark) offset_ = 3;
  token_ = scan();
}

char Lexer::at(std::size_t offset) const { return offset < source_->text.size() ? source_->text[offset] : '\0'; }

void Lexer::check_character(std::size_t offset) const {
  const auto first = static_cast<unsigned char>(source_->text[offset]);
  const std::size_t bytes = character_bytes(first);
  bool valid = bytes > 0 && offset + bytes <= source_->text.size();
  for (std::size_t k = 1; valid && k < bytes; ++k)
    valid = (static_cast<unsigned char>(source_->text[offset + k]) & 0xC0U) == 0x80U;
  if (!valid) source_->fail(position_, fmt::format("byte 0x{:02x} is not UTF-8 text", first));
}

/// Moves on, counting lines and characters.
void Lexer::advance(std::size_t bytes) {
  for (const std::size_t end = offset_ + bytes; offset_ < end; ++offset_) {
    const char c = source_->text[offset_];
    if (c == '\n') {
      ++position_.line;
      position_.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      if ((static_cast<unsigned char>(c) & 0x80U) != 0U) check_character(offset_);
      ++position_.column;
    }
  }
}

void Lexer::skip_blanks() {
  const std::string_view text = source_->text;
  while (offset_ < text.size()) {
    if (is_blank(text[offset_])) {
      advance(1);
    } else if (text.substr(offset_, 2) == "//") {
      const std::size_t end = text.find('\n', offset_);
      advance((end == std::string_view::npos ? text.size() : end) - offset_);
    } else if (text.substr(offset_, 2) == "/*") {
      const std::size_t end = text.find("*/", offset_ + 2);
      if (end == std::string_view::npos) source_->fail(position_, "this comment has no end '*/'");
      advance(end + 2 - offset_);
    } else {
      return;
    }
  }
}

Token Lexer::take(Token::Kind kind, std::size_t bytes) {
  Token token{kind, source_->text.substr(offset_, bytes), 0.0, position_, 0};
  advance(bytes);
  return token;
}

Token Lexer::scan() {
  skip_blanks();
  if (offset_ == source_->text.size()) return {Token::Kind::end, {}, 0.0, position_, 0};
  const char c = at(offset_);
  if (is_digit(c) || (c == '.' && is_digit(at(offset_ + 1)))) return scan_number();
  if (is_letter(c)) return scan_identifier();
  if (c == '$' && is_digit(at(offset_ + 1))) return scan_physical();
  if (c == '"' || c == '\'') return scan_string();
  return scan_symbol();
}

Token Lexer::scan_identifier() {
  std::size_t end = offset_;
  while (is_letter(at(end)) || is_digit(at(end))) ++end;
  return take(Token::Kind::identifier, end - offset_);
}

Token Lexer::scan_physical() {
  std::size_t end = offset_ + 1;
  while (is_digit(at(end))) ++end;
  return take(Token::Kind::physical, end - offset_);
}

Token Lexer::scan_number() {
  const auto digits = [this](std::size_t from) {
    while (is_digit(at(from)) || (at(from) == '_' && is_digit(at(from + 1)))) ++from;
    return from;
  };
  const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(at(offset_ + 1))));
  const int base = at(offset_) != '0' ? 10 : letter == 'x' ? 16 : letter == 'b' ? 2 : letter == 'o' ? 8 : 10;
  std::size_t end = base == 10 ? digits(offset_) : offset_ + 2;
  bool real = false;
  if (base == 10) {
    if (at(end) == '.') {
      real = true;
      end = digits(end + 1);
    }
    if (at(end) == 'e' || at(end) == 'E') {
      const std::size_t exponent = end + ((at(end + 1) == '+' || at(end + 1) == '-') ? 2 : 1);
      if (is_digit(at(exponent))) {
        real = true;
        end = digits(exponent);
      }
    }
  } else {
    while (std::isxdigit(static_cast<unsigned char>(at(end))) != 0 || at(end) == '_') ++end;
  }
  const std::string_view written = source_->text.substr(offset_, end - offset_);
  if (is_letter(at(end)) || at(end) == '.') {
    const std::size_t unit = end;
    while (is_letter(at(end)) || is_digit(at(end))) ++end;
    if (base == 10 && is_unit(source_->text.substr(unit, end - unit)))
      return take(Token::Kind::duration, end - offset_);
    source_->fail(position_,
                  fmt::format("not supported: {} (units other than dt, ns, us, ms and s, imaginary numbers)",
                              in_quotes(source_->text.substr(offset_, end - offset_ + (at(end) == '.' ? 1 : 0)))));
  }
  std::string plain;
  for (const char c : written.substr(base == 10 ? 0 : 2))
    if (c != '_') plain += c;
  Token token = take(real ? Token::Kind::real : Token::Kind::integer, written.size());
  const char* const last = plain.data() + plain.size();
  if (real) {
    const auto [stop, error] = std::from_chars(plain.data(), last, token.number);
    if (error != std::errc{} || stop != last)
      source_->fail(token.position, fmt::format("{} is not in the range of numbers", in_quotes(written)));
  } else {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(plain.data(), last, value, base);
    if (error != std::errc{} || stop != last)
      source_->fail(token.position, fmt::format("{} is no integer below 2^64", in_quotes(written)));
    token.number = static_cast<double>(value);
    token.integer = value;
  }
  return token;
}

Token Lexer::scan_string() {
  const char quote = at(offset_);
  std::size_t end = offset_ + 1;
  while (end < source_->text.size() && at(end) != quote && at(end) != '\n') ++end;
  if (at(end) != quote) source_->fail(position_, "this string has no end on its line");
  Token token = take(Token::Kind::string, end + 1 - offset_);
  token.text = token.text.substr(1, token.text.size() - 2);
  return token;
}

Token Lexer::scan_symbol() {
  static constexpr std::array<std::string_view, 11> pairs = {"->", "==", "!=", "<=", ">=", "&&",
                                                             "||", "**", "++", "<<", ">>"};
  for (const std::string_view pair : pairs)
    if (source_->text.substr(offset_, 2) == pair) return take(Token::Kind::symbol, 2);
  const char c = at(offset_);
  if (c == '\0' || std::string_view(";,()[]{}+-*/%^&|!~<>=:@#").find(c) == std::string_view::npos) {
    source_->fail(position_, c > ' ' && c < '\x7f' ? fmt::format("character '{}' has no meaning in OpenQASM", c)
                                                   : fmt::format("byte 0x{:02x} has no meaning in OpenQASM",
                                                                 static_cast<unsigned char>(c)));
  }
  return take(Token::Kind::symbol, 1);
}

Token Lexer::next() {
  Token token = token_;
  if (token.kind != Token::Kind::end) token_ = scan();
  return token;
}

bool Lexer::accept(std::string_view symbol_or_word) {
  if (!token_.is(symbol_or_word)) return false;
  token_ = scan();
  return true;
}

Token Lexer::expect(std::string_view symbol_or_word, std::string_view where) {
  if (!token_.is(symbol_or_word))
    source_->fail(token_.position, fmt::format("expected '{}' {}, found {}", symbol_or_word, where, found()));
  return next();
}

Token Lexer::expect_identifier(std::string_view what) {
  if (token_.kind != Token::Kind::identifier)
    source_->fail(token_.position, fmt::format("expected {}, found {}", what, found()));
  return next();
}

std::string_view Lexer::take_line() {
  const std::string_view text = source_->text;
  const auto first = static_cast<std::size_t>(token_.text.data() - text.data());
  const std::size_t end = std::min(text.find('\n', offset_), text.size());
  advance(end - offset_);
  token_ = scan();
  std::string_view line = text.substr(first, end - first);
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

std::string Lexer::found() const {
  return token_.kind == Token::Kind::end ? std::string("the end of the text") : in_quotes(token_.text);
}

}  // namespace titrant::quantum::qasm
