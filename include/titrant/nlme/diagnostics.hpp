#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/nlme/fit_summary.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// One observation beside what the model says of it.
struct ObservationRow {
  std::size_t subject = 0;  ///< place in the trial
  double time = 0.0;        ///< h
  std::size_t response = 0;
  bool censored = false;
  double observed = 0.0;
  double pred = 0.0;   ///< population prediction, at eta = 0
  double ipred = 0.0;  ///< individual prediction, at the empirical Bayes estimate
  double iwres = 0.0;  ///< (observed - ipred) / sd(ipred); NaN where censored
  double cwres = 0.0;  ///< conditional weighted residual; NaN where censored
};

/// Observations of a fit with their predictions and residuals, subject by subject. Conditional weighted residuals
/// linearise the model about the empirical Bayes estimate eta*, as FOCE does (Hooker, Staatz and Karlsson 2007, Pharm
/// Res 24:2187):
///
///     E(y) = f(eta*) - F eta*,   Cov(y) = F Omega F' + diag(var(ipred)),   CWRES = Cov^(-1/2) (y - E(y))
///
/// with F = df/deta at eta* and the symmetric square root (NONMEM's choice). Only what was measured enters y, all kinds
/// of measurement of a subject together. If the model is right they are about standard normal. A prediction is NaN
/// where the model has none.
/// \param times  [subject of the model], observation times, h
std::vector<ObservationRow> diagnose(const SubjectModel& model, const FitSummary& fit,
                                     const std::vector<std::vector<double>>& times);

/// How the empirical Bayes estimates of one eta go with one covariate.
struct CovariateRelation {
  std::string eta;
  std::string covariate;
  bool binary = false;     ///< the covariate is 0 or 1 in everybody
  double statistic = 0.0;  ///< correlation coefficient, or difference of means (1 less 0) where binary
  double p_value = 1.0;    ///< Student's t; NaN for fewer than three subjects or no spread
};

/// All pairs of etas and covariates that every subject has and that differ between subjects.
std::vector<CovariateRelation> covariate_relations(const SubjectModel& model, const FitSummary& fit);

}  // namespace titrant::nlme
