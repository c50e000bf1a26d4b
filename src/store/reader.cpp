#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include "attribute.hpp"
#include "filetype.hpp"
#include "hdf5.hpp"
#include "links.hpp"
#include "seal.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

namespace {

constexpr double major_version = 1.0;

/// Deflate makes no data smaller than this. An extent that promises more is damaged or hostile, and no memory is spent
/// on it.
constexpr std::size_t most_compression = 1032;

std::string text_or_empty(const Handle& object, const std::string& name) {
  if (ok(H5Aexists(object.id(), name.c_str())) == 0) return "";
  return read_text_attribute(object, name);
}

std::vector<std::size_t> shape_of(const Handle& dataset) {
  const Handle space(H5Dget_space(dataset.id()), H5Sclose);
  std::vector<hsize_t> extents(static_cast<std::size_t>(ok(H5Sget_simple_extent_ndims(space.id()))));
  ok(H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr));
  return {extents.begin(), extents.end()};
}

/// The number of values, where the file is large enough to hold them.
std::size_t checked_size(const Handle& dataset, std::size_t bytes_per_value) {
  const std::size_t most_values = H5Dget_storage_size(dataset.id()) * most_compression / bytes_per_value;
  std::size_t size = 1;
  for (const std::size_t extent : shape_of(dataset)) {
    if (extent > 0 && size > most_values / extent) throw Hdf5Failure("its values are missing");
    size *= extent;
  }
  return size;
}

