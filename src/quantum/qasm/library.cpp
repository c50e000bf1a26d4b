#include "library.hpp"

#include <array>
#include <string>
#include <utility>

#include "gate_parser.hpp"
#include "lexer.hpp"

namespace titrant::quantum::qasm {

namespace {

// "OpenQASM 3, built-in gates": U = exp(i theta / 2) u. Version 2 has no controls that would make the phase count.
constexpr std::string_view language_2 = R"(
gate U(theta, phi, lambda) a { u(theta, phi, lambda) a; }
gate CX a, b { cx a, b; }
)";
constexpr std::string_view language_3 = R"(
gate U(theta, phi, lambda) a { gphase(theta / 2); u(theta, phi, lambda) a; }
)";

// stdgates.inc gives u2 and u3 the determinant 1; in qelib1.inc no phase counts.
constexpr std::string_view library_2 = R"(
gate u2(phi, lambda) a { u(pi / 2, phi, lambda) a; }
gate u3(theta, phi, lambda) a { u(theta, phi, lambda) a; }
)";
constexpr std::string_view library_3 = R"(
gate CX a, b { cx a, b; }
gate u2(phi, lambda) a { gphase(-(phi + lambda) / 2); u(pi / 2, phi, lambda) a; }
gate u3(theta, phi, lambda) a { gphase(-(phi + lambda) / 2); u(theta, phi, lambda) a; }
)";

// Relative-phase Toffoli gates: Maslov, Phys. Rev. A 93 (2016) 022311, figures 3 and 4.
constexpr std::string_view library_of_both = R"(
gate id a { }
gate u0(gamma) a { }
gate u1(lambda) a { p(lambda) a; }
gate phase(lambda) a { p(lambda) a; }
gate sxdg a { inv @ sx a; }
gate ch a, b { ctrl @ h a, b; }
gate csx a, b { ctrl @ sx a, b; }
gate cu1(lambda) a, b { cp(lambda) a, b; }
gate cphase(lambda) a, b { cp(lambda) a, b; }
gate cu3(theta, phi, lambda) a, b { ctrl @ u(theta, phi, lambda) a, b; }
gate cu(theta, phi, lambda, gamma) a, b { p(gamma) a; ctrl @ u(theta, phi, lambda) a, b; }
gate cswap a, b, c { ctrl @ swap a, b, c; }
gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }
gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }
gate rccx a, b, c {
  h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c;
}
gate rc3x a, b, c, d {
  h d; t d; cx c, d; tdg d; h d;
  cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d;
  h d; t d; cx c, d; tdg d; h d;
}
)";

// Qiskit's circuit library, qiskit.circuit.library.standard_gates. Qiskit's first qubit is the least significant one of
// its matrices.
constexpr std::string_view library_of_qiskit = R"(
gate r(theta, phi) a { u(theta, phi - pi / 2, pi / 2 - phi) a; }
gate cs a, b { ctrl @ s a, b; }
gate csdg a, b { ctrl @ sdg a, b; }
gate ccz a, b, c { ctrl(2) @ z a, b, c; }
gate c3sx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate dcx a, b { cx a, b; cx b, a; }
gate rzx(theta) a, b { h b; rzz(theta) a, b; h b; }
gate xx_plus_yy(theta, beta) a, b { rz(beta) a; rxx(theta / 2) a, b; ryy(theta / 2) a, b; rz(-beta) a; }
gate xx_minus_yy(theta, beta) a, b { rz(-beta) b; rxx(theta / 2) a, b; ryy(-theta / 2) a, b; rz(beta) b; }
)";

