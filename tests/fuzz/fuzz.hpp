#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "titrant/core/error.hpp"

/// \file
/// What the targets of this folder share. A target is one function, called with any bytes:
///
///     extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
///       return read_or_refuse([&] { quantum::read_qasm(text_of(data, size), "input"); });
///     }
///
/// libFuzzer calls it with inputs of its own making, `replay_main.cpp` with those of files. An exception that leaves it
/// ends the program, which is how either finds a fault.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace titrant::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// States what must hold for every input.
inline void require(bool condition, const std::string& fact) {
  if (!condition) throw std::logic_error("does not hold: " + fact);
}

/// Runs a reader: it may succeed, or refuse its input with an error that says why. Every other exception passes.
template <class Read>
int read_or_refuse(const Read& read) {
  try {
    read();
  } catch (const Error& refusal) {
    require(!std::string_view(refusal.what()).empty(), "an error says what is wrong");
  }
  return 0;
}

}  // namespace titrant::fuzz
