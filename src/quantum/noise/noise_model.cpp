#include "titrant/quantum/noise/noise_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/quantum/device/device.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

/// Gates of one qubit that only turn the frame in which later ones are played.
bool is_virtual(GateKind gate) {
  switch (gate) {
    case GateKind::z:
    case GateKind::s:
    case GateKind::sdg:
    case GateKind::t:
    case GateKind::tdg:
    case GateKind::rz:
    case GateKind::p:
      return true;
    default:
      return false;
  }
}

bool is_identity(const Channel& channel) {
  if (channel.kraus.size() != 1) return false;
  const Matrix& only = channel.kraus[0];
  return (only - Matrix::Identity(only.rows(), only.cols())).cwiseAbs().maxCoeff() == 0.0;
}

/// Depolarising, then relaxation, such that the average gate error of both together is the reported one. Depolarising
/// with probability p scales Tr of the entanglement fidelity: F_e = (1 - p) F_e(relaxation) + p / 4^k.
Channel with_total_error(const Channel& relaxation, double error) {
  const double dimension = std::ldexp(1.0, static_cast<int>(relaxation.qubits));
  const auto entanglement = [dimension](double average) { return (average * (dimension + 1.0) - 1.0) / dimension; };
  const double relaxed = entanglement(average_gate_fidelity(relaxation));
  const double wanted = entanglement(1.0 - error);
  if (relaxed <= wanted) return relaxation;
  const double mixed = 1.0 / (dimension * dimension);
  const double probability = (relaxed - wanted) / (relaxed - mixed);
  const double largest = dimension * dimension / (dimension * dimension - 1.0);
  if (!(probability <= largest))
    throw ConfigError(fmt::format("noise: a gate error of {} is more than any depolarising explains", error));
  return compose(depolarising(probability, relaxation.qubits), relaxation);
}

template <class Items, class Figure>
double median(const Items& items, Figure figure) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(figure(item));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Channel relaxation(const Device::Qubit& qubit, double nanoseconds) {
  return thermal_relaxation(qubit.t1, std::min(qubit.t2, 2.0 * qubit.t1), nanoseconds * 1e-3);
}

}  // namespace

/// What `after` looks up: by qubits where they differ, else one entry for all.
struct NoiseModel::Content {
  bool device = false;
  std::map<std::vector<std::size_t>, Channel> two_qubit;  ///< device: by (control, target)
  std::vector<std::array<Channel, 2>> one_qubit;          ///< device: [qubit]{sx, x}
  std::vector<Channel> reset;                             ///< device: [qubit]
  std::map<std::vector<std::size_t>, bool> dead;          ///< device: couplings that must not be used
  std::vector<ReadoutError> readout;                      ///< [qubit], or one for all
  std::vector<Channel> all_one_qubit;                     ///< uniform: one or none
  std::vector<Channel> all_two_qubit;
  bool trivial = true;
};

NoiseModel::NoiseModel() : content_(std::make_shared<const Content>()) {}

NoiseModel::NoiseModel(const UniformNoise& uniform) {
  if (!(uniform.readout >= 0.0 && uniform.readout <= 1.0))
    throw ConfigError(fmt::format("noise: readout error {} is outside of 0 .. 1", uniform.readout));
  if (!(uniform.one_qubit <= 1.0 && uniform.two_qubit <= 1.0))
    throw ConfigError("noise: depolarising probabilities lie in 0 .. 1");
  auto content = std::make_shared<Content>();
  const bool relaxes = std::isfinite(uniform.t1) || std::isfinite(uniform.t2);
  const double t2 = std::min(uniform.t2, 2.0 * uniform.t1);
  const auto relaxation = [&](double nanoseconds) {
    return relaxes ? thermal_relaxation(uniform.t1, t2, nanoseconds * 1e-3) : Channel{1, {Matrix::Identity(2, 2)}};
  };
  const Channel one = relaxation(uniform.one_qubit_duration);
  const Channel two = relaxation(uniform.two_qubit_duration);
  const Channel single = compose(depolarising(uniform.one_qubit, 1), one);
  const Channel pair = compose(depolarising(uniform.two_qubit, 2), tensor(two, two));
  if (!is_identity(single)) content->all_one_qubit.push_back(single);
  if (!is_identity(pair)) content->all_two_qubit.push_back(pair);
  content->readout.push_back({uniform.readout, uniform.readout});
  content->trivial = content->all_one_qubit.empty() && content->all_two_qubit.empty() && uniform.readout == 0.0;
  content_ = std::move(content);
}

NoiseModel::NoiseModel(const Device& device) {
  auto content = std::make_shared<Content>();
  content->device = true;
  content->trivial = false;
  for (const Device::Qubit& qubit : device.qubits) {
    const Channel gate = relaxation(qubit, qubit.one_qubit_duration);
    content->one_qubit.push_back({with_total_error(gate, qubit.sx_error), with_total_error(gate, qubit.x_error)});
    content->reset.push_back(relaxation(qubit, qubit.reset_duration));
    content->readout.push_back({qubit.one_given_zero, qubit.zero_given_one});
  }
  for (const Device::Edge& edge : device.edges) {
    const std::vector<std::size_t> pair = {edge.control, edge.target};
    if (edge.dead) {
      content->dead[pair] = true;
      continue;
    }
    const Channel relaxed = tensor(relaxation(device.qubits.at(edge.control), edge.duration),
                                   relaxation(device.qubits.at(edge.target), edge.duration));
    content->two_qubit.emplace(pair, with_total_error(relaxed, edge.error));
  }
  content_ = std::move(content);
}

