#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "command.hpp"
#include "titrant/run/exchange.hpp"

namespace titrant::cli {

/// The fitted model for another program, as --export and --export-to ask for it.
struct ExportRequest {
  run::ExchangeFormat format = run::ExchangeFormat::nonmem;
  std::filesystem::path model;  ///< the first of the files
};

/// --export, --export-to.
void add_export_options(boost::program_options::options_description& description);

/// What they ask for; none where nothing is. Throws ConfigError where it is not said, or not possible, where to write.
/// \param output  the store, beside which the files stand without --export-to; may be empty
std::optional<ExportRequest> export_request(const Invocation& invocation, const std::filesystem::path& output);

/// Throws ConfigError for files that cannot be written, or exist and are not to be replaced, as the file of the trial
/// never is.
void check_export(const ExportRequest& request, const std::filesystem::path& data, bool force);

/// Writes the files; their names, the model's first. Throws DataError for what the other program has no form for.
std::vector<std::filesystem::path> write_export(const ExportRequest& request, const run::Results& results);

}  // namespace titrant::cli
