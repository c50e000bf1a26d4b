#pragma once

#include <string>
#include <vector>

namespace titrant::classifier {

/// One covariate as a number in [0, 1] that every classifier reads: an auxiliary qubit with the feature angle pi x
/// input in the networks, a feature in the others. A covariate of more than two levels becomes one indicator for each
/// level but the first.
///
///     const CovariateInput sex{.name = "sex"};                      // 0 or 1
///     const CovariateInput second{.name = "genotype", .value = 2};  // level 2 against all others
///     CovariateInput weight{.name = "weight", .kind = CovariateInput::Kind::continuous, .value = 70};
struct CovariateInput {
  enum class Kind {
    indicator,  ///< 1 where the covariate is `value`, else 0
    continuous  ///< (2 / pi) atan((x / value)^2), which rises with |x|; 1/2 at the reference
  };
  std::string name;
  Kind kind = Kind::indicator;
  double value = 1.0;          ///< indicator: what counts as 1; continuous: the reference, > 0, in the covariate's unit
  double low = 0.0;            ///< range in the trial, in the covariate's unit: the linear angle of preset proposal
  double high = 1.0;           ///< above `low`
  bool proposal_only = false;  ///< seen by preset proposal alone, which sees all covariates of a trial

  double input(double x) const;
};

/// Distinct names of the inputs: that of the covariate, and behind it the value of the level where a covariate has
/// several inputs (genotype_1, genotype_2).
std::vector<std::string> input_names(const std::vector<CovariateInput>& covariates);

/// Throws ConfigError naming an input that is there twice, a reference that is not positive and finite, or a range that
/// is empty.
void check_inputs(const std::vector<CovariateInput>& covariates);

}  // namespace titrant::classifier
