#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/core/problems.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::hardware {

/// The classical bits of circuits.
struct BitLayout {
  std::vector<quantum::Register> registers;  ///< in their order; together all bits
  std::size_t answer = 0;                    ///< the bit that is the answer

  std::size_t size() const;
};

/// Counts of one circuit as a file has them.
struct CircuitCounts {
  std::string name;  ///< empty: the file does not say, and the place in it counts
  /// Outcome, the highest classical bit first, without spaces; or one digit, which is the answer's bit alone.
  std::map<std::string, std::uint64_t> outcomes;
  std::uint64_t shots = 0;  ///< sum of the counts

  std::uint64_t ones(const BitLayout& bits) const;
  /// The share of ones of a bit; NaN where only the answer's is known and this is another.
  double share(const BitLayout& bits, std::size_t bit) const;
  /// SHA-256 over outcomes and counts.
  std::string digest() const;
};

struct CountsFile {
  std::string source;  ///< the file's name
  std::string format;  ///< "Qiskit Result", "Braket task result", ...
  std::vector<CircuitCounts> circuits;
};

/// Counts in JSON, told apart by their structure (src/hardware/README.md lists it): plain counts by circuit, Qiskit's
/// get_counts, Result and Sampler (PrimitiveResult of RuntimeEncoder), Braket's gate model task result, and what
/// `titrant circuit run --shots --json` prints. Where a file is of one circuit and does not name it, its name without
/// folder and suffix does. Every fault is added to `problems` with its place; what can be read is returned.
CountsFile read_counts(std::string_view text, const std::string& file, const BitLayout& bits, core::Problems& problems);

/// The outcomes with their bits in the other order.
CircuitCounts reversed(const CircuitCounts& counts);

}  // namespace titrant::hardware
