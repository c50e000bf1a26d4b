#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "calibration_couplings.hpp"
#include "calibration_notes.hpp"
#include "device_formats.hpp"

/// \file
/// The rules by which a calibration becomes a Device: a table of them stands in this folder's README.

namespace titrant::quantum {

namespace {

/// The first reason stays.
void leave_out(Device::Qubit& qubit, const std::string& why) {
  if (!why.empty() && qubit.usable()) qubit.left_out = why;
}

using GatesOfQubit = std::map<std::string, const CalibratedFigures*, std::less<>>;

const CalibratedFigures& figures_or_none(const GatesOfQubit& gates, std::string_view name) {
  static const CalibratedFigures none;
  const auto found = gates.find(name);
  return found == gates.end() ? none : *found->second;
}

/// T1, T2 and readout. What the qubit's own list lacks of its readout is taken from its gate `measure`.
void apply_state(const CalibratedFigures& own, const GatesOfQubit& gates, const GivenDurations& given,
                 Device::Qubit& qubit, Decisions& decisions) {
  const CalibratedFigures& measure = figures_or_none(gates, "measure");
  std::vector<std::string> lacking;
  const auto needed = [&lacking](std::optional<double> value, const char* name) {
    if (!value) lacking.emplace_back(name);
    return value.value_or(0.0);
  };
  const auto either = [](std::optional<double> first, std::optional<double> second) { return first ? first : second; };
  qubit.t1 = needed(calibrated_figure(own, "T1"), "T1");
  qubit.t2 = needed(calibrated_figure(own, "T2"), "T2");
  const std::optional<double> error =
      either(calibrated_figure(own, "readout_error"), calibrated_figure(measure, "gate_error"));
  const std::optional<double> one = calibrated_figure(own, "prob_meas1_prep0");
  const std::optional<double> zero = calibrated_figure(own, "prob_meas0_prep1");
  if (one && zero) {
    qubit.one_given_zero = *one;
    qubit.zero_given_one = *zero;
  } else {
    qubit.one_given_zero = qubit.zero_given_one = needed(error, "readout_error");
  }
  std::optional<double> length =
      either(calibrated_figure(own, "readout_length"), calibrated_figure(measure, "gate_length"));
  if (!length) {
    length = given.readout;
    ++(length ? decisions.readout_given : decisions.readout_lacking);
  }
  qubit.readout_duration = needed(length, "readout_length");

  if (switched_off(own)) leave_out(qubit, "not operational");
  if (!lacking.empty()) leave_out(qubit, fmt::format("no {}", fmt::join(lacking, ", no ")));
  // A fit that failed is reported as 0.
  if (qubit.t1 == 0.0) leave_out(qubit, "T1 is 0");
  if (qubit.t2 == 0.0) leave_out(qubit, "T2 is 0");
  const bool always_wrong = qubit.one_given_zero == 1.0 && qubit.zero_given_one == 1.0;
  if (error.value_or(0.0) == 1.0 || always_wrong) leave_out(qubit, "readout error 1");
  if (qubit.usable() && qubit.t2 > 2.0 * qubit.t1) ++decisions.t2_cut;
}

/// Of the gates that are made of pulses: their errors and lengths, and why the qubit cannot be used without them.
class Pulses {
 public:
  Pulses(const GatesOfQubit& gates, const GivenDurations& given, Device::Qubit& qubit, Decisions& decisions)
      : gates_(gates), given_(given), qubit_(qubit), decisions_(decisions) {}

  void apply(PulseBasis basis) {
    std::vector<const char*> frame = {"rz"};
    if (basis == PulseBasis::u1_u2_u3) {
      frame = {"u1", "p"};
      const std::string three = gates_.contains("u3") ? "u3" : gates_.contains("u") ? "u" : "";
      if (three.empty()) leave_out(qubit_, "no gate u3");
      qubit_.u3 = {error(three.empty() ? "u3" : three), length({three}, 2.0)};
      const bool two = gates_.contains("u2");  // u3 makes it, too
      qubit_.u2 = two ? GateFigures{error("u2"), length({"u2"}, 1.0)} : qubit_.u3;
    } else if (basis == PulseBasis::rx_rz) {
      if (!gates_.contains("rx")) leave_out(qubit_, "no gate rx");
      qubit_.rx = {error("rx"), length({"rx"}, 1.0)};
    } else {
      for (const char* const gate : {"sx", "x"})
        if (!gates_.contains(gate)) leave_out(qubit_, fmt::format("no gate {}", gate));
      qubit_.sx_error = error("sx");
      qubit_.x_error = error("x");
      qubit_.one_qubit_duration = length({"sx", "x"}, 1.0);
    }
    for (const char* const gate : frame) check(gate);
    for (const char* const gate : {"measure", "reset"}) check(gate);
    const std::optional<double> reset = calibrated_figure(figures_or_none(gates_, "reset"), "gate_length");
    if (!reset && qubit_.usable()) ++decisions_.reset_lacking;
    qubit_.reset_duration = reset.value_or(given_.reset.value_or(0.0));
  }

