#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"
#include "titrant/quantum/device/device_reader.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "titrant/quantum/synthesis/state_preparation.hpp"

/// \file
/// Calibrations in the shapes of the 69 public files of IBM's back ends (Qiskit's fake providers, 2020 to 2026), with
/// invented figures: numbers of qubits, gates and entries, couplings in one or both directions, equal or different,
/// what is missing, and what has the error 1 are those of the files.

namespace titrant::quantum {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Counts = std::map<std::string, std::size_t>;

/// What a group of the public files has in common.
struct Family {
  const char* example;  ///< one of them
  int files = 1;
  std::size_t qubits = 1;
  const char* pulses = "sx";      ///< sx, u3 or u (with p)
  Counts pairs;                   ///< [gate on two qubits] entries
  bool both = false;              ///< directions are listed
  bool differ = false;            ///< in length
  std::set<std::string> besides;  ///< rx, measure, measure_2, reset, reset_2 on each qubit
  Counts error_1;                 ///< [gate] entries
  bool readout_time = true;
  std::size_t readout_error_1 = 0;  ///< qubits
  std::size_t without_t1 = 0;       ///< qubits
};

const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {"aachen",
       1,
       156,
       "sx",
       {{"cz", 352}, {"rzz", 352}},
       true,
       false,
       {"measure", "reset", "rx"},
       {{"cz", 4}, {"rzz", 10}, {"sx", 2}}},
      {"algiers", 3, 27, "sx", {{"cx", 56}}, true, true, {"reset"}, {{"cx", 2}}},
      {"almaden", 4, 20, "u3", {{"cx", 46}}, true, true, {}, {}, false},
      {"armonk", 1, 1, "sx", {}, false, false, {}, {}},
      {"athens", 8, 5, "sx", {{"cx", 8}}, true, true, {"reset"}, {}},
      {"auckland", 7, 27, "sx", {{"cx", 56}}, true, true, {"reset"}, {}},
      {"berlin", 1, 120, "sx", {{"cz", 436}}, true, false, {"measure", "rx"}, {{"cz", 12}}},
      {"boeblingen", 1, 20, "u3", {{"cx", 46}}, true, true, {}, {}},
      {"boston",
       1,
       156,
       "sx",
       {{"cz", 352}, {"rzz", 352}},
       true,
       false,
       {"measure", "measure_2", "reset", "reset_2", "rx"},
       {{"cz", 2}, {"rzz", 4}, {"sx", 1}}},
      {"brisbane", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 1}}},
      {"brooklyn", 1, 65, "sx", {{"cx", 144}}, true, true, {"reset"}, {}},
      {"brussels", 1, 127, "sx", {{"ecr", 144}}, false, false, {"measure", "reset"}, {{"ecr", 6}, {"sx", 4}}},
      {"burlington", 3, 5, "u3", {{"cx", 8}}, true, true, {}, {}, false},
      {"cairo", 1, 27, "sx", {{"cx", 12}, {"ecr", 14}}, false, false, {"reset"}, {{"ecr", 1}}},
      {"cambridge", 1, 28, "u3", {{"cx", 60}}, true, true, {}, {{"cx", 10}}, false},
      {"cambridge_alt", 1, 28, "u", {{"cx", 60}}, true, true, {}, {{"cx", 10}}, false},
      {"casablanca", 6, 7, "sx", {{"cx", 12}}, true, true, {"reset"}, {}},
      {"cusco", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 19}}, true, 24},
      {"fez", 1, 156, "sx", {{"cz", 352}, {"rzz", 352}}, true, false, {"reset", "rx"}, {{"cz", 14}, {"rzz", 98}}},
      {"fractional", 1, 5, "sx", {{"cx", 8}, {"rzz", 8}}, true, true, {"reset", "rx"}, {}},
      {"guadalupe", 1, 16, "sx", {{"cx", 32}}, true, true, {"reset"}, {}},
      {"kawasaki", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 11}}},
      {"kingston",
       1,
       156,
       "sx",
       {{"cz", 352}, {"rzz", 352}},
       true,
       false,
       {"measure", "measure_2", "reset", "rx"},
       {{"cz", 14}, {"rzz", 22}, {"sx", 5}},
       true,
       0,
       1},
      {"kyiv", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 5}}},
      {"kyoto", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 144}}},
      {"manhattan", 1, 65, "sx", {{"cx", 144}}, true, true, {"reset"}, {{"cx", 44}}},
      {"marrakesh",
       1,
       156,
       "sx",
       {{"cz", 352}, {"rzz", 352}},
       true,
       false,
       {"reset", "rx"},
       {{"cz", 26}, {"rzz", 136}}},
      {"melbourne", 1, 15, "sx", {{"cx", 40}}, true, true, {}, {}},
      {"miami", 1, 120, "sx", {{"cz", 436}}, true, false, {"measure", "rx"}, {{"cz", 14}}},
      {"nighthawk", 1, 120, "sx", {{"cz", 436}}, true, false, {"measure", "reset"}, {{"sx", 1}}},
      {"osaka", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 7}}},
      {"ourense", 3, 5, "sx", {{"cx", 8}}, true, true, {}, {}},
      {"peekskill", 1, 27, "sx", {{"ecr", 28}}, false, false, {"reset"}, {}},
      {"pittsburgh",
       1,
       156,
       "sx",
       {{"cz", 352}, {"rzz", 352}},
       true,
       false,
       {"measure", "measure_2", "reset", "rx"},
       {{"cz", 10}, {"rzz", 18}, {"sx", 1}}},
      {"prague", 1, 33, "sx", {{"cz", 68}}, true, false, {"reset"}, {}},
      {"quebec", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 9}}},
      {"rochester", 1, 53, "u3", {{"cx", 116}}, true, true, {}, {{"cx", 9}}, false},
      {"sherbrooke", 1, 127, "sx", {{"ecr", 144}}, false, false, {"reset"}, {{"ecr", 9}}, true, 1},
      {"strasbourg", 1, 127, "sx", {{"ecr", 144}}, false, false, {"measure", "reset"}, {{"ecr", 2}, {"sx", 1}}},
      {"torino", 1, 133, "sx", {{"cz", 300}, {"rzz", 300}}, true, false, {"reset", "rx"}, {{"cz", 22}, {"rzz", 300}}},
      {"washington", 1, 127, "sx", {{"cx", 284}}, true, true, {"reset"}, {{"cx", 6}}},
      {"yorktown", 1, 5, "sx", {{"cx", 12}}, true, true, {"reset"}, {}},
  };
  return all;
}

