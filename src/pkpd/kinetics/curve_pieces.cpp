#include "curve_pieces.hpp"

#include <limits>
#include <utility>

#include "saturable_history.hpp"
#include "varying_history.hpp"

namespace titrant::pkpd {

namespace {

/// Amounts in the modes of a disposition (per unit of weight) from those in the compartments. With two compartments the
/// central one holds sum w_i Z_i, the peripheral one k12 (Z_beta - Z_alpha) / (alpha - beta). With three
/// Z_i = A_c + A_p1 k21 / (k21 - s_i) + A_p2 k31 / (k31 - s_i); a mode at k21 or k31 itself has no weight.
Curve curve_from(const Individual& individual, const Disposition& body, const CompartmentAmounts<double>& x,
                 const Input& input) {
  if (individual.structure == Structure::three_compartment) {
    const ThreeCompartments r(individual);
    std::array<double, most_modes> modes{};
    for (std::size_t i = 0; i < most_modes; ++i) {
      if (r.back_less_rate[0][i] == 0.0 || r.back_less_rate[1][i] == 0.0) continue;
      modes[i] = x[1] + x[2] * (r.back[0] / r.back_less_rate[0][i]) + x[3] * (r.back[1] / r.back_less_rate[1][i]);
    }
    return {body, x[0], modes, input};
  }
  const Rates<double> r = rates_of(individual);
  if (individual.structure == Structure::one_compartment) return {body, x[0], {x[1]}, input};
  const double difference = x[2] * r.gap / r.out;
  return {body, x[0], {x[1] - r.slow_weight * difference, x[1] + r.fast_weight * difference}, input};
}

}  // namespace

Curve curve_from(const Disposition& body, const State& state) {
  std::vector<double> stages;
  for (const StageState& stage : state.stage) stages.push_back(stage.amount);
  return {body,
          state.depot,
          {state.mode[0].amount, state.mode[1].amount, state.mode[2].amount},
          {state.depot_rate, state.central_rate},
          std::move(stages)};
}

CurvePieces::CurvePieces(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double until) {
  for (std::size_t s = 0; s < individual.segments(); ++s) bodies_.push_back(disposition(individual.segment(s)));
  if (individual.first.saturable()) {
    saturable(individual, doses, from, until);
  } else if (individual.changes.empty()) {
    constant(individual.first, doses, from, until);
  } else {
    varying(individual, doses, from, until);
  }
}

void CurvePieces::constant(const Individual& individual, std::span<const Dose> doses, double from, double until) {
  const std::vector<RouteHistory> routes = route_histories(individual, bodies_.front(), doses, until, false);
  if (routes.size() == 1) {
    one_route(routes.front().history, from);
  } else {
    two_routes(routes[0].history, routes[1].history, from);
  }
}

void CurvePieces::one_route(const History& history, double from) {
  const std::vector<History::Piece> all = history.pieces();
  epochs_ = history.epochs();
  std::size_t epoch = 0;
  pieces_.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CurvePiece& piece = pieces_.emplace_back();
    piece.begin = all[i].begin;
    piece.records = all[i].records;
    if (all[i].epoch != nullptr) piece.epoch = &epochs_[epoch++];
    const double end = i + 1 < all.size() ? all[i + 1].begin : std::numeric_limits<double>::infinity();
    if (all[i].node == nullptr || end < from) continue;
    piece.taken = all[i].node->taken;
    piece.lag = history.lag();
    piece.curve = curve_from(bodies_.front(), all[i].node->state);
  }
}

