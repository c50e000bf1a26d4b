#include "dataset_values.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <type_traits>

namespace titrant::store {

namespace {

/// Deflate makes no data smaller than this. An extent that promises more is damaged or hostile, and no memory is spent
/// on it.
constexpr std::size_t most_compression = 1032;

Handle type_of(const Handle& dataset) { return {H5Dget_type(dataset.id()), H5Tclose}; }

/// The number of values, where the file is large enough to hold them.
std::size_t checked_size(const Handle& dataset) {
  const std::size_t most_stored =
      H5Dget_storage_size(dataset.id()) * most_compression / H5Tget_size(type_of(dataset).id());
  const std::vector<std::size_t> shape = shape_of(dataset);
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) return 0;
  std::size_t size = 1;
  for (const std::size_t extent : shape) {
    if (size > most_stored / extent) throw Hdf5Failure("its values are missing");
    size *= extent;
  }
  return size;
}

template <class Value>
hid_t memory_type() {
  return std::is_same_v<Value, double> ? number_type().memory : integer_type().memory;
}

template <class Value>
void expect_class(const Handle& dataset) {
  const H5T_class_t found = class_of(dataset);
  if (std::is_same_v<Value, double> && found == H5T_FLOAT) return;
  if (found != H5T_INTEGER) {
    throw Hdf5Failure(std::is_same_v<Value, double> ? "does not hold numbers" : "does not hold integers");
  }
}

}  // namespace

std::vector<std::size_t> shape_of(const Handle& dataset) {
  const Handle space(H5Dget_space(dataset.id()), H5Sclose);
  std::vector<hsize_t> extents(static_cast<std::size_t>(ok(H5Sget_simple_extent_ndims(space.id()))));
  ok(H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr));
  return {extents.begin(), extents.end()};
}

H5T_class_t class_of(const Handle& dataset) { return H5Tget_class(type_of(dataset).id()); }

template <class Value>
std::vector<Value> read_values(const Handle& dataset) {
  expect_class<Value>(dataset);
  std::vector<Value> values(checked_size(dataset));
  if (!values.empty()) {
    ok(H5Dread(dataset.id(), memory_type<Value>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  }
  return values;
}

template <class Value>
std::vector<Value> read_values(const Handle& dataset, std::size_t begin, std::size_t count) {
  expect_class<Value>(dataset);
  const std::vector<std::size_t> shape = shape_of(dataset);
  if (shape.empty() || count > shape[0] || begin > shape[0] - count) {
    throw Hdf5Failure("has fewer places along its first axis");
  }
  if (checked_size(dataset) == 0 || count == 0) return {};
  std::vector<hsize_t> first(shape.size(), 0);
  std::vector<hsize_t> extent(shape.begin(), shape.end());
  first[0] = begin;
  extent[0] = count;
  std::vector<Value> values(std::accumulate(extent.begin(), extent.end(), std::size_t{1}, std::multiplies<>()));
  const Handle file_space(H5Dget_space(dataset.id()), H5Sclose);
  ok(H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, first.data(), nullptr, extent.data(), nullptr));
  const Handle memory(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
  ok(H5Dread(dataset.id(), memory_type<Value>(), memory.id(), file_space.id(), H5P_DEFAULT, values.data()));
  return values;
}

template std::vector<double> read_values<double>(const Handle&);
template std::vector<double> read_values<double>(const Handle&, std::size_t, std::size_t);
template std::vector<std::int64_t> read_values<std::int64_t>(const Handle&);
template std::vector<std::int64_t> read_values<std::int64_t>(const Handle&, std::size_t, std::size_t);

std::vector<std::string> read_texts(const Handle& dataset) {
  const Handle stored = type_of(dataset);
  if (H5Tget_class(stored.id()) != H5T_STRING || ok(H5Tis_variable_str(stored.id())) > 0) {
    throw Hdf5Failure("does not hold texts of a fixed length");
  }
  const std::size_t width = H5Tget_size(stored.id());
  std::string bytes(checked_size(dataset) * width, '\0');
  if (bytes.empty()) return {};
  const Handle wanted = text_type(width, H5Tget_cset(stored.id()));  // HDF5 converts no character sets
  ok(H5Dread(dataset.id(), wanted.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin < bytes.size(); begin += width) {
    const std::size_t end = std::min(bytes.find('\0', begin), begin + width);
    texts.push_back(bytes.substr(begin, end - begin));
  }
  return texts;
}

}  // namespace titrant::store
