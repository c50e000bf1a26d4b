#pragma once

#include <string>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::tests {

/// A format without covariates, so that small files need fewer columns.
inline trial::NonmemFormat plain_format() {
  trial::NonmemFormat format;
  format.covariates.clear();
  return format;
}

/// What is wrong with a text, one fault per line; empty where it can be read.
inline std::string faults_of(std::string_view text, const trial::NonmemFormat& format = plain_format()) {
  try {
    trial::parse_nonmem(text, "f", format);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace titrant::tests
