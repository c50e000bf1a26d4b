#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "titrant/hardware/manifest.hpp"
#include "titrant/hardware/plan.hpp"

namespace titrant::hardware {

/// Where a plan's parts are from, for its manifest.
struct PlanSources {
  std::string store;        ///< file as it was named
  std::string device_file;  ///< likewise; empty: logical qubits
};

/// Writes every circuit as NAME.qasm, and last the manifest, into a folder, which is made where it is not there; files
/// are whole or not there. The same plan gives the same
/// bytes. Circuits that another plan left in the folder stay.
Manifest write_folder(const std::filesystem::path& folder, const QuestionModel& model, const Plan& plan,
                      const PlannedExamples& examples, const CircuitMaker& maker, const PlanSources& sources,
                      bool force, const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace titrant::hardware
