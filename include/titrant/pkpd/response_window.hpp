#pragma once

namespace titrant::pkpd {

/// When a biomarker or a concentration is judged.
struct ResponseWindow {
  /// The whole dosing interval at periodic steady state; else [from, to] in h since the first dose of a course that
  /// starts at the baseline.
  bool steady_state = true;
  double from = 0.0;
  double to = 0.0;  ///< above `from`

  /// Whether two windows show the same.
  bool operator==(const ResponseWindow& other) const {
    return steady_state == other.steady_state && (steady_state || (from == other.from && to == other.to));
  }
};

}  // namespace titrant::pkpd
