#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// \file
/// The analysis package, which is Python: where it is, who can run it, and a command of it. This program draws nothing
/// itself.

namespace titrant::cli {

/// The package and an interpreter that has what it needs.
struct Analysis {
  std::filesystem::path package;  ///< folder that holds the Python package titrant_analysis
  std::string python;
};

/// The package: in TITRANT_ANALYSIS, else beside this program (../share/titrant/titrant_analysis, installed or in a
/// build tree). The interpreter: TITRANT_PYTHON, else python3 of the PATH if it has all that is needed, else
/// /usr/bin/python3. Throws Error, whose message says what to install.
Analysis find_analysis();

/// What bounds a command of the package.
struct AnalysisLimits {
  double seconds;
  std::function<bool()> give_up;  ///< asked all the time; true: end it now
};

/// Runs `python -m titrant_analysis ARGUMENTS`, asleep, outside MPI. What it prints is shown where it fails, which
/// throws Error.
void run_analysis(const Analysis& analysis, const std::vector<std::string>& arguments, const AnalysisLimits& limits);

}  // namespace titrant::cli
