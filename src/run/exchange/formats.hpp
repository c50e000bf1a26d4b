#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "parts.hpp"
#include "titrant/run/exchange.hpp"

/// \file
/// One function for each program: the texts of the files that `exchange_paths` names, in their order. Throws DataError
/// with everything that the program has no form for.

namespace titrant::run::exchange {

std::vector<std::string> nonmem_texts(const Parts& parts, const std::vector<std::filesystem::path>& paths);
std::vector<std::string> nlmixr2_texts(const Parts& parts, const std::vector<std::filesystem::path>& paths);
std::vector<std::string> monolix_texts(const Parts& parts, const std::vector<std::filesystem::path>& paths);

}  // namespace titrant::run::exchange
