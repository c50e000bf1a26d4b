#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/store/store.hpp"

namespace titrant::store {

/// How two stores differ. What is under /provenance may differ and is listed apart.
struct Comparison {
  std::size_t datasets = 0;    ///< in both
  std::size_t values = 0;      ///< numbers in both
  std::size_t inexact = 0;     ///< of these, not the same bits, but within the tolerance
  std::size_t different = 0;   ///< findings: values beyond the tolerance, texts, shapes, attributes, missing datasets
  double greatest = 0.0;       ///< relative difference of numbers that are not the same
  std::string greatest_where;  ///< path and index
  std::vector<std::string> findings;    ///< the first of them, one line each
  std::vector<std::string> provenance;  ///< what differs there but times, one line each

  bool same_bits() const { return different == 0 && inexact == 0; }
  bool equal() const { return different == 0; }
};

/// Compares all datasets and attributes. Numbers a and b are equal where |a - b| <= tolerance max(|a|, |b|); NaN equals
/// NaN; 0 and -0 are equal without being the same bits. The memory does not grow with the size of the stores. Throws
/// StoreError.
Comparison compare(const Reader& first, const Reader& second, double tolerance);

}  // namespace titrant::store
