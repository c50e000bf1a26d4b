#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// \file
/// Why work units failed that may fail: a replicate whose fit has no result is left out, counted, and its reason shown.
/// The reason travels in the unit's slot, so that every rank knows it and a checkpoint keeps it.
///
///     try {
///       compute(unit, slot.subspan(reason_slot));
///     } catch (const NumericalError& error) {
///       write_reason(error.what(), slot);
///     }
///
/// and on every rank, when all slots are there:
///
///     Failures failures;
///     for (std::size_t unit = 0; unit < units; ++unit) failures.add(unit, read_reason(slot_of(unit)));
///     if (failures.count > 0) summary += "; " + failures.text("replicate");

namespace titrant::parallel {

/// Doubles of a slot that hold a reason: its length in bytes, then six bytes in each (whole numbers below 2^48).
inline constexpr std::size_t reason_slot = 61;

/// Writes a text to the first `reason_slot` doubles of a slot. An empty one becomes "unknown"; one of more than 360
/// bytes is cut at a character and ends in "...".
void write_reason(std::string_view reason, std::span<double> slot);

/// The text that `write_reason` has left; empty where it has left none (the slot's length is 0).
std::string read_reason(std::span<const double> slot);

/// How many units failed, and why the first of them did.
struct Failures {
  std::size_t count = 0;
  std::size_t first = 0;  ///< number of the first unit that failed
  std::string reason;     ///< of that unit

  /// Counts a unit if it has a reason; units come in ascending order.
  void add(std::size_t unit, const std::string& reason_of_unit);

  /// "the first, replicate 3: ..."; numbers count from 1. Empty without a failure.
  std::string text(std::string_view unit_name) const;
};

}  // namespace titrant::parallel
