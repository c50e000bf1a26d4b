#include "program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "titrant/core/error.hpp"
#include "window.hpp"

namespace titrant::quantum {

namespace {

constexpr std::size_t largest_register = 16;

bool is_real(const ControlledGate& gate) {
  switch (gate.kind) {
    case GateKind::x:
    case GateKind::z:
    case GateKind::h:
    case GateKind::ry:
    case GateKind::swap:
      return true;
    default:
      return false;
  }
}

bool is_real(const Slot& slot) {
  return std::all_of(slot.gates.begin(), slot.gates.end(), [](const SectoredGate& gate) { return is_real(gate.gate); });
}

bool same_gate(const ControlledGate& a, const ControlledGate& b) {
  const auto same_control = [](const Control& x, const Control& y) { return x.qubit == y.qubit && x.value == y.value; };
  const auto angle = [](const ControlledGate& gate) {
    return gate.angle ? std::tuple(1, static_cast<int>(gate.angle->source), gate.angle->value, gate.angle->index)
                      : std::tuple(0, 0, 0.0, std::size_t{0});
  };
  return a.kind == b.kind && a.targets == b.targets && angle(a) == angle(b) &&
         std::equal(a.controls.begin(), a.controls.end(), b.controls.begin(), b.controls.end(), same_control);
}

bool same_condition(const SectorCondition& a, const SectorCondition& b) {
  return a.mask == b.mask && a.value == b.value;
}

bool same_sectored_gate(const SectoredGate& a, const SectoredGate& b) {
  return same_gate(a.gate, b.gate) && same_condition(a.condition, b.condition);
}

/// Which amplitude of memory holds a basis state.
class QubitMemory {
 public:
  explicit QubitMemory(std::size_t qubits) {
    for (std::size_t q = 0; q < qubits; ++q) column_.push_back(1U << static_cast<unsigned>(qubits - 1 - q));
  }

  void rename(const Permutation& permutation) {
    const std::uint32_t target = column_[permutation.qubits[0]];
    if (permutation.kind == GateKind::swap) {
      std::swap(column_[permutation.qubits[0]], column_[permutation.qubits[1]]);
    } else if (permutation.controls.empty()) {
      origin_ ^= target;
    } else {
      column_[permutation.controls[0].qubit] ^= target;
      if (!permutation.controls[0].value) origin_ ^= target;
    }
  }

  std::array<std::uint32_t, 16> offsets(const std::vector<std::size_t>& qubits) const {
    std::array<std::uint32_t, 16> offset{};
    for (std::size_t value = 0; value < std::size_t{1} << qubits.size(); ++value) {
      for (std::size_t k = 0; k < qubits.size(); ++k) {
        if (((value >> (qubits.size() - 1 - k)) & 1U) != 0U) offset.at(value) ^= column_[qubits[k]];
      }
    }
    return offset;
  }

  /// The amplitudes in which `zero` qubits are 0 and the controls hold (or do not all hold).
  std::vector<std::uint32_t> select(const std::vector<std::size_t>& zero, const std::vector<Control>& controls,
                                    bool hold) const {
    std::vector<std::uint32_t> found;
    for (std::size_t state = 0; state < std::size_t{1} << column_.size(); ++state) {
      const auto value = [&](std::size_t qubit) { return ((state >> (column_.size() - 1 - qubit)) & 1U) != 0U; };
      const bool all = std::all_of(controls.begin(), controls.end(),
                                   [&](const Control& control) { return value(control.qubit) == control.value; });
      if (all != hold || std::any_of(zero.begin(), zero.end(), value)) continue;
      std::uint32_t address = origin_;
      for (std::size_t qubit = 0; qubit < column_.size(); ++qubit) {
        if (value(qubit)) address ^= column_[qubit];
      }
      found.push_back(address);
    }
    return found;
  }

