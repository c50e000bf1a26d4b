#pragma once

#include <cstddef>

#include "titrant/core/text_chart.hpp"

namespace titrant::cli {

/// Columns of the terminal that standard output goes to; 80 where it goes elsewhere.
std::size_t terminal_width();

/// What the locale of the environment says about characters: Unicode where it is UTF-8.
core::Characters terminal_characters();

}  // namespace titrant::cli
