#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "columns.hpp"
#include "remarks.hpp"

namespace titrant::trial {

/// A condition on the fields of a row: comparisons of a column with a number or a text, joined by `and`, `or` and
/// parentheses.
///
///     weight >= 50 and (DOSE == 10 or ARM != "placebo")
///
/// Operators: == = != /= < <= > >= and those of NONMEM (.EQ. .NE. .LT. .LE. .GT. .GE., also .EQN. and .NEN.); also &&
/// and
/// ||, .AND. and .OR. A number is compared as a number, a text exactly; a missing field equals "." alone, and is
/// neither below nor above anything.
class Condition {
 public:
  /// Throws ConfigError with `key` in front where the text cannot be read.
  Condition(const std::string& text, std::string_view key);
  Condition(Condition&&) noexcept;
  ~Condition();

  /// Finds the columns it names; a fault for each that is not there.
  void bind(const Table& table, Faults& faults);

  /// A field that is not a number where an order is asked for is a fault, and false.
  bool holds(const Row& row, Faults& faults) const;

  const std::string& text() const { return text_; }

  struct Node;

 private:
  std::string text_;
  std::string key_;
  std::unique_ptr<Node> root_;
};

/// data.ignore and data.where: which records are used.
class Filter {
 public:
  explicit Filter(const NonmemFormat& format);

  void bind(const Table& table, Faults& faults);

  /// Whether no condition of `ignore` holds and all of `where` do; counts what is left out.
  bool accepts(const Row& row, Faults& faults);

  /// Says how many records each condition left out, also none.
  void add_remarks(Remarks& remarks) const;

 private:
  std::vector<Condition> ignore_;
  std::vector<Condition> where_;
  std::vector<std::size_t> ignored_;
  std::vector<std::size_t> rejected_;
};

}  // namespace titrant::trial
