#include "titrant/quantum/noise/noise_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "gate_noise.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
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

void check_readout(const ReadoutError& error, const std::string& where) {
  const auto valid = [](double probability) { return probability >= 0.0 && probability <= 1.0; };
  if (!valid(error.one_given_zero) || !valid(error.zero_given_one)) {
    throw ConfigError(fmt::format("noise: readout errors {} and {}{} lie outside of 0 .. 1", error.one_given_zero,
                                  error.zero_given_one, where));
  }
}

template <class Items, class Figure>
double median(const Items& items, Figure figure) {
  std::vector<double> values;
  values.reserve(items.size());
  for (const auto& item : items) values.push_back(figure(item));
  return core::upper_median(std::move(values));
}

}  // namespace

struct NoiseModel::Content {
  bool device = false;
  bool trivial = true;
  std::vector<ReadoutError> readout;  ///< device: [qubit]; uniform: one for all

  std::array<NoiseSteps, 2> uniform;  ///< of gates on one and on two qubits

  std::vector<std::string> refusal;                          ///< [qubit] why it cannot be used; empty: it can
  std::vector<std::array<DeviceGate, 2>> one_qubit;          ///< [qubit]{sx, x}
  std::map<std::vector<std::size_t>, DeviceGate> two_qubit;  ///< by control and target

  const NoiseSteps& after_uniform(const Operation& operation) const;
  const NoiseSteps& after_device(const Operation& operation) const;
  /// Throws where the device has no such qubit, or leaves it out.
  void expect_usable(std::size_t qubit) const;
};

void NoiseModel::Content::expect_usable(std::size_t qubit) const {
  if (qubit >= refusal.size())
    throw ConfigError(fmt::format("noise: qubit {} of a device of {}", qubit, refusal.size()));
  if (!refusal[qubit].empty()) throw ConfigError(refusal[qubit]);
}

NoiseModel::NoiseModel() : NoiseModel(UniformNoise{}) {}

NoiseModel::NoiseModel(const UniformNoise& uniform) {
  check_readout({uniform.readout, uniform.readout}, "");
  if (!(uniform.one_qubit <= 1.0 && uniform.two_qubit <= 1.0))
    throw ConfigError("noise: depolarising probabilities lie in 0 .. 1");
  const double t2 = std::isinf(uniform.t2) ? 2.0 * uniform.t1 : uniform.t2;
  const Channel one = thermal_relaxation(uniform.t1, t2, uniform.one_qubit_duration * us_per_ns);
  const Channel two = thermal_relaxation(uniform.t1, t2, uniform.two_qubit_duration * us_per_ns);
  auto content = std::make_shared<Content>();
  content->uniform = {noise_steps(uniform.one_qubit, {one}), noise_steps(uniform.two_qubit, {two, two})};
  content->readout.push_back({uniform.readout, uniform.readout});
  content->trivial = content->uniform[0].empty() && content->uniform[1].empty() && uniform.readout == 0.0;
  content_ = std::move(content);
}

NoiseModel::NoiseModel(const Device& device) {
  auto content = std::make_shared<Content>();
  content->device = true;
  content->trivial = false;
  for (std::size_t qubit = 0; qubit < device.qubits.size(); ++qubit) {
    const Device::Qubit& figures = device.qubits[qubit];
    const std::string where = fmt::format("qubit {} of device {}", qubit, device.name);
    content->refusal.push_back(
        figures.usable() ? "" : fmt::format("noise: {} is left out ({}): use other qubits", where, figures.left_out));
    if (!figures.usable()) {
      content->one_qubit.emplace_back();
      content->readout.emplace_back();
      continue;
    }
    const Channel relaxed = device_relaxation(figures, figures.one_qubit_duration, where);
    content->one_qubit.push_back({device_gate({relaxed}, figures.sx_error, fmt::format("sx on qubit {}", qubit)),
                                  device_gate({relaxed}, figures.x_error, fmt::format("x on qubit {}", qubit))});
    content->readout.push_back({figures.one_given_zero, figures.zero_given_one});
    check_readout(content->readout.back(), " of " + where);
  }
  for (const Device::Edge& edge : device.edges) {
    if (std::max(edge.control, edge.target) >= device.qubits.size()) {
      throw ConfigError(fmt::format("noise: device {} couples qubits {} and {} of {}", device.name, edge.control,
                                    edge.target, device.qubits.size()));
    }
    DeviceGate& gate = content->two_qubit[{edge.control, edge.target}];
    if (edge.dead) {
      gate.refusal =
          fmt::format("noise: the coupling of qubits {} and {} is dead: use other qubits", edge.control, edge.target);
      continue;
    }
    std::vector<Channel> relaxed;
    for (const std::size_t qubit : {edge.control, edge.target}) {
      relaxed.push_back(device_relaxation(device.qubits[qubit], edge.duration,
                                          fmt::format("qubit {} of device {}", qubit, device.name)));
    }
    gate = device_gate(relaxed, edge.error, fmt::format("ecr on qubits {} and {}", edge.control, edge.target));
  }
  content_ = std::move(content);
}

