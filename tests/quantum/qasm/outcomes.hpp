#pragma once

#include <map>
#include <string>

#include "quantum/dense.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace qasm_test {

/// Probabilities of the bits of a program as text, its last bit first, by the slow simulator of dense.hpp.
inline std::map<std::string, double> outcomes_of(const std::string& text) {
  const titrant::quantum::QasmProgram program =
      titrant::quantum::read_qasm("OPENQASM 3.0; include \"stdgates.inc\";\n" + text, "f");
  const std::size_t bits = program.outcomes.empty() ? program.circuit.bits() : program.outcomes.size();
  std::map<std::string, double> sum;
  for (const auto& [value, probability] : dense::run(program.circuit, {}, {})) {
    if (probability < 1e-12) continue;
    const std::uint64_t outcome = titrant::quantum::program_outcome(program, value);
    std::string label;
    for (std::size_t k = bits; k > 0; --k) label += ((outcome >> (k - 1)) & 1U) != 0 ? '1' : '0';
    sum[label] += probability;
  }
  return sum;
}

/// The one outcome of a program that has no other.
inline std::string outcome_of(const std::string& text) {
  const std::map<std::string, double> all = outcomes_of(text);
  if (all.size() != 1) return std::to_string(all.size()) + " outcomes";
  return all.begin()->first;
}

}  // namespace qasm_test
