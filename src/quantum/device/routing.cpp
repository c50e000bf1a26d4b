#include "routing.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "dependencies.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double error_weight = 25.0;   // an error of 0.01 makes a coupling a quarter longer
constexpr std::size_t most_ahead = 20;  // gates looked at beyond those whose turn it is
constexpr double ahead_weight = 1.0;
constexpr double swap_cost = 0.3;     // of a swap that no neighbouring gate absorbs
constexpr std::size_t patience = 40;  // swaps without a gate after which the shortest way is taken

}  // namespace

Couplings::Couplings(const Device& device)
    : neighbours_(device.qubits.size()),
      length_(device.qubits.size() * device.qubits.size(), never),
      distance_(device.qubits.size() * device.qubits.size(), never) {
  const std::size_t n = device.qubits.size();
  for (const Device::Edge& edge : device.edges) {
    if (edge.dead) continue;
    neighbours_[edge.control].push_back(edge.target);
    neighbours_[edge.target].push_back(edge.control);
    length_[edge.control * n + edge.target] = length_[edge.target * n + edge.control] = 1.0 + error_weight * edge.error;
  }
  for (std::vector<std::size_t>& list : neighbours_) std::sort(list.begin(), list.end());
  first_arc_ = {0};
  for (const std::vector<std::size_t>& list : neighbours_) first_arc_.push_back(first_arc_.back() + list.size());
  for (std::size_t from = 0; from < n; ++from)
    for (const std::size_t to : neighbours_[from]) reverse_.push_back(arc(to, from));
  for (std::size_t start = 0; start < n; ++start) {  // Dijkstra
    double* const distance = distance_.data() + start * n;
    distance[start] = 0.0;
    std::set<std::pair<double, std::size_t>> open = {{0.0, start}};
    while (!open.empty()) {
      const auto [so_far, at] = *open.begin();
      open.erase(open.begin());
      for (const std::size_t next : neighbours_[at]) {
        const double longer = so_far + length_[at * n + next];
        if (longer >= distance[next]) continue;
        open.erase({distance[next], next});
        distance[next] = longer;
        open.insert({longer, next});
      }
    }
  }
}

std::size_t Couplings::arc(std::size_t from, std::size_t to) const {
  const std::vector<std::size_t>& list = neighbours_[from];
  return first_arc_[from] + static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), to) - list.begin());
}

bool Couplings::adjacent(std::size_t a, std::size_t b) const {
  return std::binary_search(neighbours_[a].begin(), neighbours_[a].end(), b);
}

namespace {

class Router {
 public:
  Router(const Circuit& circuit, const Couplings& couplings, std::vector<std::size_t> layout, core::Stream& stream)
      : circuit_(circuit),
        couplings_(couplings),
        stream_(stream),
        dependencies_(circuit),
        place_(std::move(layout)),
        holds_(couplings.qubits(), nobody),
        partner_(couplings.qubits(), nobody),
        result_(couplings.qubits(), circuit.bits()) {
    for (std::size_t q = 0; q < place_.size(); ++q) holds_[place_[q]] = q;
    for (std::size_t k = 0; k < circuit.operations().size(); ++k)
      if (dependencies_.waits_for[k] == 0) ready_.push_back(k);
  }

  Routing run() {
    std::size_t swaps = 0;
    for (;;) {
      if (carry_out()) swaps = 0;
      if (ready_.empty()) break;
      if (++swaps > patience) {
        walk();
        swaps = 0;
      } else {
        swap(best_swap());
      }
    }
    return {std::move(result_), place_};
  }

 private:
  using Pair = std::pair<std::size_t, std::size_t>;  // device qubits
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

  const Operation& operation(std::size_t k) const { return circuit_.operations()[k]; }
  bool is_pair(std::size_t k) const {
    return operation(k).kind == Operation::Kind::gate && operation(k).qubits.size() == 2;
  }
  Pair places(std::size_t k) const { return {place_[operation(k).qubits[0]], place_[operation(k).qubits[1]]}; }

  /// Everything that can be done where qubits are. Whether anything could.
  bool carry_out() {
    bool any = false;
    for (bool progress = true; progress;) {
      progress = false;
      std::vector<std::size_t> still;
      const std::vector<std::size_t> now = std::exchange(ready_, {});
      for (const std::size_t k : now) {
        if (is_pair(k) && !couplings_.adjacent(places(k).first, places(k).second)) {
          still.push_back(k);
          continue;
        }
        write(k);
        progress = any = true;
        for (const std::size_t later : dependencies_.next[k])
          if (--dependencies_.waits_for[later] == 0) ready_.push_back(later);
      }
      ready_.insert(ready_.end(), still.begin(), still.end());
      std::sort(ready_.begin(), ready_.end());
    }
    return any;
  }

