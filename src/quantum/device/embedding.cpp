#include "embedding.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr double impossible = std::numeric_limits<double>::infinity();
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
constexpr std::size_t first_share = 300;  // nodes for each start qubit in the first turn
constexpr std::size_t growth = 8;         // from turn to turn
constexpr std::size_t most_joint = 6;     // free neighbours up to which branches are assigned jointly in the bound

/// The order in which vertices are placed, and how each hangs on those before.
struct Order {
  struct Place {
    std::size_t vertex = 0;
    std::size_t parent = nowhere;       ///< vertex; nowhere: first of its component
    std::size_t edge = nowhere;         ///< to the parent
    bool forward = true;                ///< the parent is the edge's `a`
    std::vector<std::size_t> children;  ///< positions
    std::vector<std::size_t> closing;   ///< other edges to vertices before
  };
  std::vector<Place> places;
  std::vector<std::size_t> position;  ///< [vertex]

  explicit Order(const Pattern& pattern) : position(pattern.vertices, nowhere) {
    std::vector<std::vector<std::size_t>> edges(pattern.vertices);
    for (std::size_t e = 0; e < pattern.edges.size(); ++e) {
      edges[pattern.edges[e].a].push_back(e);
      edges[pattern.edges[e].b].push_back(e);
    }
    const auto other = [&](std::size_t e, std::size_t v) {
      return pattern.edges[e].a == v ? pattern.edges[e].b : pattern.edges[e].a;
    };
    while (places.size() < pattern.vertices) {
      // Next is what most edges hold already; then what hangs on the latest, so that dead ends show early; components
      // start at their vertex of highest degree, the ones without edges come last.
      std::size_t best = nowhere;
      std::array<std::size_t, 3> rank_of_best{};
      for (std::size_t v = 0; v < pattern.vertices; ++v) {
        if (position[v] != nowhere) continue;
        std::size_t held = 0;
        std::size_t latest = 0;
        for (const std::size_t e : edges[v]) {
          if (position[other(e, v)] == nowhere) continue;
          ++held;
          latest = std::max(latest, position[other(e, v)]);
        }
        const std::array<std::size_t, 3> rank = {held, latest, edges[v].size()};
        if (best == nowhere || rank > rank_of_best) {
          best = v;
          rank_of_best = rank;
        }
      }
      Place place;
      place.vertex = best;
      for (const std::size_t e : edges[best]) {
        const std::size_t before = other(e, best);
        if (position[before] == nowhere) continue;
        if (place.parent == nowhere || position[before] > position[place.parent]) {
          if (place.edge != nowhere) place.closing.push_back(place.edge);
          place.parent = before;
          place.edge = e;
          place.forward = pattern.edges[e].a == before;
        } else {
          place.closing.push_back(e);
        }
      }
      position[best] = places.size();
      if (place.parent != nowhere) places[position[place.parent]].children.push_back(places.size());
      places.push_back(std::move(place));
    }
  }
};

/// Edges between vertices, [from * vertices + to]; nowhere: not connected.
std::vector<std::size_t> hops(std::size_t vertices, const std::vector<std::vector<std::size_t>>& neighbours) {
  std::vector<std::size_t> result(vertices * vertices, nowhere);
  for (std::size_t start = 0; start < vertices; ++start) {
    std::size_t* const row = result.data() + start * vertices;
    row[start] = 0;
    std::vector<std::size_t> open = {start};
    for (std::size_t k = 0; k < open.size(); ++k) {
      for (const std::size_t next : neighbours[open[k]]) {
        if (row[next] != nowhere) continue;
        row[next] = row[open[k]] + 1;
        open.push_back(next);
      }
    }
  }
  return result;
}

class Search {
 public:
  Search(const Pattern& pattern, const Couplings& couplings, const PlacementCosts& costs, const EmbeddingLimits& limits)
      : pattern_(pattern),
        couplings_(couplings),
        costs_(costs),
        limits_(limits),
        order_(pattern),
        at_(pattern.vertices, nowhere),
        taken_(couplings.qubits(), nowhere),
        open_(pattern.vertices, 0.0),
        after_(pattern.vertices + 1, 0.0),
        has_cycles_(std::any_of(order_.places.begin(), order_.places.end(),
                                [](const Order::Place& place) { return !place.closing.empty(); })) {
    measure_hops();
    bound_trees();
  }

