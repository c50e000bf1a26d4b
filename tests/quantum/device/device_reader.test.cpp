#include "titrant/quantum/device/device_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "titrant/core/error.hpp"

namespace titrant::quantum {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string yaml = R"(name: two
source: made up
calibrated: never
qubits:
  - {t1: 100, t2: 300, one_given_zero: 0.01, zero_given_one: 0.02, readout_duration: 1000, sx_error: 0.0002, x_error: 0.0003, gate_duration: 50, reset_duration: 1100}
  - {t1: 90, t2: 80, one_given_zero: 0.03, zero_given_one: 0.04, readout_duration: 1000, sx_error: 0.0002, x_error: 0.0003, gate_duration: 50, reset_duration: 1100}
couplings:
  - {control: 1, target: 0, error: 0.008, duration: 560}
)";

// The text is in pieces, so that a test can take one out.
const std::string t1_of_0 = R"({"name": "T1", "unit": "us", "value": 100})";
const std::string sx_on_1 =
    R"({"gate": "sx", "qubits": [1], "parameters": [{"name": "gate_error", "unit": "", "value": 4e-4}, {"name": "gate_length", "unit": "ns", "value": 50}]})";
const std::string ecr_parameters =
    R"([{"name": "gate_error", "unit": "", "value": 0.01}, {"name": "gate_length", "unit": "ns", "value": 560}])";
const std::string ibm =
    R"({"backend_name": "b", "backend_version": "1", "last_update_date": "d", "qubits": [
 [)" +
    t1_of_0 +
    R"(, {"name": "T2", "unit": "ms", "value": 0.05}, {"name": "readout_error", "unit": "", "value": 0.02}, {"name": "readout_length", "unit": "us", "value": 1.2}],
 [{"name": "T1", "unit": "us", "value": 90}, {"name": "T2", "unit": "us", "value": 300}, {"name": "prob_meas0_prep1", "unit": "", "value": 0.04}, {"name": "prob_meas1_prep0", "unit": "", "value": 0.03}, {"name": "readout_length", "unit": "ns", "value": 1200}]],
 "gates": [{"gate": "sx", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 2e-4}, {"name": "gate_length", "unit": "ns", "value": 50}]},
  {"gate": "x", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 3e-4}]},
  {"gate": "x", "qubits": [1], "parameters": [{"name": "gate_error", "unit": "", "value": 5e-4}]},
  )" +
    sx_on_1 +
    R"(,
  {"gate": "reset", "qubits": [1], "parameters": [{"name": "gate_length", "unit": "ns", "value": 900}]},
  {"gate": "rz", "qubits": [0], "parameters": []},
  {"gate": "ecr", "qubits": [1, 0], "parameters": )" +
    ecr_parameters + "}]}";

