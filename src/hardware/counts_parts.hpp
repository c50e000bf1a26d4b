#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "titrant/hardware/counts.hpp"

/// \file
/// What the readers of counts share.

namespace titrant::hardware {

using Json = nlohmann::json;

/// Where in a file something is, and who is told of faults.
struct CountsPlace {
  std::string where;  ///< "counts.json: results[3]"
  const BitLayout& bits;
  core::Problems& problems;

  CountsPlace in(const std::string& part) const { return {where + part, bits, problems}; }
  void fault(const std::string& what) const { problems.add(where, what); }
};

/// A count; faults for what is no whole number from 0 on.
std::optional<std::uint64_t> whole_number(const Json& value, const CountsPlace& place);

/// Outcomes as an object {"0101": 3}: bits with or without spaces between registers, or hexadecimal (0x5).
CircuitCounts outcomes_of(const Json& object, const CountsPlace& place);

/// Whether an object looks like outcomes: all keys are bits or hexadecimal numbers.
bool looks_like_outcomes(const Json& object);

/// Adds a fault where shots are declared that the counts do not sum to.
void expect_shots(const CircuitCounts& counts, const Json& declared, const CountsPlace& place);

/// Qiskit's Result.to_dict(), and the PrimitiveResult of a Sampler as RuntimeEncoder writes it.
std::vector<CircuitCounts> read_qiskit_result(const Json& json, const CountsPlace& place);
std::vector<CircuitCounts> read_sampler_result(const Json& json, const CountsPlace& place);

/// Braket's gate model task result.
CircuitCounts read_braket_result(const Json& json, const CountsPlace& place);

/// An array of bytes as numpy saves it, [row][column]. Throws DataError for any other array.
struct ByteArray {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<unsigned char> bytes;
};
/// Of RuntimeEncoder's "ndarray": base64 of zlib of numpy.save (format NPY 1 to 3). Throws DataError.
ByteArray decoded_array(const std::string& base64);

}  // namespace titrant::hardware
