#include "calibration_notes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace titrant::quantum {

namespace {

constexpr const char* by_key = "give it (titrant circuit device FILE";  // and the option

std::string counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::vector<std::string> Decisions::notes(const GivenDurations& given) const {
  std::vector<std::string> all;
  const auto note = [&all](std::size_t count, const std::string& text) {
    if (count > 0) all.push_back(text);
  };
  const auto qubits = [](std::size_t count) { return counted(count, "qubit", "qubits"); };
  const auto couplings = [](std::size_t count) { return counted(count, "coupling", "couplings"); };
  const auto pairs = [](std::size_t count) { return counted(count, "gate on two qubits", "gates on two qubits"); };
  note(readout_given, fmt::format("readout time: not in the calibration of {}; {:g} ns as given", qubits(readout_given),
                                  given.readout.value_or(0.0)));
  note(readout_lacking, fmt::format("readout time: not in the calibration of {}: {} --readout-time NS)",
                                    qubits(readout_lacking), by_key));
  note(gate_given, fmt::format("gate time: not in the calibration of {}; {:g} ns a pulse as given", qubits(gate_given),
                               given.gate.value_or(0.0)));
  note(gate_lacking,
       fmt::format("gate time: not in the calibration of {}: {} --gate-time NS)", qubits(gate_lacking), by_key));
  note(coupling_given, fmt::format("gate time: not in the calibration of {}; {:g} ns as given", pairs(coupling_given),
                                   given.coupling.value_or(0.0)));
  note(coupling_lacking,
       fmt::format("gate time: not in the calibration of {}: {} --coupling-time NS)", pairs(coupling_lacking), by_key));
  note(reset_lacking,
       given.reset
           ? fmt::format("reset time: not in the calibration of {}; {:g} ns as given", qubits(reset_lacking),
                         *given.reset)
           : fmt::format("reset time: not in the calibration of {}; resets count 0 ns unless --reset-time NS gives it",
                         qubits(reset_lacking)));
  note(lengths_differ,
       fmt::format("sx and x of {} differ in length: the longer time counts for both", qubits(lengths_differ)));
  note(directions_differ, fmt::format("{} have different figures in the two directions: the one with the smaller "
                                      "error is kept, of equal ones the shorter",
                                      couplings(directions_differ)));
  note(kinds_compared, fmt::format("{} have more than one of cx, cz and ecr: the one with the smallest error is kept",
                                   couplings(kinds_compared)));
  note(t2_cut, fmt::format("T2 of {} exceeds 2 T1: 2 T1 counts", qubits(t2_cut)));
  std::vector<std::string> rest;
  for (const auto& [gate, times] : unused)
    if (rest.size() < most_named) rest.push_back(fmt::format("{} ({})", gate, times));
  if (unused.size() > most_named) rest.push_back(fmt::format("and {} other gates", unused.size() - most_named));
  note(rest.size(), fmt::format("entries that are not used: {}", fmt::join(rest, ", ")));
  return all;
}

}  // namespace titrant::quantum
