#include "subroutine.hpp"

#include <fmt/format.h>

#include <utility>

#include "declarations.hpp"
#include "gate_parser.hpp"
#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

using Sort = Subroutine::Sort;

Sort parse_sort(Lexer& lexer, const Names& names, bool parameter) {
  const Token type = lexer.peek();
  Sort sort;
  if (type.is("array") || type.is("readonly") || type.is("mutable"))
    lexer.source().fail(type.position, "not supported: arrays as parameters of subroutines");
  if (type.is("bit") || type.is("creg") || (parameter && (type.is("qubit") || type.is("qreg")))) {
    lexer.next();
    sort.is = type.is("qubit") || type.is("qreg") ? Sort::Is::qubits : Sort::Is::bits;
    sort.single = !lexer.accept("[");
    if (!sort.single) sort.size = parse_size(lexer, names, "the size of a register");
    const std::size_t most = sort.is == Sort::Is::qubits ? most_qubits : most_bits;
    if (sort.size == 0 || sort.size > most)
      lexer.source().fail(type.position, fmt::format("a register of {}; from 1 to {} are possible", sort.size, most));
    return sort;
  }
  if (!is_scalar_type(type)) {
    lexer.source().fail(type.position,
                        fmt::format("expected a type{}, found {}",
                                    parameter ? " of a parameter" : " that a subroutine can have", lexer.found()));
  }
  sort.number = parse_scalar_type(lexer, names);
  sort.is = Sort::Is::number;
  if (type.is("bool")) {
    sort.is = Sort::Is::bits;
    sort.boolean = true;
  }
  return sort;
}

}  // namespace

Subroutine parse_subroutine_head(Lexer& lexer, const Names& names) {
  const Token name = expect_new_name(lexer, "the name of a subroutine");
  Subroutine found{std::string(name.text), {}, {}, lexer, 0};
  lexer.expect("(", "after the name of a subroutine");
  while (!lexer.accept(")")) {
    if (!found.parameters.empty()) lexer.expect(",", "between parameters");
    if (found.parameters.size() == most_qubits) lexer.source().fail(lexer.peek().position, "too many parameters");
    Sort sort = parse_sort(lexer, names, true);
    const Token parameter = expect_new_name(lexer, "the name of a parameter");
    if (lexer.peek().is("[") && sort.single && sort.is != Sort::Is::number) {  // qreg q[2]
      lexer.next();
      sort.single = false;
      sort.size = parse_size(lexer, names, "the size of a register");
    }
    found.parameters.push_back({parameter, sort});
  }
  if (lexer.accept("->")) found.result = parse_sort(lexer, names, false);
  return found;
}

}  // namespace titrant::quantum::qasm
