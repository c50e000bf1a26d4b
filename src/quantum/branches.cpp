#include "titrant/quantum/branches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr std::size_t max_bits = 64;
constexpr double impossible = 1e-15;  // what rounding leaves of an outcome that cannot occur

/// Depth first: at a measurement, one copy of the state goes each way.
class Walk {
 public:
  Walk(const Circuit& circuit, std::span<const double> parameters, const Input& input,
       const std::function<void(const Branch&)>& visit)
      : circuit_(circuit), parameters_(parameters), input_(input), visit_(visit) {}

  void from(std::size_t place, Branch branch) const {
    for (; place < circuit_.operations().size(); ++place) {
      const Operation& operation = circuit_.operations()[place];
      if (!holds(operation.conditions, branch.bits)) continue;
      if (operation.kind == Operation::Kind::gate) apply(operation, branch);
      if (operation.kind == Operation::Kind::measure || operation.kind == Operation::Kind::reset) {
        split(place, branch);
        return;
      }
    }
    visit_(branch);
  }

 private:
  static bool holds(const Circuit::Conditions& conditions, std::uint64_t bits) {
    return std::all_of(conditions.begin(), conditions.end(), [bits](const Operation::Condition& condition) {
      return (((bits >> condition.bit) & 1U) != 0U) == condition.value;
    });
  }

  void apply(const Operation& operation, Branch& branch) const {
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle_value(angle, parameters_, input_.features));
    branch.state.apply(gate_matrix(operation.gate, angles), operation.qubits);
  }

  void split(std::size_t place, const Branch& branch) const {
    const Operation& operation = circuit_.operations()[place];
    for (const bool outcome : {false, true}) {
      const double chance = branch.state.probability(operation.qubits[0], outcome);
      if (chance < impossible) continue;
      Branch next = branch;
      next.probability *= chance;
      next.state.collapse(operation.qubits[0], outcome);
      if (operation.kind == Operation::Kind::measure) {
        const std::uint64_t bit = std::uint64_t{1} << operation.bit;
        next.bits = outcome ? next.bits | bit : next.bits & ~bit;
      } else if (outcome) {
        next.state.apply(gate_matrix(GateKind::x, {}), operation.qubits);
      }
      from(place + 1, std::move(next));
    }
  }

  const Circuit& circuit_;
  std::span<const double> parameters_;
  const Input& input_;
  const std::function<void(const Branch&)>& visit_;
};

}  // namespace

void visit_branches(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                    const std::function<void(const Branch&)>& visit) {
  if (circuit.bits() > max_bits)
    throw ConfigError(fmt::format("{} classical bits; outcomes are listed for at most {}", circuit.bits(), max_bits));
  check_input(circuit, parameters, input);
  Branch start{0, 1.0, StateVector(circuit.qubits())};
  if (!circuit.amplitude_qubits().empty()) start.state.prepare(circuit.amplitude_qubits(), input.amplitudes);
  Walk(circuit, parameters, input, visit).from(0, std::move(start));
}

std::vector<Outcome> distribution(const Circuit& circuit, std::span<const double> parameters, const Input& input) {
  std::map<std::uint64_t, double> sums;
  visit_branches(circuit, parameters, input,
                 [&sums](const Branch& branch) { sums[branch.bits] += branch.probability; });
  std::vector<Outcome> outcomes;
  outcomes.reserve(sums.size());
  for (const auto& [bits, probability] : sums) outcomes.push_back({bits, probability});
  return outcomes;
}

std::string bit_string(std::uint64_t bits, std::size_t count) {
  std::string text;
  for (std::size_t bit = count; bit-- > 0;) text += ((bits >> bit) & 1U) != 0U ? '1' : '0';
  return text;
}

}  // namespace titrant::quantum