NoiseModel NoiseModel::typical(const Device& device) {
  std::vector<Device::Edge> live;
  std::copy_if(device.edges.begin(), device.edges.end(), std::back_inserter(live),
               [](const Device::Edge& edge) { return !edge.dead; });
  if (live.empty()) throw ConfigError(fmt::format("noise: device {} has no coupling that works", device.name));
  using Qubit = Device::Qubit;
  std::vector<Qubit> usable;
  std::copy_if(device.qubits.begin(), device.qubits.end(), std::back_inserter(usable),
               [](const Qubit& one) { return one.usable(); });
  Qubit qubit;
  for (double Qubit::*const figure : {&Qubit::t1, &Qubit::t2, &Qubit::one_given_zero, &Qubit::zero_given_one,
                                      &Qubit::sx_error, &Qubit::one_qubit_duration})
    qubit.*figure = median(usable, [figure](const Qubit& one) { return one.*figure; });
  const double error = median(live, [](const Device::Edge& edge) { return edge.error; });
  const double duration = median(live, [](const Device::Edge& edge) { return edge.duration; });

  const std::string where = "the median qubit of device " + device.name;
  const Channel idle = device_relaxation(qubit, duration, where);
  const DeviceGate sx =
      device_gate({device_relaxation(qubit, qubit.one_qubit_duration, where)}, qubit.sx_error, "sx on " + where);
  const DeviceGate ecr = device_gate({idle, idle}, error, "ecr on the median coupling of device " + device.name);
  for (const DeviceGate& gate : {sx, ecr}) {
    if (!gate.refusal.empty()) throw ConfigError(gate.refusal);
  }
  auto content = std::make_shared<Content>();
  content->uniform = {sx.steps, ecr.steps};
  content->uniform[0].insert(content->uniform[0].end(), sx.steps.begin(), sx.steps.end());
  content->readout.push_back({qubit.one_given_zero, qubit.zero_given_one});
  check_readout(content->readout[0], " of " + where);
  content->trivial = false;
  NoiseModel model;
  model.content_ = std::move(content);
  return model;
}

const NoiseSteps& NoiseModel::Content::after_uniform(const Operation& operation) const {
  static const NoiseSteps none;
  const std::size_t count = operation.qubits.size();
  if (uniform[0].empty() && uniform[1].empty()) return none;
  if (count > 2) {
    throw ConfigError(fmt::format("noise: gate {} acts on {} qubits, whose noise nobody knows: decompose it first",
                                  gate_name(operation.gate), count));
  }
  if (count == 1 && is_virtual(operation.gate)) return none;
  return uniform[count - 1];
}

const NoiseSteps& NoiseModel::Content::after_device(const Operation& operation) const {
  static const NoiseSteps none;
  const auto usable = [](const DeviceGate& gate) -> const NoiseSteps& {
    if (!gate.refusal.empty()) throw ConfigError(gate.refusal);
    return gate.steps;
  };
  const std::vector<std::size_t>& qubits = operation.qubits;
  switch (operation.gate) {
    case GateKind::rz:
      return none;
    case GateKind::sx:
      return usable(one_qubit[qubits[0]][0]);
    case GateKind::x:
      return usable(one_qubit[qubits[0]][1]);
    case GateKind::ecr: {
      const auto found = two_qubit.find(qubits);
      if (found != two_qubit.end()) return usable(found->second);
      const auto reversed = two_qubit.find({qubits[1], qubits[0]});
      if (reversed == two_qubit.end()) {
        throw ConfigError(
            fmt::format("noise: qubits {} and {} are not coupled: route the circuit first", qubits[0], qubits[1]));
      }
      usable(reversed->second);
      throw ConfigError(fmt::format("noise: the device has ecr on {}, {} and not on {}, {}: route the circuit first",
                                    qubits[1], qubits[0], qubits[0], qubits[1]));
    }
    default:
      throw ConfigError(
          fmt::format("noise: gate {} is not native to the device (ecr, rz, sx, x): route the circuit first",
                      gate_name(operation.gate)));
  }
}

std::vector<NoiseModel::Applied> NoiseModel::after(const Operation& operation) const {
  if (operation.kind != Operation::Kind::gate && operation.kind != Operation::Kind::reset) return {};
  if (content_->device) {
    for (const std::size_t qubit : operation.qubits) content_->expect_usable(qubit);
  }
  if (operation.kind == Operation::Kind::reset) return {};
  std::vector<Applied> applied;
  for (const NoiseStep& step :
       content_->device ? content_->after_device(operation) : content_->after_uniform(operation)) {
    std::vector<std::size_t> on;
    for (const std::size_t place : step.places) on.push_back(operation.qubits[place]);
    applied.push_back({&step.channel, std::move(on)});
  }
  return applied;
}

ReadoutError NoiseModel::readout(std::size_t qubit) const {
  if (!content_->device) return content_->readout[0];
  content_->expect_usable(qubit);
  return content_->readout[qubit];
}

bool NoiseModel::trivial() const { return content_->trivial; }

}  // namespace titrant::quantum
