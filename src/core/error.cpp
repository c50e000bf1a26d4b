#include "titrant/core/error.hpp"

#include <fmt/format.h>

namespace titrant::core {

void precondition_failed(const char* condition, const char* file, int line) {
  throw std::logic_error(
      fmt::format("{}:{}: expected {}; this is a fault of the program, please report it", file, line, condition));
}

}  // namespace titrant::core
