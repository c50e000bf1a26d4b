#include "titrant/quantum/synthesis/basis.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <optional>
#include <utility>

#include "kronecker.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/synthesis/kak.hpp"

namespace titrant::quantum {

namespace {

using std::numbers::pi;

Matrix swapped(Matrix matrix) {
  matrix.row(1).swap(matrix.row(2));
  matrix.col(1).swap(matrix.col(2));
  return matrix;
}

Matrix constant_matrix(const Operation& operation) {
  std::vector<double> angles;
  for (const Angle& angle : operation.angles) {
    if (angle.source != Angle::Source::constant)
      throw ConfigError("synthesis: the circuit has parameters or features; bind its angles first");
    angles.push_back(angle.value);
  }
  return gate_matrix(operation.gate, angles);
}

Operation gate(GateKind kind, std::vector<std::size_t> qubits) {
  Operation operation;
  operation.gate = kind;
  operation.qubits = std::move(qubits);
  return operation;
}

/// Six cx (Nielsen and Chuang, figure 4.9).
std::vector<Operation> toffoli(std::size_t a, std::size_t b, std::size_t c) {
  using enum GateKind;
  return {gate(h, {c}),     gate(cx, {b, c}), gate(tdg, {c}),   gate(cx, {a, c}), gate(t, {c}),
          gate(cx, {b, c}), gate(tdg, {c}),   gate(cx, {a, c}), gate(t, {b}),     gate(t, {c}),
          gate(h, {c}),     gate(cx, {a, b}), gate(t, {a}),     gate(tdg, {b}),   gate(cx, {a, b})};
}

/// Everything but gates: what it touches must be settled before.
std::vector<std::size_t> touched(const Operation& operation, std::size_t qubits) {
  if (operation.kind != Operation::Kind::barrier || !operation.qubits.empty()) return operation.qubits;
  std::vector<std::size_t> all(qubits);
  for (std::size_t q = 0; q < qubits; ++q) all[q] = q;
  return all;
}

/// Gathers gates into blocks of one or two qubits.
class Merging {
 public:
  Merging(const Circuit& circuit, const PreferRzz& prefer)
      : prefer_(prefer), result_(circuit.qubits(), circuit.bits()), block_(circuit.qubits()) {}

  void add(const Operation& operation) {
    if (operation.kind == Operation::Kind::gate && operation.qubits.size() == 3) {
      for (Operation& part : toffoli(operation.qubits[0], operation.qubits[1], operation.qubits[2])) {
        part.conditions = operation.conditions;
        add(part);
      }
    } else if (operation.kind != Operation::Kind::gate || !operation.conditions.empty()) {
      for (const std::size_t qubit : touched(operation, result_.qubits())) flush(qubit);
      if (operation.kind != Operation::Kind::gate) {
        result_.add(operation);
      } else {
        write(constant_matrix(operation), operation.qubits, operation.conditions);
      }
    } else if (operation.qubits.size() == 1) {
      single(constant_matrix(operation), operation.qubits[0]);
    } else {
      pair(constant_matrix(operation), operation.qubits[0], operation.qubits[1]);
    }
  }

  Circuit finish() {
    for (std::size_t qubit = 0; qubit < block_.size(); ++qubit) flush(qubit);
    return std::move(result_);
  }

 private:
  /// Of a pair, at both qubits; the matrix at the lower one, which is its first.
  struct Block {
    std::size_t partner = 0;
    bool is_pair = false;
    Matrix matrix;
  };

  void single(const Matrix& matrix, std::size_t qubit) {
    std::optional<Block>& block = block_[qubit];
    if (!block) {
      block = Block{qubit, false, matrix};
    } else if (!block->is_pair) {
      block->matrix = matrix * block->matrix;
    } else {
      const bool lower = qubit < block->partner;
      Block& whole = *block_[lower ? qubit : block->partner];
      const Matrix one = Matrix::Identity(2, 2);
      whole.matrix = (lower ? kronecker(matrix, one) : kronecker(one, matrix)) * whole.matrix;
    }
  }

  void pair(const Matrix& matrix, std::size_t a, std::size_t b) {
    const std::size_t low = std::min(a, b);
    const std::size_t high = std::max(a, b);
    const Matrix ordered = a < b ? matrix : swapped(matrix);
    if (block_[low] && block_[low]->is_pair && block_[low]->partner == high) {
      block_[low]->matrix = ordered * block_[low]->matrix;
      return;
    }
    const auto taken = [&](std::size_t qubit) -> Matrix {
      if (block_[qubit] && block_[qubit]->is_pair) flush(qubit);
      return block_[qubit] ? block_[qubit]->matrix : Matrix(Matrix::Identity(2, 2));
    };
    const Matrix before_low = taken(low);
    const Matrix before_high = taken(high);
    block_[low] = Block{high, true, ordered * kronecker(before_low, before_high)};
    block_[high] = Block{low, true, Matrix()};
  }