 private:
  std::vector<std::uint32_t> column_;  ///< by what the address changes with each qubit
  std::uint32_t origin_ = 0;           ///< the address of |0...0>
};

std::size_t find_run(std::vector<Run>& runs, Run run) {
  const auto same = std::find_if(runs.begin(), runs.end(), [&run](const Run& other) {
    return other.qubits == run.qubits &&
           std::equal(run.gates.begin(), run.gates.end(), other.gates.begin(), other.gates.end(), same_gate);
  });
  if (same != runs.end()) return static_cast<std::size_t>(same - runs.begin());
  runs.push_back(std::move(run));
  return runs.size() - 1;
}

/// Gates in a row under one condition.
std::vector<Piece> pieces_of(const Slot& slot, std::vector<Run>& runs) {
  std::vector<Piece> pieces;
  for (std::size_t first = 0; first < slot.gates.size();) {
    const SectorCondition condition = slot.gates[first].condition;
    Run run{slot.qubits, {}};
    std::size_t next = first;
    for (; next < slot.gates.size() && same_condition(slot.gates[next].condition, condition); ++next)
      run.gates.push_back(slot.gates[next].gate);
    pieces.push_back({condition, find_run(runs, std::move(run)), first});
    first = next;
  }
  return pieces;
}

std::size_t find_slot(Program& program, const Block& block) {
  const auto same = std::find_if(program.slots.begin(), program.slots.end(), [&block](const Slot& other) {
    return other.qubits == block.qubits.size() &&
           std::equal(block.gates.begin(), block.gates.end(), other.gates.begin(), other.gates.end(),
                      same_sectored_gate);
  });
  if (same != program.slots.end()) return static_cast<std::size_t>(same - program.slots.begin());
  Slot slot{block.qubits.size(), block.gates, block.sector_mask(), block.depends_on_features, {}};
  if (!slot.depends_on_features) slot.pieces = pieces_of(slot, program.runs);
  program.slots.push_back(std::move(slot));
  return program.slots.size() - 1;
}

BlockStep block_step(Program& program, const QubitMemory& memory, const Block& block) {
  BlockStep step;
  step.slot = find_slot(program, block);
  for (const SectoredGate& gate : block.gates) step.occurrences.push_back(gate.gate.occurrence);
  step.addresses = {memory.select(block.qubits, block.controls, true), memory.offsets(block.qubits)};
  step.untouched = memory.select({}, block.controls, false);
  return step;
}

void add_forward(Program& program, QubitMemory& memory, const std::vector<Step>& steps) {
  std::uint32_t split = 0;
  for (const Step& step : steps) {
    if (step.is_permutation()) {
      memory.rename(step.permutation);
      continue;
    }
    ForwardStep forward;
    static_cast<BlockStep&>(forward) = block_step(program, memory, step.block);
    forward.split = step.block.sector_mask() & ~split;
    split |= forward.split;
    program.steps.push_back(std::move(forward));
  }
}

bool intersects(const std::vector<std::size_t>& qubits, const std::vector<bool>& set) {
  return std::any_of(qubits.begin(), qubits.end(), [&set](std::size_t qubit) { return set[qubit]; });
}

std::vector<bool> only(std::size_t qubit, std::size_t qubits) {
  std::vector<bool> set(qubits, false);
  set[qubit] = true;
  return set;
}

/// Follows a change of each block through the qubits that blocks and permutations couple.
void find_cones(Program& program, const std::vector<Step>& steps) {
  std::size_t block = 0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (steps[k].is_permutation()) continue;
    std::vector<bool> reached(program.qubits, false);
    for (const std::size_t qubit : steps[k].qubits()) reached[qubit] = true;
    std::size_t later = block;
    for (std::size_t j = k + 1; j < steps.size(); ++j) {
      if (!steps[j].is_permutation()) ++later;
      const std::vector<std::size_t> qubits = steps[j].qubits();
      if (!intersects(qubits, reached)) continue;
      for (const std::size_t qubit : qubits) reached[qubit] = true;
      if (!steps[j].is_permutation()) program.steps[block].cone.push_back(later);
    }
    ++block;
  }
}

/// Follows each qubit of a block to the next step that touches it, which must be a block that all examples share.
void find_next(Program& program, const std::vector<Step>& steps) {
  std::size_t block = 0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (steps[k].is_permutation()) continue;
    // What stands under controls cannot leave them.
    const std::vector<std::size_t> qubits =
        steps[k].block.controls.empty() ? steps[k].block.qubits : std::vector<std::size_t>{};
    for (std::size_t place = 0; place < qubits.size(); ++place) {
      std::size_t later = block;
      for (std::size_t j = k + 1; j < steps.size(); ++j) {
        if (!steps[j].is_permutation()) ++later;
        if (!intersects(steps[j].qubits(), only(qubits[place], program.qubits))) continue;
        const Block& next = steps[j].block;
        const auto found = std::find(next.qubits.begin(), next.qubits.end(), qubits[place]);
        if (found != next.qubits.end() && next.controls.empty() && !next.depends_on_features)
          program.steps[block].next.at(place) = {later, static_cast<std::size_t>(found - next.qubits.begin())};
        break;
      }
    }
    ++block;
  }
}

