#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace titrant::quantum {

/// A quantum processor as its calibration describes it.
struct Device {
  struct Qubit {
    double t1 = 0.0;                ///< us
    double t2 = 0.0;                ///< us, at most 2 t1
    double one_given_zero = 0.0;    ///< readout
    double zero_given_one = 0.0;    ///< readout
    double readout_duration = 0.0;  ///< ns
    double sx_error = 0.0;          ///< average gate error
    double x_error = 0.0;
    double one_qubit_duration = 0.0;  ///< ns, of sx and x; rz takes no time
    double reset_duration = 0.0;      ///< ns
    std::string left_out =
        {};  ///< why it must not be used ("not operational", "no T1"); empty: it may; else figures are 0
    bool usable() const { return left_out.empty(); }
  };
  /// A coupling along which ecr acts, in its native direction.
  struct Edge {
    std::size_t control = 0;
    std::size_t target = 0;
    double error = 0.0;         ///< average gate error
    double duration = 0.0;      ///< ns
    bool dead = false;          ///< must not be used: error 1, `left_out`, or a qubit that is left out
    std::string left_out = {};  ///< as of qubits
  };

  std::string name;
  std::string source;      ///< where the figures are from
  std::string calibrated;  ///< when
  std::vector<std::string> basis = {"ecr", "rz", "sx", "x"};
  std::vector<Qubit> qubits;
  std::vector<Edge> edges;

  /// The coupling of two qubits in either direction; null where there is none.
  const Edge* edge(std::size_t a, std::size_t b) const;
  /// What its calibration leaves out, one phrase each: "qubit 2 (no T1)", "coupling 1-2 (not operational)". Couplings
  /// of a qubit that is left out are not listed with it.
  std::vector<std::string> left_out() const;
  /// The first of these as one line, and how many more there are; empty: nothing is left out.
  std::string left_out_line() const;
  /// The device of these qubits alone, renumbered in the order given. Throws ConfigError for one it has not.
  Device subset(std::span<const std::size_t> chosen) const;
};

}  // namespace titrant::quantum
