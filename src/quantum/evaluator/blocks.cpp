#include "blocks.hpp"

#include <algorithm>
#include <utility>

namespace titrant::quantum {

namespace {

constexpr std::size_t max_block_qubits = 2;

std::vector<std::size_t> touched(const ControlledGate& gate) {
  std::vector<std::size_t> qubits = gate.targets;
  for (const Control& control : gate.controls) qubits.push_back(control.qubit);
  return qubits;
}

bool contains(const std::vector<std::size_t>& set, std::size_t qubit) {
  return std::find(set.begin(), set.end(), qubit) != set.end();
}

bool includes(const std::vector<std::size_t>& set, const std::vector<std::size_t>& subset) {
  return std::all_of(subset.begin(), subset.end(), [&set](std::size_t qubit) { return contains(set, qubit); });
}

bool intersects(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  return std::any_of(a.begin(), a.end(), [&b](std::size_t qubit) { return contains(b, qubit); });
}

bool is_permutation(const SectoredGate& gate) {
  if (gate.condition.mask != 0) return false;
  return (gate.gate.kind == GateKind::x && gate.gate.controls.size() <= 1) ||
         (gate.gate.kind == GateKind::swap && gate.gate.controls.empty());
}

bool uses_feature(const SectoredGate& gate) {
  return gate.gate.angle && gate.gate.angle->source == Angle::Source::feature;
}

bool is_same_parameter(const SectoredGate& a, const SectoredGate& b) {
  const auto parameter = [](const SectoredGate& gate) {
    return gate.gate.angle && gate.gate.angle->source == Angle::Source::parameter;
  };
  return parameter(a) && parameter(b) && a.gate.angle->index == b.gate.angle->index;
}

/// A second use of a parameter begins the next repetition of a pattern. Where repetitions start blocks of their own,
/// they are recognised as equal and their matrices are made once.
bool repeats(const Block& block, const SectoredGate& gate) {
  return std::any_of(block.gates.begin(), block.gates.end(),
                     [&gate](const SectoredGate& other) { return is_same_parameter(gate, other); });
}

/// Gathers gates into open blocks, which are on disjoint qubits, and closes a block where a gate does not fit.
class Fusion {
 public:
  std::vector<Step> run(const SectoredCircuit& circuit) {
    for (const SectoredGate& gate : circuit.gates) add(gate);
    while (!open_.empty()) close(0);
    return std::move(steps_);
  }

 private:
  void add(const SectoredGate& gate) {
    const std::vector<std::size_t> qubits = touched(gate.gate);
    const auto home = std::find_if(open_.begin(), open_.end(), [&](const Block& block) {
      return includes(block.qubits, qubits) && block.depends_on_features == uses_feature(gate) && !repeats(block, gate);
    });
    if (home != open_.end()) {
      home->gates.push_back(gate);
    } else if (is_permutation(gate)) {
      close_touching(qubits);
      Step step;
      step.permutation = {gate.gate.kind, gate.gate.targets, gate.gate.controls};
      steps_.push_back(std::move(step));
    } else if (qubits.size() > max_block_qubits) {
      close_touching(qubits);
      Block block{gate.gate.targets, {gate}, gate.gate.controls, uses_feature(gate)};
      block.gates[0].gate.controls.clear();
      open_.push_back(std::move(block));
      close(open_.size() - 1);
    } else {
      open_.push_back(grown(gate, qubits));
    }
  }

  /// A new block on these qubits with the one-qubit blocks that stood there before.
  Block grown(const SectoredGate& gate, const std::vector<std::size_t>& qubits) {
    Block block{qubits, {}, {}, uses_feature(gate)};
    for (std::size_t k = 0; k < open_.size();) {
      if (!intersects(open_[k].qubits, qubits)) {
        ++k;
      } else if (includes(qubits, open_[k].qubits) && open_[k].depends_on_features == block.depends_on_features) {
        std::move(open_[k].gates.begin(), open_[k].gates.end(), std::back_inserter(block.gates));
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(k));
      } else {
        close(k);
      }
    }
    block.gates.push_back(gate);
    return block;
  }

  void close_touching(const std::vector<std::size_t>& qubits) {
    for (std::size_t k = 0; k < open_.size();) {
      if (intersects(open_[k].qubits, qubits)) {
        close(k);
      } else {
        ++k;
      }
    }
  }

  /// Moves an open block to the steps, or into the last step on its qubits where that has them all.
  void close(std::size_t index) {
    Block block = std::move(open_[index]);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
    const std::size_t last = last_step(block.qubits);
    if (last < steps_.size() && joins(steps_[last].block, block)) {
      move_gates(block, steps_[last].block);
      return;
    }
    Step step;
    step.block = {block.qubits, {}, block.controls, block.depends_on_features};
    move_gates(block, step.block);
    steps_.push_back(std::move(step));
  }

  /// The last step that touches any of these qubits; steps_.size() where there is none.
  std::size_t last_step(const std::vector<std::size_t>& qubits) const {
    for (std::size_t k = steps_.size(); k-- > 0;) {
      if (intersects(steps_[k].qubits(), qubits)) return k;
    }
    return steps_.size();
  }

  static bool joins(const Block& earlier, const Block& block) {
    return includes(earlier.qubits, block.qubits) && earlier.controls.empty() && block.controls.empty() &&
           earlier.depends_on_features == block.depends_on_features;
  }

  /// Appends gates, rewritten from qubits to places.
  static void move_gates(Block& from, Block& to) {
    const auto place = [&to](std::size_t qubit) {
      return static_cast<std::size_t>(std::find(to.qubits.begin(), to.qubits.end(), qubit) - to.qubits.begin());
    };
    for (SectoredGate& gate : from.gates) {
      for (std::size_t& qubit : gate.gate.targets) qubit = place(qubit);
      for (Control& control : gate.gate.controls) control.qubit = place(control.qubit);
      to.gates.push_back(std::move(gate));
    }
  }

  std::vector<Block> open_;
  std::vector<Step> steps_;
};

}  // namespace

std::uint32_t Block::sector_mask() const {
  std::uint32_t mask = 0;
  for (const SectoredGate& gate : gates) mask |= gate.condition.mask;
  return mask;
}

std::vector<std::size_t> Step::qubits() const {
  std::vector<std::size_t> all = is_permutation() ? permutation.qubits : block.qubits;
  for (const Control& control : is_permutation() ? permutation.controls : block.controls) all.push_back(control.qubit);
  return all;
}

std::vector<Step> fuse(const SectoredCircuit& circuit) { return Fusion().run(circuit); }

}  // namespace titrant::quantum