  void write(std::size_t k) {
    Operation moved = operation(k);
    moved.qubits = qubits_of(moved, circuit_.qubits());
    for (std::size_t& qubit : moved.qubits) qubit = place_[qubit];
    if (is_pair(k)) {
      pair_up(moved.qubits[0], moved.qubits[1]);
    } else if (moved.kind != Operation::Kind::gate || !moved.conditions.empty()) {
      for (const std::size_t qubit : moved.qubits) partner_[qubit] = nobody;
    }
    // A discarded qubit may be passed through: what is traced out needs no word to a device.
    if (moved.kind != Operation::Kind::discard) result_.add(std::move(moved));
  }

  void pair_up(std::size_t a, std::size_t b) {
    for (const std::size_t qubit : {a, b})
      if (partner_[qubit] != nobody) partner_[partner_[qubit]] = nobody;
    partner_[a] = b;
    partner_[b] = a;
  }

  void swap(Pair edge) {
    result_.gate(GateKind::swap, {edge.first, edge.second});
    pair_up(edge.first, edge.second);
    std::swap(holds_[edge.first], holds_[edge.second]);
    for (const std::size_t qubit : {edge.first, edge.second})
      if (holds_[qubit] != nobody) place_[holds_[qubit]] = qubit;
  }

  /// Gates on two qubits that come after those whose turn it is, nearest first.
  std::vector<std::size_t> ahead() const {
    std::vector<std::size_t> found;
    std::vector<std::size_t> frontier = ready_;
    std::set<std::size_t> seen(frontier.begin(), frontier.end());
    for (std::size_t k = 0; k < frontier.size() && found.size() < most_ahead; ++k) {
      for (const std::size_t later : dependencies_.next[frontier[k]]) {
        if (!seen.insert(later).second) continue;
        frontier.push_back(later);
        if (is_pair(later)) found.push_back(later);
      }
    }
    return found;
  }

  Pair best_swap() {
    std::vector<std::size_t> front;
    std::set<Pair> candidates;
    for (const std::size_t k : ready_) {
      front.push_back(k);
      for (const std::size_t qubit : {places(k).first, places(k).second})
        for (const std::size_t other : couplings_.neighbours(qubit)) candidates.insert(std::minmax(qubit, other));
    }
    const std::vector<std::size_t> later = ahead();
    const auto mean = [&](const std::vector<std::size_t>& gates, Pair edge) {
      double sum = 0.0;
      for (const std::size_t k : gates) {
        auto [a, b] = places(k);
        for (std::size_t* const end : {&a, &b}) {
          if (*end == edge.first) {
            *end = edge.second;
          } else if (*end == edge.second) {
            *end = edge.first;
          }
        }
        sum += couplings_.distance(a, b);
      }
      return gates.empty() ? 0.0 : sum / static_cast<double>(gates.size());
    };
    Pair best;
    double least = never;
    for (const Pair& edge : candidates) {
      const bool absorbed = partner_[edge.first] == edge.second;
      const double cost = mean(front, edge) + ahead_weight * mean(later, edge) +
                          (absorbed ? 0.0 : swap_cost * couplings_.length(edge.first, edge.second)) +
                          1e-3 * stream_.uniform();  // ties
      if (cost < least) {
        least = cost;
        best = edge;
      }
    }
    return best;
  }

  /// Brings the first waiting gate's qubits together along the shortest way: for the rare case that swaps go round.
  void walk() {
    const std::size_t k = ready_.front();
    while (!couplings_.adjacent(places(k).first, places(k).second)) {
      const auto [from, to] = places(k);
      const std::vector<std::size_t>& steps = couplings_.neighbours(from);
      const std::size_t target = to;
      const std::size_t next = *std::min_element(steps.begin(), steps.end(), [&](std::size_t a, std::size_t b) {
        return couplings_.distance(a, target) < couplings_.distance(b, target);
      });
      swap({from, next});
    }
  }

  const Circuit& circuit_;
  const Couplings& couplings_;
  core::Stream& stream_;
  Dependencies dependencies_;
  std::vector<std::size_t> place_;    ///< [original qubit] device qubit
  std::vector<std::size_t> holds_;    ///< [device qubit] original qubit
  std::vector<std::size_t> partner_;  ///< [device qubit] with whom its last gate was, nothing since
  std::vector<std::size_t> ready_;
  Circuit result_;
};

}  // namespace

Routing route(const Circuit& circuit, const Couplings& couplings, std::vector<std::size_t> layout,
              core::Stream& stream) {
  return Router(circuit, couplings, std::move(layout), stream).run();
}

}  // namespace titrant::quantum
