#include "beginning.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace titrant::quantum {

namespace {

constexpr EmbeddingLimits beginning_limits = {8, 3000};

/// The gates of the longest beginning of a circuit whose pattern lies on couplings, and placements of it.
class Beginning {
 public:
  Beginning(const Circuit& pairs, const Device& device, const Couplings& couplings, const TypicalFigures& typical)
      : pairs_(pairs), device_(device), couplings_(couplings), typical_(typical) {
    std::size_t fits = 0;
    std::size_t fails = pairs.operations().size() + 1;
    while (fails - fits > 1) {  // what holds for a beginning holds for all shorter ones
      const std::size_t middle = (fits + fails) / 2;
      (embeddings_of(middle, 1).empty() ? fails : fits) = middle;
    }
    for (const Embedding& one : embeddings_of(fits, beginning_limits.most)) {
      std::vector<std::size_t> layout = completed(one);
      if (!layout.empty()) layouts_.push_back(std::move(layout));
    }
  }

  std::vector<std::vector<std::size_t>> layouts() && { return std::move(layouts_); }

 private:
  std::vector<Embedding> embeddings_of(std::size_t operations, std::size_t most) {
    Circuit part(pairs_.qubits(), pairs_.bits());
    number_.assign(pairs_.qubits(), pairs_.qubits());
    std::size_t used = 0;
    for (std::size_t k = 0; k < operations; ++k) {
      const Operation& operation = pairs_.operations()[k];
      for (const std::size_t qubit : operation.qubits)
        if (number_[qubit] == pairs_.qubits()) number_[qubit] = used++;
      part.gate(GateKind::cx, {number_[operation.qubits[0]], number_[operation.qubits[1]]});
    }
    if (used == 0) return {};
    Circuit small(used, pairs_.bits());
    for (const Operation& operation : part.operations()) small.add(operation);
    const Placeable beginning = placeable(small);
    return embed(beginning.pattern, couplings_, placement_costs(beginning, device_, couplings_, typical_),
                 {most, beginning_limits.nodes})
        .found;
  }

  /// Empty where the device has no room around it.
  std::vector<std::size_t> completed(const Embedding& one) const {
    const std::size_t n = pairs_.qubits();
    std::vector<std::size_t> layout(n, device_.qubits.size());
    std::vector<bool> taken(device_.qubits.size(), false);
    for (std::size_t q = 0; q < n; ++q) {
      if (number_[q] == n) continue;
      layout[q] = one.place[number_[q]];
      taken[layout[q]] = true;
    }
    const auto put = [&](std::size_t q, std::size_t near) {
      std::size_t best = device_.qubits.size();
      for (std::size_t to = 0; to < device_.qubits.size(); ++to) {
        if (taken[to] || !std::isfinite(couplings_.distance(near, to))) continue;
        if (best == device_.qubits.size() || couplings_.distance(near, to) < couplings_.distance(near, best)) best = to;
      }
      if (best == device_.qubits.size()) return;
      layout[q] = best;
      taken[best] = true;
    };
    for (bool more = true; more;) {
      more = false;
      for (const Operation& operation : pairs_.operations()) {
        for (const std::size_t side : {0U, 1U}) {
          const std::size_t q = operation.qubits[side];
          const std::size_t partner = operation.qubits[1 - side];
          if (layout[q] != device_.qubits.size() || layout[partner] == device_.qubits.size()) continue;
          put(q, layout[partner]);
          more = layout[q] != device_.qubits.size();
        }
      }
    }
    for (std::size_t q = 0; q < n; ++q)
      if (layout[q] == device_.qubits.size()) put(q, one.place.front());
    if (std::find(layout.begin(), layout.end(), device_.qubits.size()) != layout.end()) layout.clear();
    return layout;
  }

  const Circuit& pairs_;
  const Device& device_;
  const Couplings& couplings_;
  const TypicalFigures& typical_;
  std::vector<std::size_t> number_;  ///< [original qubit] vertex of the beginning looked at last
  std::vector<std::vector<std::size_t>> layouts_;
};

}  // namespace

std::vector<std::vector<std::size_t>> layouts_of_beginning(const Circuit& pairs, const Device& device,
                                                           const Couplings& couplings, const TypicalFigures& typical) {
  return Beginning(pairs, device, couplings, typical).layouts();
}

}  // namespace titrant::quantum
