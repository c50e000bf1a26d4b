#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "source.hpp"

namespace titrant::quantum::qasm {

struct Token {
  enum class Kind {
    identifier,
    integer,
    real,
    duration,  ///< a number with a unit of time
    physical,  ///< a qubit of a device, as $0
    string,
    symbol,
    end
  };
  Kind kind = Kind::end;
  std::string_view text;  ///< a string without its quotes
  double number = 0.0;    ///< of an integer or a real, rounded
  Position position;
  std::uint64_t integer = 0;  ///< of an integer, exactly

  bool is(std::string_view symbol_or_word) const {
    return (kind == Kind::symbol || kind == Kind::identifier) && text == symbol_or_word;
  }
};

/// The tokens of a text, one at a time; comments and blanks are passed over. Throws ConfigError with the position for
/// what is no token: bytes that are not UTF-8, unknown characters, unterminated comments and strings, units.
class Lexer {
 public:
  explicit Lexer(const Source& source);

  const Source& source() const { return *source_; }
  const Token& peek() const { return token_; }
  /// How many bytes of the text are read.
  std::size_t offset() const { return offset_; }
  Token next();
  /// Takes the token where it is this symbol or word.
  bool accept(std::string_view symbol_or_word);
  /// Takes this symbol or word; `where` completes the message "expected ';' after ...".
  Token expect(std::string_view symbol_or_word, std::string_view where);
  Token expect_identifier(std::string_view what);
  /// Takes the current token, a symbol or word, and what follows it on its line, which need not be tokens.
  std::string_view take_line();
  /// A description of the current token for messages.
  std::string found() const;

 private:
  char at(std::size_t offset) const;
  void advance(std::size_t bytes);
  void skip_blanks();
  void check_character(std::size_t offset) const;
  Token scan();
  Token scan_number();
  Token scan_identifier();
  Token scan_physical();
  Token scan_string();
  Token scan_symbol();
  Token take(Token::Kind kind, std::size_t bytes);

  const Source* source_;
  std::size_t offset_ = 0;
  Position position_;
  Token token_;
};

}  // namespace titrant::quantum::qasm
