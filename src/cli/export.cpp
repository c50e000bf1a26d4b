#include "export.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/store/target.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

void add_export_options(po::options_description& description) {
  description.add_options()("export", po::value<std::string>()->value_name("nonmem|nlmixr2|monolix"),
                            "also write the fitted model for this program, with the estimates and its data set")(
      "export-to", po::value<std::string>()->value_name("FILE"),
      "with --export: the model file, beside which its data set stands; without it: named like the store");
}

std::optional<ExportRequest> export_request(const Invocation& invocation, const std::filesystem::path& output) {
  const bool named = invocation.values.contains("export-to");
  if (!invocation.values.contains("export")) {
    if (named) throw ConfigError("--export-to: for which program? expected --export nonmem|nlmixr2|monolix beside it");
    return std::nullopt;
  }
  const std::string word = text_option(invocation, "export");
  ExportRequest request{.format = run::exchange_format(word), .model = text_option(invocation, "export-to")};
  if (named && request.model.empty()) throw ConfigError("--export-to: the name is empty; expected FILE");
  if (!named && output.empty()) {
    throw ConfigError(
        fmt::format("--export {}: where to? expected --export-to FILE, or --output RUN.h5 to write beside it", word));
  }
  if (!named) request.model = std::filesystem::path(output).replace_extension(run::exchange_suffix(request.format));
  if (request.model.extension() == ".csv" || request.model.extension() == ".h5") {
    throw ConfigError(fmt::format("--export-to {}: is the name of a data set or a store; expected one of a model file",
                                  request.model.string()));
  }
  return request;
}

void check_export(const ExportRequest& request, const std::filesystem::path& data, bool force) {
  for (const std::filesystem::path& path : run::exchange_paths(request.format, request.model)) {
    std::error_code error;
    if (!data.empty() && std::filesystem::equivalent(path, data, error)) {
      throw ConfigError(
          fmt::format("--export-to {}: its data set {} would replace the trial's own file; name another one",
                      request.model.string(), path.string()));
    }
    store::check_target(path, force);
  }
}

std::vector<std::filesystem::path> write_export(const ExportRequest& request, const run::Results& results) {
  std::vector<std::filesystem::path> written;
  for (const run::ExchangeFile& file : run::exchange_files(request.format, request.model, results)) {
    core::replace_file(file.path, file.text);
    written.push_back(file.path);
  }
  return written;
}

}  // namespace titrant::cli
