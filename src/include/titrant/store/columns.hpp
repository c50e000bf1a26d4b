#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

/// 0, 1, 2, ...: the values of an axis that only counts.
inline std::vector<std::int64_t> whole_numbers(std::size_t count) {
  std::vector<std::int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  return numbers;
}

/// The number of rows of a column. Throws StoreError where the dataset has not one axis.
inline std::size_t rows_of(const Reader& reader, const std::string& path) {
  const std::vector<std::size_t> shape = reader.shape(path);
  if (shape.size() != 1) {
    throw StoreError(fmt::format("{}: {} is no column: it has {} axes", reader.file().string(), path, shape.size()));
  }
  return shape.front();
}

/// A column by the names of its rows, both texts. Throws StoreError where they differ in length.
inline std::map<std::string, std::string> texts_by_name(const Reader& reader, const std::string& names,
                                                        const std::string& texts) {
  const std::vector<std::string> keys = reader.strings(names);
  const std::vector<std::string> values = reader.strings(texts);
  if (keys.size() != values.size()) {
    throw StoreError(fmt::format("{}: {} has {} values, {} has {}", reader.file().string(), texts, values.size(), names,
                                 keys.size()));
  }
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i < keys.size(); ++i) found[keys[i]] = values[i];
  return found;
}

/// Rows of a table in memory as columns of the store: one dataset per column along one axis, which exists.
///
///     Columns(out, "/decision", decisions)
///         .words("method", [](const Decision& d) { return d.method; })
///         .numbers("dose", [](const Decision& d) { return d.answer(); });
template <class Row>
class Columns {
 public:
  Columns(store::Writer& out, std::string group, const std::vector<Row>& rows)
      : out_(out), group_(std::move(group)), rows_(rows) {}

  template <class Value>
  const Columns& numbers(const std::string& name, const Value& value) const {
    std::vector<double> column;
    column.reserve(rows_.size());
    for (const Row& row : rows_) column.push_back(static_cast<double>(value(row)));
    out_.dataset(group_ + "/" + name, column);
    return *this;
  }

  template <class Value>
  const Columns& integers(const std::string& name, const Value& value) const {
    std::vector<std::int64_t> column;
    column.reserve(rows_.size());
    for (const Row& row : rows_) column.push_back(static_cast<std::int64_t>(value(row)));
    out_.dataset(group_ + "/" + name, column);
    return *this;
  }

  template <class Value>
  const Columns& words(const std::string& name, const Value& value) const {
    std::vector<std::string> column;
    column.reserve(rows_.size());
    for (const Row& row : rows_) column.push_back(value(row));
    out_.dataset(group_ + "/" + name, column);
    return *this;
  }

 private:
  store::Writer& out_;
  std::string group_;
  const std::vector<Row>& rows_;
};

}  // namespace titrant::store
