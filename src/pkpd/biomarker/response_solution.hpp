#pragma once

#include <vector>

#include "response_table.hpp"
#include "titrant/pkpd/biomarker.hpp"

namespace titrant::pkpd {

/// The solution y of a biomarker's equation along the rows of a table at one dose; turnover and effect compartment
/// only.
class ResponseSolution {
 public:
  ResponseSolution(const Biomarker& biomarker, double dose, const ResponseTable& table);

  /// y at the begin of the first row.
  double start() const { return start_; }

  /// y at the end of every row.
  std::vector<double> at_ends() const;

  /// The largest (sign 1) or smallest (-1) y of all judged rows, between nodes too.
  double extreme(double sign) const;

  /// A row or a part of one, with y at its begin.
  struct Part {
    std::size_t row;
    double begin;  ///< h since the begin of the row
    double length;
    double y;
  };
  /// The judged rows.
  std::vector<Part> judged_parts() const;

  /// y and dy/dt within a part, `since` h after its begin.
  Curve::Point at(const Part& part, double since) const;

 private:
  /// A row, or a part of one where the biomarker is fast.
  struct Leg {
    std::size_t row;
    std::size_t part;
    AffineStep step;
  };

  /// y along a leg with what it takes to find where it turns.
  struct Ends {
    double length;
    double y;
    double slope;
    double end;
    double end_slope;
  };

  double slope_at(double concentration, double y) const;
  double turning_point(const Leg& leg, const Ends& ends) const;

  const Biomarker& biomarker_;
  const ResponseTable& table_;
  double dose_;
  double rate_;
  bool of_loss_;
  double start_ = 0.0;
  std::vector<std::size_t> parts_;  ///< [length]
  std::vector<Leg> legs_;
};

}  // namespace titrant::pkpd
