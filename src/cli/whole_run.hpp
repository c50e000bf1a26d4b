#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "command.hpp"
#include "export.hpp"
#include "titrant/run/checkpoint.hpp"
#include "titrant/run/configuration.hpp"

namespace titrant::cli {

/// --checkpoint-every, --max-hours, --quiet, --isa: of all commands that run stages.
void add_run_options(boost::program_options::options_description& description);

/// --no-report: of those that may end with a report.
void add_report_option(boost::program_options::options_description& description);

/// One run from here to its end, by whatever command it was started.
struct WholeRun {
  run::Configuration configuration;
  std::string command;           ///< run, fit, evaluate, train, search
  std::string command_line;      ///< as typed
  std::filesystem::path output;  ///< empty: nothing is written
  bool resume = false;
  std::optional<ExportRequest> exported = std::nullopt;  ///< the fitted model for another program
};

/// Computes, writes the store, prints the tables. Collective; returns the exit code.
int carry_out(const Invocation& invocation, const WholeRun& run);

}  // namespace titrant::cli
