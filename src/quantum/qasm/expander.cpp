#include "expander.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "controlled.hpp"
#include "limits.hpp"
#include "matrices.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum::qasm {

namespace {

NativeGate native_call(GateKind kind, std::span<const double> angles, std::span<const std::size_t> qubits) {
  NativeGate gate{kind, {}, {}};
  std::copy(qubits.begin(), qubits.end(), gate.qubits.begin());
  std::copy(angles.begin(), angles.end(), gate.angles.begin());
  return gate;
}

bool is_control(const BoundModifier& modifier) {
  return modifier.kind == Modifier::Kind::control || modifier.kind == Modifier::Kind::negative_control;
}

BoundCall without_first_modifier(const BoundCall& call) {
  return {call.gate, call.modifiers.subspan(1), call.angles, call.qubits};
}

}  // namespace

std::vector<BoundModifier> bind(const std::vector<Modifier>& modifiers, std::span<const double> parameters,
                                const Source& source) {
  std::vector<BoundModifier> bound;
  bound.reserve(modifiers.size());
  for (const Modifier& modifier : modifiers) {
    const bool power = modifier.kind == Modifier::Kind::power;
    bound.push_back(
        {modifier.kind, power ? evaluate(modifier.exponent, parameters, source).value : 1.0, modifier.controls});
  }
  return bound;
}

std::vector<double> bind(const std::vector<Expression>& angles, std::span<const double> parameters,
                         const Source& source) {
  std::vector<double> bound;
  bound.reserve(angles.size());
  for (const Expression& angle : angles) bound.push_back(evaluate(angle, parameters, source).value);
  return bound;
}

void Expander::expand(const BoundCall& bound, Position position) {
  position_ = position;
  Context context;
  call(bound, context);
}

void Expander::spend(std::size_t steps) {
  steps_ += steps;
  if (steps_ > most_operations)
    source_.fail(position_, fmt::format("the gates expand to more than {} operations", most_operations));
}

void Expander::call(const BoundCall& bound, Context& context) {
  spend(1);
  if (!bound.modifiers.empty()) return modified(bound, context);
  const Gate& gate = *bound.gate;
  switch (gate.kind) {
    case Gate::Kind::native:
      return emit(native_call(gate.native, bound.angles, bound.qubits), context);
    case Gate::Kind::phase:
      return emit_phase(bound.angles[0], context);
    case Gate::Kind::barrier:
      return sink_->barrier(bound.qubits);
    case Gate::Kind::defined:
      if (gate.perhaps) {
        if (const auto phase = phase_from_native(gate, bound.angles)) {
          emit(native_call(*gate.perhaps, bound.angles, bound.qubits), context);
          return emit_phase(*phase, context);
        }
      }
      return body(gate, bound.angles, bound.qubits, context);
    case Gate::Kind::many:
    case Gate::Kind::opaque:
      TITRANT_EXPECTS(false);  // heads of calls have neither (CallHead::give, parse_call_head)
  }
}

void Expander::modified(const BoundCall& bound, Context& context) {
  const BoundModifier& modifier = bound.modifiers.front();
  if (is_control(modifier)) return with_controls(bound, context, [&](const BoundCall& inner) { call(inner, context); });
  const BoundCall inner = without_first_modifier(bound);
  if (modifier.kind == Modifier::Kind::inverse) {
    context.inverse = !context.inverse;
    call(inner, context);
    context.inverse = !context.inverse;
  } else if (modifier.exponent == std::trunc(modifier.exponent)) {
    whole_power(inner, modifier.exponent, context);
  } else {
    fractional_power(inner, modifier.exponent, context);
  }
}

/// Does `inner` with the qubits of the first modifier, a control, as controls. A control by 0 is flipped before and
/// after, which needs no control itself.
template <class Inner>
void Expander::with_controls(const BoundCall& bound, Context& context, const Inner& inner) {
  const BoundModifier& modifier = bound.modifiers.front();
  const auto controls = bound.qubits.first(modifier.controls);
  const auto flip = [&] {
    if (modifier.kind != Modifier::Kind::negative_control) return;
    for (const std::size_t qubit : controls) emit({GateKind::x, {qubit}, {}}, {});
  };
  flip();
  context.controls.insert(context.controls.end(), controls.begin(), controls.end());
  inner({bound.gate, bound.modifiers.subspan(1), bound.angles, bound.qubits.subspan(modifier.controls)});
  context.controls.resize(context.controls.size() - controls.size());
  flip();
}

void Expander::whole_power(const BoundCall& bound, double exponent, Context& context) {
  const double count = std::abs(exponent);
  if (count > static_cast<double>(most_operations)) spend(most_operations + 1);
  const bool before = context.inverse;
  context.inverse = before != (exponent < 0.0);
  for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) call(bound, context);
  context.inverse = before;
}

