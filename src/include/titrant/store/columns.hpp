#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "titrant/store/store.hpp"

namespace titrant::store {

/// 0, 1, 2, ...: the values of an axis that only counts.
inline std::vector<std::int64_t> whole_numbers(std::size_t count) {
  std::vector<std::int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  return numbers;
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