NoiseModel NoiseModel::typical(const Device& device) {
  std::vector<Device::Edge> live;
  std::copy_if(device.edges.begin(), device.edges.end(), std::back_inserter(live),
               [](const Device::Edge& edge) { return !edge.dead; });
  if (live.empty()) throw ConfigError(fmt::format("noise: device {} has no coupling that works", device.name));
  using Qubit = Device::Qubit;
  Qubit qubit;
  for (double Qubit::*const figure : {&Qubit::t1, &Qubit::t2, &Qubit::one_given_zero, &Qubit::zero_given_one,
                                      &Qubit::sx_error, &Qubit::one_qubit_duration})
    qubit.*figure = median(device.qubits, [figure](const Qubit& one) { return one.*figure; });
  const double error = median(live, [](const Device::Edge& edge) { return edge.error; });
  const double duration = median(live, [](const Device::Edge& edge) { return edge.duration; });

  auto content = std::make_shared<Content>();
  const Channel sx = with_total_error(relaxation(qubit, qubit.one_qubit_duration), qubit.sx_error);
  const Channel idle = relaxation(qubit, duration);
  content->all_one_qubit.push_back(compose(sx, sx));
  content->all_two_qubit.push_back(with_total_error(tensor(idle, idle), error));
  content->readout.push_back({qubit.one_given_zero, qubit.zero_given_one});
  content->trivial = false;
  NoiseModel model;
  model.content_ = std::move(content);
  return model;
}

std::vector<NoiseModel::Applied> NoiseModel::after(const Operation& operation) const {
  const Content& noise = *content_;
  const std::vector<std::size_t>& qubits = operation.qubits;
  if (operation.kind != Operation::Kind::gate && operation.kind != Operation::Kind::reset) return {};
  if (!noise.device) {
    if (operation.kind == Operation::Kind::reset || (noise.all_one_qubit.empty() && noise.all_two_qubit.empty()))
      return {};
    if (qubits.size() > 2) {
      throw ConfigError(fmt::format("noise: gate {} acts on {} qubits, whose noise nobody knows; decompose it first",
                                    gate_name(operation.gate), qubits.size()));
    }
    if (qubits.size() == 1 && is_virtual(operation.gate)) return {};
    const std::vector<Channel>& channel = qubits.size() == 1 ? noise.all_one_qubit : noise.all_two_qubit;
    if (channel.empty()) return {};
    return {{&channel[0], qubits}};
  }

  for (const std::size_t qubit : qubits) {
    if (qubit >= noise.one_qubit.size())
      throw ConfigError(fmt::format("noise: qubit {} of a device of {}", qubit, noise.one_qubit.size()));
  }
  if (operation.kind == Operation::Kind::reset) {
    const Channel& channel = noise.reset[qubits[0]];
    if (is_identity(channel)) return {};
    return {{&channel, qubits}};
  }
  switch (operation.gate) {
    case GateKind::rz:
      return {};
    case GateKind::sx:
    case GateKind::x: {
      const Channel& channel = noise.one_qubit[qubits[0]][operation.gate == GateKind::sx ? 0 : 1];
      if (is_identity(channel)) return {};
      return {{&channel, qubits}};
    }
    case GateKind::ecr: {
      const auto found = noise.two_qubit.find(qubits);
      if (found != noise.two_qubit.end()) return {{&found->second, qubits}};
      const std::vector<std::size_t> reversed = {qubits[1], qubits[0]};
      if (noise.two_qubit.contains(reversed)) {
        throw ConfigError(fmt::format("noise: the device has ecr on {}, {} and not on {}, {}: route the circuit first",
                                      reversed[0], reversed[1], qubits[0], qubits[1]));
      }
      if (noise.dead.contains(qubits) || noise.dead.contains(reversed))
        throw ConfigError(fmt::format("noise: the coupling of qubits {} and {} is dead", qubits[0], qubits[1]));
      throw ConfigError(
          fmt::format("noise: qubits {} and {} are not coupled: route the circuit first", qubits[0], qubits[1]));
    }
    default:
      throw ConfigError(
          fmt::format("noise: gate {} is not native to the device (ecr, rz, sx, x): route the circuit first",
                      gate_name(operation.gate)));
  }
}

ReadoutError NoiseModel::readout(std::size_t qubit) const {
  if (content_->readout.empty()) return {};
  if (!content_->device) return content_->readout[0];
  if (qubit >= content_->readout.size())
    throw ConfigError(fmt::format("noise: qubit {} of a device of {}", qubit, content_->readout.size()));
  return content_->readout[qubit];
}

bool NoiseModel::trivial() const { return content_->trivial; }

}  // namespace titrant::quantum
