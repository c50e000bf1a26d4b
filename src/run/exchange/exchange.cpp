#include "titrant/run/exchange.hpp"

#include <fmt/format.h>

#include "formats.hpp"
#include "titrant/core/error.hpp"

namespace titrant::run {

namespace {

void expect_same_errors(const exchange::Parts& parts, const char* program) {
  if (parts.population.error_etas().empty()) return;
  throw DataError(
      fmt::format("export: {} has no random effect on the residual error (omega.error); export to nonmem, or fit "
                  "without error in omega.variable",
                  program));
}

}  // namespace

ExchangeFormat exchange_format(const std::string& word) {
  if (word == "nonmem") return ExchangeFormat::nonmem;
  if (word == "nlmixr2") return ExchangeFormat::nlmixr2;
  if (word == "monolix") return ExchangeFormat::monolix;
  throw ConfigError(fmt::format("{}: expected nonmem, nlmixr2 or monolix", word));
}

std::string exchange_suffix(ExchangeFormat format) {
  switch (format) {
    case ExchangeFormat::nonmem:
      return ".ctl";
    case ExchangeFormat::nlmixr2:
      return ".R";
    case ExchangeFormat::monolix:
      break;
  }
  return ".mlxtran";
}

std::vector<std::filesystem::path> exchange_paths(ExchangeFormat format, const std::filesystem::path& model) {
  std::filesystem::path first = model;
  if (!first.has_extension()) first.replace_extension(exchange_suffix(format));
  std::filesystem::path data = first;
  data.replace_extension(".csv");
  std::filesystem::path structural = first;
  structural.replace_filename(fmt::format("{}_model.txt", first.stem().string()));
  switch (format) {
    case ExchangeFormat::nonmem:
    case ExchangeFormat::nlmixr2:
      return {first, data};
    case ExchangeFormat::monolix:
      break;
  }
  return {first, structural, data};
}

std::vector<ExchangeFile> exchange_files(ExchangeFormat format, const std::filesystem::path& model,
                                         const Results& results) {
  const exchange::Parts parts = exchange::parts_of(results);
  const std::vector<std::filesystem::path> paths = exchange_paths(format, model);
  std::vector<std::string> texts;
  switch (format) {
    case ExchangeFormat::nonmem:
      texts = exchange::nonmem_texts(parts, paths);
      break;
    case ExchangeFormat::nlmixr2:
      expect_same_errors(parts, "nlmixr2");
      texts = exchange::nlmixr2_texts(parts, paths);
      break;
    case ExchangeFormat::monolix:
      expect_same_errors(parts, "Monolix");
      texts = exchange::monolix_texts(parts, paths);
      break;
  }
  std::vector<ExchangeFile> files;
  for (std::size_t i = 0; i < paths.size(); ++i) files.push_back({.path = paths[i], .text = std::move(texts.at(i))});
  return files;
}

}  // namespace titrant::run
