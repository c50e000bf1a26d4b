#include "attribute.hpp"

#include <memory>

namespace titrant::store {

namespace {

struct FreeText {
  void operator()(char* text) const { H5free_memory(text); }
};

void write(const Handle& object, const std::string& name, hid_t type, const Handle& space, const void* value) {
  const Handle attribute(H5Acreate2(object.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  ok(H5Awrite(attribute.id(), type, value));
}

Handle scalar_space() { return {H5Screate(H5S_SCALAR), H5Sclose}; }

Handle open(const Handle& object, const std::string& name) {
  return {H5Aopen(object.id(), name.c_str(), H5P_DEFAULT), H5Aclose};
}

std::size_t count(const Handle& attribute) {
  const Handle space(H5Aget_space(attribute.id()), H5Sclose);
  return static_cast<std::size_t>(ok(H5Sget_simple_extent_npoints(space.id())));
}

}  // namespace

void write_attribute(const Handle& object, const std::string& name, const std::string& value) {
  const char* text = value.c_str();
  write(object, name, text_type(H5T_VARIABLE).id(), scalar_space(), static_cast<const void*>(&text));
}

void write_attribute(const Handle& object, const std::string& name, double value) {
  write(object, name, H5T_NATIVE_DOUBLE, scalar_space(), &value);
}

void write_attribute(const Handle& object, const std::string& name, std::int64_t value) {
  write(object, name, H5T_NATIVE_INT64, scalar_space(), &value);
}

void write_attribute(const Handle& object, const std::string& name, std::span<const std::int64_t> values) {
  const hsize_t length = values.size();
  const Handle space(H5Screate_simple(1, &length, nullptr), H5Sclose);
  write(object, name, H5T_NATIVE_INT64, space, values.data());
}

std::string read_text_attribute(const Handle& object, const std::string& name) {
  const Handle attribute = open(object, name);
  const Handle stored(H5Aget_type(attribute.id()), H5Tclose);
  if (H5Tget_class(stored.id()) != H5T_STRING || count(attribute) != 1) throw Hdf5Failure("is not a text");
  if (ok(H5Tis_variable_str(stored.id())) > 0) {
    char* raw = nullptr;
    ok(H5Aread(attribute.id(), text_type(H5T_VARIABLE).id(), static_cast<void*>(&raw)));
    const std::unique_ptr<char, FreeText> text(raw);
    return text ? text.get() : "";
  }
  std::string text(H5Tget_size(stored.id()), '\0');
  ok(H5Aread(attribute.id(), text_type(text.size()).id(), text.data()));
  return text.substr(0, text.find('\0'));
}

std::vector<double> read_number_attribute(const Handle& object, const std::string& name) {
  const Handle attribute = open(object, name);
  const Handle stored(H5Aget_type(attribute.id()), H5Tclose);
  const H5T_class_t kind = H5Tget_class(stored.id());
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw Hdf5Failure("is not a number");
  std::vector<double> values(count(attribute));
  ok(H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, values.data()));
  return values;
}

}  // namespace titrant::store
