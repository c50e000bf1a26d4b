#include "schedule.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <set>
#include <utility>

namespace titrant::quantum {

namespace {

constexpr std::size_t max_tail_qubits = 3;

std::set<std::size_t> qubit_set(const Step& step) {
  const std::vector<std::size_t> qubits = step.qubits();
  return {qubits.begin(), qubits.end()};
}

bool intersects(const std::set<std::size_t>& a, const std::set<std::size_t>& b) {
  return std::any_of(a.begin(), a.end(), [&b](std::size_t qubit) { return b.contains(qubit); });
}

/// Takes steps from the end as long as they stay on few qubits; a step before one that was left behind stays too.
Schedule cut(std::vector<Step> steps, std::size_t result) {
  Schedule parts;
  std::set<std::size_t> inside = {result};
  std::set<std::size_t> blocked;
  for (std::size_t k = steps.size(); k-- > 0;) {
    Step& step = steps[k];
    const std::set<std::size_t> qubits = qubit_set(step);
    std::set<std::size_t> together = inside;
    together.insert(qubits.begin(), qubits.end());
    if (together.size() <= max_tail_qubits && !intersects(qubits, blocked) && !step.block.depends_on_features) {
      inside = std::move(together);
      parts.tail.push_back(std::move(step));
    } else {
      blocked.insert(qubits.begin(), qubits.end());
      parts.forward.push_back(std::move(step));
    }
  }
  std::reverse(parts.tail.begin(), parts.tail.end());
  std::reverse(parts.forward.begin(), parts.forward.end());
  parts.tail_qubits.assign(inside.begin(), inside.end());
  return parts;
}

/// Next is the step that can be done and splits the fewest sectors.
std::vector<Step> late_splits(std::vector<Step> steps) {
  std::vector<Step> ordered;
  std::uint32_t split = 0;
  while (!steps.empty()) {
    std::set<std::size_t> waiting;
    std::size_t best = 0;
    int best_cost = -1;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const std::set<std::size_t> qubits = qubit_set(steps[k]);
      const int cost = std::popcount(steps[k].block.sector_mask() & ~split);
      if (!intersects(qubits, waiting) && (best_cost < 0 || cost < best_cost)) {
        best = k;
        best_cost = cost;
      }
      waiting.insert(qubits.begin(), qubits.end());
    }
    split |= steps[best].block.sector_mask();
    ordered.push_back(std::move(steps[best]));
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return ordered;
}

}  // namespace

Schedule schedule(std::vector<Step> steps, std::size_t result) {
  Schedule parts = cut(std::move(steps), result);
  parts.forward = late_splits(std::move(parts.forward));
  return parts;
}

}  // namespace titrant::quantum