/// Real amplitudes stay without imaginary parts up to the first block that gives them some. Blocks of features and of
/// further controls, and the readout, have no kernels for that.
void mark_real(Program& program) {
  const auto takes_real = [&program](std::size_t index) {
    return index < program.steps.size() && !program.slots[program.steps[index].slot].depends_on_features &&
           program.steps[index].untouched.empty();
  };
  bool real = takes_real(0);
  for (const Preparation& preparation : program.preparations) {
    for (const ControlledGate& gate : preparation) real = real && is_real(gate);
  }
  program.real_start = real;
  for (std::size_t k = 0; k < program.steps.size(); ++k) {
    program.steps[k].real_input = real;
    real = real && is_real(program.slots[program.steps[k].slot]) && takes_real(k + 1);
    program.steps[k].real_output = real;
  }
}

/// `count` states of so many amplitudes one after the other.
void repeat(std::vector<std::uint32_t>& addresses, std::size_t amplitudes, std::size_t count) {
  const std::size_t once = addresses.size();
  for (std::size_t k = once; k < once * count; ++k)
    addresses.push_back(addresses[k - once] + static_cast<std::uint32_t>(amplitudes));
}

/// The tail's steps on registers of the tail qubits alone, in their order.
void add_tail(Program& program, Schedule& parts, std::size_t result) {
  const auto place = [&parts](std::size_t& qubit) {
    const auto found = std::find(parts.tail_qubits.begin(), parts.tail_qubits.end(), qubit);
    qubit = static_cast<std::size_t>(found - parts.tail_qubits.begin());
  };
  program.tail_qubits = parts.tail_qubits.size();
  QubitMemory memory(program.tail_qubits);
  for (Step& step : parts.tail) {
    std::vector<Control>& controls = step.is_permutation() ? step.permutation.controls : step.block.controls;
    std::vector<std::size_t>& qubits = step.is_permutation() ? step.permutation.qubits : step.block.qubits;
    for (Control& control : controls) place(control.qubit);
    for (std::size_t& qubit : qubits) place(qubit);
    if (step.is_permutation()) {
      memory.rename(step.permutation);
    } else {
      program.tail_mask |= step.block.sector_mask();
      program.tail.push_back(block_step(program, memory, step.block));
    }
  }
  place(result);
  program.tail_results = memory.select({}, {{result, true}}, true);
  for (BlockStep& step : program.tail) {
    repeat(step.addresses.groups, std::size_t{1} << program.tail_qubits, program.tail_results.size());
    repeat(step.untouched, std::size_t{1} << program.tail_qubits, program.tail_results.size());
  }
}

}  // namespace

std::optional<std::size_t> Slot::last_place(std::size_t gate) const {
  const auto is_at = [this](std::size_t index, std::size_t place) {
    const ControlledGate& other = gates[index].gate;
    return std::find(other.targets.begin(), other.targets.end(), place) != other.targets.end() ||
           std::any_of(other.controls.begin(), other.controls.end(),
                       [place](const Control& control) { return control.qubit == place; });
  };
  const auto is_alone = [this](std::size_t index) {
    return gates[index].gate.targets.size() == 1 && gates[index].gate.controls.empty();
  };
  if (!is_alone(gate)) return std::nullopt;
  const std::size_t place = gates[gate].gate.targets[0];
  for (std::size_t later = gate + 1; later < gates.size(); ++later) {
    if (is_at(later, place) && !is_alone(later)) return std::nullopt;
  }
  return place;
}

Program compile(const Circuit& circuit, std::size_t result_bit) {
  DeferredCircuit deferred = defer(circuit, result_bit);
  SectoredCircuit sectored = divide(deferred);
  if (sectored.qubits > largest_register) {
    throw ConfigError(
        fmt::format("circuit: its exact evaluation needs {} qubits (with one more for each reset and each "
                    "measured qubit that is used again); at most {}",
                    sectored.qubits, largest_register));
  }
  Schedule parts = schedule(fuse(sectored), sectored.result);

  Program program;
  program.parameters = circuit.parameters();
  program.features = circuit.features();
  program.occurrences = std::move(deferred.occurrences);
  program.qubits = sectored.qubits;
  program.amplitude_qubits = sectored.amplitude_qubits;
  program.preparations = std::move(sectored.preparations);
  program.sectors = std::move(sectored.sectors);
  QubitMemory memory(program.qubits);
  add_forward(program, memory, parts.forward);
  find_cones(program, parts.forward);
  find_next(program, parts.forward);
  program.readout = {memory.select(parts.tail_qubits, {}, true), memory.offsets(parts.tail_qubits)};
  add_tail(program, parts, sectored.result);
  find_windows(program);
  mark_real(program);
  return program;
}

}  // namespace titrant::quantum