void Expander::fractional_power(const BoundCall& bound, double exponent, Context& context) {
  spend(1);
  // (1 + U)^k = 1 + U^k: a power of a controlled gate is the controlled power.
  if (!bound.modifiers.empty() && is_control(bound.modifiers.front())) {
    return with_controls(bound, context, [&](const BoundCall& inner) { fractional_power(inner, exponent, context); });
  }
  const bool plain = std::none_of(bound.modifiers.begin(), bound.modifiers.end(), is_control);
  if (plain && bound.qubits.size() <= 1)
    return one_qubit_power(matrix_of(bound, bound.qubits.size()), bound.qubits.empty() ? 0 : bound.qubits[0], exponent,
                           context);
  const Gate& gate = *bound.gate;
  const bool turned = std::all_of(bound.modifiers.begin(), bound.modifiers.end(),
                                  [](const auto& m) { return m.kind == Modifier::Kind::inverse; });
  if (turned && gate.kind == Gate::Kind::native)
    return power_of_core(native_call(gate.native, bound.angles, bound.qubits), bound.modifiers.size() % 2 == 1,
                         exponent, context);
  // A definition that is one call, such as cswap, is that call.
  if (gate.kind == Gate::Kind::defined && gate.body.size() == 1 && bound.modifiers.empty()) {
    const GateCall& step = gate.body[0];
    const std::vector<BoundModifier> modifiers = bind(step.modifiers, bound.angles, source_);
    const std::vector<double> angles = bind(step.angles, bound.angles, source_);
    std::vector<std::size_t> qubits;
    for (const std::size_t qubit : step.qubits) qubits.push_back(bound.qubits[qubit]);
    return fractional_power({step.gate, modifiers, angles, qubits}, exponent, context);
  }
  source_.fail(position_,
               fmt::format("not supported: the power {} of gate {}, which is no controlled gate of one qubit", exponent,
                           gate.name));
}

/// (B^+ C B)^k = B^+ C^k B, and the same for the controls of C.
void Expander::power_of_core(const NativeGate& gate, bool inverted, double exponent, Context& context) {
  const Conjugated form = conjugated(gate);
  const std::size_t target = form.core.qubits[0];
  for (const NativeGate& before : form.before) emit(before, {});
  MatrixSink matrix(1);
  NativeGate core = form.core;
  core.qubits[0] = 0;
  matrix.gate(core);
  Context inner = context;
  inner.controls.insert(inner.controls.end(), form.controls.begin(), form.controls.end());
  const Matrix unitary = inverted ? Matrix(matrix.unitary().adjoint()) : matrix.unitary();
  one_qubit_power(unitary, target, exponent, inner);
  std::for_each(form.before.rbegin(), form.before.rend(),
                [&](const NativeGate& before) { emit(inverse(before).gate, {}); });
}

void Expander::one_qubit_power(const Matrix& unitary, std::size_t qubit, double exponent, const Context& context) {
  if (unitary.rows() == 1) return emit_phase(principal_angle(std::arg(unitary(0, 0))) * exponent, context);
  const Phased power = as_u(principal_power(unitary, exponent), qubit);
  emit(power.gate, context);
  emit_phase(power.phase, context);
}

void Expander::body(const Gate& gate, std::span<const double> angles, std::span<const std::size_t> qubits,
                    Context& context) {
  if (context.inverse) {
    std::for_each(gate.body.rbegin(), gate.body.rend(),
                  [&](const GateCall& step) { body_call(step, angles, qubits, context); });
  } else {
    for (const GateCall& step : gate.body) body_call(step, angles, qubits, context);
  }
}

void Expander::body_call(const GateCall& step, std::span<const double> angles, std::span<const std::size_t> qubits,
                         Context& context) {
  const std::vector<BoundModifier> modifiers = bind(step.modifiers, angles, source_);
  const std::vector<double> step_angles = bind(step.angles, angles, source_);
  std::vector<std::size_t> step_qubits;
  step_qubits.reserve(step.qubits.size());
  for (const std::size_t qubit : step.qubits) step_qubits.push_back(qubits[qubit]);
  call({step.gate, modifiers, step_angles, step_qubits}, context);
}

void Expander::emit(const NativeGate& gate, const Context& context) {
  const Phased done = context.inverse ? inverse(gate) : Phased{gate};
  controlled_gate(done.gate, context.controls, *sink_);
  if (done.phase != 0.0) controlled_phase(context.controls, done.phase, *sink_);
}

void Expander::emit_phase(double angle, const Context& context) {
  controlled_phase(context.controls, context.inverse ? -angle : angle, *sink_);
}

/// The unitary of a call without controls, its qubits numbered as they are listed.
Matrix Expander::matrix_of(const BoundCall& bound, std::size_t qubits) {
  std::vector<std::size_t> numbered(qubits);
  std::iota(numbered.begin(), numbered.end(), 0U);
  MatrixSink matrix(qubits);
  GateSink* const outer = std::exchange(sink_, &matrix);
  Context none;
  call({bound.gate, bound.modifiers, bound.angles, numbered}, none);
  sink_ = outer;
  return matrix.unitary();
}

/// Whether a definition is the native gate of its name at these angles, up to the phase that is returned.
std::optional<double> Expander::phase_from_native(const Gate& gate, std::span<const double> angles) {
  Recognised& last = recognised_[&gate];
  if (last.tried && std::equal(angles.begin(), angles.end(), last.angles.begin())) return last.phase;
  std::vector<std::size_t> qubits(gate.qubits);
  std::iota(qubits.begin(), qubits.end(), 0U);
  MatrixSink matrix(gate.qubits);
  GateSink* const outer = std::exchange(sink_, &matrix);
  Context none;
  body(gate, angles, qubits, none);
  sink_ = outer;
  last = {
      true, {angles.begin(), angles.end()}, phase_from(native_call(*gate.perhaps, angles, qubits), matrix.unitary())};
  return last.phase;
}

}  // namespace titrant::quantum::qasm
