#pragma once

#include <memory>
#include <optional>
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

  enum class Operator { equal, unequal, less, at_most, greater, at_least };
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

  /// \param amount  the column of doses, where there is one
  void bind(const Table& table, std::optional<std::size_t> amount, Faults& faults);

  /// Whether no condition of `ignore` holds and all of `where` do; counts what is left out.
  bool accepts(const Row& row, Faults& faults);

  /// Says how many records each condition left out, also none, and how many of them have a dose.
  void add_remarks(Remarks& remarks) const;

 private:
  struct LeftOut {
    std::size_t records = 0;
    std::size_t doses = 0;
  };
  void count(const Row& row, LeftOut& left_out) const;

  std::vector<Condition> ignore_;
  std::vector<Condition> where_;
  std::vector<LeftOut> ignored_;
  std::vector<LeftOut> rejected_;
  std::optional<std::size_t> amount_;
};

}  // namespace titrant::trial