std::string calibrated(const char* name, double value, const char* unit = "") {
  return fmt::format(R"({{"date": "2001-01-01", "name": "{}", "unit": "{}", "value": {}}})", name, unit, value);
}

std::string gate_entry(const std::string& gate, const std::vector<std::size_t>& qubits, std::optional<double> error,
                       std::optional<double> nanoseconds) {
  std::vector<std::string> figures;
  if (error) figures.push_back(calibrated("gate_error", *error));
  if (nanoseconds) figures.push_back(calibrated("gate_length", *nanoseconds, "ns"));
  return fmt::format(R"({{"gate": "{0}", "qubits": [{1}], "name": "{0}{2}", "parameters": [{3}]}})", gate,
                     fmt::join(qubits, ", "), fmt::join(qubits, "_"), fmt::join(figures, ", "));
}

/// A chain of all qubits, then rungs between qubits of the chain, four or six apart, until there are so many couplings.
std::vector<std::pair<std::size_t, std::size_t>> lattice(std::size_t qubits, std::size_t couplings) {
  std::vector<std::pair<std::size_t, std::size_t>> all;
  for (std::size_t q = 0; q + 1 < qubits && all.size() < couplings; ++q) all.emplace_back(q, q + 1);
  for (std::size_t apart = 4; all.size() < couplings; apart -= 2)
    for (std::size_t q = qubits; q-- > apart && all.size() < couplings;) all.emplace_back(q - apart, q);
  return all;
}

