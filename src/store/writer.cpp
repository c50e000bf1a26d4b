#include <fmt/format.h>
#include <hdf5_hl.h>

#include <array>
#include <map>

#include "attribute.hpp"
#include "filetype.hpp"
#include "links.hpp"
#include "output_file.hpp"
#include "shared_values.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

namespace {

constexpr std::array<std::int64_t, 2> format_version = {1, 0};

/// All of a dataset, which every rank holds.
Piece whole(const Extents& extents, const void* data) { return {Extents(extents.size(), 0), extents, data, true}; }

/// Whether a scale lies in the group of a dataset or in one above it.
bool in_sight(const std::string& scale, const std::string& dataset) {
  return dataset.starts_with(scale.substr(0, scale.rfind('/') + 1));
}

std::string last_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

struct Writer::File {
  File(const parallel::Communicator& communicator, const std::filesystem::path& where)
      : ranks(communicator), target(where), output(communicator, where) {}

  parallel::Communicator ranks;
  std::filesystem::path target;
  OutputFile output;
  std::map<std::string, hsize_t> lengths;  ///< of the scales, by path

  /// Runs an action on the HDF5 file on all ranks, which then agree on how it went. After a failure the file is closed.
  void together(const std::string& what, const std::function<void()>& action) {
    try {
      parallel::collectively(ranks, [&] { attempt(fmt::format("{}: {}", target.string(), what), action); });
    } catch (const StoreError& error) {
      const std::error_code stuck = output.give_up();
      if (stuck) throw UnclosedStoreError(fmt::format("{}: {}", error.what(), stuck.message()));
      throw;
    }
  }

  static void describe(const Handle& dataset, const Meaning& meaning) {
    write_attribute(dataset, "units", meaning.units);
    write_attribute(dataset, "long_name", meaning.long_name);
  }

  template <class Value>
  void put_attribute(const std::string& path, const std::string& name, const Value& value) {
    together(fmt::format("cannot write attribute {} of {}", name, path),
             [&] { write_attribute(output.open_object(path), name, value); });
  }

  void put_scalar(const std::string& path, hid_t type, const void* value, const Meaning& meaning) {
    output.reserve(H5Tget_size(type));
    together("cannot write " + path, [&] { describe(output.make_scalar(path, type, value), meaning); });
  }

  void put_scale(const std::string& path, hid_t type, std::size_t length, const void* values, const Meaning& meaning) {
    const Extents extents = {length};
    output.reserve(length * H5Tget_size(type));
    together("cannot write " + path, [&] {
      const Handle dataset = output.make_dataset(path, type, extents, whole(extents, values));
      ok(H5DSset_scale(dataset.id(), last_name(path).c_str()));
      describe(dataset, meaning);
    });
    lengths[path] = length;
  }

  Extents extents(const std::string& path, const Axes& axes) const {
    TITRANT_EXPECTS(!axes.empty());
    Extents result;
    for (const std::string& axis : axes) {
      const auto found = lengths.find(axis);
      TITRANT_EXPECTS(found != lengths.end() && in_sight(axis, path));
      result.push_back(found->second);
    }
    return result;
  }

  void put_dataset(const std::string& path, const Axes& axes, hid_t type, const Piece& piece, const Meaning& meaning) {
    const Extents shape = extents(path, axes);
    output.reserve(cells(shape) * H5Tget_size(type));
    together("cannot write " + path, [&] {
      const Handle dataset = output.make_dataset(path, type, shape, piece);
      for (unsigned axis = 0; axis < axes.size(); ++axis) {
        ok(H5DSattach_scale(dataset.id(), output.open_object(axes[axis]).id(), axis));
      }
      describe(dataset, meaning);
    });
  }

  template <class Value>
  void put_values(const std::string& path, const Axes& axes, hid_t type, std::span<const Value> values,
                  const Meaning& meaning) {
    const Extents shape = extents(path, axes);
    TITRANT_EXPECTS(cells(shape) == values.size());
    const std::vector<Value> same = values_of_root(ranks, values);
    put_dataset(path, axes, type, whole(shape, same.data()), meaning);
  }

