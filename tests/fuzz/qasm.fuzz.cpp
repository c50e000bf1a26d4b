#include "titrant/quantum/qasm/qasm.hpp"

#include <cmath>

#include "fuzz.hpp"
#include "titrant/quantum/simulation/distribution.hpp"
#include "titrant/quantum/simulation/trajectories.hpp"

/// \file
/// OpenQASM programs. What was read is written in all dialects and read again, and run where it is small.

namespace titrant::fuzz {

namespace {

constexpr std::size_t most_written = 2'000;  ///< operations: more take long and show nothing new
constexpr std::size_t most_run = 40;
constexpr std::size_t most_qubits_run = 10;

std::string written(const quantum::QasmProgram& program, quantum::QasmDialect dialect) {
  return quantum::write_qasm(program.circuit, program.qubits, program.bits, {}, dialect);
}

/// What a dialect says is read again, and then stays as it is.
void write_and_read(const quantum::QasmProgram& program, quantum::QasmDialect dialect) {
  std::string once;
  try {
    once = written(program, dialect);
  } catch (const Error&) {
    return;  // names and conditions that OpenQASM 2 has not
  }
  try {
    const quantum::QasmProgram again = quantum::read_qasm(once, "written.qasm");
    if (dialect != quantum::QasmDialect::openqasm3) return;
    require(once == written(again, dialect), "a program that is written and read again is the same");
  } catch (const Error& error) {
    require(false, "a program that was written can be read: " + std::string(error.what()));
  }
}

void run(const quantum::Circuit& circuit) {
  double total = 0.0;
  for (const quantum::Outcome& outcome : quantum::distribution(circuit, {}, {})) {
    require(outcome.probability > 0.0, "an outcome that is listed is possible");
    total += outcome.probability;
  }
  // 40 operations of a few roundings each, and outcomes below 1e-15 that are left out.
  require(std::abs(total - 1.0) < 1e-10, "probabilities sum to 1");
  constexpr std::uint64_t shots = 16;
  std::uint64_t counted = 0;
  for (const quantum::Count& outcome : quantum::run_trajectories(circuit, {}, {}, nullptr, 1, 0, {0, shots})) {
    counted += outcome.count;
  }
  require(counted == shots, "every shot has an outcome");
}

}  // namespace

}  // namespace titrant::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  return fuzz::read_or_refuse([&] {
    const quantum::QasmProgram program = quantum::read_qasm(fuzz::text_of(data, size), "input.qasm");
    const quantum::Circuit& circuit = program.circuit;
    if (circuit.operations().size() > fuzz::most_written) return;
    for (const quantum::QasmDialect dialect :
         {quantum::QasmDialect::openqasm3, quantum::QasmDialect::qiskit, quantum::QasmDialect::braket,
          quantum::QasmDialect::qdk, quantum::QasmDialect::openqasm2})
      fuzz::write_and_read(program, dialect);
    if (circuit.operations().size() > fuzz::most_run || circuit.qubits() > fuzz::most_qubits_run) return;
    fuzz::run(circuit);
  });
}
