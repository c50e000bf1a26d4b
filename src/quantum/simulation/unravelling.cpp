#include "unravelling.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "steps.hpp"

namespace titrant::quantum {

namespace {

/// Whether a matrix on several qubits maps values of the qubit at `place` to values, one to one: then its 0 and 1 never
/// meet again.
bool keeps_apart(const Matrix& matrix, std::size_t place, std::size_t qubits) {
  const std::size_t shift = qubits - 1 - place;
  std::array<bool, 2> found{};  // [row and column differ in this qubit]
  for (Eigen::Index c = 0; c < matrix.cols(); ++c)
    for (Eigen::Index r = 0; r < matrix.rows(); ++r)
      if (matrix(r, c) != 0.0) found.at((static_cast<std::size_t>(r ^ c) >> shift) & 1U) = true;
  return !(found[0] && found[1]);
}

class Unraveller {
 public:
  Unraveller(const Circuit& circuit, const NoiseModel* noise) : circuit_(circuit), noise_(noise) {}

  Unravelling run(std::span<const double> parameters, std::span<const double> features, ClassicalQubits classical) {
    const std::vector<bool> terminal = terminal_measurements(circuit_);
    for (std::size_t k = 0; k < circuit_.operations().size(); ++k) {
      const Operation& operation = circuit_.operations()[k];
      if (operation.kind == Operation::Kind::discard || operation.kind == Operation::Kind::barrier) continue;
      if (terminal[k]) {
        result_.terminal.push_back({operation.qubits[0], operation.bit, readout(operation.qubits[0])});
      } else {
        add(operation, parameters, features);
      }
    }
    if (classical == ClassicalQubits::forgotten) forget_classical_qubits();
    return std::move(result_);
  }

 private:
  ReadoutError readout(std::size_t qubit) const { return noise_ == nullptr ? ReadoutError{} : noise_->readout(qubit); }

  void add(const Operation& operation, std::span<const double> parameters, std::span<const double> features) {
    UnravelledStep step;
    step.qubits = operation.qubits;
    step.conditions = operation.conditions;
    if (operation.kind == Operation::Kind::gate) {
      step.matrix = matrix_of(operation, parameters, features);
    } else if (operation.kind == Operation::Kind::measure) {
      step.kind = UnravelledStep::Kind::measure;
      step.bit = operation.bit;
      step.readout = readout(operation.qubits[0]);
    } else {
      step.kind = UnravelledStep::Kind::reset;
    }
    result_.steps.push_back(std::move(step));
    if (noise_ == nullptr) return;
    for (const NoiseModel::Applied& applied : noise_->after(operation)) {
      UnravelledStep noisy;
      noisy.kind = UnravelledStep::Kind::noise;
      noisy.qubits = applied.qubits;
      noisy.conditions = operation.conditions;
      noisy.noise = number_of(*applied.channel);
      result_.steps.push_back(std::move(noisy));
    }
  }

  std::size_t number_of(const Channel& channel) {
    const auto [place, is_new] = numbers_.try_emplace(&channel, result_.noises.size());
    if (is_new) result_.noises.push_back(noise_events(channel));
    return place->second;
  }

  bool leaves_apart(const UnravelledStep& step, std::size_t qubit) const {
    if (step.kind == UnravelledStep::Kind::measure) return true;
    if (step.kind == UnravelledStep::Kind::reset) return false;
    const auto place =
        static_cast<std::size_t>(std::find(step.qubits.begin(), step.qubits.end(), qubit) - step.qubits.begin());
    const auto apart = [&](const Matrix& matrix) { return keeps_apart(matrix, place, step.qubits.size()); };
    if (step.kind == UnravelledStep::Kind::gate) return apart(step.matrix);
    const NoiseEvents& noise = result_.noises[step.noise];
    return apart(noise.usual) && std::all_of(noise.events.begin(), noise.events.end(), apart);
  }

  void forget_classical_qubits() {
    std::vector<std::size_t> after(circuit_.qubits(), 0);  // from this step on a qubit is classical
    std::vector<bool> settled(circuit_.qubits(), false);
    std::vector<bool> used(circuit_.qubits(), false);  // from there on, by anything but measurements
    for (std::size_t k = result_.steps.size(); k-- > 0;) {
      for (const std::size_t qubit : result_.steps[k].qubits) {
        if (settled[qubit]) continue;
        if (leaves_apart(result_.steps[k], qubit)) {
          used[qubit] = used[qubit] || result_.steps[k].kind != UnravelledStep::Kind::measure;
        } else {
          settled[qubit] = true;
          after[qubit] = k + 1;
        }
      }
    }
    std::vector<UnravelledStep> steps;
    steps.reserve(result_.steps.size() + circuit_.qubits());
    for (std::size_t k = 0; k <= result_.steps.size(); ++k) {
      for (std::size_t qubit = 0; qubit < circuit_.qubits(); ++qubit) {
        // Where nothing but measurements follows, these read the qubit themselves.
        if (after[qubit] != k || !used[qubit]) continue;
        UnravelledStep forget;
        forget.kind = UnravelledStep::Kind::forget;
        forget.qubits = {qubit};
        steps.push_back(std::move(forget));
      }
      if (k < result_.steps.size()) steps.push_back(std::move(result_.steps[k]));
    }
    result_.steps = std::move(steps);
  }

  const Circuit& circuit_;
  const NoiseModel* noise_;
  std::map<const Channel*, std::size_t> numbers_;
  Unravelling result_;
};

}  // namespace

Unravelling unravel(const Circuit& circuit, std::span<const double> parameters, std::span<const double> features,
                    const NoiseModel* noise, ClassicalQubits classical) {
  return Unraveller(circuit, noise).run(parameters, features, classical);
}

}  // namespace titrant::quantum
