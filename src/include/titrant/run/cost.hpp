#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "titrant/run/stage.hpp"

namespace titrant::run {

/// What a stage of a run costs, by the time that a part of its work took.
struct StageCost {
  std::string stage;
  std::string unit;             ///< what is counted: "virtual subjects"
  double units = 1.0;           ///< in the whole run
  double measured_units = 1.0;  ///< in the part that was run
  double measured = 0.0;        ///< core-seconds of that part: time x ranks

  double core_seconds() const { return measured * units / measured_units; }
};

/// What a run costs. Work of a stage that no unit counts is taken to grow with the units, so short stages are
/// overestimated rather than the long ones underestimated.
struct RunCost {
  std::vector<StageCost> stages;
  double store_bytes = 0.0;   ///< 0: no store was asked for
  double memory_bytes = 0.0;  ///< most of a rank, all stages together
  double circuits = 0.0;      ///< that a quantum computer would run for it
  std::size_t answers = 0;    ///< minimal doses

  double core_seconds() const;
};

/// Runs a small piece of every stage of a command (`titrant run`, fit, ...) with the context's configuration (fits
/// whole, few subjects, steps and replicates), and writes its store to a hidden file in `folder`, which is removed;
/// where `folder` is empty, nothing is written. Collective.
RunCost measure(const Context& context, const std::filesystem::path& folder, const std::string& command = "run");

}  // namespace titrant::run
