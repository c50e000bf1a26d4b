#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "device_formats.hpp"
#include "titrant/quantum/gates.hpp"

/// \file
/// The rules by which a calibration becomes a Device: a table of them stands in this folder's README.

namespace titrant::quantum {

namespace {

constexpr const char* by_key = "give it (titrant circuit device FILE";  // and the option

std::string counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// How often each decision was made: notes say it once, with the count.
class Decisions {
 public:
  std::size_t t2_cut = 0;
  std::size_t readout_given = 0, readout_lacking = 0;
  std::size_t gate_given = 0, gate_lacking = 0;
  std::size_t coupling_given = 0, coupling_lacking = 0;
  std::size_t reset_lacking = 0;
  std::size_t lengths_differ = 0;
  std::size_t directions_differ = 0, kinds_compared = 0;
  std::map<std::string, std::size_t> unused;  ///< [gate] entries

  std::vector<std::string> notes(const GivenDurations& durations) const {
    std::vector<std::string> all;
    const auto note = [&all](std::size_t count, const std::string& text) {
      if (count > 0) all.push_back(text);
    };
    const auto qubits = [](std::size_t count) { return counted(count, "qubit", "qubits"); };
    const auto couplings = [](std::size_t count) { return counted(count, "coupling", "couplings"); };
    const auto pairs = [](std::size_t count) { return counted(count, "gate on two qubits", "gates on two qubits"); };
    note(readout_given, fmt::format("readout time: not in the calibration of {}; {:g} ns as given",
                                    qubits(readout_given), durations.readout.value_or(0.0)));
    note(readout_lacking, fmt::format("readout time: not in the calibration of {}: {} --readout-time NS)",
                                      qubits(readout_lacking), by_key));
    note(gate_given, fmt::format("gate time: not in the calibration of {}; {:g} ns a pulse as given",
                                 qubits(gate_given), durations.gate.value_or(0.0)));
    note(gate_lacking,
         fmt::format("gate time: not in the calibration of {}: {} --gate-time NS)", qubits(gate_lacking), by_key));
    note(coupling_given, fmt::format("gate time: not in the calibration of {}; {:g} ns as given", pairs(coupling_given),
                                     durations.coupling.value_or(0.0)));
    note(coupling_lacking, fmt::format("gate time: not in the calibration of {}: {} --coupling-time NS)",
                                       pairs(coupling_lacking), by_key));
    note(
        reset_lacking,
        durations.reset
            ? fmt::format("reset time: not in the calibration of {}; {:g} ns as given", qubits(reset_lacking),
                          *durations.reset)
            : fmt::format("reset time: not in the calibration of {}; resets count 0 ns unless --reset-time NS gives it",
                          qubits(reset_lacking)));
    note(lengths_differ,
         fmt::format("sx and x of {} differ in length: the longer time counts for both", qubits(lengths_differ)));
    note(directions_differ, fmt::format("{} have different figures in the two directions: the one with the smaller "
                                        "error is kept, of equal ones the shorter",
                                        couplings(directions_differ)));
    note(kinds_compared, fmt::format("{} have more than one of cx, cz and ecr: the one with the smallest error is kept",
                                     couplings(kinds_compared)));
    std::vector<std::string> rest;
    for (const auto& [gate, times] : unused) rest.push_back(fmt::format("{} ({})", gate, times));
    note(rest.size(), fmt::format("entries that are not used: {}", fmt::join(rest, ", ")));
    return all;
  }
};

std::optional<double> calibrated_figure(const CalibratedFigures& figures, std::string_view name) {
  const auto found = figures.find(name);
  return found == figures.end() ? std::nullopt : std::optional(found->second);
}

bool switched_off(const CalibratedFigures& figures) {
  return calibrated_figure(figures, "operational").value_or(1.0) == 0.0;
}

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

/// One gate that could act along a coupling.
struct Candidate {
  GateKind gate = GateKind::ecr;
  std::size_t control = 0;
  std::size_t target = 0;
  GateFigures figures;
  std::string why;  ///< it is left out; empty: it is not
  bool works() const { return why.empty() && figures.error < 1.0; }
  bool better_than(const Candidate& other) const {
    if (works() != other.works()) return works();
    if (figures.error != other.figures.error) return figures.error < other.figures.error;
    return figures.duration < other.figures.duration;
  }
};

Candidate candidate_of(const CalibratedGate& gate, GateKind kind, const GivenDurations& given, Decisions& decisions) {
  Candidate candidate{kind, gate.qubits[0], gate.qubits[1], {}, ""};
  std::vector<std::string> lacking;
  const std::optional<double> error = calibrated_figure(gate.figures, "gate_error");
  std::optional<double> length = calibrated_figure(gate.figures, "gate_length");
  if (!error) lacking.emplace_back("gate_error");
  if (!length && given.coupling) {
    length = given.coupling;
    ++decisions.coupling_given;
  } else if (!length) {
    lacking.emplace_back("gate_length");
    ++decisions.coupling_lacking;
  }
  candidate.figures = {error.value_or(0.0), length.value_or(0.0)};
  if (!lacking.empty()) candidate.why = fmt::format("no {}", fmt::join(lacking, ", no "));
  if (switched_off(gate.figures)) candidate.why = "not operational";
  return candidate;
}

using QubitPair = std::pair<std::size_t, std::size_t>;

std::optional<GateKind> pair_gate(const std::string& name) {
  for (const GateKind kind : {GateKind::cx, GateKind::cz, GateKind::ecr, GateKind::rzz})
    if (gate_name(kind) == name) return kind;
  return std::nullopt;
}

/// The best of what is listed for two qubits, in both directions; and rzz beside it.
Device::Edge edge_of(const std::vector<Candidate>& listed, Decisions& decisions) {
  const Candidate* best = nullptr;
  const Candidate* rzz = nullptr;
  std::set<GateKind> kinds;
  bool differ = false;
  for (const Candidate& one : listed) {
    const Candidate*& kept = one.gate == GateKind::rzz ? rzz : best;
    for (const Candidate& other : listed)
      differ = differ || (other.gate == one.gate && (one.better_than(other) || other.better_than(one)));
    if (one.gate != GateKind::rzz) kinds.insert(one.gate);
    if (kept == nullptr || one.better_than(*kept)) kept = &one;
  }
  decisions.directions_differ += differ ? 1 : 0;
  decisions.kinds_compared += kinds.size() > 1 ? 1 : 0;
  const bool rzz_works = rzz != nullptr && rzz->works();
  const Candidate& main = best == nullptr || (!best->works() && rzz_works) ? *rzz : *best;
  Device::Edge edge;
  edge.control = main.control;
  edge.target = main.target;
  edge.gate = main.gate;
  edge.left_out = main.why;
  edge.error = main.figures.error;
  edge.duration = main.figures.duration;
  if (rzz_works) edge.rzz = rzz->figures;
  return edge;
}

std::vector<Device::Edge> edges_of(const Calibration& calibration, const GivenDurations& given, Decisions& decisions) {
  std::map<QubitPair, std::vector<Candidate>> listed;
  std::vector<QubitPair> order;  // as the file has them
  for (const CalibratedGate& gate : calibration.gates) {
    const std::optional<GateKind> kind = gate.qubits.size() == 2 ? pair_gate(gate.name) : std::nullopt;
    if (!kind) continue;
    std::vector<Candidate>& of_pair = listed[std::minmax(gate.qubits[0], gate.qubits[1])];
    if (of_pair.empty()) order.emplace_back(std::minmax(gate.qubits[0], gate.qubits[1]));
    of_pair.push_back(candidate_of(gate, *kind, given, decisions));
  }
  std::vector<Device::Edge> edges;
  for (const QubitPair& pair : order) edges.push_back(edge_of(listed.at(pair), decisions));
  return edges;
}

std::string rzz_note(const Calibration& calibration, const std::vector<Device::Edge>& edges) {
  const bool listed = std::any_of(calibration.gates.begin(), calibration.gates.end(), [](const CalibratedGate& gate) {
    return gate.name == "rzz" && gate.qubits.size() == 2;
  });
  const auto without = std::count_if(edges.begin(), edges.end(), [](const Device::Edge& edge) { return !edge.rzz; });
  if (!listed || without == 0) return "";
  return fmt::format("rzz is ignored on {} of {} couplings: error 1, not operational, or no figures", without,
                     edges.size());
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
    problems.add(name, fmt::format("couplings by {}: of gates on two qubits, cx, cz, ecr and rzz are known",
                                   fmt::join(strange, ", ")));
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
  if (decisions.t2_cut > 0)
    device.notes.push_back(
        fmt::format("T2 of {} exceeds 2 T1: 2 T1 counts", counted(decisions.t2_cut, "qubit", "qubits")));
  const std::string rzz = rzz_note(calibration, device.edges);
  if (!rzz.empty()) device.notes.push_back(rzz);
}

}  // namespace titrant::quantum
