#pragma once

#include <string>
#include <vector>

#include "titrant/parallel/communicator.hpp"

/// \file
/// Texts of work units on all ranks: parallel::run shares numbers only. No text may hold a zero byte.

namespace titrant::parallel {

/// The texts of rank 0. Collective.
std::vector<std::string> texts_of_root(const parallel::Communicator& ranks, const std::vector<std::string>& texts);

/// Texts of which each was made on one rank and is empty on the others; as many on every rank. Collective.
std::vector<std::string> texts_of_all(const parallel::Communicator& ranks, const std::vector<std::string>& mine);

}  // namespace titrant::parallel
