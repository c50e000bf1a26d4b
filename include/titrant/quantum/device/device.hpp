#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::quantum {

/// Average gate error and duration (ns) of one gate.
struct GateFigures {
  double error = 0.0;
  double duration = 0.0;
};

/// A quantum processor as its calibration describes it.
struct Device {
  struct Qubit {
    double t1 = 0.0;                ///< us
    double t2 = 0.0;                ///< us, at most 2 t1
    double one_given_zero = 0.0;    ///< readout
    double zero_given_one = 0.0;    ///< readout
    double readout_duration = 0.0;  ///< ns
    double sx_error = 0.0;          ///< average gate error; sx and x: of the basis rz_sx_x
    double x_error = 0.0;
    double one_qubit_duration = 0.0;  ///< ns, of sx and x
    double reset_duration = 0.0;      ///< ns
    std::string left_out =
        {};               ///< why it must not be used ("not operational", "no T1"); empty: it may; else figures are 0
    GateFigures u2 = {};  ///< of the basis u1_u2_u3
    GateFigures u3 = {};
    GateFigures rx = {};  ///< of the basis rx_rz
    bool usable() const { return left_out.empty(); }
  };
  /// A coupling and the gate that acts along it: of those that its calibration has, the one with the smallest error.
  struct Edge {
    std::size_t control = 0;
    std::size_t target = 0;
    double error = 0.0;                ///< average gate error
    double duration = 0.0;             ///< ns
    bool dead = false;                 ///< must not be used: error 1, `left_out`, or a qubit that is left out
    std::string left_out = {};         ///< as of qubits
    GateKind gate = GateKind::ecr;     ///< cx, ecr: in this direction; cz: in both; rzz of pi/2 where there is no other
    std::optional<GateFigures> rzz{};  ///< rzz of any angle in 0 .. pi/2 besides, where it works
  };

  std::string name;
  std::string source;      ///< where the figures are from
  std::string calibrated;  ///< when
  std::vector<Qubit> qubits;
  std::vector<Edge> edges;
  PulseBasis pulses = PulseBasis::rz_sx_x;
  std::vector<std::string> notes = {};  ///< what reading the calibration decided, one sentence each, with counts

  /// The coupling of two qubits in either direction; null where there is none.
  const Edge* edge(std::size_t a, std::size_t b) const;
  /// Of a native gate on these qubits, in a direction that the device has, along a live coupling; none for others.
  std::optional<GateFigures> figures(const Operation& gate) const;
  /// "ecr, rz, sx, x": the gates on two qubits of couplings that work, then those on one.
  std::string native_gates() const;
  /// What its calibration leaves out, one phrase each: "qubit 2 (no T1)", "coupling 1-2 (not operational)". Couplings
  /// of a qubit that is left out are not listed with it.
  std::vector<std::string> left_out() const;
  /// These as one line; of more than eight, how many have each reason: "20 qubits (no readout_length)". Empty: nothing
  /// is left out.
  std::string left_out_line() const;
  /// The device of these qubits alone, renumbered in the order given. Throws ConfigError for one it has not.
  Device subset(std::span<const std::size_t> chosen) const;
};

/// A gate that only turns the frame in which later pulses are played: rz, p.
bool is_change_of_frame(const Operation& operation);

/// Whether a gate u is one pulse: u2, theta = pi/2.
bool is_u2(const Operation& u);

/// Whether the angle of an rzz is one that calibrated rzz have: in 0 .. pi/2.
bool is_native_rzz(const Operation& rzz);

/// "rz, sx, x"
std::string pulse_names(PulseBasis basis);

}  // namespace titrant::quantum
