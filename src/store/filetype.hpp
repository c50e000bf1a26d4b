#pragma once

#include <string_view>

#include "titrant/store/store.hpp"

namespace titrant::store {

/// The root attribute `filetype` of a kind.
constexpr std::string_view filetype(Kind kind) { return kind == Kind::run ? "titrant run" : "titrant campaign"; }

}  // namespace titrant::store
