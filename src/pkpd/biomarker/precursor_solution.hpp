#pragma once

#include <vector>

#include "precursor_step.hpp"
#include "response_table.hpp"
#include "titrant/pkpd/biomarker.hpp"

namespace titrant::pkpd {

/// Precursor and biomarker along the rows of a table at one dose.
class PrecursorSolution {
 public:
  PrecursorSolution(const Biomarker& biomarker, double dose, const ResponseTable& table);

  /// r at the begin of the first row, and at the end of every row.
  double start() const { return start_.r; }
  std::vector<double> at_ends() const;

  /// A row or a part of one, with the state at its begin.
  struct Part {
    std::size_t row;
    double begin;  ///< h since the begin of the row
    double length;
    PrecursorState<0> state;
  };
  /// All rows.
  const std::vector<Part>& parts() const { return parts_; }

  /// r and dr/dt within a part, `since` h after its begin.
  Curve::Point at(const Part& part, double since) const;

 private:
  NodeValues factors(std::size_t row, double begin, double length) const;
  double factor_at(std::size_t row, double since) const;
  /// Leads a state through the first rows of the table; adds the decay of the precursor.
  void solve(std::size_t rows, PrecursorState<0>& state, double& decay, std::vector<Part>* parts) const;

  const Biomarker& biomarker_;
  const ResponseTable& table_;
  double dose_;
  PrecursorState<0> start_;
  PrecursorState<0> end_;
  std::vector<Part> parts_;
};

}  // namespace titrant::pkpd