extern "C" herr_t add_name(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

extern "C" herr_t add_object(hid_t /*root*/, const char* name, const H5O_info_t* /*info*/, void* paths) {
  static_cast<std::vector<std::string>*>(paths)->push_back(std::string(name) == "." ? "/" : std::string("/") + name);
  return 0;
}

extern "C" herr_t add_attribute_name(hid_t /*object*/, const char* name, const H5A_info_t* /*info*/, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

/// What HDF5's dimension scales keep for themselves.
bool is_internal(const std::string& attribute) {
  return attribute == "CLASS" || attribute == "NAME" || attribute == "DIMENSION_LIST" || attribute == "REFERENCE_LIST";
}

std::string attribute_text(const Handle& object, const std::string& name) {
  const Handle attribute(H5Aopen(object.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose);
  if (H5Tget_class(type.id()) == H5T_STRING) return read_text_attribute(object, name);
  return fmt::format("{}", fmt::join(read_number_attribute(object, name), " "));
}

extern "C" herr_t add_dataset(hid_t /*root*/, const char* name, const H5O_info_t* info, void* paths) {
  if (info->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(paths)->push_back(std::string("/") + name);
  return 0;
}

}  // namespace

struct Reader::File {
  std::filesystem::path path;
  Handle file;
  Kind kind = Kind::run;

  void reading(const std::string& what, const std::function<void()>& action) const {
    attempt(fmt::format("{}: cannot read {}", path.string(), what), action);
  }

  Handle open_object(const std::string& name) const {
    return {H5Oopen(file.id(), name.c_str(), H5P_DEFAULT), H5Oclose};
  }

  /// Takes the kind from the file, which must be one of those asked for, of our format.
  void expect(std::initializer_list<Kind> kinds) {
    const std::string_view wanted = filetype(*kinds.begin());
    std::string found;
    std::vector<double> version;
    try {
      const Handle root = open_object("/");
      found = read_text_attribute(root, "filetype");
      version = read_number_attribute(root, "format_version");
    } catch (const Hdf5Failure& failure) {
      throw ForeignStore(fmt::format("{}: is not a {}: {}", path.string(), wanted, failure.what()));
    }
    const auto* const same = std::find_if(kinds.begin(), kinds.end(), [&](Kind one) { return filetype(one) == found; });
    if (same == kinds.end()) {
      throw ForeignStore(fmt::format("{}: is not a {}: its filetype is '{}'", path.string(), wanted, found));
    }
    if (version.size() != 2 || version[0] != major_version) {
      throw ForeignStore(fmt::format("{}: has format {}; this titrant reads format {}", path.string(),
                                     fmt::join(version, "."), major_version));
    }
    kind = *same;
  }

  Handle open_dataset(const std::string& name) const {
    Handle dataset(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
    check_storage(dataset);
    return dataset;
  }
};

Reader::Reader(const std::filesystem::path& file, std::initializer_list<Kind> kinds) : file_(std::make_unique<File>()) {
  silence_hdf5();
  file_->path = file;
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw StoreError(fmt::format("{}: there is no such file", file.string()));
  }
  check_seal(file);
  attempt(fmt::format("{}: is no store (RUN.h5 of titrant run): cannot be opened as HDF5", file.string()),
          [&] { file_->file = Handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose); });
  file_->expect(kinds);
  file_->reading("its links", [&] {
    const std::vector<ExternalLink> links = external_links(file_->file);
    if (file_->kind == Kind::run && !links.empty()) {
      throw Hdf5Failure(fmt::format("{} leads to another file, '{}'", links.front().path, links.front().file));
    }
  });
}

Reader::~Reader() = default;

Kind Reader::kind() const { return file_->kind; }

bool Reader::complete() const { return number_attribute("/", "complete") == 1.0; }

bool Reader::contains(const std::string& path) const {
  bool found = true;
  file_->reading(path, [&] {
    // HDF5 asks for one link at a time: a missing folder on the way is an error, not an answer.
    for (std::size_t slash = path.find('/', 1); found && slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      found = ok(H5Lexists(file_->file.id(), path.substr(0, slash).c_str(), H5P_DEFAULT)) > 0;
    }
    found = found && (path == "/" || ok(H5Lexists(file_->file.id(), path.c_str(), H5P_DEFAULT)) > 0);
  });
  return found;
}

std::vector<std::string> Reader::children(const std::string& group) const {
  std::vector<std::string> names;
  file_->reading(group, [&] {
    const Handle handle(H5Gopen2(file_->file.id(), group.c_str(), H5P_DEFAULT), H5Gclose);
    ok(H5Literate(handle.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add_name, &names));
  });
  return names;
}

std::vector<Entry> Reader::entries() const {
  std::vector<std::string> paths;
  file_->reading("its contents", [&] {
    ok(H5Ovisit2(file_->file.id(), H5_INDEX_NAME, H5_ITER_INC, add_dataset, &paths, H5O_INFO_BASIC));
  });
  std::sort(paths.begin(), paths.end());
  std::vector<Entry> entries;
  for (const std::string& path : paths) {
    file_->reading(path, [&] {
      const Handle dataset = file_->open_dataset(path);
      entries.push_back(
          {path, shape_of(dataset), text_or_empty(dataset, "units"), text_or_empty(dataset, "long_name")});
    });
  }
  return entries;
}

std::vector<std::size_t> Reader::shape(const std::string& path) const {
  std::vector<std::size_t> shape;
  file_->reading(path, [&] { shape = shape_of(file_->open_dataset(path)); });
  return shape;
}

std::vector<double> Reader::numbers(const std::string& path) const {
  std::vector<double> values;
  file_->reading(path, [&] {
    const Handle dataset = file_->open_dataset(path);
    const Handle type(H5Dget_type(dataset.id()), H5Tclose);
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw Hdf5Failure("does not hold numbers");
    values.resize(checked_size(dataset, sizeof(double)));
    if (!values.empty()) {
      ok(H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    }
  });
  return values;
}

bool Reader::holds_text(const std::string& path) const {
  bool text = false;
  file_->reading(path, [&] {
    const Handle dataset = file_->open_dataset(path);
    const Handle type(H5Dget_type(dataset.id()), H5Tclose);
    text = H5Tget_class(type.id()) == H5T_STRING;
  });
  return text;
}

std::vector<double> Reader::numbers(const std::string& path, std::size_t begin, std::size_t count) const {
  std::vector<double> values;
  file_->reading(path, [&] {
    const Handle dataset = file_->open_dataset(path);
    const std::vector<std::size_t> shape = shape_of(dataset);
    if (shape.empty() || begin + count > shape[0]) throw Hdf5Failure("has fewer places along its first axis");
    if (checked_size(dataset, sizeof(double)) == 0 || count == 0) return;
    std::vector<hsize_t> first(shape.size(), 0);
    std::vector<hsize_t> extent(shape.begin(), shape.end());
    first[0] = begin;
    extent[0] = count;
    std::size_t size = 1;
    for (const hsize_t length : extent) size *= length;
    values.resize(size);
    const Handle file_space(H5Dget_space(dataset.id()), H5Sclose);
    ok(H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, first.data(), nullptr, extent.data(), nullptr));
    const Handle memory(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
    ok(H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, memory.id(), file_space.id(), H5P_DEFAULT, values.data()));
  });
  return values;
}

std::vector<std::string> Reader::strings(const std::string& path) const {
  std::vector<std::string> texts;
  file_->reading(path, [&] {
    const Handle dataset = file_->open_dataset(path);
    const Handle type(H5Dget_type(dataset.id()), H5Tclose);
    if (H5Tget_class(type.id()) != H5T_STRING || ok(H5Tis_variable_str(type.id())) > 0) {
      throw Hdf5Failure("does not hold texts of a fixed length");
    }
    const std::size_t width = H5Tget_size(type.id());
    std::string bytes(checked_size(dataset, width) * width, '\0');
    if (bytes.empty()) return;
    const Handle wanted = text_type(width);
    ok(H5Dread(dataset.id(), wanted.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
    for (std::size_t begin = 0; begin < bytes.size(); begin += width) {
      const std::size_t end = std::min(bytes.find('\0', begin), begin + width);
      texts.push_back(bytes.substr(begin, end - begin));
    }
  });
  return texts;
}

double Reader::number(const std::string& path) const {
  const std::vector<double> values = numbers(path);
  if (values.size() != 1) throw StoreError(fmt::format("{}: {} is not one number", file_->path.string(), path));
  return values.front();
}

std::string Reader::text(const std::string& path) const {
  const std::vector<std::string> texts = strings(path);
  if (texts.size() != 1) throw StoreError(fmt::format("{}: {} is not one text", file_->path.string(), path));
  return texts.front();
}

std::string Reader::text_attribute(const std::string& path, const std::string& name) const {
  std::string text;
  file_->reading(fmt::format("attribute {} of {}", name, path),
                 [&] { text = read_text_attribute(file_->open_object(path), name); });
  return text;
}

double Reader::number_attribute(const std::string& path, const std::string& name) const {
  double value = 0.0;
  file_->reading(fmt::format("attribute {} of {}", name, path), [&] {
    const std::vector<double> values = read_number_attribute(file_->open_object(path), name);
    if (values.size() != 1) throw Hdf5Failure("is not one number");
    value = values.front();
  });
  return value;
}

std::vector<Attribute> Reader::attributes() const {
  std::vector<std::string> objects;
  file_->reading("its contents", [&] {
    ok(H5Ovisit2(file_->file.id(), H5_INDEX_NAME, H5_ITER_INC, add_object, &objects, H5O_INFO_BASIC));
  });
  std::sort(objects.begin(), objects.end());
  std::vector<Attribute> all;
  for (const std::string& path : objects) {
    file_->reading("attributes of " + path, [&] {
      const Handle object = file_->open_object(path);
      std::vector<std::string> names;
      ok(H5Aiterate2(object.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add_attribute_name, &names));
      std::sort(names.begin(), names.end());
      for (const std::string& name : names) {
        if (!is_internal(name)) all.push_back({path, name, attribute_text(object, name)});
      }
    });
  }
  return all;
}

}  // namespace titrant::store
