#include <fmt/format.h>
#include <hdf5_hl.h>

#include <map>
#include <stdexcept>

#include "attribute.hpp"
#include "filetype.hpp"
#include "links.hpp"
#include "output_file.hpp"
#include "probabilities.hpp"
#include "shared_values.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/contract.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

namespace {

/// All of a dataset, which every rank holds.
Piece whole(const Extents& extents, const void* data) { return {Extents(extents.size(), 0), extents, data, true}; }

std::string last_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

struct Writer::File {
  File(const parallel::Communicator& communicator, const std::filesystem::path& where, const Contract& of,
       UnitSymbols symbols)
      : ranks(communicator), target(where), contract(of), units(std::move(symbols)), output(communicator, where) {}

  parallel::Communicator ranks;
  std::filesystem::path target;
  const Contract& contract;
  UnitSymbols units;
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

  /// The description of a dataset that is about to be written.
  const DatasetDescription& description_of(const std::string& path, Type type) const {
    const DatasetDescription& description = contract.dataset(path);
    expect(type, description.type, path);
    return description;
  }

  static void expect(Type given, Type described, const std::string& what) {
    if (given == described) return;
    throw std::logic_error(
        fmt::format("store contract: {} is of type {}, not {}", what, name_of(described), name_of(given)));
  }

  /// What a dataset says of itself.
  struct Meaning {
    std::string units;
    std::string long_name;
  };