// The gates of Amazon Braket, as its documentation of braket.circuits.gates has their matrices.
constexpr std::string_view library_of_braket = R"(
gate i a { }
gate si a { sdg a; }
gate ti a { tdg a; }
gate v a { sx a; }
gate vi a { inv @ sx a; }
gate phaseshift(angle1) a { p(angle1) a; }
gate prx(theta, phi) a { u(theta, phi - pi / 2, pi / 2 - phi) a; }
gate gpi(phi) a { x a; rz(2 * phi) a; }
gate gpi2(phi) a { u(pi / 2, phi - pi / 2, pi / 2 - phi) a; }
gate cnot a, b { cx a, b; }
gate cv a, b { ctrl @ sx a, b; }
gate cphaseshift(angle1) a, b { cp(angle1) a, b; }
gate cphaseshift00(angle1) a, b { x a; x b; cp(angle1) a, b; x a; x b; }
gate cphaseshift01(angle1) a, b { x a; cp(angle1) a, b; x a; }
gate cphaseshift10(angle1) a, b { x b; cp(angle1) a, b; x b; }
gate xx(angle1) a, b { rxx(angle1) a, b; }
gate yy(angle1) a, b { ryy(angle1) a, b; }
gate zz(angle1) a, b { rzz(angle1) a, b; }
gate xy(angle1) a, b { rxx(-angle1 / 2) a, b; ryy(-angle1 / 2) a, b; }
gate iswap a, b { rxx(-pi / 2) a, b; ryy(-pi / 2) a, b; }
gate pswap(angle1) a, b { swap a, b; cx a, b; p(angle1) b; cx a, b; }
gate ms(phi0, phi1, theta) a, b { rz(-phi0) a; rz(-phi1) b; rxx(theta) a, b; rz(phi0) a; rz(phi1) b; }
gate ccnot a, b, c { ccx a, b, c; }
)";

/// A gate with as many controls of `base` as it is given qubits beyond one.
Gate many_controls(std::string name, const Gate& base) {
  Gate gate;
  gate.name = std::move(name);
  gate.kind = Gate::Kind::many;
  gate.angles = base.angles;
  gate.qubits = base.qubits;
  gate.body.resize(1);
  gate.body[0].gate = &base;
  return gate;
}

GateTable make_library(std::string_view language, std::string_view versioned) {
  GateTable gates;
  for (std::size_t k = 0; k < native_gates; ++k) {
    Gate gate;
    gate.native = static_cast<GateKind>(k);
    gate.kind = Gate::Kind::native;
    gate.name = gate_name(gate.native);
    gate.angles = gate_angles(gate.native);
    gate.qubits = gate_qubits(gate.native);
    gates.add(std::move(gate));
  }
  Gate phase;
  phase.name = "gphase";
  phase.kind = Gate::Kind::phase;
  phase.angles = 1;
  gates.add(std::move(phase));
  Gate barrier;
  barrier.name = "barrier";
  barrier.kind = Gate::Kind::barrier;
  gates.add(std::move(barrier));

  for (const std::string_view text : {language, versioned, library_of_both, library_of_qiskit, library_of_braket}) {
    const Source source{text, "gate library"};
    Lexer lexer(source);
    while (lexer.accept("gate")) parse_gate_definition(lexer, gates, {});
  }
  gates.add(many_controls("mcx", *gates.find("x")));
  gates.add(many_controls("mcphase", *gates.find("p")));
  return gates;
}

}  // namespace

std::string_view native_definition(GateKind kind) {
  switch (kind) {
    case GateKind::rxx:
      return "gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }\n";
    case GateKind::ryy:
      return "gate ryy(theta) a, b { sdg a; sdg b; h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; s a; s b; }\n";
    case GateKind::rzz:
      return "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }\n";
    case GateKind::ecr:  // exp(-i pi / 4 Z x X), then X on the first
      return "gate ecr a, b { h b; cx a, b; rz(pi / 2) b; cx a, b; h b; x a; }\n";
    default:
      return {};
  }
}

const GateTable& gate_library(int version) {
  static const GateTable version_2 = make_library(language_2, library_2);
  static const GateTable version_3 = make_library(language_3, library_3);
  return version == 2 ? version_2 : version_3;
}

}  // namespace titrant::quantum::qasm
