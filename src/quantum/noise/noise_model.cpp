#include "titrant/quantum/noise/noise_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
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

/// Of the gates that are pulses on one qubit.
std::array<DeviceGate, 2> pulse_noise(const Device& device, std::size_t number, const std::string& where) {
  const Device::Qubit& qubit = device.qubits[number];
  const auto noise_of = [&](const GateFigures& gate, const char* name) {
    return device_gate({device_relaxation(qubit, gate.duration, where)}, gate.error,
                       fmt::format("{} on qubit {}", name, number));
  };
  switch (device.pulses) {
    case PulseBasis::u1_u2_u3:
      return {noise_of(qubit.u2, "u2"), noise_of(qubit.u3, "u3")};
    case PulseBasis::rx_rz:
      return {noise_of(qubit.rx, "rx"), noise_of(qubit.rx, "rx")};
    case PulseBasis::rz_sx_x:
      break;
  }
  return {noise_of({qubit.sx_error, qubit.one_qubit_duration}, "sx"),
          noise_of({qubit.x_error, qubit.one_qubit_duration}, "x")};
}

/// The median qubit of those that can be used, figure by figure.
Device::Qubit median_qubit(const Device& device) {
  using Qubit = Device::Qubit;
  std::vector<Qubit> usable;
  std::copy_if(device.qubits.begin(), device.qubits.end(), std::back_inserter(usable),
               [](const Qubit& one) { return one.usable(); });
  Qubit qubit;
  for (double Qubit::*const figure : {&Qubit::t1, &Qubit::t2, &Qubit::one_given_zero, &Qubit::zero_given_one,
                                      &Qubit::sx_error, &Qubit::one_qubit_duration})
    qubit.*figure = median(usable, [figure](const Qubit& one) { return one.*figure; });
  for (GateFigures Qubit::*const gate : {&Qubit::u2, &Qubit::u3, &Qubit::rx}) {
    for (double GateFigures::*const figure : {&GateFigures::error, &GateFigures::duration})
      qubit.*gate.*figure = median(usable, [&](const Qubit& one) { return one.*gate.*figure; });
  }
  return qubit;
}

}  // namespace

struct NoiseModel::Content {
  bool device = false;
  bool trivial = true;
  std::vector<ReadoutError> readout;  ///< device: [qubit]; uniform: one for all

  std::array<NoiseSteps, 2> uniform;  ///< of gates on one and on two qubits

  std::vector<std::string> refusal;  ///< [qubit] why it cannot be used; empty: it can
  PulseBasis pulses = PulseBasis::rz_sx_x;
  std::string native;                                ///< gates, for messages
  std::vector<std::array<DeviceGate, 2>> one_qubit;  ///< [qubit]{sx, x}, {u2, u3} or {rx, rx}
  /// Of one coupling, in one order of its qubits.
  struct PairNoise {
    GateKind gate = GateKind::ecr;
    bool forward = true;            ///< the gate acts in this order
    DeviceGate noise;               ///< of it
    std::optional<DeviceGate> rzz;  ///< besides
  };
  std::map<std::vector<std::size_t>, PairNoise> two_qubit;  ///< by first and second qubit, both orders

  const NoiseSteps& after_uniform(const Operation& operation) const;
  const NoiseSteps& after_device(const Operation& operation) const;
  const NoiseSteps& after_pair(const Operation& operation) const;
  [[noreturn]] void refuse_foreign(const Operation& operation) const;
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
    content->one_qubit.push_back(pulse_noise(device, qubit, where));
    content->readout.push_back({figures.one_given_zero, figures.zero_given_one});
    check_readout(content->readout.back(), " of " + where);
  }
  for (const Device::Edge& edge : device.edges) {
    if (std::max(edge.control, edge.target) >= device.qubits.size()) {
      throw ConfigError(fmt::format("noise: device {} couples qubits {} and {} of {}", device.name, edge.control,
                                    edge.target, device.qubits.size()));
    }
    for (const bool forward : {true, false}) {
      const std::size_t first = forward ? edge.control : edge.target;
      const std::size_t second = forward ? edge.target : edge.control;
      Content::PairNoise& pair = content->two_qubit[{first, second}];
      pair.gate = edge.gate;
      pair.forward = forward || edge.gate == GateKind::cz || edge.gate == GateKind::rzz;
      if (edge.dead) {
        pair.noise.refusal =
            fmt::format("noise: the coupling of qubits {} and {} is dead: use other qubits", edge.control, edge.target);
        continue;
      }
      const auto noise_of = [&](const GateFigures& figures, GateKind gate) {
        std::vector<Channel> relaxed;
        for (const std::size_t qubit : {first, second}) {
          relaxed.push_back(device_relaxation(device.qubits[qubit], figures.duration,
                                              fmt::format("qubit {} of device {}", qubit, device.name)));
        }
        return device_gate(relaxed, figures.error,
                           fmt::format("{} on qubits {} and {}", gate_name(gate), first, second));
      };
      pair.noise = noise_of({edge.error, edge.duration}, edge.gate);
      if (edge.rzz) pair.rzz = noise_of(*edge.rzz, GateKind::rzz);
    }
  }
  content->pulses = device.pulses;
  content->native = device.native_gates();
  content_ = std::move(content);
}

