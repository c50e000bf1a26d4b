#include "curve_pieces.hpp"

#include <limits>

#include "history.hpp"
#include "varying_history.hpp"

namespace titrant::pkpd {

namespace {

/// Amounts in the modes of a disposition (per unit of weight) from those in the compartments: the central one holds
/// sum w_i Z_i, the peripheral one k12 (Z_beta - Z_alpha) / (alpha - beta).
Curve curve_from(const Rates<double>& r, const Disposition& body, const std::array<double, compartments>& x) {
  if (!r.two) return {body, x[0], {x[1], 0.0}};
  const double difference = x[2] * r.gap / r.out;
  return {body, x[0], {x[1] - r.slow_weight * difference, x[1] + r.fast_weight * difference}};
}

}  // namespace

CurvePieces::CurvePieces(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double until) {
  for (std::size_t s = 0; s < individual.segments(); ++s) bodies_.push_back(disposition(individual.segment(s)));
  if (individual.changes.empty()) {
    constant(doses, from, until);
  } else {
    varying(individual, doses, from, until);
  }
}

void CurvePieces::constant(std::span<const Dose> doses, double from, double until) {
  const Disposition& body = bodies_.front();
  const History history(body, doses, until, false);
  const std::vector<History::Piece> all = history.pieces();
  epochs_ = history.epochs();
  std::size_t epoch = 0;
  pieces_.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CurvePiece& piece = pieces_.emplace_back();
    piece.begin = all[i].begin;
    if (all[i].epoch != nullptr) piece.epoch = &epochs_[epoch++];
    const double end = i + 1 < all.size() ? all[i + 1].begin : std::numeric_limits<double>::infinity();
    if (all[i].node == nullptr || end < from) continue;
    const State& state = all[i].node->state;
    piece.taken = all[i].node->taken;
    piece.lag = body.lag;
    piece.curve.emplace(body, state.depot, std::array{state.mode[0].amount, state.mode[1].amount});
  }
}

void CurvePieces::varying(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double until) {
  const VaryingHistory history(individual, doses, until, false);
  const std::vector<VaryingHistory::Piece>& all = history.pieces();
  epochs_ = history.epochs();
  std::size_t epoch = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    CurvePiece& piece = pieces_.emplace_back();
    piece.begin = piece.taken = all[i].begin;
    piece.segment = all[i].segment;
    if (all[i].epoch != nullptr) piece.epoch = &epochs_[epoch++];
    const double end = i + 1 < all.size() ? all[i + 1].begin : std::numeric_limits<double>::infinity();
    const std::array<double, compartments>& x = all[i].amounts.value;
    const bool empty = x[0] == 0.0 && x[1] == 0.0 && x[2] == 0.0;
    if (empty || end < from) continue;
    piece.curve = curve_from(rates_of(individual.segment(piece.segment)), bodies_[piece.segment], x);
  }
}

}  // namespace titrant::pkpd
