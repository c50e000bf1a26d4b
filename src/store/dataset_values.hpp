#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hdf5.hpp"

/// \file
/// The values of an open dataset, row-major, in whatever type of their kind they are stored. All functions throw
/// Hdf5Failure.

namespace titrant::store {

std::vector<std::size_t> shape_of(const Handle& dataset);
H5T_class_t class_of(const Handle& dataset);

/// All values, or those of `count` places along the first axis. `Value` is double, which takes integers too, or
/// std::int64_t.
template <class Value>
std::vector<Value> read_values(const Handle& dataset);
template <class Value>
std::vector<Value> read_values(const Handle& dataset, std::size_t begin, std::size_t count);

/// Texts of a fixed length, in ASCII or UTF-8.
std::vector<std::string> read_texts(const Handle& dataset);

}  // namespace titrant::store