std::string properties(const Family& family) {
  // The unit of T1 with the micro sign, the Greek letter, or u: files have each.
  const std::vector<const char*> micro = {"us", "\u00b5s", "\u03bcs"};
  std::vector<std::string> qubits;
  std::vector<std::string> gates;
  Counts broken = family.error_1;  // entries that are still to have the error 1
  const auto error_of = [&broken](const std::string& gate, double error) {
    std::size_t& left = broken[gate];
    return left > 0 && left-- > 0 ? 1.0 : error;
  };
  for (std::size_t q = 0; q < family.qubits; ++q) {
    const double size = 1.0 + 0.01 * static_cast<double>(q % 7);
    std::vector<std::string> figures;
    const char* const unit = micro[q % 3];
    if (q + family.without_t1 < family.qubits) {
      figures.push_back(calibrated("T1", 100.0 * size, unit));
      figures.push_back(calibrated("T2", 80.0 * size, unit));
    }
    const double wrong = q + family.readout_error_1 < family.qubits ? 0.02 * size : 1.0;
    figures.push_back(calibrated("frequency", 4.9, "GHz"));
    figures.push_back(calibrated("readout_error", wrong));
    figures.push_back(calibrated("prob_meas0_prep1", wrong));
    figures.push_back(calibrated("prob_meas1_prep0", wrong));
    if (family.readout_time) figures.push_back(calibrated("readout_length", 1.2, unit));
    qubits.push_back(fmt::format("[{}]", fmt::join(figures, ", ")));

    const bool three = std::string(family.pulses) == "u3";
    if (std::string(family.pulses) == "sx") {
      gates.push_back(gate_entry("rz", {q}, 0.0, 0.0));
      const double error = error_of("sx", 3e-4 * size);
      gates.push_back(gate_entry("sx", {q}, error, 35.6));
      gates.push_back(gate_entry("x", {q}, error, 35.6));
    } else {
      gates.push_back(gate_entry(three ? "u1" : "p", {q}, 0.0, 0.0));
      gates.push_back(gate_entry("u2", {q}, 4e-4 * size, 35.6));
      gates.push_back(gate_entry(three ? "u3" : "u", {q}, 8e-4 * size, 71.1));
    }
    gates.push_back(gate_entry("id", {q}, 3e-4 * size, 35.6));
    for (const std::string& gate : family.besides)
      gates.push_back(gate_entry(gate, {q}, gate.starts_with("reset") ? std::nullopt : std::optional(0.02), 1000.0));
  }
  // Gates share the couplings that they are all listed on (cz and rzz), or divide them (cx and ecr).
  const bool shared = family.pairs.contains("rzz");
  std::size_t total = 0;
  for (const auto& [gate, count] : family.pairs) total = shared ? count : total + count;
  const auto couplings = lattice(family.qubits, family.both ? total / 2 : total);
  std::size_t first = 0;
  for (const auto& [gate, count] : family.pairs) {
    const std::size_t own = family.both ? count / 2 : count;
    for (std::size_t k = 0; k < own; ++k) {
      const auto [a, b] = couplings[first + k];
      const double error = 0.004 * (1.0 + 0.1 * static_cast<double>(k % 11)) * (gate == "rzz" ? 0.8 : 1.0);
      gates.push_back(gate_entry(gate, {a, b}, error_of(gate, error), 400.0));
      if (family.both) gates.push_back(gate_entry(gate, {b, a}, error_of(gate, error), family.differ ? 435.6 : 400.0));
    }
    if (!shared) first += own;
  }
  return fmt::format(R"({{"backend_name": "{}", "backend_version": "1.0", "last_update_date": "2001-01-01",
"qubits": [{}], "gates": [{}], "general": []}})",
                     family.example, fmt::join(qubits, ",\n"), fmt::join(gates, ",\n"));
}

Circuit ghz_state(std::size_t qubits) {
  Circuit circuit(qubits, qubits);
  circuit.gate(GateKind::h, {0});
  for (std::size_t q = 1; q < qubits; ++q) circuit.gate(GateKind::cx, {q - 1, q});
  for (std::size_t q = 0; q < qubits; ++q) circuit.measure(q, q);
  return circuit;
}

/// The network of eight qubits with state preparation, measurements in the middle and conditions.
Circuit prepared_circuit() {
  const Circuit network = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(network, 1, 3);
  const Input input = examples.inputs()[0];
  const Circuit bound = bind_angles(network, circuits::random_angles(45, 3), input.features);
  Circuit whole(bound.qubits(), bound.bits());
  for (Operation& operation : prepare_state(input.amplitudes, bound.amplitude_qubits()))
    whole.add(std::move(operation));
  for (const Operation& operation : bound.operations()) whole.add(operation);
  return whole;
}

