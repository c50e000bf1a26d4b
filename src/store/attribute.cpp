#include "attribute.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

namespace titrant::store {

namespace {

struct FreeText {
  void operator()(char* text) const { H5free_memory(text); }
};

void write(const Handle& object, const std::string& name, ValueType type, const Handle& space, const void* value) {
  const Handle attribute(H5Acreate2(object.id(), name.c_str(), type.file, space.id(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  ok(H5Awrite(attribute.id(), type.memory, value));
}

Handle scalar_space() { return {H5Screate(H5S_SCALAR), H5Sclose}; }

Handle open(const Handle& object, const std::string& name) {
  return {H5Aopen(object.id(), name.c_str(), H5P_DEFAULT), H5Aclose};
}

H5T_class_t stored_class(const Handle& attribute) {
  const Handle stored(H5Aget_type(attribute.id()), H5Tclose);
  return H5Tget_class(stored.id());
}

std::size_t count(const Handle& attribute) {
  const Handle space(H5Aget_space(attribute.id()), H5Sclose);
  return static_cast<std::size_t>(ok(H5Sget_simple_extent_npoints(space.id())));
}

}  // namespace

void write_attribute(const Handle& object, const std::string& name, const std::string& value) {
  const char* text = value.c_str();
  const Handle type = text_type(H5T_VARIABLE, character_set(value));
  write(object, name, {type.id(), type.id()}, scalar_space(), static_cast<const void*>(&text));
}

void write_attribute(const Handle& object, const std::string& name, double value) {
  write(object, name, number_type(), scalar_space(), &value);
}

void write_attribute(const Handle& object, const std::string& name, std::int64_t value) {
  write(object, name, integer_type(), scalar_space(), &value);
}

void write_attribute(const Handle& object, const std::string& name, std::span<const std::int64_t> values) {
  const hsize_t length = values.size();
  const Handle space(H5Screate_simple(1, &length, nullptr), H5Sclose);
  write(object, name, integer_type(), space, values.data());
}

std::string read_text_attribute(const Handle& object, const std::string& name) {
  const Handle attribute = open(object, name);
  const Handle stored(H5Aget_type(attribute.id()), H5Tclose);
  if (H5Tget_class(stored.id()) != H5T_STRING || count(attribute) != 1) throw Hdf5Failure("is not a text");
  const H5T_cset_t characters = H5Tget_cset(stored.id());  // HDF5 converts none into the other
  if (ok(H5Tis_variable_str(stored.id())) > 0) {
    char* raw = nullptr;
    ok(H5Aread(attribute.id(), text_type(H5T_VARIABLE, characters).id(), static_cast<void*>(&raw)));
    const std::unique_ptr<char, FreeText> text(raw);
    return text ? text.get() : "";
  }
  std::string text(H5Tget_size(stored.id()), '\0');
  ok(H5Aread(attribute.id(), text_type(text.size(), characters).id(), text.data()));
  return text.substr(0, text.find('\0'));
}

std::vector<double> read_number_attribute(const Handle& object, const std::string& name) {
  const Handle attribute = open(object, name);
  const H5T_class_t kind = stored_class(attribute);
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw Hdf5Failure("is not a number");
  std::vector<double> values(count(attribute));
  ok(H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, values.data()));
  return values;
}

std::string attribute_as_text(const Handle& object, const std::string& name) {
  const Handle attribute = open(object, name);
  const H5T_class_t kind = stored_class(attribute);
  if (kind == H5T_STRING) return read_text_attribute(object, name);
  if (kind != H5T_INTEGER) return fmt::format("{}", fmt::join(read_number_attribute(object, name), " "));
  std::vector<std::int64_t> values(count(attribute));
  ok(H5Aread(attribute.id(), H5T_NATIVE_INT64, values.data()));
  return fmt::format("{}", fmt::join(values, " "));
}

}  // namespace titrant::store
