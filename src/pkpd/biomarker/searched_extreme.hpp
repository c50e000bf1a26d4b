#pragma once

#include "response_table.hpp"
#include "titrant/pkpd/biomarker.hpp"

namespace titrant::pkpd {

/// The largest (sign 1) or smallest (-1) R of all judged rows where that is not the one of C or of the solution of an
/// equation: where the baseline moves, R = b r with dR/dt = b' r + b r', under tolerance, and of a precursor. dR/dt is
/// looked at in short steps along the rows; where it changes its sign R turns.
double searched_extreme(const ResponseTable& table, const Biomarker& biomarker, double dose, double sign);

}  // namespace titrant::pkpd