  Embeddings run() {
    if (order_.places.empty()) return {{Embedding{}}, true};
    struct Start {
      double bound;
      std::size_t qubit;
    };
    std::vector<Start> starts;
    for (std::size_t q = 0; q < couplings_.qubits(); ++q) {
      const double bound = start_bound(0, q);
      if (bound < impossible) starts.push_back({bound, q});
    }
    std::sort(starts.begin(), starts.end(),
              [](const Start& a, const Start& b) { return std::pair(a.bound, a.qubit) < std::pair(b.bound, b.qubit); });
    // A start that leads into a dead end must not use up the nodes of all others.
    for (std::size_t share = first_share; !starts.empty() && nodes_ < limits_.nodes; share *= growth) {
      std::vector<Start> unfinished;
      for (const Start& start : starts) {
        last_node_ = std::min(nodes_ + share, limits_.nodes);
        stopped_ = false;
        if (start.bound + after_[1] < threshold()) place(0, start.qubit, 0.0, 0.0);
        if (stopped_) unfinished.push_back(start);
      }
      starts = std::move(unfinished);
    }
    return {std::move(found_), starts.empty()};
  }

 private:
  double vertex_cost(std::size_t vertex, std::size_t qubit) const {
    return costs_.vertex[vertex * couplings_.qubits() + qubit];
  }
  double edge_cost(std::size_t edge, std::size_t arc) const { return costs_.edge[edge * couplings_.arcs() + arc]; }

  void measure_hops() {
    if (!has_cycles_) return;  // a tree's edges say all
    std::vector<std::vector<std::size_t>> neighbours(pattern_.vertices);
    for (const Pattern::Edge& edge : pattern_.edges) {
      neighbours[edge.a].push_back(edge.b);
      neighbours[edge.b].push_back(edge.a);
    }
    pattern_hops_ = hops(pattern_.vertices, neighbours);
    std::vector<std::vector<std::size_t>> coupled(couplings_.qubits());
    for (std::size_t q = 0; q < coupled.size(); ++q) coupled[q] = couplings_.neighbours(q);
    device_hops_ = hops(couplings_.qubits(), coupled);
  }

  /// tree_[position * arcs + arc]: the least cost of this vertex at the arc's end, its edge to the parent at the arc's
  /// start, and all that hangs on it, were other branches not in the way.
  void bound_trees() {
    const std::size_t n = order_.places.size();
    tree_.assign(n * couplings_.arcs(), impossible);
    for (std::size_t k = n; k-- > 0;) {
      const Order::Place& place = order_.places[k];
      if (place.parent == nowhere) continue;
      for (std::size_t from = 0; from < couplings_.qubits(); ++from) {
        for (std::size_t j = 0; j < couplings_.neighbours(from).size(); ++j) {
          const std::size_t to = couplings_.neighbours(from)[j];
          const std::size_t arc = couplings_.first_arc(from) + j;
          const double own =
              vertex_cost(place.vertex, to) + edge_cost(place.edge, place.forward ? arc : couplings_.reverse(arc));
          if (own < impossible)
            tree_[k * couplings_.arcs() + arc] =
                own + branches(place.children, to, [&](std::size_t q) { return q != from; });
        }
      }
    }
    // What can be said of later components and closing edges whatever comes before.
    for (std::size_t k = n; k-- > 0;) {
      const Order::Place& place = order_.places[k];
      double least = 0.0;
      if (place.parent == nowhere) {
        least = impossible;
        for (std::size_t q = 0; q < couplings_.qubits(); ++q) least = std::min(least, start_bound(k, q));
      }
      for (const std::size_t e : place.closing) {
        const auto row = costs_.edge.begin() + static_cast<std::ptrdiff_t>(e * couplings_.arcs());
        const auto end = row + static_cast<std::ptrdiff_t>(couplings_.arcs());
        least += row == end ? impossible : *std::min_element(row, end);
      }
      after_[k] = after_[k + 1] + least;
    }
  }

