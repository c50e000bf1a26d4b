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

/// `[size] name` after `qubit` or `bit`; what it declares. The caller reads on, as bits may get a value here.
Operand declare_register(Lexer& lexer, Symbols& symbols, const Names& names, Symbols::Kind kind);

/// A value that bits may start with: they are 0 in any case, so anything else is an error.
void parse_zero(Lexer& lexer);

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

}  // namespace titrant::quantum::qasm
