#include "copies.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "dependencies.hpp"

namespace titrant::quantum {

namespace {

/// Most neighbours of a copy at an even and an odd number of steps from the first: paths, trees in which qubits with
/// three neighbours are no neighbours of each other (heavy-hex), and trees of a square grid.
using Neighbours = std::array<std::size_t, 2>;
constexpr std::array<Neighbours, 4> shapes = {{{2, 2}, {3, 2}, {2, 3}, {4, 4}}};

bool is_diagonal(GateKind gate) {
  using enum GateKind;
  switch (gate) {
    case z:
    case s:
    case sdg:
    case t:
    case tdg:
    case rz:
    case p:
    case cz:
    case cp:
    case crz:
    case rzz:
      return true;
    default:
      return false;
  }
}

bool is_controlled(GateKind gate) {
  using enum GateKind;
  return gate == cx || gate == cy || gate == crx || gate == cry;
}

class Copying {
 public:
  Copying(const Circuit& circuit, Neighbours most) : circuit_(circuit), most_(most), lines_(circuit.qubits()) {
    for (std::size_t q = 0; q < lines_.size(); ++q) lines_[q].copies = q;
    next_ = lines_.size();
  }

  Circuit run() {
    Circuit result(circuit_.qubits(), circuit_.bits());
    for (Operation operation : circuit_.operations()) {
      const bool gate = operation.kind == Operation::Kind::gate && operation.conditions.empty();
      if (gate && operation.gate == GateKind::cx && lines_[operation.qubits[1]].zero) {
        operation.qubits[0] = copy(operation.qubits[0], operation.qubits[1]);
      } else {
        pass(operation, gate);
      }
      result.add(std::move(operation));
    }
    return result;
  }

 private:
  struct Line {
    bool zero = true;            ///< in |0>
    std::size_t copies = 0;      ///< number of the value that it has a copy of
    std::size_t neighbours = 0;  ///< copies that it was made from or that were made from it
    std::size_t steps = 0;       ///< from the first
    std::size_t busy = 0;        ///< gates on two qubits before, one after the other
  };

  /// From where the value of `control` is copied; notes it.
  std::size_t copy(std::size_t control, std::size_t target) {
    std::size_t from = control;
    const auto rank = [this](std::size_t q) {
      const Line& line = lines_[q];
      return std::tuple(line.neighbours >= most_[line.steps % 2], line.busy, line.neighbours, q);
    };
    for (std::size_t q = 0; q < lines_.size(); ++q)
      if (lines_[q].copies == lines_[control].copies && rank(q) < rank(from)) from = q;
    Line& source = lines_[from];
    Line& copied = lines_[target];
    ++source.neighbours;
    source.zero = false;
    const std::size_t busy = std::max(source.busy, copied.busy) + 1;
    copied = {false, source.copies, 1, source.steps + 1, busy};
    source.busy = busy;
    return from;
  }

  void pass(const Operation& operation, bool gate) {
    const std::vector<std::size_t> touched = qubits_of(operation, circuit_.qubits());
    std::size_t latest = 0;
    for (const std::size_t q : touched) latest = std::max(latest, lines_[q].busy);
    for (std::size_t k = 0; k < touched.size(); ++k) {
      Line& line = lines_[touched[k]];
      const bool keeps = gate && (is_diagonal(operation.gate) || (is_controlled(operation.gate) && k == 0));
      const bool reset = operation.kind == Operation::Kind::reset && operation.conditions.empty();
      const bool waits = operation.kind == Operation::Kind::barrier;
      if (!keeps) line = {line.zero && waits, next_++, 0, 0, line.busy};
      if (reset) line.zero = true;
      if (keeps) line.zero = false;
      if (touched.size() > 1 && !waits) line.busy = latest + 1;
    }
  }

  const Circuit& circuit_;
  Neighbours most_;
  std::vector<Line> lines_;
  std::size_t next_ = 0;
};

bool same_qubits(const Circuit& a, const Circuit& b) {
  return std::equal(a.operations().begin(), a.operations().end(), b.operations().begin(),
                    [](const Operation& x, const Operation& y) { return x.qubits == y.qubits; });
}

}  // namespace

std::vector<Circuit> with_other_copies(const Circuit& circuit) {
  std::vector<Circuit> all = {circuit};
  for (const Neighbours& most : shapes) {
    Circuit other = Copying(circuit, most).run();
    if (std::none_of(all.begin(), all.end(), [&](const Circuit& one) { return same_qubits(one, other); }))
      all.push_back(std::move(other));
  }
  all.erase(all.begin());
  return all;
}

}  // namespace titrant::quantum
