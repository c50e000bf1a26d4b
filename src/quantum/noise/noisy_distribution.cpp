#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "lifetimes.hpp"
#include "pending_blocks.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"

namespace titrant::quantum {

namespace {

constexpr std::size_t max_bits = 64;
constexpr double impossible = 1e-15;                             // what rounding leaves of an outcome that cannot occur
constexpr std::size_t max_coefficients = std::size_t{1} << 25U;  // of all matrices together: 256 MiB

/// One matrix for each value of the recorded bits that still matters, its trace the probability of that value. All have
/// the same qubits.
class Branches {
 public:
  Branches(const Input& input, const Circuit& circuit)
      : pending_(circuit.qubits(),
                 [this](const Eigen::MatrixXd& transfer, std::span<const std::size_t> qubits) {
                   const std::vector<std::size_t> places = places_of(qubits);
                   for (auto& [bits, rho] : matrices_) rho.apply_transfer(transfer, places);
                 }),
        held_(circuit.amplitude_qubits()) {
    if (held_.empty()) {
      matrices_.emplace(0, DensityMatrix(std::size_t{0}));
    } else {
      const std::vector<std::complex<double>> amplitudes(input.amplitudes.begin(), input.amplitudes.end());
      matrices_.emplace(0, DensityMatrix(amplitudes));
    }
  }

  /// Sees to it that these qubits are held; one that is not is in |0>.
  void hold(std::span<const std::size_t> qubits) {
    for (const std::size_t qubit : qubits) {
      if (holds(qubit)) continue;
      check_size(4 * matrices_.size() * matrices_.begin()->second.coefficients().size());
      for (auto& [bits, rho] : matrices_) rho.prepend_qubit();
      held_.insert(held_.begin(), qubit);
    }
  }

  bool holds(std::size_t qubit) const { return std::find(held_.begin(), held_.end(), qubit) != held_.end(); }

  void trace_out(std::size_t qubit) {
    if (!holds(qubit)) return;
    pending_.flush(qubit);
    const std::size_t place = places_of({&qubit, 1})[0];
    for (auto& [bits, rho] : matrices_) rho = rho.without(place);
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(place));
  }

  void apply(const Eigen::MatrixXd& transfer, std::span<const std::size_t> qubits,
             const Circuit::Conditions& conditions) {
    if (conditions.empty()) {
      pending_.add(transfer, qubits);
      return;
    }
    for (const std::size_t qubit : qubits) pending_.flush(qubit);
    const std::vector<std::size_t> places = places_of(qubits);
    for (auto& [bits, rho] : matrices_) {
      if (met(conditions, bits)) rho.apply_transfer(transfer, places);
    }
  }

  /// Measures; the qubit is traced out besides where it `leaves`. Only `kept` bits are told apart afterwards.
  void measure(const Operation& operation, const ReadoutError& error, bool leaves, std::uint64_t kept) {
    const std::size_t qubit = operation.qubits[0];
    pending_.flush(qubit);
    const std::size_t place = places_of({&qubit, 1})[0];
    const std::uint64_t bit = std::uint64_t{1} << operation.bit;
    std::map<std::uint64_t, DensityMatrix> next;
    const auto add = [&](std::uint64_t bits, DensityMatrix&& rho) {
      const auto [found, fresh] = next.try_emplace(bits & kept, std::move(rho));
      if (!fresh) found->second += rho;
      check_size(next.size() * found->second.coefficients().size());
    };
    while (!matrices_.empty()) {
      const auto node = matrices_.extract(matrices_.begin());
      const DensityMatrix& rho = node.mapped();
      if (!met(operation.conditions, node.key())) {
        add(node.key(), leaves ? rho.without(place) : DensityMatrix(rho));
        continue;
      }
      for (const bool record : {false, true}) {
        const double zero = record ? error.one_given_zero : 1.0 - error.one_given_zero;
        const double one = record ? 1.0 - error.zero_given_one : error.zero_given_one;
        DensityMatrix part = leaves ? rho.without(place, zero, one) : rho;
        if (!leaves) part.measure(place, zero, one);
        if (part.trace() < impossible * rho.trace()) continue;
        add(record ? node.key() | bit : node.key() & ~bit, std::move(part));
      }
    }
    matrices_ = std::move(next);
    if (leaves) held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(place));
  }

