#include "titrant/quantum/device/device.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

constexpr double angle_rounding = 1e-9;  // rad; printing and reading an angle changes less
constexpr double half_pi = std::numbers::pi / 2.0;

std::optional<GateFigures> own_figures(const Operation& operation, const Device::Qubit& qubit, PulseBasis pulses) {
  const auto is = [&](PulseBasis basis, GateKind kind) { return pulses == basis && operation.gate == kind; };
  if (operation.gate == (pulses == PulseBasis::u1_u2_u3 ? GateKind::p : GateKind::rz)) return GateFigures{};
  if (is(PulseBasis::rz_sx_x, GateKind::sx)) return GateFigures{qubit.sx_error, qubit.one_qubit_duration};
  if (is(PulseBasis::rz_sx_x, GateKind::x)) return GateFigures{qubit.x_error, qubit.one_qubit_duration};
  if (is(PulseBasis::rx_rz, GateKind::rx)) return qubit.rx;
  if (is(PulseBasis::u1_u2_u3, GateKind::u)) return is_u2(operation) ? qubit.u2 : qubit.u3;
  return std::nullopt;
}

std::optional<GateFigures> pair_figures(const Operation& operation, const Device::Edge& edge) {
  if (operation.gate == GateKind::rzz) return is_native_rzz(operation) ? edge.rzz : std::nullopt;
  const bool direction = operation.gate == GateKind::cz || operation.qubits[0] == edge.control;
  if (operation.gate != edge.gate || !direction) return std::nullopt;
  return GateFigures{edge.error, edge.duration};
}

}  // namespace

bool is_change_of_frame(const Operation& operation) {
  return operation.kind == Operation::Kind::gate && (operation.gate == GateKind::rz || operation.gate == GateKind::p);
}

bool is_u2(const Operation& u) { return std::abs(u.angles.at(0).value - half_pi) < angle_rounding; }

bool is_native_rzz(const Operation& rzz) {
  const double angle = rzz.angles.at(0).value;
  return angle > 0.0 && angle < half_pi + angle_rounding;
}

std::string pulse_names(PulseBasis basis) {
  switch (basis) {
    case PulseBasis::u1_u2_u3:
      return "u1, u2, u3";
    case PulseBasis::rx_rz:
      return "rx, rz";
    case PulseBasis::rz_sx_x:
      break;
  }
  return "rz, sx, x";
}

std::optional<GateFigures> Device::figures(const Operation& gate) const {
  if (gate.qubits.size() == 1) {
    const Qubit& qubit = qubits.at(gate.qubits[0]);
    return qubit.usable() ? own_figures(gate, qubit, pulses) : std::nullopt;
  }
  const Edge* const found = gate.qubits.size() == 2 ? edge(gate.qubits[0], gate.qubits[1]) : nullptr;
  return found == nullptr || found->dead ? std::nullopt : pair_figures(gate, *found);
}

std::string Device::native_gates() const {
  std::set<std::string_view> names;
  for (const Edge& one : edges) {
    if (one.dead) continue;
    names.insert(gate_name(one.gate));
    if (one.rzz) names.insert(gate_name(GateKind::rzz));
  }
  return fmt::format("{}{}{}", fmt::join(names, ", "), names.empty() ? "" : ", ", pulse_names(pulses));
}

const Device::Edge* Device::edge(std::size_t a, std::size_t b) const {
  const auto found = std::find_if(edges.begin(), edges.end(), [a, b](const Edge& one) {
    return (one.control == a && one.target == b) || (one.control == b && one.target == a);
  });
  return found == edges.end() ? nullptr : &*found;
}

std::vector<std::string> Device::left_out() const {
  std::vector<std::string> all;
  for (std::size_t q = 0; q < qubits.size(); ++q)
    if (!qubits[q].usable()) all.push_back(fmt::format("qubit {} ({})", q, qubits[q].left_out));
  for (const Edge& one : edges) {
    const bool own = one.dead && qubits.at(one.control).usable() && qubits.at(one.target).usable();
    if (own)
      all.push_back(
          fmt::format("coupling {}-{} ({})", one.control, one.target, one.left_out.empty() ? "error 1" : one.left_out));
  }
  return all;
}

std::string Device::left_out_line() const {
  constexpr std::size_t most = 8;
  const std::vector<std::string> phrases = left_out();
  if (phrases.size() <= most) return fmt::format("{}", fmt::join(phrases, ", "));
  std::map<std::string, std::size_t> qubits_by_reason;
  std::map<std::string, std::size_t> couplings_by_reason;
  for (const std::string& phrase : phrases)
    ++(phrase.starts_with("qubit") ? qubits_by_reason : couplings_by_reason)[phrase.substr(phrase.find('('))];
  std::vector<std::string> counted;
  const auto count = [&counted](const auto& by_reason, const char* one, const char* many) {
    for (const auto& [reason, times] : by_reason)
      counted.push_back(fmt::format("{} {} {}", times, times == 1 ? one : many, reason));
  };
  count(qubits_by_reason, "qubit", "qubits");
  count(couplings_by_reason, "coupling", "couplings");
  return fmt::format("{}", fmt::join(counted, ", "));
}

Device Device::subset(std::span<const std::size_t> chosen) const {
  Device part = *this;
  part.qubits.clear();
  part.edges.clear();
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    if (chosen[k] >= qubits.size())
      throw ConfigError(fmt::format("device {}: no qubit {}; it has {}", name, chosen[k], qubits.size()));
    if (std::find(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(k), chosen[k]) !=
        chosen.begin() + static_cast<std::ptrdiff_t>(k))
      throw ConfigError(fmt::format("device {}: qubit {} chosen twice", name, chosen[k]));
    part.qubits.push_back(qubits[chosen[k]]);
  }
  const auto place = [&](std::size_t qubit) {
    return static_cast<std::size_t>(std::find(chosen.begin(), chosen.end(), qubit) - chosen.begin());
  };
  for (Edge one : edges) {
    one.control = place(one.control);
    one.target = place(one.target);
    if (one.control < chosen.size() && one.target < chosen.size()) part.edges.push_back(one);
  }
  return part;
}

}  // namespace titrant::quantum
