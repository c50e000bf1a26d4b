#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hdf5.hpp"

/// \file
/// Attributes of an open HDF5 object. All functions throw Hdf5Failure; writing is collective over the ranks of the
/// file.

namespace titrant::store {

/// Text is written with a variable length: Python reads that of a fixed length as bytes.
void write_attribute(const Handle& object, const std::string& name, const std::string& value);
void write_attribute(const Handle& object, const std::string& name, double value);
void write_attribute(const Handle& object, const std::string& name, std::int64_t value);
void write_attribute(const Handle& object, const std::string& name, std::span<const std::int64_t> values);

/// The text of an attribute, of variable or fixed length.
std::string read_text_attribute(const Handle& object, const std::string& name);
std::vector<double> read_number_attribute(const Handle& object, const std::string& name);

/// An attribute of any type, several values apart by spaces.
std::string attribute_as_text(const Handle& object, const std::string& name);

}  // namespace titrant::store
