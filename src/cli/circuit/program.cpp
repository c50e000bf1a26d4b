#include "program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/quantum/measurements.hpp"

namespace titrant::cli {

namespace {

constexpr std::size_t largest_program = std::size_t{64} << 20U;  // bytes

/// c, with underscores where qubits have that name.
std::string free_name(const std::vector<quantum::Register>& qubits) {
  std::string name = "c";
  const auto taken = [&name](const quantum::Register& one) { return one.name == name; };
  while (std::any_of(qubits.begin(), qubits.end(), taken)) name += '_';
  return name;
}

/// The values of --input.
quantum::QasmInputs program_inputs(const Invocation& invocation) {
  quantum::QasmInputs inputs;
  if (!invocation.values.contains("input")) return inputs;
  for (const std::string& text : invocation.values["input"].as<std::vector<std::string>>()) {
    const std::size_t sign = text.find('=');
    double value = 0.0;
    const char* const last = text.data() + text.size();
    const char* const first = sign == std::string::npos ? last : text.data() + sign + 1;
    const auto [end, error] = std::from_chars(first, last, value);
    if (sign == 0 || error != std::errc{} || end != last || !std::isfinite(value))
      throw ConfigError(fmt::format("--input {}: NAME=VALUE with a number is expected, as theta=0.5", text));
    if (!inputs.emplace(text.substr(0, sign), value).second)
      throw ConfigError(fmt::format("--input {}: {} has a value already", text, text.substr(0, sign)));
  }
  return inputs;
}

}  // namespace

void add_input(boost::program_options::options_description& description) {
  description.add_options()(
      "input", boost::program_options::value<std::vector<std::string>>()->composing()->value_name("NAME=VALUE"),
      "value of what the program declares as input (repeatable); angles in rad");
}

void add_measure_all(boost::program_options::options_description& description) {
  description.add_options()("measure-all",
                            "measure every qubit at the end, qubit k into bit k; for programs that never measure");
}

quantum::QasmProgram read_program(const Invocation& invocation) {
  const std::string file = text_option(invocation, "file");
  quantum::QasmProgram program =
      quantum::read_qasm(core::read_file(file, largest_program), file, program_inputs(invocation));
  if (invocation.ranks.root())
    for (const std::string& note : program.notes) print_warning(note);
  if (!invocation.values.contains("measure-all")) return program;
  const std::vector<bool> written = quantum::written_bits(program.circuit);
  if (std::find(written.begin(), written.end(), true) != written.end())
    throw ConfigError(
        fmt::format("{}: measures already, so a second measurement of every qubit could be mistaken for the first; "
                    "leave out --measure-all, or take the program's measurements out",
                    file));
  program.outcomes.clear();
  program.circuit = quantum::measure_all(program.circuit);
  program.bits = {{free_name(program.qubits), 0, program.circuit.qubits()}};
  return program;
}

std::vector<std::string> never_measured(const quantum::QasmProgram& program) {
  const std::vector<bool> written = quantum::written_bits(program.circuit);
  std::vector<std::string> names;
  for (const quantum::QasmOutcomeBit& one : program.outcomes)
    if (!one.written) names.push_back(one.name);
  if (!program.outcomes.empty()) return names;
  for (const quantum::Register& one : program.bits)
    for (std::size_t k = 0; k < one.size; ++k)
      if (!written.at(one.first + k)) names.push_back(fmt::format("{}[{}]", one.name, k));
  return names;
}

std::string never_measured_note(const quantum::QasmProgram& program) {
  constexpr std::size_t most = 8;
  std::vector<std::string> names = never_measured(program);
  const std::size_t count = names.size();
  if (count == 0) return "";
  names.resize(std::min(most, count));
  return fmt::format("no measurement writes {}{}, which {} 0", fmt::join(names, ", "),
                     count > most ? fmt::format(" and {} more", count - most) : std::string(),
                     count == 1 ? "stays" : "stay");
}

}  // namespace titrant::cli