  void flush(std::size_t qubit) {
    if (!block_[qubit]) return;
    if (!block_[qubit]->is_pair) {
      write(block_[qubit]->matrix, {qubit}, {});
      block_[qubit].reset();
      return;
    }
    const std::size_t low = std::min(qubit, block_[qubit]->partner);
    const std::size_t high = std::max(qubit, block_[qubit]->partner);
    write(block_[low]->matrix, {low, high}, {});
    block_[low].reset();
    block_[high].reset();
  }

  void write(const Matrix& matrix, const std::vector<std::size_t>& qubits, const Circuit::Conditions& conditions) {
    for (Operation& operation :
         qubits.size() == 1 ? synthesise(matrix, qubits[0]) : pair_of_gates(matrix, qubits[0], qubits[1])) {
      operation.conditions = conditions;
      if (operation.gate == GateKind::u || operation.qubits.size() == 2) {
        result_.add(std::move(operation));
      } else {
        for (Operation& one : synthesise(constant_matrix(operation), operation.qubits[0])) {
          one.conditions = conditions;
          result_.add(std::move(one));
        }
      }
    }
  }

  std::vector<Operation> pair_of_gates(const Matrix& matrix, std::size_t first, std::size_t second) const {
    if (prefer_) {
      const Kak wanted = kak(matrix);
      const std::size_t rotations = rotation_cost(wanted);
      if (rotations > 0 && prefer_(first, second, entangling_cost(wanted), rotations))
        return synthesise_by_rzz(matrix, first, second);
    }
    return synthesise(matrix, first, second);
  }

  const PreferRzz& prefer_;
  Circuit result_;
  std::vector<std::optional<Block>> block_;
};

/// One qubit's gates since the last pulse on two, as a matrix; written as native pulses when something else comes.
class Native {
 public:
  Native(const Circuit& circuit, const PairGate& pair_gate, PulseBasis basis)
      : result_(circuit.qubits(), circuit.bits()), pair_gate_(pair_gate), basis_(basis), waiting_(circuit.qubits()) {}

  void add(const Operation& operation) {
    if (operation.kind == Operation::Kind::gate && operation.qubits.size() == 1) {
      const std::size_t qubit = operation.qubits[0];
      const Matrix matrix = constant_matrix(operation);
      if (operation.conditions.empty()) {
        wait(matrix, qubit);
      } else {
        flush(qubit);
        pulses(matrix, qubit, operation.conditions);
      }
      return;
    }
    if (operation.kind == Operation::Kind::gate) {
      if (operation.gate == GateKind::rzz) {
        for (const std::size_t qubit : operation.qubits) flush(qubit);
        result_.add(operation);
        return;
      }
      if (operation.gate != GateKind::cx)
        throw ConfigError(fmt::format("synthesis: {} is none of u, cx and rzz", gate_name(operation.gate)));
      entangle(operation);
      return;
    }
    for (const std::size_t qubit : touched(operation, result_.qubits())) flush(qubit);
    result_.add(operation);
  }

  Circuit finish() {
    for (std::size_t qubit = 0; qubit < waiting_.size(); ++qubit) flush(qubit);
    return std::move(result_);
  }

 private:
  /// The gates on one qubit that make a cx of a native gate: both have the same Weyl coordinates.
  struct Dressing {
    Matrix before_first, before_second, after_first, after_second;
  };

  /// In the order of the native gate's qubits; forward: its first is the control.
  const Dressing& dressing(GateKind kind, bool forward) {
    const auto found = dressings_.find({kind, forward});
    if (found != dressings_.end()) return found->second;
    const std::vector<double> angles(gate_angles(kind), pi / 2.0);
    const Kak have = kak(gate_matrix(kind, angles));
    const Matrix cx = gate_matrix(GateKind::cx, {});
    const Kak wanted = kak(forward ? cx : swapped(cx));
    return dressings_
        .emplace(std::pair(kind, forward), Dressing{have.before_first.adjoint() * wanted.before_first,
                                                    have.before_second.adjoint() * wanted.before_second,
                                                    wanted.after_first * have.after_first.adjoint(),
                                                    wanted.after_second * have.after_second.adjoint()})
        .first->second;
  }

  void wait(const Matrix& matrix, std::size_t qubit) {
    waiting_[qubit] = waiting_[qubit] ? Matrix(matrix * *waiting_[qubit]) : matrix;
  }

  void flush(std::size_t qubit) {
    if (waiting_[qubit]) pulses(*waiting_[qubit], qubit, {});
    waiting_[qubit].reset();
  }