/// Pieces are cut where those of either route are, and their amounts add up.
void CurvePieces::two_routes(const History& a, const History& b, double from) {
  const Disposition& body = bodies_.front();
  const std::array<const History*, 2> routes = {&a, &b};
  const std::array<std::vector<History::Piece>, 2> all = {a.pieces(), b.pieces()};
  struct Begin {
    double time;
    std::size_t records;
    const Epoch* epoch;
    std::array<const History::Node*, 2> node;
  };
  std::vector<Begin> begins;
  std::array<std::size_t, 2> next = {0, 0};
  std::array<const History::Node*, 2> now = {nullptr, nullptr};
  // What starts an epoch comes before what arrives at its time, and one epoch before another as their records do.
  const auto before = [](const History::Piece& x, const History::Piece& y) {
    if (x.begin != y.begin) return x.begin < y.begin;
    if (x.epoch == nullptr && y.epoch == nullptr) return x.records < y.records;
    if (x.epoch == nullptr || y.epoch == nullptr) return x.epoch != nullptr;
    return x.epoch->record < y.epoch->record;
  };
  while (next[0] < all[0].size() || next[1] < all[1].size()) {
    std::array<bool, 2> takes{};
    for (const std::size_t r : {0U, 1U}) {
      const std::size_t other = 1 - r;
      takes[r] = next[r] < all[r].size() &&
                 (next[other] == all[other].size() || !before(all[other][next[other]], all[r][next[r]]));
    }
    Begin begin{};
    for (const std::size_t r : {0U, 1U}) {
      if (!takes[r]) continue;
      const History::Piece& piece = all[r][next[r]++];
      begin.time = piece.begin;
      begin.records = piece.records;
      now[r] = piece.node;
      // The route of a steady-state record knows it, the other one sees what it ends.
      if (piece.epoch != nullptr && (begin.epoch == nullptr || !piece.epoch->steady.empty())) begin.epoch = piece.epoch;
    }
    begin.node = now;
    begins.push_back(begin);
  }
  epochs_.reserve(begins.size());  // pieces point to them
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const Begin& begin = begins[i];
    CurvePiece& piece = pieces_.emplace_back();
    piece.begin = piece.taken = begin.time;
    piece.records = begin.records;
    if (begin.epoch != nullptr) piece.epoch = &epochs_.emplace_back(*begin.epoch);
    const double end = i + 1 < begins.size() ? begins[i + 1].time : std::numeric_limits<double>::infinity();
    if (end < from) continue;
    State sum;
    bool any = false;
    for (const std::size_t r : {0U, 1U}) {
      const History::Node* node = begin.node[r];
      if (node == nullptr) continue;
      any = true;
      const double since = std::max(routes[r]->since_arrival(*node, begin.time), 0.0);
      const State state = Step(body, since, false, node->state.has_input())(node->state);
      sum += state;
      sum.depot_rate += state.depot_rate;
      sum.central_rate += state.central_rate;
    }
    if (any) piece.curve = curve_from(body, sum);
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
    piece.records = all[i].records;
    piece.segment = all[i].segment;
    if (all[i].epoch != nullptr) piece.epoch = &epochs_[epoch++];
    const double end = i + 1 < all.size() ? all[i + 1].begin : std::numeric_limits<double>::infinity();
    const std::array<double, compartments>& x = all[i].amounts.value;
    const Input& input = all[i].input;
    const bool empty = std::all_of(x.begin(), x.end(), [](double amount) { return amount == 0.0; }) &&
                       input.depot == 0.0 && input.central == 0.0;
    if (empty || end < from) continue;
    piece.curve = curve_from(individual.segment(piece.segment), bodies_[piece.segment], x, input);
  }
}

/// Each step of the integration that ends in time is a piece.
void CurvePieces::saturable(const VaryingIndividual& individual, std::span<const Dose> doses, double from,
                            double until) {
  SaturableHistory history(individual, doses, until);
  const std::vector<SaturableHistory::Piece>& all = history.pieces();
  epochs_ = history.epochs();
  std::size_t epoch = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SaturableHistory::Piece& one = all[i];
    CurvePiece& first = pieces_.emplace_back();
    first.begin = first.taken = one.begin;
    first.segment = one.segment;
    first.records = one.records;
    if (one.epoch != nullptr) first.epoch = &epochs_[epoch++];
    const double piece_end = i + 1 < all.size() ? all[i + 1].begin : until;
    for (std::size_t k = 0; k < one.nodes.size(); ++k) {
      const double begin = one.nodes[k].time;
      const double end = k + 1 < one.nodes.size() ? one.nodes[k + 1].time : piece_end;
      if (end < from) continue;
      if (begin > one.begin) {
        CurvePiece& step = pieces_.emplace_back();
        step.begin = step.taken = begin;
        step.segment = one.segment;
      }
      pieces_.back().curve = history.curve(one, k, end);
    }
  }
}

}  // namespace titrant::pkpd
