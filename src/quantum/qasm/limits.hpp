#pragma once

#include <cstddef>

/// What a text may ask for, so that reading any text ends soon and in bounded memory.
namespace titrant::quantum::qasm {

constexpr std::size_t longest_text = std::size_t{64} << 20U;  ///< bytes
constexpr std::size_t most_qubits = 1'000;
constexpr std::size_t most_bits = 10'000;
constexpr std::size_t deepest_nesting = 200;     ///< of expressions, of blocks, of gate definitions, of modifiers
constexpr std::size_t deepest_calls = 50;        ///< of subroutines
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // libFuzzer's convention: under sanitizers all is ten times as slow
constexpr std::size_t most_operations = 20'000;
#else
constexpr std::size_t most_operations = 3'000'000;  ///< operations of the circuit and calls of gates; below 1 GB
#endif
/// Bytes that loops read again, all rounds together.
constexpr std::size_t most_read_again = 30 * most_operations;
constexpr std::size_t bytes_of_bit = 16;  ///< that a local bit counts among these, for the time that it takes
constexpr std::size_t most_steps =
    1'000'000;  ///< gates, calls and steps of expressions in all gate definitions together
constexpr std::size_t most_conditions = 10'000'000;        ///< bits named in the conditions of all operations
constexpr std::size_t most_condition_steps = 200'000'000;  ///< conditions looked at while combining them
constexpr std::size_t most_aliased = 1'000'000;            ///< elements of all aliases together
constexpr std::size_t longest_expression = 10'000;         ///< steps
constexpr std::size_t most_cases = 4'096;                  ///< disjoint cases of one condition
constexpr double largest_integer = 9007199254740992.0;     ///< 2^53: integers beyond are not exact

}  // namespace titrant::quantum::qasm
