#include "condition.hpp"

#include <fmt/format.h>

#include <optional>

#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

using Case = Circuit::Conditions;

/// Where both cases hold; nothing where they contradict each other.
std::optional<Case> joined(const Case& a, const Case& b) {
  Case all;
  all.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    const bool from_left = right == b.end() || (left != a.end() && left->bit <= right->bit);
    if (from_left && right != b.end() && left->bit == right->bit) {
      if (left->value != right->value) return std::nullopt;
      ++right;
    }
    all.push_back(from_left ? *left++ : *right++);
  }
  return all;
}

void add(std::vector<Case>& cases, Case one) {
  if (cases.size() == most_cases) throw TooManyCases();
  cases.push_back(std::move(one));
}

}  // namespace

TooManyCases::TooManyCases()
    : std::length_error(
          fmt::format("conditions fall into too many cases (more than {} in one); compare fewer bits", most_cases)) {}

std::vector<bool> Predicate::mentioned(std::size_t bits) const {
  std::vector<bool> mentioned(bits, false);
  for (const Case& one : cases_)
    for (const auto& condition : one) mentioned[condition.bit] = true;
  return mentioned;
}

void PredicateAlgebra::spend(std::size_t conditions) {
  spent_ += conditions;
  if (spent_ > most_condition_steps) throw TooManyCases();
}

Predicate PredicateAlgebra::both(const Predicate& a, const Predicate& b) {
  std::vector<Case> cases;
  for (const Case& left : a.cases_) {
    for (const Case& right : b.cases_) {
      spend(left.size() + right.size() + 1);
      if (std::optional<Case> one = joined(left, right)) add(cases, std::move(*one));
    }
  }
  return Predicate(std::move(cases));
}

// not (l1 and l2 and ..) = not l1, or l1 and not l2, or ..; of several cases all must fail.
Predicate PredicateAlgebra::negated(const Predicate& a) {
  Predicate result = Predicate::always();
  for (const Case& one : a.cases_) {
    std::vector<Case> fails;
    for (std::size_t k = 0; k < one.size(); ++k) {
      spend(k + 1);
      Case first(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      first.back().value = !first.back().value;
      add(fails, std::move(first));
    }
    result = both(result, Predicate(std::move(fails)));
  }
  return result;
}

Predicate PredicateAlgebra::either(const Predicate& a, const Predicate& b) {
  Predicate result = a;
  for (const Case& one : both(negated(a), b).cases_) add(result.cases_, one);
  return result;
}

Predicate PredicateAlgebra::same(const Predicate& a, const Predicate& b) {
  return either(both(a, b), both(negated(a), negated(b)));
}

}  // namespace titrant::quantum::qasm
