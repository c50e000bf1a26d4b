#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "declarations.hpp"
#include "gate_parser.hpp"
#include "limits.hpp"

/// \file
/// Arrays of values that are known while reading. An element without a value is not a number.

namespace titrant::quantum::qasm {

namespace {

/// `{value, ...}` for the dimensions from this one on.
void parse_elements(Lexer& lexer, const Names& names, Symbols::Array& array, std::size_t dimension) {
  if (dimension == array.sizes.size()) {
    const Position position = lexer.peek().position;
    array.values.push_back(as_type(lexer, array.type, parse_constant(lexer, names), position));
    return;
  }
  const Position position = lexer.expect("{", "before the elements of an array").position;
  std::size_t count = 0;
  do {
    if (count++ == array.sizes[dimension]) break;
    parse_elements(lexer, names, array, dimension + 1);
  } while (lexer.accept(","));
  if (count != array.sizes[dimension] || !lexer.peek().is("}"))
    lexer.source().fail(position, fmt::format("this should have {} elements", array.sizes[dimension]));
  lexer.expect("}", "after the elements of an array");
}

}  // namespace

std::size_t declare_array(Lexer& lexer, Symbols& symbols, const Names& names, std::size_t conditions) {
  lexer.expect("[", "after 'array'");
  Symbols::Array array;
  array.type = parse_scalar_type(lexer, names);
  array.type.conditions = conditions;
  constexpr std::size_t most_dimensions = 7;  // specification, "Arrays"
  std::size_t elements = 1;
  while (lexer.accept(",")) {
    const Position position = lexer.peek().position;
    const std::int64_t size = parse_integer(lexer, names, "the size of an array");
    if (size < 1 || static_cast<std::uint64_t>(size) > most_steps / elements)
      lexer.source().fail(position, fmt::format("an array of {} elements here; at most {} in all", size, most_steps));
    if (array.sizes.size() == most_dimensions)
      lexer.source().fail(position, fmt::format("an array has at most {} dimensions", most_dimensions));
    array.sizes.push_back(static_cast<std::size_t>(size));
    elements *= static_cast<std::size_t>(size);
  }
  lexer.expect("]", "after the sizes of an array");
  const Token name = expect_new_name(lexer, "the name of an array");
  if (array.sizes.empty())
    lexer.source().fail(name.position, fmt::format("array {} has no size", in_quotes(name.text)));
  if (lexer.accept("=")) {
    parse_elements(lexer, names, array, 0);
  } else {
    array.values.assign(elements, {std::numeric_limits<double>::quiet_NaN()});
  }
  lexer.expect(";", "after an array");
  symbols.array(lexer, name, std::move(array));
  return elements;
}

std::size_t array_index(Lexer& lexer, Symbols& symbols, const Names& names) {
  const Token name = lexer.next();
  const std::vector<std::size_t> sizes = symbols.array(name.text)->sizes;
  std::size_t element = 0;
  for (std::size_t dimension = 0; dimension < sizes.size(); ++dimension) {
    if (dimension == 0 || !lexer.accept(",")) {
      if (dimension > 0) lexer.expect("]", "after the index");
      lexer.expect("[", fmt::format("before index {} of the array {}", dimension + 1, name.text));
    }
    const Position position = lexer.peek().position;
    std::int64_t index = parse_integer(lexer, names, "an index");
    const auto size = static_cast<std::int64_t>(sizes[dimension]);
    if (index < -size || index >= size) {
      lexer.source().fail(position,
                          fmt::format("index {} of {}, which has {} elements", index, in_quotes(name.text), size));
    }
    if (index < 0) index += size;
    element = element * sizes[dimension] + static_cast<std::size_t>(index);
  }
  lexer.expect("]", "after the index");
  return element;
}

Number array_element(Lexer& lexer, Symbols& symbols, const Names& names) {
  const Token name = lexer.peek();
  const std::size_t element = array_index(lexer, symbols, names);
  const Symbols::Array& array = *symbols.array(name.text);
  Number value = array.values[element];
  if (std::isnan(value.value))
    lexer.source().fail(name.position, fmt::format("this element of {} has no value yet", in_quotes(name.text)));
  value.variable = value.integer && !value.boolean;
  return value;
}

Number array_size(Lexer& lexer, Symbols& symbols, const Names& names) {
  const Token name = lexer.expect_identifier("an array");
  const Symbols::Array* array = symbols.array(name.text);
  if (array == nullptr) lexer.source().fail(name.position, fmt::format("{} is no array", in_quotes(name.text)));
  const std::vector<std::size_t> sizes = array->sizes;
  std::int64_t dimension = 0;
  const Position position = lexer.peek().position;
  if (lexer.accept(",")) dimension = parse_integer(lexer, names, "a dimension");
  if (dimension < 0 || static_cast<std::size_t>(dimension) >= sizes.size()) {
    lexer.source().fail(position,
                        fmt::format("dimension {} of {}, which has {}", dimension, in_quotes(name.text), sizes.size()));
  }
  return {static_cast<double>(sizes[static_cast<std::size_t>(dimension)]), true};
}

}  // namespace titrant::quantum::qasm
