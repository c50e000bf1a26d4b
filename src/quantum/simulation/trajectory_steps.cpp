#include "trajectory_steps.hpp"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "steps.hpp"

namespace titrant::quantum {

namespace {

using Kind = TrajectoryStep::Kind;

constexpr double frequent_from = 0.25;

NoiseSite site_of(const NoiseModel::Applied& applied) {
  NoiseSite site;
  site.qubits = applied.qubits;
  const std::vector<Matrix>& kraus = applied.channel->kraus;
  const auto smallest = [](const Matrix& k) { return Eigen::JacobiSVD<Matrix>(k).singularValues().minCoeff(); };
  std::size_t usual = 0;
  double certain = -1.0;
  for (std::size_t k = 0; k < kraus.size(); ++k) {
    const double least = smallest(kraus[k]);
    if (least * least > certain) {
      certain = least * least;
      usual = k;
    }
  }
  site.usual = kraus[usual];
  const Matrix scalar = site.usual(0, 0) * Matrix::Identity(site.usual.rows(), site.usual.cols());
  site.usual_is_scalar = (site.usual - scalar).cwiseAbs().maxCoeff() < 1e-15;
  for (std::size_t k = 0; k < kraus.size(); ++k)
    if (k != usual) site.events.push_back(kraus[k]);
  if (const auto mixture = as_unitary_mixture(*applied.channel); mixture && mixture->unitary.size() == kraus.size()) {
    site.fixed = true;
    double sum = 0.0;
    for (std::size_t k = 0; k < kraus.size(); ++k)
      if (k != usual) sum += mixture->probability[k];
    for (std::size_t k = 0; k < kraus.size(); ++k)
      if (k != usual) site.event_share.push_back(mixture->probability[k] / sum);
    site.candidate = sum;
  } else {
    site.candidate = std::clamp(1.0 - certain, 0.0, 1.0);
  }
  site.frequent = site.candidate > frequent_from;
  return site;
}

/// Whether a matrix on several qubits maps values of the qubit at `place` to values, one to one: then its 0 and 1 never
/// meet again.
bool keeps_apart(const Matrix& matrix, std::size_t place, std::size_t qubits) {
  const std::size_t mask = std::size_t{1} << (qubits - 1 - place);
  bool block[2][2] = {{false, false}, {false, false}};
  for (Eigen::Index r = 0; r < matrix.rows(); ++r)
    for (Eigen::Index c = 0; c < matrix.cols(); ++c)
      if (matrix(r, c) != 0.0)
        block[(static_cast<std::size_t>(r) & mask) != 0 ? 1 : 0][(static_cast<std::size_t>(c) & mask) != 0 ? 1 : 0] =
            true;
  const bool straight = block[0][0] || block[1][1];
  const bool crossed = block[0][1] || block[1][0];
  return !(straight && crossed);
}

class Compilation {
 public:
  Compilation(const Circuit& circuit, std::span<const double> parameters, std::span<const double> features,
              const NoiseModel* noise)
      : circuit_(circuit), noise_(noise), terminal_(terminal_measurements(circuit)) {
    for (std::size_t k = 0; k < circuit.operations().size(); ++k) add(k, parameters, features);
  }

  TrajectoryProgram run() {
    forget_classical_qubits();
    join_gates();
    add_hazards();
    return std::move(program_);
  }

 private:
  void add(std::size_t place, std::span<const double> parameters, std::span<const double> features) {
    const Operation& operation = circuit_.operations()[place];
    TrajectoryStep step;
    step.qubits = operation.qubits;
    step.conditions = operation.conditions;
    const ReadoutError readout = noise_ != nullptr && operation.kind == Operation::Kind::measure
                                     ? noise_->readout(operation.qubits[0])
                                     : ReadoutError{};
    switch (operation.kind) {
      case Operation::Kind::gate:
        step.matrix = matrix_of(operation, parameters, features);
        break;
      case Operation::Kind::measure:
        if (terminal_[place]) {
          program_.terminal.push_back({operation.qubits[0], operation.bit, readout});
          return;
        }
        step.kind = Kind::measure;
        step.bit = operation.bit;
        step.readout = readout;
        break;
      case Operation::Kind::reset:
        step.kind = Kind::reset;
        break;
      case Operation::Kind::discard:
      case Operation::Kind::barrier:
        return;
    }
    program_.steps.push_back(std::move(step));
    if (noise_ == nullptr) return;
    for (const NoiseModel::Applied& applied : noise_->after(operation)) {
      TrajectoryStep noisy;
      noisy.kind = Kind::noise;
      noisy.qubits = applied.qubits;
      noisy.conditions = operation.conditions;
      noisy.site = program_.sites.size();
      program_.sites.push_back(site_of(applied));
      program_.steps.push_back(std::move(noisy));
    }
  }

  bool leaves_apart(const TrajectoryStep& step, std::size_t qubit) const {
    const auto found = std::find(step.qubits.begin(), step.qubits.end(), qubit);
    if (found == step.qubits.end() || step.kind == Kind::measure || step.kind == Kind::forget) return true;
    if (step.kind == Kind::reset) return false;
    const auto place = static_cast<std::size_t>(found - step.qubits.begin());
    const auto apart = [&](const Matrix& matrix) { return keeps_apart(matrix, place, step.qubits.size()); };
    if (step.kind == Kind::gate) return apart(step.matrix);
    const NoiseSite& site = program_.sites[step.site];
    return apart(site.usual) && std::all_of(site.events.begin(), site.events.end(), apart);
  }

