#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace titrant::parallel {

/// Calls of run() of one shape, and the time they took on this rank.
struct LedgerRow {
  std::size_t units = 0;
  std::size_t slot = 0;    ///< doubles per unit
  std::size_t shares = 1;  ///< among how many ranks a unit divides evenly
  std::size_t calls = 0;
  double seconds = 0.0;
};

/// What this process has done through run() since the last call of this, by shape, in the order of the shapes. Work
/// inside a unit counts with that unit, and what came from a journal does not count.
std::vector<LedgerRow> take_ledger();

/// For run() alone: a call from construction to destruction.
class LedgerCall {
 public:
  LedgerCall(std::size_t units, std::size_t slot, std::size_t shares);
  ~LedgerCall();
  LedgerCall(const LedgerCall&) = delete;
  LedgerCall& operator=(const LedgerCall&) = delete;

  /// A unit from construction to destruction.
  class Unit {
   public:
    Unit();
    ~Unit();
    Unit(const Unit&) = delete;
    Unit& operator=(const Unit&) = delete;
  };

 private:
  LedgerRow row_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace titrant::parallel
