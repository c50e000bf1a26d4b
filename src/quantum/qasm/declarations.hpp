#pragma once

#include <functional>
#include <map>
#include <string>

#include "lexer.hpp"
#include "symbols.hpp"

/// Declarations, each read after its first word. Errors carry their position.
namespace titrant::quantum::qasm {

/// `name[size];` after `qreg` or `creg`.
void declare_old_register(Lexer& lexer, Symbols& symbols, const Names& names, Symbols::Kind kind);

/// A size and the bracket behind it.
std::size_t parse_size(Lexer& lexer, const Names& names, std::string_view what);

/// `[size] name` after `qubit` or `bit`; what it declares, bits in a scope for this scope alone. The caller reads on,
/// as bits may get a value here.
Operand declare_register(Lexer& lexer, Symbols& symbols, const Names& names, Symbols::Kind kind);

/// Values of the inputs of a program by name, each taken once it is declared.
using InputValues = std::map<std::string, double, std::less<>>;

/// `type name;` after `input`: a constant with the value that is given for it.
void declare_input(Lexer& lexer, Symbols& symbols, const Names& names, InputValues& values);

/// A type of single values: its first token and width.
bool is_scalar_type(const Token& token);
Symbols::Variable parse_scalar_type(Lexer& lexer, const Names& names);
/// A value in a type: an angle is taken modulo 2 pi. Throws where it is none of the type, or too large for its width.
Number as_type(Lexer& lexer, const Symbols::Variable& type, Number value, Position position);

/// `type name = expression;` after `const`, of type int, uint, float, angle or bool.
void declare_constant(Lexer& lexer, Symbols& symbols, const Names& names);

/// `name = register ++ ...;` after `let`.
void declare_alias(Lexer& lexer, Symbols& symbols, const Names& names);

/// `[type, size, ...] name;`, or with `= {value, ...}`, after `array`; under so many undecided conditions. Returns
/// how many elements it has.
std::size_t declare_array(Lexer& lexer, Symbols& symbols, const Names& names, std::size_t conditions);
/// `name[i, j]` or `name[i][j]`: which element of the array that the next token names.
std::size_t array_index(Lexer& lexer, Symbols& symbols, const Names& names);
/// The same, its value. Throws where it has none yet.
Number array_element(Lexer& lexer, Symbols& symbols, const Names& names);
/// `name` or `name, dimension`: how many elements the array has there.
Number array_size(Lexer& lexer, Symbols& symbols, const Names& names);

}  // namespace titrant::quantum::qasm
