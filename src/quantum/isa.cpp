#include "titrant/quantum/isa.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <utility>

#include "evaluator/kernels.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr std::array<std::pair<std::string_view, InstructionSet>, 3> names = {
    {{"baseline", InstructionSet::baseline}, {"v3", InstructionSet::v3}, {"v4", InstructionSet::v4}}};

bool is_available(InstructionSet set) {
  if (set == InstructionSet::baseline) return true;
#if defined(__x86_64__)
  if (set == InstructionSet::v3) return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("fma") != 0;
#else
  return false;
#endif
}

std::atomic<InstructionSet>& selection() {
  static std::atomic<InstructionSet> selected = available_instruction_sets().back();
  return selected;
}

}  // namespace

std::string_view instruction_set_name(InstructionSet set) {
  return std::find_if(names.begin(), names.end(), [set](const auto& entry) { return entry.second == set; })->first;
}

std::optional<InstructionSet> instruction_set_from_name(std::string_view name) {
  for (const auto& [known, set] : names) {
    if (known == name) return set;
  }
  return std::nullopt;
}

std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> available;
  for (const auto& [name, set] : names) {
    if (is_available(set)) available.push_back(set);
  }
  return available;
}

InstructionSet selected_instruction_set() { return selection(); }

void select_instruction_set(InstructionSet set) {
  if (!is_available(set))
    throw ConfigError(fmt::format("instruction set {} does not exist on this machine", instruction_set_name(set)));
  selection() = set;
}

const Kernels& kernels_of(InstructionSet set) {
  TITRANT_EXPECTS(is_available(set));
#if defined(__x86_64__)
  if (set == InstructionSet::v4) return v4_kernels();
  if (set == InstructionSet::v3) return v3_kernels();
#endif
  return baseline_kernels();
}

}  // namespace titrant::quantum