  void entangle(const Operation& cx) {
    std::size_t first = cx.qubits[0];
    std::size_t second = cx.qubits[1];
    std::optional<GateKind> kind = pair_gate_(first, second);
    const bool forward = kind.has_value();
    if (!forward) kind = pair_gate_(second, first);
    if (!kind)
      throw ConfigError(fmt::format("synthesis: the device couples qubits {} and {} by no gate", first, second));
    if (!forward) std::swap(first, second);
    Operation native = gate(*kind, {first, second});
    native.conditions = cx.conditions;
    if (*kind == GateKind::rzz) native.angles = {Angle::constant(pi / 2.0)};
    if (*kind == GateKind::cx && forward) {
      flush(first);
      flush(second);
      result_.add(std::move(native));
      return;
    }
    const Dressing& around = dressing(*kind, forward);
    if (cx.conditions.empty()) {
      wait(around.before_first, first);
      wait(around.before_second, second);
    }
    flush(first);
    flush(second);
    if (cx.conditions.empty()) {
      result_.add(std::move(native));
      wait(around.after_first, first);
      wait(around.after_second, second);
    } else {
      pulses(around.before_first, first, cx.conditions);
      pulses(around.before_second, second, cx.conditions);
      result_.add(std::move(native));
      pulses(around.after_first, first, cx.conditions);
      pulses(around.after_second, second, cx.conditions);
    }
  }

  void pulses(const Matrix& matrix, std::size_t qubit, const Circuit::Conditions& conditions) {
    const EulerAngles angles = euler_angles(matrix);
    const auto emit = [&](GateKind kind, std::vector<Angle> values) {
      result_.gate(kind, {qubit}, std::move(values), conditions);
    };
    const auto turn = [&](GateKind kind, double angle) {
      const double wrapped = std::remainder(angle, 2.0 * pi);
      if (std::abs(wrapped) >= same) emit(kind, {Angle::constant(wrapped)});
    };
    if (std::abs(angles.theta) < same) {
      turn(basis_ == PulseBasis::u1_u2_u3 ? GateKind::p : GateKind::rz, angles.phi + angles.lambda);
      return;
    }
    const bool quarter = std::abs(angles.theta - pi / 2.0) < same;
    switch (basis_) {
      case PulseBasis::u1_u2_u3:
        emit(GateKind::u, {Angle::constant(quarter ? pi / 2.0 : angles.theta), Angle::constant(angles.phi),
                           Angle::constant(angles.lambda)});
        break;
      case PulseBasis::rx_rz:  // ry(theta) = rz(pi/2) rx(theta) rz(-pi/2)
        turn(GateKind::rz, angles.lambda - pi / 2.0);
        emit(GateKind::rx, {Angle::constant(angles.theta)});
        turn(GateKind::rz, angles.phi + pi / 2.0);
        break;
      case PulseBasis::rz_sx_x:
        sx_pulses(angles, quarter, emit, turn);
        break;
    }
  }

  /// u(theta, phi, lambda) = rz(phi + pi) sx rz(theta + pi) sx rz(lambda) up to a phase; one pulse at theta = pi/2 or
  /// pi.
  template <class Emit, class Turn>
  static void sx_pulses(const EulerAngles& angles, bool quarter, const Emit& emit, const Turn& turn) {
    if (std::abs(angles.theta - pi) < same) {
      turn(GateKind::rz, angles.lambda - angles.phi + pi);
      emit(GateKind::x, {});
    } else if (quarter) {
      turn(GateKind::rz, angles.lambda - pi / 2.0);
      emit(GateKind::sx, {});
      turn(GateKind::rz, angles.phi + pi / 2.0);
    } else {
      turn(GateKind::rz, angles.lambda);
      emit(GateKind::sx, {});
      turn(GateKind::rz, angles.theta + pi);
      emit(GateKind::sx, {});
      turn(GateKind::rz, angles.phi + pi);
    }
  }

  static constexpr double same = 1e-12;  // rad

  Circuit result_;
  const PairGate& pair_gate_;
  PulseBasis basis_;
  std::vector<std::optional<Matrix>> waiting_;
  std::map<std::pair<GateKind, bool>, Dressing> dressings_;
};

}  // namespace

Circuit merge_two_qubit_blocks(const Circuit& bound, const PreferRzz& prefer) {
  if (!bound.amplitude_qubits().empty())
    throw ConfigError("synthesis: the circuit has amplitude input; prepare its state by gates first");
  Merging merging(bound, prefer);
  for (const Operation& operation : bound.operations()) merging.add(operation);
  return merging.finish();
}

Circuit to_native(const Circuit& circuit, const PairGate& pair_gate, PulseBasis pulses) {
  Native native(circuit, pair_gate, pulses);
  for (const Operation& operation : circuit.operations()) native.add(operation);
  return native.finish();
}

}  // namespace titrant::quantum