std::string error_of(const std::string& text) {
  try {
    parse_device(text, "d.yaml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(DeviceReader, ReadsYaml) {
  const Device device = parse_device(yaml, "d.yaml");
  EXPECT_EQ(device.name, "two");
  ASSERT_EQ(device.qubits.size(), 2U);
  EXPECT_EQ(device.qubits[0].t2, 200.0);  // cut to 2 t1
  EXPECT_EQ(device.qubits[1].zero_given_one, 0.04);
  ASSERT_NE(device.edge(0, 1), nullptr);
  EXPECT_EQ(device.edge(0, 1)->control, 1U);
  EXPECT_FALSE(device.edge(1, 0)->dead);
}

TEST(DeviceReader, ReadsPropertiesOfIbm) {
  const Device device = parse_device(ibm, "p.json");
  EXPECT_EQ(device.qubits[0].t2, 50.0);
  EXPECT_EQ(device.qubits[0].one_given_zero, 0.02);
  EXPECT_EQ(device.qubits[0].readout_duration, 1200.0);
  EXPECT_EQ(device.qubits[1].t2, 180.0);
  EXPECT_EQ(device.qubits[1].one_given_zero, 0.03);
  EXPECT_EQ(device.qubits[1].sx_error, 4e-4);
  EXPECT_EQ(device.qubits[1].x_error, 5e-4);
  EXPECT_EQ(device.qubits[1].reset_duration, 900.0);
  EXPECT_FALSE(device.edge(0, 1)->dead);
  EXPECT_TRUE(device.left_out().empty());
  EXPECT_TRUE(parse_device(replaced(ibm, "\"value\": 0.01}", "\"value\": 1}"), "p.json").edge(0, 1)->dead);
}

std::vector<std::string> left_out_of(const std::string& text) { return parse_device(text, "p.json").left_out(); }

// Qiskit's is_gate_operational and is_qubit_operational read a figure "operational" of 0 or 1; without it all is well.
TEST(DeviceReader, LeavesOutWhatIsNotOperational) {
  const std::string off = R"({"name": "operational", "unit": "", "value": 0})";
  const std::string parameters = ecr_parameters.substr(0, ecr_parameters.size() - 1) + ", " + off + "]";
  const Device device = parse_device(replaced(ibm, ecr_parameters, parameters), "p.json");
  EXPECT_THAT(device.left_out(), ElementsAre("coupling 1-0 (not operational)"));
  EXPECT_TRUE(device.edge(0, 1)->dead);
  EXPECT_TRUE(device.qubits[0].usable() && device.qubits[1].usable());

  const Device without = parse_device(replaced(ibm, t1_of_0, t1_of_0 + ", " + off), "p.json");
  EXPECT_THAT(without.left_out(), ElementsAre("qubit 0 (not operational)"));
  EXPECT_TRUE(without.edge(0, 1)->dead);  // goes with its qubit
  EXPECT_EQ(without.qubits[1].t1, 90.0);  // the others keep their numbers

  const std::string on = replaced(off, "\"value\": 0", "\"value\": true");
  EXPECT_TRUE(left_out_of(replaced(ibm, t1_of_0, t1_of_0 + ", " + on)).empty());
  EXPECT_THAT(left_out_of(replaced(ibm, R"("gate": "rz", "qubits": [0], "parameters": [)",
                                   R"("gate": "rz", "qubits": [0], "parameters": [)" + off)),
              ElementsAre("qubit 0 (gate rz: not operational)"));
}

TEST(DeviceReader, LeavesOutWhatLacksFigures) {
  EXPECT_THAT(left_out_of(replaced(ibm, t1_of_0 + ", ", "")), ElementsAre("qubit 0 (no T1)"));
  EXPECT_THAT(left_out_of(replaced(ibm, "\"value\": 100", "\"value\": null")), ElementsAre("qubit 0 (no T1)"));
  EXPECT_THAT(left_out_of(replaced(ibm, "\"value\": 100", "\"value\": 0")), ElementsAre("qubit 0 (T1 is 0)"));
  EXPECT_THAT(left_out_of(replaced(ibm, "prob_meas0_prep1", "unknown")), ElementsAre("qubit 1 (no readout_error)"));
  EXPECT_THAT(left_out_of(replaced(ibm, sx_on_1 + ",", "")), ElementsAre("qubit 1 (no gate sx)"));
  EXPECT_THAT(left_out_of(replaced(ibm, "\"value\": 4e-4", "\"value\": null")),
              ElementsAre("qubit 1 (gate sx: no gate_error)"));
  EXPECT_THAT(left_out_of(replaced(ibm, "\"value\": 4e-4", "\"value\": 1")), ElementsAre("qubit 1 (gate sx: error 1)"));
  EXPECT_THAT(left_out_of(replaced(ibm, ecr_parameters, "[]")),
              ElementsAre("coupling 1-0 (no gate_error, no gate_length)"));
  EXPECT_THAT(error_of(replaced(ibm, "\"value\": 100", "\"value\": \"much\"")), HasSubstr("T1 is no number"));
  EXPECT_THAT(error_of(replaced(replaced(ibm, t1_of_0 + ", ", ""), sx_on_1 + ",", "")),
              HasSubstr("no qubit can be used: qubit 0 (no T1), qubit 1 (no gate sx)"));
}

TEST(DeviceReader, YamlSaysWhatIsLeftOutAndWhy) {
  const std::string first = yaml.substr(yaml.find("{t1: 100"), yaml.find("}\n") + 1 - yaml.find("{t1: 100"));
  const Device device = parse_device(replaced(yaml, first, "{left_out: no T1}"), "d.yaml");
  EXPECT_THAT(device.left_out(), ElementsAre("qubit 0 (no T1)"));
  EXPECT_EQ(device.qubits[1].t1, 90.0);
  EXPECT_TRUE(device.edges[0].dead);
  EXPECT_THAT(left_out_of(replaced(yaml, "error: 0.008, duration: 560", "left_out: not operational")),
              ElementsAre("coupling 1-0 (not operational)"));
  EXPECT_THAT(left_out_of(replaced(yaml, "t1: 100", "left_out: broken, t1: 100")), ElementsAre("qubit 0 (broken)"));
  EXPECT_THAT(error_of(replaced(yaml, "control: 1, target: 0, error: 0.008, duration: 560", "left_out: why")),
              HasSubstr("control is missing"));
  EXPECT_THAT(error_of(replaced(yaml, "t1: 100", "left_out: [], t1: 100")), HasSubstr("left_out: expected the reason"));
}

const std::string version_2 = R"(version: 2
name: two
one_qubit_gates: [u1, u2, u3]
readout_duration: 4000
notes: ["made up"]
qubits:
  - {t1: 100, t2: 80, one_given_zero: 0.01, zero_given_one: 0.02, u2_error: 0.0004, u2_duration: 36, u3_error: 0.0008, u3_duration: 71, reset_duration: 0}
  - {t1: 100, t2: 80, one_given_zero: 0.01, zero_given_one: 0.02, readout_duration: 3000, u2_error: 0.0004, u2_duration: 36, u3_error: 0.0008, u3_duration: 71, reset_duration: 0}
couplings:
  - {control: 1, target: 0, gate: cz, error: 0.008, duration: 80, rzz_error: 0.006, rzz_duration: 90}
)";

TEST(DeviceReader, ReadsVersion2) {
  const Device device = parse_device(version_2, "d.yaml");
  EXPECT_EQ(device.pulses, PulseBasis::u1_u2_u3);
  EXPECT_EQ(device.qubits[0].readout_duration, 4000.0);
  EXPECT_EQ(device.qubits[1].readout_duration, 3000.0);
  EXPECT_EQ(device.qubits[0].u3.duration, 71.0);
  EXPECT_EQ(device.edges[0].gate, GateKind::cz);
  EXPECT_EQ(device.edges[0].rzz->error, 0.006);
  EXPECT_THAT(device.notes, ElementsAre("made up"));
  EXPECT_EQ(device.native_gates(), "cz, rzz, u1, u2, u3");
  // What the user gives comes before the file's own value for all.
  EXPECT_EQ(parse_device(version_2, "d.yaml", {.readout = 5000.0}).qubits[0].readout_duration, 5000.0);
  const std::string rx = replaced(replaced(version_2, "[u1, u2, u3]", "[rz, rx]"),
                                  "u2_error: 0.0004, u2_duration: 36, u3_error: 0.0008, u3_duration: 71",
                                  "rx_error: 0.0003, rx_duration: 40");
  EXPECT_THAT(error_of(rx), HasSubstr("qubit 1: unknown key 'u2_error'; the gates are rx, rz"));
  EXPECT_EQ(parse_device("version: 1\n" + yaml, "d.yaml").edges[0].gate, GateKind::ecr);
}

TEST(DeviceReader, KeysOfVersion2NeedItsNumber) {
  EXPECT_THAT(error_of(replaced(version_2, "version: 2\n", "")),
              HasSubstr("d.yaml:2:1: one_qubit_gates needs version: 2 at the top of the file"));
  EXPECT_THAT(error_of(replaced(yaml, "error: 0.008", "gate: cz, error: 0.008")),
              HasSubstr("unknown key 'gate'; it needs version: 2"));
  EXPECT_THAT(error_of(replaced(version_2, "version: 2", "version: 3")),
              HasSubstr("version 3: this program reads 1 and 2"));
  EXPECT_THAT(error_of(replaced(version_2, "gate: cz", "gate: iswap")), HasSubstr("expected cx, cz, ecr or rzz"));
  EXPECT_THAT(error_of(replaced(version_2, "gate: cz, ", "")), HasSubstr("gate is missing"));
  EXPECT_THAT(error_of(replaced(version_2, "[u1, u2, u3]", "[u1, sx]")),
              HasSubstr("expected [rz, sx, x], [u1, u2, u3]"));
  EXPECT_THAT(error_of(replaced(version_2, "readout_duration: 4000\n", "")), HasSubstr("readout_duration is missing"));
  EXPECT_THAT(error_of(replaced(version_2, ", rzz_duration: 90", "")), HasSubstr("rzz_duration is missing"));
  EXPECT_FALSE(parse_device(replaced(version_2, "rzz_error: 0.006", "rzz_error: 1"), "d.yaml").edges[0].rzz);
  EXPECT_THAT(error_of(replaced(version_2, "rzz_error: 0.006", "rzz_error: 7")), HasSubstr("is 7; allowed: 0 .. 1"));
}

TEST(DeviceReader, NamesEveryFaultWithItsPlace) {
  EXPECT_THAT(error_of(replaced(yaml, "t1: 90", "t1: much")), HasSubstr("d.yaml:6:10: qubit 1, t1: expected a number"));
  EXPECT_THAT(error_of(replaced(yaml, "t1: 90", "t7: 90")), HasSubstr("unknown key 't7'"));
  EXPECT_THAT(error_of(replaced(yaml, "t1: 90", "t7: 90")), HasSubstr("t1 is missing"));
  EXPECT_THAT(error_of(replaced(yaml, "control: 1", "control: 7")), HasSubstr("not two of the 2 qubits"));
  EXPECT_THAT(error_of(replaced(yaml, "control: 1", "control: 0")), HasSubstr("not two of the 2 qubits"));
  EXPECT_THAT(error_of(replaced(yaml, "error: 0.008", "error: 2")), HasSubstr("is 2; allowed: 0 .. 1"));
  EXPECT_THAT(error_of(replaced(yaml, "t1: 100", "t1: -1")), HasSubstr("t1 of qubit 0 is -1"));
  EXPECT_THAT(error_of("qubits: [1, 2"), HasSubstr("not valid YAML"));
  EXPECT_THAT(error_of(yaml + "---\nname: three\n"), HasSubstr("d.yaml:9:1: a second document"));
  EXPECT_THAT(error_of(yaml + "name: three\n"),
              HasSubstr("d.yaml:9:1: name: is given twice; the first time in line 1, column 1"));
  EXPECT_THAT(error_of(replaced(yaml, "t1: 90", "t1: 90, t1: 91")), HasSubstr("qubits[2].t1: is given twice"));
  EXPECT_THAT(error_of(replaced(yaml, "control: 1", "control: 01")), HasSubstr("found '01'; a leading zero"));
  EXPECT_THAT(error_of(""), HasSubstr("expected the keys"));
  EXPECT_THAT(error_of("{\"qubits\": 3"), HasSubstr("d.yaml:1:13: not valid JSON"));
  EXPECT_THAT(error_of("{\"qubits\": 3}"), HasSubstr("not the properties of an IBM back end"));
  EXPECT_THAT(error_of(replaced(ibm, "\"unit\": \"ms\"", "\"unit\": \"h\"")), HasSubstr("T2 in the unknown unit 'h'"));
  EXPECT_THAT(error_of(replaced(ibm, "\"gate\": \"ecr\"", "\"gate\": \"iswap\"")), HasSubstr("couplings by iswap"));
  EXPECT_THAT(error_of(replaced(ibm, "[1, 0]", "[1, 9]")), HasSubstr("on a qubit that there is not"));
}

TEST(DeviceReader, RefusesNumbersBeyondDoublePrecisionWithTheirPlace) {
  EXPECT_THAT(error_of("{\"gates\": [],\n \"qubits\": 1e999}"),
              HasSubstr("d.yaml:2:16: a number that double precision"));
}

// Values are looked at where they stand: nothing copies a nested one, which would need a stack as deep as the text.
TEST(DeviceReader, ReadsDeeplyNestedPropertiesWithoutRecursion) {
  constexpr std::size_t depth = 1'000'000;
  const std::string nested = std::string(depth, '[') + std::string(depth, ']');
  const std::string text =
      R"({"qubits": [[]], "gates": [{"gate": "sx", "qubits": [0], "parameters": )" + nested + "}]}";
  EXPECT_THAT(error_of(text), HasSubstr("no qubit can be used: qubit 0 (no T1"));
}

// A parser takes a hundred times the memory of a text, so the text is bounded; what a file may describe fits.
TEST(DeviceReader, BoundsTheTextAndStillReadsTheLargestDevice) {
  EXPECT_THAT(error_of("# " + std::string(std::size_t{4} << 20U, 'x')), HasSubstr("d.yaml: is larger than 4194304"));
  EXPECT_THAT(error_of("{" + std::string(std::size_t{32} << 20U, ' ')), HasSubstr("is larger than 33554432 bytes"));

  constexpr std::size_t qubits = 10'000;
  const std::size_t list = yaml.find("qubits:\n") + std::string_view("qubits:\n").size();
  const std::string qubit = yaml.substr(list, yaml.find('\n', list) + 1 - list);
  std::string text = "qubits:\n";
  for (std::size_t q = 0; q < qubits; ++q) text += qubit;
  text += "couplings:\n";
  for (std::size_t q = 1; q < qubits; ++q)
    text +=
        "  - {control: " + std::to_string(q - 1) + ", target: " + std::to_string(q) + ", error: 0, duration: 560}\n";
  EXPECT_EQ(parse_device(text, "d.yaml").edges.size(), qubits - 1);
}

TEST(Device, SubsetsAreRenumbered) {
  const Device device = parse_device(yaml, "d.yaml");
  const std::vector<std::size_t> turned = {1, 0};
  const Device part = device.subset(turned);
  EXPECT_EQ(part.qubits[0].t1, 90.0);
  EXPECT_EQ(part.edges.at(0).control, 0U);
  EXPECT_THROW(device.subset(std::vector<std::size_t>{0, 0}), ConfigError);
  EXPECT_THROW(device.subset(std::vector<std::size_t>{5}), ConfigError);
  EXPECT_TRUE(device.subset(std::vector<std::size_t>{1}).edges.empty());
}

}  // namespace
}  // namespace titrant::quantum
