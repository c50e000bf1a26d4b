#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "titrant/quantum/device/device_reader.hpp"

namespace titrant::quantum {

constexpr std::size_t most_named = 8;  ///< gates that are not used or not known

/// How often each decision was made while a calibration was read: notes say it once, with the count.
struct Decisions {
  std::size_t t2_cut = 0;
  std::size_t readout_given = 0, readout_lacking = 0;
  std::size_t gate_given = 0, gate_lacking = 0;
  std::size_t coupling_given = 0, coupling_lacking = 0;
  std::size_t reset_lacking = 0;
  std::size_t lengths_differ = 0;
  std::size_t directions_differ = 0, kinds_compared = 0;
  std::map<std::string, std::size_t> unused;  ///< [gate] entries

  /// One sentence for each kind of decision; `given`: the durations by which missing ones were replaced.
  std::vector<std::string> notes(const GivenDurations& given) const;
};

}  // namespace titrant::quantum