  /// It comes from the contract alone.
  Meaning meaning_of(const std::string& path, Type type) const {
    const DatasetDescription& description = description_of(path, type);
    return {resolve_units(description.units, units), description.long_name};
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

  template <class Value>
  void put_described_attribute(const std::string& path, const std::string& name, Type type, const Value& value) {
    expect(type, contract.attribute(path, name).type, fmt::format("attribute {} of {}", name, path));
    put_attribute(path, name, value);
  }

  void put_scalar(const std::string& path, Type value_type, ValueType type, const void* value) {
    TITRANT_EXPECTS(description_of(path, value_type).axes.empty());
    const Meaning meaning = meaning_of(path, value_type);
    output.reserve(H5Tget_size(type.file));
    together("cannot write " + path, [&] { describe(output.make_scalar(path, type, value), meaning); });
  }

  void put_scale(const std::string& path, Type value_type, ValueType type, std::size_t length, const void* values) {
    TITRANT_EXPECTS(description_of(path, value_type).axes == "scale");
    const Meaning meaning = meaning_of(path, value_type);
    const Extents extents = {length};
    output.reserve(length * H5Tget_size(type.file));
    together("cannot write " + path, [&] {
      const Handle dataset = output.make_dataset(path, type, extents, whole(extents, values));
      ok(H5DSset_scale(dataset.id(), last_name(path).c_str()));
      describe(dataset, meaning);
    });
    lengths[path] = length;
  }

  /// What the axes of a dataset make its shape, all of which are written.
  Extents extents(const std::string& path) const {
    const std::vector<std::string> axes = contract.axes(path);
    TITRANT_EXPECTS(!axes.empty());
    Extents result;
    for (const std::string& axis : axes) {
      const auto found = lengths.find(axis);
      TITRANT_EXPECTS(found != lengths.end());
      result.push_back(found->second);
    }
    return result;
  }

  void put_dataset(const std::string& path, Type value_type, ValueType type, const Piece& piece) {
    const Meaning meaning = meaning_of(path, value_type);
    const std::vector<std::string> axes = contract.axes(path);
    const Extents shape = extents(path);
    output.reserve(cells(shape) * H5Tget_size(type.file));
    together("cannot write " + path, [&] {
      const Handle dataset = output.make_dataset(path, type, shape, piece);
      for (unsigned axis = 0; axis < axes.size(); ++axis) {
        ok(H5DSattach_scale(dataset.id(), output.open_object(axes[axis]).id(), axis));
      }
      describe(dataset, meaning);
      if (value_type == Type::probability) write_attribute(dataset, "resolution", probability_resolution);
    });
  }

  template <class Value>
  void put_values(const std::string& path, Type value_type, ValueType type, std::span<const Value> values) {
    const Extents shape = extents(path);
    TITRANT_EXPECTS(cells(shape) == values.size());
    const std::vector<Value> same = values_of_root(ranks, values);
    put_dataset(path, value_type, type, whole(shape, same.data()));
  }

  /// Where the block of a rank lies along the split axis. Blocks that do not fit, or do not cover the axis, are
  /// programmer's errors on all ranks.
  Piece piece_of(const Extents& shape, std::size_t split, std::size_t begin, std::size_t size) const {
    TITRANT_EXPECTS(split < shape.size());
    Piece piece{Extents(shape.size(), 0), shape};
    piece.count[split] = 1;
    const std::size_t layer = cells(piece.count);  // of one step along the split axis
    const std::size_t count = layer == 0 ? 0 : size / layer;
    piece.start[split] = begin;
    piece.count[split] = count;
    parallel::collectively(ranks, [&] { TITRANT_EXPECTS(count * layer == size); });
    TITRANT_EXPECTS(layer == 0 || blocks_cover(ranks, begin, count, static_cast<std::size_t>(shape[split])));
    return piece;
  }

  static std::size_t cells(const Extents& shape) {
    std::size_t product = 1;
    for (const hsize_t extent : shape) product *= static_cast<std::size_t>(extent);
    return product;
  }
};

Writer::Writer(const parallel::Communicator& ranks, const std::filesystem::path& target, const Contract& contract,
               UnitSymbols units)
    : file_(std::make_unique<File>(ranks, target, contract, std::move(units))) {
  file_->put_attribute("/", "filetype", std::string(filetype(contract.kind())));
  file_->put_attribute("/", "format_version", std::span<const std::int64_t>(format_version));
  file_->put_attribute("/", "complete", std::int64_t{0});
}

Writer::~Writer() = default;

void Writer::scale(const std::string& path, std::span<const double> values) {
  const std::vector<double> same = values_of_root(file_->ranks, values);
  file_->put_scale(path, Type::number, number_type(), same.size(), same.data());
}

void Writer::scale(const std::string& path, std::span<const std::int64_t> values) {
  const std::vector<std::int64_t> same = values_of_root(file_->ranks, values);
  file_->put_scale(path, Type::integer, integer_type(), same.size(), same.data());
}

void Writer::scale(const std::string& path, std::span<const std::string> names) {
  const Cells same = cells_of_root(file_->ranks, names);
  const Handle type = text_type(same.width, character_set(same.bytes));
  file_->put_scale(path, Type::text, {type.id(), type.id()}, names.size(), same.bytes.data());
}

void Writer::dataset(const std::string& path, std::span<const double> values) {
  file_->put_values(path, Type::number, number_type(), values);
}

void Writer::dataset(const std::string& path, std::span<const std::int64_t> values) {
  file_->put_values(path, Type::integer, integer_type(), values);
}

void Writer::dataset(const std::string& path, std::span<const std::string> values) {
  const Extents shape = file_->extents(path);
  TITRANT_EXPECTS(File::cells(shape) == values.size());
  const Cells same = cells_of_root(file_->ranks, values);
  const Handle type = text_type(same.width, character_set(same.bytes));
  file_->put_dataset(path, Type::text, {type.id(), type.id()}, whole(shape, same.bytes.data()));
}

void Writer::distributed(const std::string& path, std::size_t split, std::size_t begin, std::span<const double> block) {
  Piece piece = file_->piece_of(file_->extents(path), split, begin, block.size());
  if (file_->contract.dataset(path).type != Type::probability) {
    piece.data = block.data();
    return file_->put_dataset(path, Type::number, number_type(), piece);
  }
  std::vector<float> rounded;
  parallel::collectively(file_->ranks, [&] { rounded = rounded_probabilities(block); });
  piece.data = rounded.data();
  piece.deflated = true;
  file_->put_dataset(path, Type::probability, float_type(), piece);
}

void Writer::distributed(const std::string& path, std::size_t split, std::size_t begin,
                         std::span<const std::int64_t> block) {
  Piece piece = file_->piece_of(file_->extents(path), split, begin, block.size());
  piece.data = block.data();
  piece.deflated = true;
  file_->put_dataset(path, Type::integer, integer_type(), piece);
}

void Writer::scalar(const std::string& path, double value) {
  const std::vector<double> same = values_of_root(file_->ranks, std::span<const double>(&value, 1));
  file_->put_scalar(path, Type::number, number_type(), same.data());
}

void Writer::scalar(const std::string& path, std::int64_t value) {
  const std::vector<std::int64_t> same = values_of_root(file_->ranks, std::span<const std::int64_t>(&value, 1));
  file_->put_scalar(path, Type::integer, integer_type(), same.data());
}

void Writer::scalar(const std::string& path, const std::string& text) {
  const Cells same = cells_of_root(file_->ranks, std::span<const std::string>(&text, 1));
  const Handle type = text_type(same.width, character_set(same.bytes));
  file_->put_scalar(path, Type::text, {type.id(), type.id()}, same.bytes.data());
}

void Writer::external_link(const std::string& path, const std::string& file) {
  const std::string same = file_->ranks.broadcast(file);
  TITRANT_EXPECTS(stays_inside(same));
  file_->description_of(path, Type::link);
  file_->output.reserve(path.size() + same.size());
  file_->together("cannot write " + path, [&] { file_->output.make_external_link(path, same); });
}

void Writer::attribute(const std::string& path, const std::string& name, const std::string& value) {
  file_->put_described_attribute(path, name, Type::text, file_->ranks.broadcast(value));
}

void Writer::attribute(const std::string& path, const std::string& name, double value) {
  const std::vector<double> same = values_of_root(file_->ranks, std::span<const double>(&value, 1));
  file_->put_described_attribute(path, name, Type::number, same.front());
}

void Writer::attribute(const std::string& path, const std::string& name, std::int64_t value) {
  const std::vector<std::int64_t> same = values_of_root(file_->ranks, std::span<const std::int64_t>(&value, 1));
  file_->put_described_attribute(path, name, Type::integer, same.front());
}

void Writer::commit() {
  file_->together("cannot write", [&] {
    file_->output.change_attribute("complete", 1);
    file_->output.close();
  });
  file_->output.publish();
}

}  // namespace titrant::store
