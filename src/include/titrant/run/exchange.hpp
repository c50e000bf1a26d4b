#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "titrant/run/results.hpp"

/// \file
/// Fitted models as input of other programs: `titrant fit --export`.

namespace titrant::run {

/// The programs that a fitted model can be written for.
enum class ExchangeFormat { nonmem, nlmixr2, monolix };

/// By its word: "nonmem", "nlmixr2" or "monolix", as the names of the values above. Throws ConfigError for others.
ExchangeFormat exchange_format(const std::string& word);

/// What the name of a model file ends in: ".ctl", ".R", ".mlxtran".
std::string exchange_suffix(ExchangeFormat format);

/// A file that another program reads.
struct ExchangeFile {
  std::filesystem::path path;
  std::string text;
};

/// The files that a model is written to: itself first, its data set last.
///
/// - NONMEM: a control stream and its data set (`run1.ctl`, `run1.csv`)
/// - nlmixr2: an R function and its data set (`run1.R`, `run1.csv`)
/// - Monolix: a project, its structural model and its data set (`run1.mlxtran`, `run1_model.txt`, `run1.csv`)
///
/// \param model  the first of them; without a suffix it gets that of the format
std::vector<std::filesystem::path> exchange_paths(ExchangeFormat format, const std::filesystem::path& model);

/// The fitted models of a run as such files, with the estimates as initial values (17 significant digits) and the
/// trial as the fit used it: h, the trial's own units of amount and concentration. Biomarker and concentrations are one
/// model; where the biomarker was not fitted jointly, the parameters of the concentrations are fixed in it.
///
/// Throws DataError with everything in model and trial that the other program has no form for.
std::vector<ExchangeFile> exchange_files(ExchangeFormat format, const std::filesystem::path& model,
                                         const Results& results);

}  // namespace titrant::run
