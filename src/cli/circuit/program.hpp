#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::cli {

/// The option --input.
void add_input(boost::program_options::options_description& description);

/// The option --measure-all.
void add_measure_all(boost::program_options::options_description& description);

/// The OpenQASM program of the argument `file`, with --measure-all a measurement of every qubit at its end. Throws
/// ConfigError where it cannot be read, or --measure-all is given to a program that measures already.
quantum::QasmProgram read_program(const Invocation& invocation);

/// Names of the classical bits that no measurement writes, as c[1].
std::vector<std::string> never_measured(const quantum::QasmProgram& program);

/// A sentence about them that ends a line; empty: there are none.
std::string never_measured_note(const quantum::QasmProgram& program);

}  // namespace titrant::cli