NoiseModel NoiseModel::typical(const Device& device) {
  std::vector<Device::Edge> live;
  std::copy_if(device.edges.begin(), device.edges.end(), std::back_inserter(live),
               [](const Device::Edge& edge) { return !edge.dead; });
  if (live.empty()) throw ConfigError(fmt::format("noise: device {} has no coupling that works", device.name));
  const Device::Qubit qubit = median_qubit(device);
  const double error = median(live, [](const Device::Edge& edge) { return edge.error; });
  const double duration = median(live, [](const Device::Edge& edge) { return edge.duration; });

  const std::string where = "the median qubit of device " + device.name;
  const Channel idle = device_relaxation(qubit, duration, where);
  // Of a gate that is no change of frame: two sx, one u3, one rx.
  const std::size_t times = device.pulses == PulseBasis::rz_sx_x ? 2 : 1;
  Device one = device;
  one.qubits = {qubit};
  const DeviceGate pulse = pulse_noise(one, 0, where)[device.pulses == PulseBasis::u1_u2_u3 ? 1 : 0];
  const DeviceGate pair = device_gate({idle, idle}, error, "the gate on the median coupling of device " + device.name);
  for (const DeviceGate& gate : {pulse, pair}) {
    if (!gate.refusal.empty()) throw ConfigError(gate.refusal);
  }
  auto content = std::make_shared<Content>();
  content->uniform[1] = pair.steps;
  for (std::size_t k = 0; k < times; ++k)
    content->uniform[0].insert(content->uniform[0].end(), pulse.steps.begin(), pulse.steps.end());
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

namespace {

const NoiseSteps& usable_steps(const DeviceGate& gate) {
  if (!gate.refusal.empty()) throw ConfigError(gate.refusal);
  return gate.steps;
}

}  // namespace

void NoiseModel::Content::refuse_foreign(const Operation& operation) const {
  throw ConfigError(fmt::format("noise: gate {} is not native to the device ({}): route the circuit first",
                                gate_name(operation.gate), native));
}

const NoiseSteps& NoiseModel::Content::after_device(const Operation& operation) const {
  static const NoiseSteps none;
  if (operation.qubits.size() > 2) refuse_foreign(operation);
  if (operation.qubits.size() == 2) return after_pair(operation);
  const GateKind gate = operation.gate;
  const std::array<DeviceGate, 2>& own = one_qubit[operation.qubits[0]];
  switch (pulses) {
    case PulseBasis::u1_u2_u3:
      if (gate == GateKind::p) return none;
      if (gate == GateKind::u) return usable_steps(own[is_u2(operation) ? 0 : 1]);
      break;
    case PulseBasis::rx_rz:
      if (gate == GateKind::rz) return none;
      if (gate == GateKind::rx) return usable_steps(own[0]);
      break;
    case PulseBasis::rz_sx_x:
      if (gate == GateKind::rz) return none;
      if (gate == GateKind::sx) return usable_steps(own[0]);
      if (gate == GateKind::x) return usable_steps(own[1]);
      break;
  }
  refuse_foreign(operation);
}

const NoiseSteps& NoiseModel::Content::after_pair(const Operation& operation) const {
  const bool rotation = operation.gate == GateKind::rzz;
  const bool entangles =
      rotation || operation.gate == GateKind::cx || operation.gate == GateKind::cz || operation.gate == GateKind::ecr;
  if (!entangles) refuse_foreign(operation);
  const std::size_t first = operation.qubits[0];
  const std::size_t second = operation.qubits[1];
  const auto found = two_qubit.find(operation.qubits);
  if (found == two_qubit.end())
    throw ConfigError(fmt::format("noise: qubits {} and {} are not coupled: route the circuit first", first, second));
  const PairNoise& pair = found->second;
  usable_steps(pair.noise);
  if (rotation && pair.rzz) {
    if (!is_native_rzz(operation))
      throw ConfigError(
          fmt::format("noise: the device has rzz for angles in 0 .. pi/2 alone, and {:g} is outside: route the circuit "
                      "first",
                      operation.angles.at(0).value));
    return usable_steps(*pair.rzz);
  }
  if (operation.gate != pair.gate)
    throw ConfigError(fmt::format("noise: qubits {} and {} are coupled by {} and not by {}: route the circuit first",
                                  first, second, gate_name(pair.gate), gate_name(operation.gate)));
  if (!pair.forward)
    throw ConfigError(fmt::format("noise: the device has {} on {}, {} and not on {}, {}: route the circuit first",
                                  gate_name(pair.gate), second, first, first, second));
  return pair.noise.steps;
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