/// Routed in native gates on live couplings (`summarise` throws for others), with the outcomes of the original.
void expect_routed(const Circuit& circuit, const Device& device) {
  const RoutedCircuit routed = compile_for_device(circuit, device, 1, {1});
  const Device part = device.subset(routed.device_qubits);
  EXPECT_GT(summarise(routed.circuit, part).success_probability, 0.0) << device.name;
  EXPECT_LT(largest_difference(circuit, routed.circuit), 1e-9) << device.name;
  // As a program it is read back in the same native gates.
  const Circuit read = read_qasm(write_qasm(routed.circuit, {}, {}), "routed.qasm").circuit;
  ASSERT_EQ(read.operations().size(), routed.circuit.operations().size());
  const NoiseModel noise(part);
  for (std::size_t k = 0; k < read.operations().size(); ++k) {
    const Operation& written = routed.circuit.operations()[k];
    EXPECT_EQ(noise.after(read.operations()[k]).size(), noise.after(written).size()) << device.name;
    EXPECT_EQ(read.operations()[k].gate, written.gate);
  }
  EXPECT_LT(largest_difference(circuit, read), 1e-9) << device.name;
}

bool routes(const Circuit& circuit, const Device& device) {
  try {
    expect_routed(circuit, device);
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

// 58 of 69 hold all that a GHZ state needs; with a readout time for the ten that have none, all but one whose every
// coupling has the error 1.
TEST(Calibrations, OfAllPublicShapesRouteStatesAndTheNetwork) {
  const Circuit network = prepared_circuit();
  ASSERT_EQ(network.qubits(), 8U);
  int files = 0;
  int without_help = 0;
  int with_readout_time = 0;
  int large = 0;
  int with_network = 0;
  for (const Family& family : families()) {
    files += family.files;
    const std::string text = properties(family);
    const Circuit state = ghz_state(std::min<std::size_t>(8, family.qubits));
    if (family.readout_time) {
      without_help += routes(state, parse_device(text, "p.json")) ? family.files : 0;
    } else {
      EXPECT_THROW(parse_device(text, "p.json"), ConfigError) << family.example;
    }
    const Device device = parse_device(text, "p.json", {.readout = 4000.0});
    with_readout_time += routes(state, device) ? family.files : 0;
    if (family.qubits < 8) continue;
    large += family.files;
    with_network += routes(network, device) ? family.files : 0;
  }
  EXPECT_EQ(files, 69);
  EXPECT_EQ(without_help, 58);
  EXPECT_EQ(with_readout_time, 68);
  EXPECT_EQ(with_network, large - 1);
}

const Family& family_of(const std::string& name) {
  return *std::find_if(families().begin(), families().end(),
                       [&name](const Family& family) { return family.example == name; });
}

Device device_like(const std::string& name, const GivenDurations& given = {}) {
  return parse_device(properties(family_of(name)), "p.json", given);
}

TEST(Calibrations, AreTheSameInOurFormat) {
  for (const Family& family : families()) {
    const Device device = parse_device(properties(family), "p.json", {.readout = 4000.0});
    const std::string written = write_device(device);
    const Device read = parse_device(written, "d.yaml");
    EXPECT_EQ(write_device(read), written);
    EXPECT_EQ(read.left_out(), device.left_out()) << family.example;
    EXPECT_EQ(read.notes, device.notes) << family.example;
    ASSERT_EQ(read.qubits.size(), device.qubits.size());
    for (std::size_t q = 0; q < read.qubits.size(); ++q) {
      if (!device.qubits[q].usable()) continue;
      EXPECT_EQ(read.qubits[q].t2, device.qubits[q].t2);
      EXPECT_EQ(read.qubits[q].sx_error, device.qubits[q].sx_error);
      EXPECT_EQ(read.qubits[q].u3.duration, device.qubits[q].u3.duration);
      EXPECT_EQ(read.qubits[q].readout_duration, device.qubits[q].readout_duration);
    }
    ASSERT_EQ(read.edges.size(), device.edges.size());
    for (std::size_t k = 0; k < read.edges.size(); ++k) {
      EXPECT_EQ(read.edges[k].gate, device.edges[k].gate);
      EXPECT_EQ(read.edges[k].dead, device.edges[k].dead);
      EXPECT_EQ(read.edges[k].rzz.has_value(), device.edges[k].rzz.has_value());
    }
  }
}

// 28 couplings in 56 entries; the reverse direction takes one pulse longer, as in the files.
TEST(Calibrations, DirectionsAreMergedByErrorThenLength) {
  const Device device = device_like("auckland");
  EXPECT_EQ(device.edges.size(), 28U);
  for (const Device::Edge& edge : device.edges) EXPECT_EQ(edge.duration, 400.0);
  EXPECT_THAT(device.notes, Contains(HasSubstr("28 couplings have different figures in the two directions")));
  EXPECT_THAT(device_like("prague").notes, Not(Contains(HasSubstr("directions"))));
}

std::string two_qubits(const std::string& gates) {
  const std::string qubit = fmt::format("[{}, {}, {}, {}]", calibrated("T1", 100.0, "us"), calibrated("T2", 80.0, "us"),
                                        calibrated("readout_error", 0.02), calibrated("readout_length", 1000.0, "ns"));
  std::string pulses;
  for (const std::size_t q : {0U, 1U})
    pulses += fmt::format("{}, {}, {}, ", gate_entry("sx", {q}, 3e-4, 35.0), gate_entry("x", {q}, 3e-4, 35.0),
                          gate_entry("reset", {q}, std::nullopt, 900.0));
  return fmt::format(R"({{"backend_name": "two", "qubits": [{0}, {0}], "gates": [{1}{2}]}})", qubit, pulses, gates);
}

Device::Edge coupling(const std::vector<std::string>& gates) {
  return parse_device(two_qubits(fmt::format("{}", fmt::join(gates, ", "))), "p.json").edges.at(0);
}

TEST(Calibrations, ACouplingHasTheGateWithTheSmallestError) {
  const auto dead = gate_entry("cz", {1, 0}, 1.0, 80.0);
  const Device::Edge both = coupling({gate_entry("ecr", {0, 1}, 0.010, 500.0), gate_entry("cz", {1, 0}, 0.004, 80.0)});
  EXPECT_EQ(both.gate, GateKind::cz);
  EXPECT_EQ(both.error, 0.004);
  EXPECT_EQ(coupling({gate_entry("ecr", {0, 1}, 0.010, 500.0), dead}).gate, GateKind::ecr);
  // Of two directions the smaller error, although it is longer; a direction without figures does not count.
  EXPECT_EQ(coupling({gate_entry("cx", {0, 1}, 0.010, 400.0), gate_entry("cx", {1, 0}, 0.009, 440.0)}).control, 1U);
  EXPECT_EQ(coupling({gate_entry("cx", {0, 1}, 0.010, 400.0), gate_entry("cx", {1, 0}, 0.009, std::nullopt)}).control,
            0U);
  EXPECT_EQ(coupling({gate_entry("cx", {0, 1}, 1.0, 400.0), gate_entry("cx", {1, 0}, 0.009, 440.0)}).control, 1U);
  EXPECT_TRUE(coupling({gate_entry("cx", {0, 1}, 1.0, 400.0), gate_entry("cx", {1, 0}, 1.0, 440.0)}).dead);
  EXPECT_EQ(coupling({gate_entry("cx", {0, 1}, std::nullopt, 400.0)}).left_out, "no gate_error");
  // rzz beside, where it works; alone where the other gate does not.
  EXPECT_EQ(coupling({gate_entry("cz", {0, 1}, 0.004, 80.0), gate_entry("rzz", {1, 0}, 0.003, 90.0)}).rzz->error,
            0.003);
  EXPECT_FALSE(coupling({gate_entry("cz", {0, 1}, 0.004, 80.0), gate_entry("rzz", {1, 0}, 1.0, 90.0)}).rzz);
  const Device::Edge alone = coupling({dead, gate_entry("rzz", {0, 1}, 0.003, 90.0)});
  EXPECT_EQ(alone.gate, GateKind::rzz);
  EXPECT_FALSE(alone.dead);
}

TEST(Calibrations, RzzThatHasNoFiguresIsIgnoredWithOneNote) {
  const Device torino = device_like("torino");
  EXPECT_THAT(torino.notes, Contains(HasSubstr("rzz is ignored on 150 of 150 couplings")));
  EXPECT_EQ(torino.native_gates(), "cz, rz, sx, x");
  EXPECT_EQ(std::count_if(torino.edges.begin(), torino.edges.end(), [](const auto& edge) { return edge.dead; }), 11);
  const Device fez = device_like("fez");
  EXPECT_THAT(fez.notes, Contains(HasSubstr("rzz is ignored on 49 of 176 couplings")));
  EXPECT_EQ(fez.native_gates(), "cz, rzz, rz, sx, x");
}

// The estimate decides: a rotation about ZZ takes one rzz in place of two cz; where rzz is poor, cz stay.
TEST(Calibrations, RzzIsUsedWhereTheEstimateIsBetter) {
  Circuit circuit(2, 2);
  circuit.gate(GateKind::h, {0}).gate(GateKind::h, {1}).gate(GateKind::rzz, {0, 1}, {Angle::constant(0.7)});
  circuit.gate(GateKind::h, {0}).gate(GateKind::h, {1}).measure(0, 0).measure(1, 1);
  const auto kinds_with = [&](double rzz_error) {
    const Device device = parse_device(
        two_qubits(gate_entry("cz", {0, 1}, 0.004, 80.0) + ", " + gate_entry("rzz", {0, 1}, rzz_error, 90.0)),
        "p.json");
    expect_routed(circuit, device);
    std::map<GateKind, int> kinds;
    const RoutedCircuit routed = compile_for_device(circuit, device, 1, {2});
    for (const Operation& operation : routed.circuit.operations())
      if (operation.qubits.size() == 2) ++kinds[operation.gate];
    return kinds;
  };
  EXPECT_EQ(kinds_with(0.005), (std::map<GateKind, int>{{GateKind::rzz, 1}}));
  EXPECT_EQ(kinds_with(0.009), (std::map<GateKind, int>{{GateKind::cz, 2}}));
}

TEST(Calibrations, WhatIsNotUsedIsNotedOnceWithItsCount) {
  const Device boston = device_like("boston");
  EXPECT_THAT(boston.notes, Contains("entries that are not used: measure_2 (156), reset_2 (156), rx (156)"));
  EXPECT_LE(boston.notes.size(), 3U);
  EXPECT_THAT(boston.left_out(), ElementsAre("qubit 0 (gate sx: error 1)"));
}

TEST(Calibrations, OneQubitWithoutFiguresDoesNotTakeTheDeviceAlong) {
  const Device kingston = device_like("kingston");
  EXPECT_THAT(kingston.left_out(), Contains("qubit 155 (no T1, no T2)"));
  const Device cusco = device_like("cusco");
  EXPECT_THAT(cusco.left_out_line(),
              AllOf(HasSubstr("24 qubits (readout error 1)"), HasSubstr("19 couplings (error 1)")));
}

TEST(Calibrations, TimesThatAreMissingAreAskedForByKey) {
  try {
    device_like("almaden");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("no qubit can be used: 20 qubits (no readout_length)"),
                      HasSubstr("readout time: not in the calibration of 20 qubits"), HasSubstr("--readout-time NS")));
  }
  const Device device = device_like("almaden", {.readout = 3500.0});
  EXPECT_EQ(device.qubits[3].readout_duration, 3500.0);
  EXPECT_THAT(device.notes, Contains("readout time: not in the calibration of 20 qubits; 3500 ns as given"));
  EXPECT_THAT(device.notes, Contains(HasSubstr("resets count 0 ns unless --reset-time NS")));
  EXPECT_EQ(device_like("almaden", {.readout = 1.0, .reset = 900.0}).qubits[0].reset_duration, 900.0);

  const std::string silent = two_qubits(gate_entry("cx", {0, 1}, 0.01, std::nullopt));
  EXPECT_THAT(parse_device(silent, "p.json").left_out(), ElementsAre("coupling 0-1 (no gate_length)"));
  EXPECT_EQ(parse_device(silent, "p.json", {.coupling = 350.0}).edges[0].duration, 350.0);
}

