#pragma once

#include <cstdint>
#include <exception>
#include <limits>
#include <string>

#include "titrant/parallel/communicator.hpp"

namespace titrant::parallel {

/// The unit number of a rank on which nothing failed.
inline constexpr std::uint64_t no_failure = std::numeric_limits<std::uint64_t>::max();

/// An exception as text that keeps its type, to be sent to other ranks, and thrown again there.
std::string encode(const std::exception_ptr& failure);
[[noreturn]] void throw_encoded(const std::string& failure);

/// Throws on all ranks the failure with the lowest unit number, where there is any; collective.
void agree(const Communicator& ranks, std::uint64_t failed_unit, const std::string& failure);

}  // namespace titrant::parallel
