#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/store/store.hpp"

namespace titrant::store {

/// What a dataset or an attribute holds.
enum class Type {
  number,       ///< 64-bit floats
  integer,      ///< 64-bit integers: counts, places, and flags, which are 0 or 1
  probability,  ///< multiples of `probability_resolution` as 32-bit floats, compressed; distributed datasets only
  text,         ///< ASCII where all of it is, UTF-8 where not
  link          ///< a link to the root of another store
};

/// "number", "integer" and so on, "external link".
std::string_view name_of(Type type);

/// One dataset of a contract.
struct DatasetDescription {
  std::string name;  ///< in its group
  /// The names of the dimension scales of its axes in order, apart by a space, each in the group of the dataset where
  /// it has one of this name, or in the nearest above it that has; "scale": it is a dimension scale itself; empty: a
  /// scalar.
  std::string axes;
  std::string units;      ///< "h"; "1" for a pure number and for text; "{amount}" and the like: see UnitSymbols
  std::string long_name;  ///< what the values are
  Type type = Type::number;
  std::string written = {};  ///< when, where not with every group: "for classifiers that take shots"; empty: always
};

/// One attribute of a group, or of a dataset in it.
struct AttributeDescription {
  std::string object;  ///< name of the dataset; empty: the group
  std::string name;
  std::string meaning;
  Type type = Type::text;
};

/// A group of a contract. In its paths and in names of datasets, "<word>" stands for any one name:
/// "/scenario/<scenario>/<regimen>".
struct GroupDescription {
  std::vector<std::string> paths;  ///< all groups that look alike
  std::string meaning;
  std::string written;  ///< when: "by stage `search`"; empty: always
  std::vector<DatasetDescription> datasets;
  std::vector<AttributeDescription> attributes = {};
};

/// What the stores of a kind hold: every dataset and attribute with path, axes, units, meaning and type. Writer writes
/// nothing else, and takes axes, units and long names from here; to_markdown makes the table that people read.
///
///     const store::Contract contract(store::Kind::run,
///                                    {{{"/scenario/<scenario>"}, "one population", "",
///                                      {{"dose", "scale", "{amount}", "dose of one administration"},
///                                       {"pass_rate", "dose", "1", "mean of p"}}}});
///     contract.dataset("/scenario/base/pass_rate").units;  // "1"
class Contract {
 public:
  /// A path that is described twice, and an axis that is no scale in sight, are programmer's errors.
  Contract(Kind kind, std::vector<GroupDescription> groups);
  Contract(const Contract&) = delete;
  Contract& operator=(const Contract&) = delete;

  Kind kind() const { return kind_; }
  const std::vector<GroupDescription>& groups() const { return groups_; }

  /// The description that a path has; of several patterns that it matches, the one with the fewest placeholders. A
  /// path without any is a programmer's error: the message names it.
  const DatasetDescription& dataset(std::string_view path) const;

  /// The paths of the scales of a dataset's axes, for a path and not a pattern.
  std::vector<std::string> axes(std::string_view path) const;

  /// The attribute of a group or dataset. Without a description: a programmer's error.
  const AttributeDescription& attribute(std::string_view object, std::string_view name) const;

 private:
  template <class Description>
  struct Entry {
    std::vector<std::string> pattern;  ///< names along the path
    const Description* description;
  };
  template <class Description>
  static const Description* find(const std::vector<Entry<Description>>& entries, std::string_view path);
  std::vector<std::string> axes_of(std::string_view path, const DatasetDescription& description) const;

  Kind kind_;
  std::vector<GroupDescription> groups_;
  std::vector<Entry<DatasetDescription>> datasets_;
  std::vector<Entry<AttributeDescription>> attributes_;
};

/// Units with every symbol replaced. A symbol that is not there is a programmer's error.
std::string resolve_units(const std::string& units, const UnitSymbols& symbols);

/// A section with a table of datasets and attributes for each group, in Markdown.
std::string to_markdown(const Contract& contract);

}  // namespace titrant::store
