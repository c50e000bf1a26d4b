#pragma once

#include <string>
#include <vector>

#include "pd_candidates.hpp"

namespace titrant::nlme {

/// Finds the shape of a biomarker model step by step, from a fitted one on: which parameters carry an eta, which
/// typical values are held, whether both terms of a combined error are needed (by BIC), covariate effects forward and,
/// last, backward (by the likelihood-ratio test with one degree of freedom; Jonsson and Karlsson 1998, Pharm Res
/// 15:1463), and whether an effect that entered sits better on another parameter. Each step fits all neighbours of the
/// current shape side by side.
class CovariateSearch {
 public:
  CovariateSearch(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                  FittedShape start, std::vector<PdCandidate>& tried);

  FittedShape run();

 private:
  std::vector<FittedShape> fit(const std::vector<PdShape>& shapes, const std::string& step);
  void variability();
  void forward();
  void placement();
  void backward();

  bool may_change(const std::string& parameter) const;  ///< not fixed by the options
  bool is_searched(const std::string& parameter, const std::string& covariate) const;
  std::vector<PdShape> other_variability() const;
  std::vector<PdShape> with_one_more_effect() const;

  const parallel::Communicator& ranks_;
  const PdModel& model_;
  const PdOptions& options_;
  FittedShape current_;
  std::vector<PdCandidate>& tried_;
};

/// The probability that a chi-square number with one degree of freedom exceeds `drop`.
double likelihood_ratio_p(double drop);

}  // namespace titrant::nlme