  static std::size_t cells(const Extents& shape) {
    std::size_t product = 1;
    for (const hsize_t extent : shape) product *= static_cast<std::size_t>(extent);
    return product;
  }
};

Writer::Writer(const parallel::Communicator& ranks, const std::filesystem::path& target, Kind kind)
    : file_(std::make_unique<File>(ranks, target)) {
  attribute("/", "filetype", std::string(filetype(kind)));
  attribute("/", "format_version", format_version);
  file_->put_attribute("/", "complete", std::int64_t{0});
}

Writer::~Writer() = default;

void Writer::scale(const std::string& path, std::span<const double> values, const Meaning& meaning) {
  const std::vector<double> same = values_of_root(file_->ranks, values);
  file_->put_scale(path, H5T_NATIVE_DOUBLE, same.size(), same.data(), meaning);
}

void Writer::scale(const std::string& path, std::span<const std::string> names, const Meaning& meaning) {
  const Cells same = cells_of_root(file_->ranks, names);
  file_->put_scale(path, text_type(same.width).id(), names.size(), same.bytes.data(), meaning);
}

void Writer::dataset(const std::string& path, const Axes& axes, std::span<const double> values,
                     const Meaning& meaning) {
  file_->put_values(path, axes, H5T_NATIVE_DOUBLE, values, meaning);
}

void Writer::dataset(const std::string& path, const Axes& axes, std::span<const std::int64_t> values,
                     const Meaning& meaning) {
  file_->put_values(path, axes, H5T_NATIVE_INT64, values, meaning);
}

void Writer::dataset(const std::string& path, const Axes& axes, std::span<const std::string> values,
                     const Meaning& meaning) {
  const Extents shape = file_->extents(path, axes);
  TITRANT_EXPECTS(File::cells(shape) == values.size());
  const Cells same = cells_of_root(file_->ranks, values);
  file_->put_dataset(path, axes, text_type(same.width).id(), whole(shape, same.bytes.data()), meaning);
}

void Writer::distributed(const std::string& path, const Axes& axes, std::size_t split, std::size_t begin,
                         std::span<const double> block, const Meaning& meaning) {
  const Extents shape = file_->extents(path, axes);
  TITRANT_EXPECTS(split < shape.size());
  const auto extent = static_cast<std::size_t>(shape[split]);
  Piece piece{Extents(shape.size(), 0), shape, block.data(), false};
  piece.count[split] = 1;
  const std::size_t layer = File::cells(piece.count);  // of one step along the split axis
  const std::size_t count = layer == 0 ? 0 : block.size() / layer;
  piece.start[split] = begin;
  piece.count[split] = count;
  parallel::collectively(file_->ranks, [&] { TITRANT_EXPECTS(count * layer == block.size()); });
  TITRANT_EXPECTS(layer == 0 || blocks_cover(file_->ranks, begin, count, extent));
  file_->put_dataset(path, axes, H5T_NATIVE_DOUBLE, piece, meaning);
}

void Writer::scalar(const std::string& path, double value, const Meaning& meaning) {
  const std::vector<double> same = values_of_root(file_->ranks, std::span<const double>(&value, 1));
  file_->put_scalar(path, H5T_NATIVE_DOUBLE, same.data(), meaning);
}

void Writer::scalar(const std::string& path, std::int64_t value, const Meaning& meaning) {
  const std::vector<std::int64_t> same = values_of_root(file_->ranks, std::span<const std::int64_t>(&value, 1));
  file_->put_scalar(path, H5T_NATIVE_INT64, same.data(), meaning);
}

void Writer::scalar(const std::string& path, const std::string& text, const Meaning& meaning) {
  const Cells same = cells_of_root(file_->ranks, std::span<const std::string>(&text, 1));
  file_->put_scalar(path, text_type(same.width).id(), same.bytes.data(), meaning);
}

void Writer::external_link(const std::string& path, const std::string& file) {
  const std::string same = file_->ranks.broadcast(file);
  TITRANT_EXPECTS(stays_inside(same));
  file_->output.reserve(path.size() + same.size());
  file_->together("cannot write " + path, [&] { file_->output.make_external_link(path, same); });
}

void Writer::attribute(const std::string& path, const std::string& name, const std::string& value) {
  file_->put_attribute(path, name, file_->ranks.broadcast(value));
}

void Writer::attribute(const std::string& path, const std::string& name, double value) {
  file_->put_attribute(path, name, values_of_root(file_->ranks, std::span<const double>(&value, 1)).front());
}

void Writer::attribute(const std::string& path, const std::string& name, std::span<const std::int64_t> values) {
  const std::vector<std::int64_t> same = values_of_root(file_->ranks, values);
  file_->put_attribute(path, name, std::span<const std::int64_t>(same));
}

void Writer::commit() {
  file_->together("cannot write", [&] {
    file_->output.change_attribute("complete", 1);
    file_->output.close();
  });
  file_->output.publish();
}

}  // namespace titrant::store
