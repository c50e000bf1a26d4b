#pragma once

#include <map>
#include <string>
#include <vector>

#include "pd_candidates.hpp"
#include "titrant/nlme/covariate_steps.hpp"

namespace titrant::nlme {

/// Finds the shape of a biomarker model step by step, from a fitted one on: which parameters carry an eta, which
/// typical values are held, whether both terms of a combined error are needed, how the baseline moves (by BIC),
/// covariate effects forward and, last, backward (by the likelihood-ratio test with one degree of freedom; Jonsson and
/// Karlsson 1998, Pharm Res 15:1463), and whether an effect that entered sits better on another parameter. Each step
/// fits all neighbours of the current shape side by side; no shape is fitted twice.
///
///     CovariateSearch search(ranks, model, options, start, tried);
///     const FittedShape found = search.run();
class CovariateSearch {
 public:
  /// \param tried  receives a row for each model fitted
  CovariateSearch(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                  FittedShape start, std::vector<PdCandidate>& tried);

  FittedShape run();

  /// What entered and left, beside its competitors, and which covariates could not be searched; in words.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::vector<FittedShape> fit(const std::vector<PdShape>& shapes, const std::string& step);
  bool improve_bic(const std::vector<FittedShape>& fitted);
  void variability();
  void baseline();
  void forward();
  void placement();
  void backward();

  const parallel::Communicator& ranks_;
  const PdModel& model_;
  const PdOptions& options_;
  FittedShape current_;
  std::vector<PdCandidate>& tried_;
  std::map<std::string, FittedShape> known_;  ///< by description
  std::vector<std::string> notes_;
};

}  // namespace titrant::nlme
