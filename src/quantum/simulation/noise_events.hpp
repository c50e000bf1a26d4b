#pragma once

#include <vector>

#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/noise/channel.hpp"

namespace titrant::quantum {

/// A noise channel, split into what nearly always happens and events.
struct NoiseEvents {
  Matrix usual;  ///< the Kraus operator that acts where no event does, or the identity where it is a multiple of that
  std::vector<Matrix> events;  ///< the other Kraus operators
  bool fixed = false;          ///< the probability of each event does not depend on the state
  std::vector<double> share;   ///< where fixed: of `candidate`, [event]
  /// An upper bound of the probability that an event happens, whatever the state: only shots that draw a candidate look
  /// at the state.
  double candidate = 0.0;
  bool frequent = false;  ///< candidates are so likely that every shot draws here
};

NoiseEvents noise_events(const Channel& channel);

}  // namespace titrant::quantum
