#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/classifier/readout.hpp"
#include "titrant/protocol/endpoint.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::hardware {

/// What a circuit of a plan is for.
enum class Role {
  marker_zero,  ///< no qubit is turned: every bit must read 0
  marker_one,   ///< the qubit of the answer is turned: the answer's bit must read 1, all others 0
  calibration,  ///< a further subject, by whom scale and offset are refitted
  question      ///< a subject of the question on one of its doses
};
std::string_view word(Role role);  ///< "marker_zero", ...

/// One circuit as its counts are judged.
struct PlannedCircuit {
  std::string name;
  Role role = Role::question;
  std::uint64_t subject = 0;           ///< number in the run's cohort
  double dose = 0.0;                   ///< in the regimen's unit
  double p_one = 0.0;                  ///< P(1) of the network as the run has it, exact; of markers 0 or 1
  quantum::ReadoutError readout = {};  ///< of the qubit that is measured into the answer's bit
  std::uint64_t shots = 0;             ///< that the plan asks for
};

/// All that turns counts into an answer.
struct Scheme {
  std::vector<double> doses;                                    ///< that circuits of questions are on, ascending
  double target = 0.9;                                          ///< share of the subjects that must succeed
  protocol::Direction direction = protocol::Direction::rising;  ///< rising or falling
  classifier::Readout readout;                                  ///< from P(1) to a probability, as the run has it
  std::vector<PlannedCircuit> circuits;
};

/// What a device counted of a circuit.
struct Counted {
  std::uint64_t shots = 0;
  std::uint64_t ones = 0;  ///< of the answer's bit
};

}  // namespace titrant::hardware