TEST(Calibrations, TheReadoutOfMeasureStandsWhereTheQubitHasNone) {
  std::string text = two_qubits(gate_entry("measure", {0}, 0.03, 800.0));
  for (const std::string& figure : {calibrated("readout_error", 0.02), calibrated("readout_length", 1000.0, "ns")}) {
    const std::size_t at = text.find(", " + figure);
    text.erase(at, figure.size() + 2);
  }
  const Device device = parse_device(text, "p.json");
  EXPECT_EQ(device.qubits[0].one_given_zero, 0.03);
  EXPECT_EQ(device.qubits[0].readout_duration, 800.0);
  EXPECT_EQ(device.qubits[1].readout_duration, 1000.0);
}

std::string fault_in(const std::string& text) {
  try {
    parse_device(text, "p.json");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Calibrations, HostileFilesGiveOneClearMessage) {
  const std::string cx = gate_entry("cx", {0, 1}, 0.01, 400.0);
  EXPECT_EQ(fault_in(two_qubits(cx)), "no error");
  EXPECT_THAT(fault_in(two_qubits(cx + ", " + cx)), HasSubstr("p.json: gate cx on [0, 1]: is listed twice"));
  EXPECT_THAT(fault_in(two_qubits(gate_entry("cx", {0, 4000000000}, 0.01, 400.0))),
              HasSubstr("gate cx: on a qubit that there is not; the file describes qubits 0 .. 1"));
  EXPECT_THAT(fault_in(two_qubits(gate_entry("cx", {1, 1}, 0.01, 400.0))), HasSubstr("the same qubit twice"));
  EXPECT_THAT(fault_in(two_qubits(gate_entry("cx", {0, 1}, 0.01, -400.0))), HasSubstr("is -400; allowed: 0"));
  EXPECT_THAT(fault_in(two_qubits(gate_entry("cx", {0, 1}, -0.01, 400.0))), HasSubstr("is -0.01; allowed: 0"));
  EXPECT_THAT(fault_in(two_qubits(gate_entry("iswap", {0, 1}, 0.01, 400.0))),
              HasSubstr("couplings by iswap: of gates on two qubits, cx, cz, ecr and rzz are known"));
  EXPECT_EQ(fault_in(two_qubits(cx + ", " + gate_entry("iswap", {0, 1}, 0.01, 400.0))), "no error");
  EXPECT_THAT(fault_in(two_qubits(R"({"gate": "cx"})")), HasSubstr("an entry without the name of the gate"));
  EXPECT_THAT(fault_in(two_qubits(R"({"gate": "cx", "qubits": [0, 1], "parameters": 7})")),
              HasSubstr("gate cx on [0, 1]: expected a list of figures"));
  EXPECT_THAT(fault_in(R"({"qubits": [], "gates": []})"), HasSubstr("not the properties of an IBM back end"));
  // The same fault of every qubit is one line; NaN, which Python writes, is no figure.
  std::string many = properties(family_of("aachen"));
  for (std::size_t at = 0; (at = many.find("\"us\"", at)) != std::string::npos;) many.replace(at, 4, "\"h\"");
  const std::string fault = fault_in(many);
  EXPECT_THAT(fault, HasSubstr("qubit 0: T1 in the unknown unit 'h'; known: s, ms, us, ns (and in 51 more places)"));
  EXPECT_LE(std::count(fault.begin(), fault.end(), '\n'), 3);
  // Faults and gates of a thousand kinds are counted, not listed.
  std::string strange = cx;
  std::string units;
  for (int k = 0; k < 1000; ++k) {
    strange += fmt::format(R"(, {{"gate": "g{}", "qubits": [0]}})", k);
    units += fmt::format(R"(, {{"gate": "g{0}", "qubits": [0], "parameters": [{1}]}})", k,
                         calibrated("gate_length", 1.0, fmt::format("{}", k).c_str()));
  }
  const std::string note = parse_device(two_qubits(strange), "p.json").notes.at(0);
  EXPECT_THAT(note, HasSubstr("g0 (1), g1 (1), g10 (1)"));
  EXPECT_THAT(note, HasSubstr("and 992 other gates"));
  EXPECT_THAT(fault_in(two_qubits(cx + units)), HasSubstr("p.json: 991 other faults"));
  std::string nan = two_qubits(cx);
  nan.replace(nan.find("\"value\": 100"), 12, "\"value\": NaN");
  EXPECT_THAT(parse_device(nan, "p.json").left_out(), ElementsAre("qubit 0 (no T1)"));
}

}  // namespace
}  // namespace titrant::quantum
