#include "precursor_solution.hpp"

#include "precursor_walk.hpp"

namespace titrant::pkpd {

namespace {

constexpr std::array<double, 0> no_slopes{};

}  // namespace

PrecursorSolution::PrecursorSolution(const Biomarker& biomarker, double dose, const ResponseTable& table)
    : biomarker_(biomarker), table_(table), dose_(dose) {
  double unused = 0.0;
  if (table.cycle_rows > 0) {
    start_ = periodic_precursor<0>(biomarker.kout, table.interval, [&](PrecursorState<0>& state, double& decay) {
      solve(table.cycle_rows, state, decay, nullptr);
    });
  }
  end_ = start_;
  solve(table.rows.size(), end_, unused, &parts_);
}

std::vector<double> PrecursorSolution::at_ends() const {
  std::vector<double> ends(table_.rows.size(), end_.r);
  for (const Part& part : parts_) {
    if (part.row > 0 && part.begin == 0.0) ends[part.row - 1] = part.state.r;
  }
  return ends;
}

Curve::Point PrecursorSolution::at(const Part& part, double since) const {
  PrecursorState<0> state = part.state;
  double unused = 0.0;
  precursor_step<0>(biomarker_.kp, biomarker_.kout, since, factors(part.row, part.begin, since), no_slopes, state,
                    unused);
  const double factor = factor_at(part.row, part.begin + since);
  return {.value = state.r, .slope = biomarker_.kout * (factor * state.p - state.r)};
}

NodeValues PrecursorSolution::factors(std::size_t row, double begin, double length) const {
  NodeValues values;
  for (std::size_t j = 0; j < panel_nodes; ++j) values[j] = factor_at(row, begin + length * panel_rule().node[j]);
  return values;
}

double PrecursorSolution::factor_at(std::size_t row, double since) const {
  const ResponseTable::Row& of = table_.rows[row];
  return node_factor(biomarker_, dose_ * table_.curves[of.curve].at(of.begin + since));
}

void PrecursorSolution::solve(std::size_t rows, PrecursorState<0>& state, double& decay,
                              std::vector<Part>* parts) const {
  for (std::size_t r = 0; r < rows; ++r) {
    const double whole = table_.lengths[table_.rows[r].length];
    const std::size_t count = precursor_parts(biomarker_, whole);
    const double length = whole / static_cast<double>(count);
    for (std::size_t k = 0; k < count; ++k) {
      const double begin = static_cast<double>(k) * length;
      if (parts != nullptr) parts->push_back({r, begin, length, state});
      NodeValues factor;
      if (count == 1) {
        for (std::size_t j = 0; j < panel_nodes; ++j) factor[j] = dose_ * table_.rows[r].per_mg[j];
        node_factors(biomarker_, factor);
      } else {
        factor = factors(r, begin, length);
      }
      precursor_step<0>(biomarker_.kp, biomarker_.kout, length, factor, no_slopes, state, decay);
    }
  }
}

}  // namespace titrant::pkpd