  double start_bound(std::size_t position, std::size_t qubit) const {
    const Order::Place& place = order_.places[position];
    const double own = vertex_cost(place.vertex, qubit);
    return own < impossible ? own + branches(place.children, qubit, [](std::size_t) { return true; }) : impossible;
  }

  /// The least cost of these branches on different neighbours of `qubit` that are free.
  template <class Free>
  double branches(const std::vector<std::size_t>& children, std::size_t qubit, const Free& free) const {
    if (children.empty()) return 0.0;
    const std::vector<std::size_t>& neighbours = couplings_.neighbours(qubit);
    std::array<std::size_t, most_joint> arcs{};
    std::size_t count = 0;
    std::size_t available = 0;
    for (std::size_t j = 0; j < neighbours.size(); ++j) {
      if (!free(neighbours[j])) continue;
      ++available;
      if (count < most_joint) arcs[count++] = couplings_.first_arc(qubit) + j;
    }
    if (available < children.size()) return impossible;
    if (available <= most_joint) return assign(children, 0, {arcs.data(), count}, 0U);
    double sum = 0.0;  // each for itself: a lower bound still
    for (const std::size_t child : children) {
      double least = impossible;
      for (std::size_t j = 0; j < neighbours.size(); ++j)
        if (free(neighbours[j]))
          least = std::min(least, tree_[child * couplings_.arcs() + couplings_.first_arc(qubit) + j]);
      sum += least;
    }
    return sum;
  }

  double assign(const std::vector<std::size_t>& children, std::size_t k, std::span<const std::size_t> arcs,
                unsigned used) const {
    if (k == children.size()) return 0.0;
    double least = impossible;
    for (std::size_t j = 0; j < arcs.size(); ++j) {
      if ((used >> j & 1U) != 0U) continue;
      const double own = tree_[children[k] * couplings_.arcs() + arcs[j]];
      if (own < least) least = std::min(least, own + assign(children, k + 1, arcs, used | 1U << j));
    }
    return least;
  }

  double threshold() const { return found_.size() < limits_.most ? impossible : found_.back().cost; }

  /// Of the children of a placed vertex that are not placed: the least they cost on free qubits.
  double open_branches(std::size_t vertex) const {
    std::vector<std::size_t> waiting;
    for (const std::size_t child : order_.places[order_.position[vertex]].children)
      if (at_[order_.places[child].vertex] == nowhere) waiting.push_back(child);
    return branches(waiting, at_[vertex], [this](std::size_t q) { return taken_[q] == nowhere; });
  }

  /// `spent`: cost of what is placed; `open`: sum of open_.
  void place(std::size_t position, std::size_t qubit, double spent, double open) {
    if (++nodes_ > last_node_) {
      stopped_ = true;
      return;
    }
    const Order::Place& here = order_.places[position];
    at_[here.vertex] = qubit;
    taken_[qubit] = here.vertex;
    // What this changes: the parent's branches, those of neighbours that lose a free qubit, and its own.
    std::vector<std::pair<std::size_t, double>> before = {{here.vertex, 0.0}};
    if (here.parent != nowhere) before.emplace_back(here.parent, open_[here.parent]);
    for (const std::size_t neighbour : couplings_.neighbours(qubit))
      if (taken_[neighbour] != nowhere && taken_[neighbour] != here.parent)
        before.emplace_back(taken_[neighbour], open_[taken_[neighbour]]);
    for (const auto& [vertex, was] : before) {
      open_[vertex] = open_branches(vertex);
      open += open_[vertex] - was;
    }
    spent += vertex_cost(here.vertex, qubit) + own_edges(here);
    if (spent + open + after_[position + 1] < threshold()) {
      if (position + 1 == order_.places.size()) {
        keep(spent);
      } else {
        go_on(position + 1, spent, open);
      }
    }
    for (const auto& [vertex, was] : before) open_[vertex] = was;
    at_[here.vertex] = nowhere;
    taken_[qubit] = nowhere;
  }

