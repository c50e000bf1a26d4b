#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <system_error>
#include <utility>

#include "attribute.hpp"
#include "dataset_values.hpp"
#include "filetype.hpp"
#include "hdf5.hpp"
#include "links.hpp"
#include "seal.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

namespace {

std::string text_or_empty(const Handle& object, const std::string& name) {
  if (ok(H5Aexists(object.id(), name.c_str())) == 0) return "";
  return read_text_attribute(object, name);
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
    std::string program;
    try {
      const Handle root = open_object("/");
      found = read_text_attribute(root, "filetype");
      version = read_number_attribute(root, "format_version");
      program = text_or_empty(root, "titrant_version");
    } catch (const Hdf5Failure& failure) {
      throw ForeignStore(fmt::format("{}: is not a {}: {}", path.string(), wanted, failure.what()));
    }
    const auto* const same = std::find_if(kinds.begin(), kinds.end(), [&](Kind one) { return filetype(one) == found; });
    if (same == kinds.end()) {
      throw ForeignStore(fmt::format("{}: is not a {}: its filetype is '{}'", path.string(), wanted, found));
    }
    if (version.size() != 2 || version[0] != static_cast<double>(format_version[0])) {
      throw ForeignStore(fmt::format(
          "{}: has store format {}, and this titrant reads format {}: run again with this version, or read it with the "
          "version that wrote it{}",
          path.string(), fmt::join(version, "."), format_version[0],
          program.empty() ? "" : fmt::format(", titrant {}", program)));
    }
    kind = *same;
  }

  Handle open_dataset(const std::string& name) const {
    Handle dataset(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), H5Dclose);
    check_storage(dataset);
    return dataset;
  }

  /// What an action makes of a dataset.
  template <class Action>
  auto read(const std::string& name, const Action& action) const {
    decltype(action(std::declval<const Handle&>())) result{};
    reading(name, [&] { result = action(open_dataset(name)); });
    return result;
  }

  H5T_class_t class_of_values(const std::string& name) const { return read(name, class_of); }
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

const std::filesystem::path& Reader::file() const { return file_->path; }

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

std::vector<std::size_t> Reader::shape(const std::string& path) const { return file_->read(path, shape_of); }

bool Reader::holds_text(const std::string& path) const { return file_->class_of_values(path) == H5T_STRING; }

bool Reader::holds_integers(const std::string& path) const { return file_->class_of_values(path) == H5T_INTEGER; }

std::vector<double> Reader::numbers(const std::string& path) const {
  return file_->read(path, [](const Handle& dataset) { return read_values<double>(dataset); });
}

std::vector<std::int64_t> Reader::integers(const std::string& path) const {
  return file_->read(path, [](const Handle& dataset) { return read_values<std::int64_t>(dataset); });
}

std::vector<double> Reader::numbers(const std::string& path, std::size_t begin, std::size_t count) const {
  return file_->read(path, [&](const Handle& dataset) { return read_values<double>(dataset, begin, count); });
}

std::vector<std::int64_t> Reader::integers(const std::string& path, std::size_t begin, std::size_t count) const {
  return file_->read(path, [&](const Handle& dataset) { return read_values<std::int64_t>(dataset, begin, count); });
}

std::vector<std::string> Reader::strings(const std::string& path) const { return file_->read(path, read_texts); }

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
        if (!is_internal(name)) all.push_back({path, name, attribute_as_text(object, name)});
      }
    });
  }
  return all;
}

}  // namespace titrant::store