  std::vector<Outcome> outcomes() const {
    std::vector<Outcome> result;
    for (const auto& [bits, rho] : matrices_) result.push_back({bits, rho.trace()});
    return result;
  }

 private:
  static bool met(const Circuit::Conditions& conditions, std::uint64_t bits) {
    return std::all_of(conditions.begin(), conditions.end(), [bits](const Operation::Condition& condition) {
      return (((bits >> condition.bit) & 1U) != 0U) == condition.value;
    });
  }

  static void check_size(std::size_t coefficients) {
    if (coefficients > max_coefficients) {
      throw ConfigError(
          fmt::format("noisy distribution: more qubits and measured bits at a time than fit in {} MiB; measure or "
                      "discard qubits earlier, or use trajectories",
                      max_coefficients * sizeof(double) >> 20U));
    }
  }

  std::vector<std::size_t> places_of(std::span<const std::size_t> qubits) const {
    std::vector<std::size_t> places;
    for (const std::size_t qubit : qubits) {
      const auto found = std::find(held_.begin(), held_.end(), qubit);
      TITRANT_EXPECTS(found != held_.end());
      places.push_back(static_cast<std::size_t>(found - held_.begin()));
    }
    return places;
  }

  std::map<std::uint64_t, DensityMatrix> matrices_;
  PendingBlocks pending_;
  std::vector<std::size_t> held_;  ///< the circuit's number of each qubit of the matrices
};

/// Channels are few and gates many: each transfer matrix is made once.
class Transfers {
 public:
  const Eigen::MatrixXd& of(const Channel* channel) {
    const auto [found, fresh] = known_.try_emplace(channel);
    if (fresh) found->second = pauli_transfer(*channel);
    return found->second;
  }

 private:
  std::unordered_map<const Channel*, Eigen::MatrixXd> known_;
};

Eigen::MatrixXd reset_transfer() {
  Eigen::MatrixXd transfer = Eigen::MatrixXd::Zero(4, 4);
  transfer(0, 0) = transfer(3, 0) = 1.0;
  return transfer;
}

}  // namespace

std::vector<Outcome> noisy_distribution(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                                        const NoiseModel& noise) {
  if (circuit.bits() > max_bits)
    throw ConfigError(fmt::format("{} classical bits; outcomes are listed for at most {}", circuit.bits(), max_bits));
  check_input(circuit, parameters, input);
  const Lifetimes plan = lifetimes(circuit);
  Branches branches(input, circuit);
  Transfers transfers;
  for (const std::size_t qubit : circuit.amplitude_qubits()) {
    if (!plan.needed_at_start[qubit]) branches.trace_out(qubit);
  }
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    const Operation& operation = circuit.operations()[k];
    const Lifetimes::Step& step = plan.steps[k];
    const std::vector<NoiseModel::Applied> channels = noise.after(operation);  // refuses what cannot be carried out
    if (!step.matters) continue;
    if (operation.kind == Operation::Kind::reset) {
      // A qubit that is surely reset has left after its last use before; it comes back in |0>.
      if (branches.holds(operation.qubits[0])) branches.apply(reset_transfer(), operation.qubits, operation.conditions);
      continue;
    }
    branches.hold(operation.qubits);
    if (operation.kind == Operation::Kind::measure) {
      branches.measure(operation, noise.readout(operation.qubits[0]), !step.leaving.empty(), step.bits);
      continue;
    }
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle_value(angle, parameters, input.features));
    branches.apply(pauli_transfer(gate_matrix(operation.gate, angles)), operation.qubits, operation.conditions);
    for (const NoiseModel::Applied& applied : channels)
      branches.apply(transfers.of(applied.channel), applied.qubits, operation.conditions);
    for (const std::size_t qubit : step.leaving) branches.trace_out(qubit);
  }
  return branches.outcomes();
}

}  // namespace titrant::quantum