  double own_edges(const Order::Place& here) const {
    double sum = 0.0;
    const auto add = [&](std::size_t e) {
      sum += edge_cost(e, couplings_.arc(at_[pattern_.edges[e].a], at_[pattern_.edges[e].b]));
    };
    if (here.edge != nowhere) add(here.edge);
    for (const std::size_t e : here.closing) add(e);
    return sum;
  }

  void go_on(std::size_t position, double spent, double open) {
    const Order::Place& next = order_.places[position];
    std::vector<std::pair<double, std::size_t>> candidates;
    if (next.parent == nowhere) {
      for (std::size_t q = 0; q < couplings_.qubits(); ++q)
        if (taken_[q] == nowhere) candidates.emplace_back(start_bound(position, q), q);
    } else {
      const std::size_t from = at_[next.parent];
      for (std::size_t j = 0; j < couplings_.neighbours(from).size(); ++j) {
        const std::size_t to = couplings_.neighbours(from)[j];
        if (taken_[to] != nowhere || !fits(next, to)) continue;
        candidates.emplace_back(tree_[position * couplings_.arcs() + couplings_.first_arc(from) + j], to);
      }
    }
    std::sort(candidates.begin(), candidates.end());
    // Of qubits that nothing acts on together with others the cheapest will do.
    const bool alone = next.parent == nowhere && next.children.empty();
    if (alone && candidates.size() > 1) candidates.resize(1);
    for (const auto& [bound, qubit] : candidates) {
      if (!(bound < impossible) || stopped_) return;
      place(position, qubit, spent, open);
    }
  }

  /// Closing edges lie on couplings, and nothing that is placed is further away than the pattern allows.
  bool fits(const Order::Place& next, std::size_t qubit) const {
    if (!has_cycles_) return true;
    for (const std::size_t e : next.closing) {
      const Pattern::Edge& edge = pattern_.edges[e];
      if (!couplings_.adjacent(qubit, at_[edge.a == next.vertex ? edge.b : edge.a])) return false;
    }
    for (std::size_t v = 0; v < pattern_.vertices; ++v) {
      if (at_[v] == nowhere) continue;
      if (device_hops_[qubit * couplings_.qubits() + at_[v]] > pattern_hops_[next.vertex * pattern_.vertices + v])
        return false;
    }
    return true;
  }

  void keep(double cost) {
    if (!(cost < impossible)) return;
    const auto same = [this](const Embedding& one) { return one.place == at_; };
    if (std::any_of(found_.begin(), found_.end(), same)) return;
    const auto behind = std::upper_bound(found_.begin(), found_.end(), cost,
                                         [](double c, const Embedding& one) { return c < one.cost; });
    found_.insert(behind, Embedding{cost, at_});
    if (found_.size() > limits_.most) found_.pop_back();
  }

  const Pattern& pattern_;
  const Couplings& couplings_;
  const PlacementCosts& costs_;
  const EmbeddingLimits& limits_;
  Order order_;
  std::vector<std::size_t> at_;     ///< [vertex] device qubit
  std::vector<std::size_t> taken_;  ///< [device qubit] vertex
  std::vector<double> open_;        ///< [placed vertex] bound of its branches that are not placed
  std::vector<double> after_;       ///< [position] bound of components that start here or later, and closing edges
  std::vector<double> tree_;
  bool has_cycles_;
  std::vector<std::size_t> pattern_hops_;
  std::vector<std::size_t> device_hops_;
  std::vector<Embedding> found_;
  std::size_t nodes_ = 0;
  std::size_t last_node_ = 0;
  bool stopped_ = false;
};

}  // namespace

Embeddings embed(const Pattern& pattern, const Couplings& couplings, const PlacementCosts& costs,
                 const EmbeddingLimits& limits) {
  TITRANT_EXPECTS(limits.most > 0);
  if (pattern.vertices > couplings.qubits()) return {{}, true};
  return Search(pattern, couplings, costs, limits).run();
}

}  // namespace titrant::quantum
