#include "gate_table.hpp"

#include <utility>

#include "limits.hpp"
#include "source.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum::qasm {

const Gate* GateTable::find(std::string_view name) const {
  if (const auto found = own_.find(name); found != own_.end()) return &found->second;
  return library_ == nullptr ? nullptr : library_->find(name);
}

const Gate& GateTable::add(Gate gate) {
  TITRANT_EXPECTS(!owns(gate.name));
  std::string name = gate.name;
  return own_.emplace(std::move(name), std::move(gate)).first->second;
}

bool GateTable::spend(std::size_t steps) {
  steps_ += steps;
  return steps_ <= most_steps;
}

std::string_view GateTable::nearest(std::string_view name) const {
  constexpr std::size_t longest_name = 40;  // longer ones resemble nothing
  if (name.size() > longest_name) return {};
  std::string_view nearest;
  std::size_t least = name.size() / 3 + 2;
  const auto search = [&](const GateTable& table) {
    for (const auto& [known, gate] : table.own_) {
      const std::size_t distance = edit_distance(name, known);
      if (distance < least) {
        least = distance;
        nearest = known;
      }
    }
  };
  search(*this);
  if (library_ != nullptr) search(*library_);
  return nearest;
}

std::optional<GateKind> native_gate(std::string_view name) {
  for (std::size_t k = 0; k < native_gates; ++k)
    if (gate_name(static_cast<GateKind>(k)) == name) return static_cast<GateKind>(k);
  return std::nullopt;
}

}  // namespace titrant::quantum::qasm
