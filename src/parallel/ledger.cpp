#include "titrant/parallel/ledger.hpp"

#include <array>
#include <map>

namespace titrant::parallel {

namespace {

using Shape = std::array<std::size_t, 3>;  // units, slot, shares

std::map<Shape, LedgerRow>& ledger() {
  static std::map<Shape, LedgerRow> rows;
  return rows;
}

/// How many units this process is inside of.
int units_under_way = 0;

}  // namespace

std::vector<LedgerRow> take_ledger() {
  std::vector<LedgerRow> rows;
  for (const auto& [shape, row] : ledger()) rows.push_back(row);
  ledger().clear();
  return rows;
}

LedgerCall::LedgerCall(std::size_t units, std::size_t slot, std::size_t shares) : row_{units, slot, shares, 1, 0.0} {}

LedgerCall::~LedgerCall() {
  if (units_under_way > 0) return;
  LedgerRow& total = ledger()[{row_.units, row_.slot, row_.shares}];
  row_.seconds = total.seconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  row_.calls = total.calls + 1;
  total = row_;
}

LedgerCall::Unit::Unit() { ++units_under_way; }
LedgerCall::Unit::~Unit() { --units_under_way; }

}  // namespace titrant::parallel
