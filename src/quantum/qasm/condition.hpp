#pragma once

#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum::qasm {

/// A statement on classical bits as disjoint cases: it holds where one of them does, and never do two. Within a case
/// all conditions hold; they are sorted by bit and none is named twice.
///
/// So an operation under a predicate is one operation for each case.
class Predicate {
 public:
  static Predicate always() { return of({}); }
  static Predicate never() { return Predicate(std::vector<Circuit::Conditions>{}); }
  static Predicate bit(std::size_t bit, bool value) { return of({{bit, value}}); }
  /// One case: conditions sorted by bit, none named twice.
  static Predicate of(Circuit::Conditions conditions) {
    std::vector<Circuit::Conditions> cases;
    cases.push_back(std::move(conditions));
    return Predicate(std::move(cases));
  }

  const std::vector<Circuit::Conditions>& cases() const { return cases_; }
  bool is_always() const { return cases_.size() == 1 && cases_[0].empty(); }
  bool is_never() const { return cases_.empty(); }
  /// Which of the first `bits` bits it reads; it reads no others.
  std::vector<bool> mentioned(std::size_t bits) const;

 private:
  friend class PredicateAlgebra;
  explicit Predicate(std::vector<Circuit::Conditions> cases) : cases_(std::move(cases)) {}
  std::vector<Circuit::Conditions> cases_;
};

/// Combines predicates. Throws TooManyCases where one has more than `most_cases`, or where all work together would
/// take too long.
class PredicateAlgebra {
 public:
  Predicate both(const Predicate& a, const Predicate& b);
  Predicate either(const Predicate& a, const Predicate& b);
  Predicate negated(const Predicate& a);
  Predicate same(const Predicate& a, const Predicate& b);
  /// Counts conditions that are looked at elsewhere.
  void spend(std::size_t conditions);

 private:
  std::size_t spent_ = 0;
};

class TooManyCases : public std::length_error {
 public:
  TooManyCases();
};

}  // namespace titrant::quantum::qasm