  void forget_classical_qubits() {
    std::vector<std::size_t> after(circuit_.qubits(), 0);  // from this step on a qubit is classical
    std::vector<bool> settled(circuit_.qubits(), false);
    for (std::size_t k = program_.steps.size(); k-- > 0;) {
      for (const std::size_t qubit : program_.steps[k].qubits) {
        if (settled[qubit] || leaves_apart(program_.steps[k], qubit)) continue;
        settled[qubit] = true;
        after[qubit] = k + 1;
      }
    }
    std::vector<TrajectoryStep> steps;
    for (std::size_t k = 0; k <= program_.steps.size(); ++k) {
      for (std::size_t qubit = 0; qubit < circuit_.qubits(); ++qubit) {
        // Qubits in use at once alone are worth it: where nothing follows, terminal measurements read them off.
        if (after[qubit] != k || !used_from(k, qubit)) continue;
        TrajectoryStep forget;
        forget.kind = Kind::forget;
        forget.qubits = {qubit};
        steps.push_back(std::move(forget));
      }
      if (k < program_.steps.size()) steps.push_back(program_.steps[k]);
    }
    program_.steps = std::move(steps);
  }

  bool used_from(std::size_t step, std::size_t qubit) const {
    return std::any_of(program_.steps.begin() + static_cast<std::ptrdiff_t>(step), program_.steps.end(),
                       [qubit](const TrajectoryStep& later) {
                         return later.kind != Kind::measure &&
                                std::find(later.qubits.begin(), later.qubits.end(), qubit) != later.qubits.end();
                       });
  }

  /// Multiplies gates that follow each other on the same qubits, with nothing else on these qubits between them.
  void join_gates() {
    std::vector<TrajectoryStep> joined;
    std::vector<std::optional<std::size_t>> last(circuit_.qubits());  // the last step on a qubit
    for (TrajectoryStep& step : program_.steps) {
      if (plain(step) && step.qubits.size() == 1) {
        const auto before = last[step.qubits[0]];
        if (before && plain(joined[*before]) && (joined[*before].qubits.size() == 1 || dense(joined[*before].matrix))) {
          joined[*before].matrix =
              widened(step.matrix, step.qubits[0], joined[*before].qubits) * joined[*before].matrix;
          continue;
        }
      }
      if (plain(step) && step.qubits.size() == 2) {
        if (const auto before = last[step.qubits[0]];
            before && before == last[step.qubits[1]] && plain(joined[*before]) && joined[*before].qubits.size() == 2) {
          joined[*before].matrix = step.matrix * in_order(joined[*before], step.qubits);
          joined[*before].qubits = step.qubits;
          continue;
        }
        for (const std::size_t qubit : step.qubits) {
          const auto before = last[qubit];
          if (!before || !plain(joined[*before]) || joined[*before].qubits.size() != 1 || !dense(step.matrix)) continue;
          step.matrix = step.matrix * widened(joined[*before].matrix, qubit, step.qubits);
          joined[*before].matrix = Matrix();
        }
      }
      for (const std::size_t qubit : step.qubits) last[qubit] = joined.size();
      joined.push_back(std::move(step));
    }
    std::erase_if(joined,
                  [](const TrajectoryStep& step) { return step.kind == Kind::gate && step.matrix.size() == 0; });
    program_.steps = std::move(joined);
  }

  static bool plain(const TrajectoryStep& step) {
    return step.kind == Kind::gate && step.conditions.empty() && step.matrix.size() != 0;
  }

  /// More than one number in a row: as costly as any matrix, so that another factor comes for nothing.
  static bool dense(const Matrix& matrix) {
    for (Eigen::Index r = 0; r < matrix.rows(); ++r)
      if ((matrix.row(r).array() != 0.0).count() > 1) return true;
    return false;
  }

  /// A matrix on one of these qubits as one on all of them.
  static Matrix widened(const Matrix& single, std::size_t qubit, const std::vector<std::size_t>& qubits) {
    if (qubits.size() == 1) return single;
    const bool first = qubits[0] == qubit;
    Matrix wide = Matrix::Zero(4, 4);
    for (Eigen::Index r = 0; r < 2; ++r)
      for (Eigen::Index c = 0; c < 2; ++c)
        for (Eigen::Index other = 0; other < 2; ++other)
          wide(first ? 2 * r + other : 2 * other + r, first ? 2 * c + other : 2 * other + c) = single(r, c);
    return wide;
  }

  static Matrix in_order(const TrajectoryStep& step, const std::vector<std::size_t>& qubits) {
    if (step.qubits == qubits) return step.matrix;
    Matrix swapped = step.matrix;
    swapped.row(1).swap(swapped.row(2));
    swapped.col(1).swap(swapped.col(2));
    return swapped;
  }

  void add_hazards() {
    double hazard = 0.0;
    for (NoiseSite& site : program_.sites) {
      if (!site.frequent) hazard -= std::log1p(-site.candidate);
      site.hazard = hazard;
    }
  }

  const Circuit& circuit_;
  const NoiseModel* noise_;
  std::vector<bool> terminal_;
  TrajectoryProgram program_;
};

}  // namespace

TrajectoryProgram trajectory_program(const Circuit& circuit, std::span<const double> parameters,
                                     std::span<const double> features, const NoiseModel* noise) {
  return Compilation(circuit, parameters, features, noise).run();
}

}  // namespace titrant::quantum