 private:
  void check(const std::string& gate) {
    const CalibratedFigures& figures = figures_or_none(gates_, gate);
    if (switched_off(figures)) leave_out(qubit_, fmt::format("gate {}: not operational", gate));
    if (calibrated_figure(figures, "gate_error").value_or(0.0) == 1.0)
      leave_out(qubit_, gate == "measure" ? "readout error 1" : fmt::format("gate {}: error 1", gate));
  }

  double error(const std::string& gate) {
    check(gate);
    const std::optional<double> value = calibrated_figure(figures_or_none(gates_, gate), "gate_error");
    if (!value) leave_out(qubit_, fmt::format("gate {}: no gate_error", gate));
    return value.value_or(0.0);
  }

  /// The longest of these; of so many pulses where the user gives the time of one.
  double length(const std::vector<std::string>& names, double pulses) {
    std::optional<double> longest;
    for (const std::string& gate : names) {
      const std::optional<double> value = calibrated_figure(figures_or_none(gates_, gate), "gate_length");
      if (longest && value && *longest != *value) ++decisions_.lengths_differ;
      if (value) longest = std::max(longest.value_or(0.0), *value);
    }
    if (longest) return *longest;
    if (given_.gate) {
      if (qubit_.usable() && !std::exchange(counted_, true)) ++decisions_.gate_given;
      return *given_.gate * pulses;
    }
    if (qubit_.usable()) ++decisions_.gate_lacking;
    leave_out(qubit_, fmt::format("gate {}: no gate_length", names[0]));
    return 0.0;
  }

  const GatesOfQubit& gates_;
  const GivenDurations& given_;
  Device::Qubit& qubit_;
  Decisions& decisions_;
  bool counted_ = false;  ///< among those whose gate time is given
};

/// What a device makes gates of: sx and x where it has them, else u3, else rx.
PulseBasis basis_of(const std::set<std::string, std::less<>>& names) {
  if (names.contains("sx") || names.contains("x")) return PulseBasis::rz_sx_x;
  if (names.contains("u3") || names.contains("u")) return PulseBasis::u1_u2_u3;
  return names.contains("rx") ? PulseBasis::rx_rz : PulseBasis::rz_sx_x;
}

bool is_used(const std::string& name, PulseBasis basis) {
  static const std::set<std::string, std::less<>> always = {"id", "delay", "measure", "reset"};
  static const std::map<PulseBasis, std::set<std::string, std::less<>>> own = {
      {PulseBasis::rz_sx_x, {"rz", "sx", "x"}},
      {PulseBasis::u1_u2_u3, {"u1", "u2", "u3", "p", "u"}},
      {PulseBasis::rx_rz, {"rx", "rz"}}};
  return always.contains(name) || own.at(basis).contains(name);
}

}  // namespace

void apply_calibration(const Calibration& calibration, const GivenDurations& given, const std::string& name,
                       Device& device, core::Problems& problems) {
  std::vector<GatesOfQubit> own(calibration.qubits.size());
  std::set<std::string, std::less<>> names;    // of gates on one qubit
  std::set<std::string, std::less<>> strange;  // gates on two or more qubits that are not known
  bool coupled = false;
  Decisions decisions;
  for (const CalibratedGate& gate : calibration.gates) {
    if (gate.qubits.size() == 1) {
      own[gate.qubits[0]].emplace(gate.name, &gate.figures);
      names.insert(gate.name);
    } else if (gate.qubits.size() == 2 && pair_gate(gate.name)) {
      coupled = true;
    } else {
      strange.insert(gate.name);
      ++decisions.unused[gate.name];
    }
  }
  if (!coupled && !strange.empty()) {
    const auto shown = static_cast<std::ptrdiff_t>(std::min(most_named, strange.size()));
    problems.add(name, fmt::format("couplings by {}: of gates on two qubits, cx, cz, ecr and rzz are known",
                                   fmt::join(strange.begin(), std::next(strange.begin(), shown), ", ")));
    return;
  }
  device.pulses = basis_of(names);
  for (std::size_t q = 0; q < calibration.qubits.size(); ++q) {
    Device::Qubit qubit;
    apply_state(calibration.qubits[q], own[q], given, qubit, decisions);
    Pulses(own[q], given, qubit, decisions).apply(device.pulses);
    for (const auto& [gate, figures] : own[q])
      if (!is_used(gate, device.pulses)) ++decisions.unused[gate];
    device.qubits.push_back(std::move(qubit));
  }
  device.edges = edges_of(calibration, given, decisions);
  device.notes = decisions.notes(given);
  const std::string rzz = rzz_note(calibration, device.edges);
  if (!rzz.empty()) device.notes.push_back(rzz);
}

}  // namespace titrant::quantum
