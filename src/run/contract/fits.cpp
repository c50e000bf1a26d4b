#include "sections.hpp"

namespace titrant::run::contract {

namespace {

const char* const mixed = "see parameter_units";

Datasets residuals(const std::string& units) {
  return {{"observation", "scale", "1", "observation", integer},
          {"subject", "observation", "1", "place in /trial/subject", integer},
          {"time", "observation", "h", "time"},
          {"response", "observation", "1", "0: first kind of measurement of the fit, 1: second", integer},
          {"censored", "observation", "1",
           "1: known only to lie in an interval, whose upper end (or, where it is open above, lower end) is `observed`",
           integer},
          {"observed", "observation", units, "measured value"},
          {"pred", "observation", units, "population prediction"},
          {"ipred", "observation", units, "individual prediction"},
          {"iwres", "observation", "1", "individual weighted residual"},
          {"cwres", "observation", "1", "conditional weighted residual"}};
}

Datasets predictive_check(const std::string& units) {
  return {{"bin", "scale", "1", "dose group and sampling time", integer},
          {"quantile", "scale", "1", "quantile of the values of a bin"},
          {"dose", "bin", "{amount}", "dose of one administration"},
          {"time", "bin", "h", "time"},
          {"count", "bin", "1", "observations", integer},
          {"observed", "bin quantile", units, "quantile of the observed values"},
          {"simulated", "bin quantile", units, "median of the quantile over simulated trials"},
          {"simulated_lower", "bin quantile", units, "5 % of the quantile over simulated trials"},
          {"simulated_upper", "bin quantile", units, "95 % of the quantile over simulated trials"}};
}

/// A fit as a model to simulate from.
Groups models() {
  const std::string effects = "where a parameter depends on a covariate";
  const std::string estimated = "where a number is estimated";
  const std::string correlated = "where random effects are correlated";
  const std::string resampled = "where `estimation.uncertainty` is `sir`";
  return {
      {{"/pk/model", "/pd/model"},
       "The same fits as models to simulate from (`titrant simulate --from`). A parameter of a subject is "
       "h(typical) + slope x regressor of each effect + eta on the scale of its transformation h. Where both were "
       "fitted at once, `/pd/model` has the PK parameters too, before its own",
       "with `/pk`, `/pd`",
       {{"parameter", "scale", "1", "structural parameters of the model", text},
        {"units", "parameter", "1", "units of typical values", text},
        {"typical", "parameter", "see units", "typical value, at the reference covariates"},
        {"typical_fixed", "parameter", "1", "1: held fixed, not estimated", integer},
        {"omega", "parameter", "1", "standard deviation of eta; 0: the same in everybody"},
        {"omega_fixed", "parameter", "1", "1: held fixed, not estimated", integer},
        {"occasion_omega", "parameter", "1", "standard deviation of kappa; 0: the same on all occasions"},
        {"occasion_omega_fixed", "parameter", "1", "1: held fixed, not estimated", integer},
        {"transformation", "parameter", "1", "log, logit between lower and upper, or linear", text},
        {"lower", "parameter", "see units", "lower end of the range of a logit parameter; what a linear one has at 0"},
        {"upper", "parameter", "see units", "upper end of the range of a logit parameter; what a linear one has at 1"},
        {"effect", "scale", "1", "covariate effects", integer, effects},
        {"effect_parameter", "effect", "1", "place in `parameter` of what the effect acts on", integer, effects},
        {"effect_covariate", "effect", "1", "covariate", text, effects},
        {"effect_kind", "effect", "1",
         "power: (x / reference)^coefficient, exponential: exp(coefficient (x - reference)), categorical: 1 + "
         "coefficient where x is not the reference",
         text, effects},
        {"effect_coefficient", "effect", "1", "coefficient", number, effects},
        {"effect_reference", "effect", "1", "reference of the covariate, in its units", number, effects},
        {"effect_fixed", "effect", "1", "1: held fixed, not estimated", integer, effects},
        {"correlation", "scale", "1", "pairs of correlated etas, block by block", integer, correlated},
        {"correlation_first", "correlation", "1", "place in `parameter` of the first of a pair", integer, correlated},
        {"correlation_second", "correlation", "1", "place in `parameter` of the second", integer, correlated},
        {"correlation_value", "correlation", "1", "correlation", number, correlated},
        {"correlation_fixed", "correlation", "1", "1: held fixed, not estimated", integer, correlated},
        {"response", "scale", "1", "kinds of measurement with a residual error each", text},
        {"response_units", "response", "1", "units of the additive error", text},
        {"additive", "response", "see response_units", "standard deviation of the additive error; 0: there is none"},
        {"additive_fixed", "response", "1", "1: held fixed, not estimated", integer},
        {"proportional", "response", "1",
         "standard deviation of the proportional error, a fraction (of a power, in response_units to the power 1 - "
         "exponent; of a log_normal one, of the logarithm); 0: there is none"},
        {"proportional_fixed", "response", "1", "1: held fixed, not estimated", integer},
        {"error_form", "response", "1",
         "standard deviation at a prediction f, with a additive and b proportional: variances: sqrt(a^2 + b^2 f^2); "
         "deviations: a + b f; power: b f^exponent; log_normal: b, of the logarithm; binary: sqrt(f (1 - f)), of "
         "values 0 and 1",
         text},
        {"exponent", "response", "1", "exponent of a power; 0: there is none"},
        {"exponent_fixed", "response", "1", "1: held fixed, not estimated", integer},
        {"error_omega", "response", "1",
         "standard deviation of the eta of a subject's own error, which is exp(eta) times this one; 0: the same in "
         "everybody"},
        {"error_omega_fixed", "response", "1", "1: held fixed, not estimated", integer},
        {"coordinate", "scale", "1", "estimated numbers, named as in the table of estimates", text, estimated},
        {"optimum", "coordinate", "1",
         "estimate as it is optimised: transformed typical values; slopes of effects (the coefficient, or log(1 + "
         "coefficient) of a category); logs of omegas and residual errors; inverse hyperbolic tangents of partial "
         "correlations",
         number, estimated},
        {"covariance", "coordinate coordinate", "1",
         "covariance of these estimates; 0: held at a bound, NaN: not available", number, estimated},
        {"draw", "scale", "1", "draws of the estimates", integer, resampled},
        {"draws", "draw coordinate", "1",
         "estimates drawn from their uncertainty by sampling importance resampling, as they are optimised", number,
         resampled}},
       {{"", "occasion", "covariate whose values tell occasions apart; empty: there is one alone"},
        {"", "absorption", "how absorbed doses enter: first_order from a depot, zero_order, or transit"},
        {"", "transit_compartments", "their number; 0: there are none", integer},
        {"", "amount", "units of amounts of the trial"},
        {"", "concentration", "units of concentrations of the trial"},
        {"", "biomarker", "units of biomarker values of the trial"}}},
      {{"/pk/model"},
       "What the model knows of routes",
       "as above",
       {},
       {{"", "routes",
         "routes of the doses of subjects with concentrations: absorbed, intravenous; modelled rate, modelled duration "
         "of infusions"}}},
      {{"/pd/model"},
       "What exposure the biomarker model was fitted to, and how its baseline moves",
       "as above",
       {},
       {{"", "baseline", "of the biomarker without drug: constant, linear, exponential or circadian"},
        {"", "estimated_with", "`pd.method`: individual, population or joint"}}}};
}

}  // namespace

Groups fits() {
  const std::string varies = "where a parameter varies between subjects";
  const std::string checked = "with `estimation.check: importance`";
  const std::string by_saem = "with saem among `estimation.methods`";
  const std::string by_occasion = "where a parameter varies between occasions";
  const Groups tables = {
      {{"/pk", "/pk/candidate/<model>", "/pd"},
       "Population fits: of concentrations, of each PK model that was tried, of the biomarker",
       "by stages `fit` and `pd`; `/pd` unless `pd.structure` is none",
       {{"parameter", "scale", "1",
         "estimated and fixed parameters: typical values, omega.*: standard deviations of eta, correlation.*: of two "
         "etas, "
         "occasion_omega.*: standard deviations of kappa, error.*",
         text},
        {"parameter_units", "parameter", "1", "units of each parameter", text},
        {"estimate", "parameter", mixed, "maximum likelihood estimate"},
        {"standard_error", "parameter", mixed, "standard error"},
        {"rse", "parameter", "%", "relative standard error"},
        {"ci_lower", "parameter", mixed, "lower end of the 95 % interval"},
        {"ci_upper", "parameter", mixed, "upper end of the 95 % interval"},
        {"fixed", "parameter", "1", "1: held fixed, not estimated", integer},
        {"objective", "", "1", "-2 log L without n log(2 pi), as NONMEM reports it"},
        {"minus_two_log_likelihood", "", "1", "-2 log L"},
        {"aic", "", "1", "Akaike information criterion"},
        {"bic", "", "1", "Bayesian information criterion, by number of observations"},
        {"condition_number", "", "1", "of the correlation matrix of the estimates; NaN: there is none"},
        {"observations", "", "1", "observations in the likelihood", integer},
        {"censored", "", "1", "of these, known only to lie in an interval, most below a limit of quantification (M3)",
         integer},
        {"left_out", "", "1", "observations of the trial that the likelihood does not hold; see remarks", integer},
        {"converged", "", "1", "1: the optimiser converged", integer},
        {"identified", "", "1", "1: the data determine every parameter", integer},
        {"random_effect", "scale", "1",
         "parameters that vary between subjects; error, error.*: residual errors that do", text, varies},
        {"subject", "scale", "1", "place in /trial/subject of the subjects that entered the fit", integer, varies},
        {"omega", "random_effect", "1", "standard deviation of eta", number, varies},
        {"shrinkage", "random_effect", "1", "1 - sd(eta) / omega", number, varies},
        {"eta", "subject random_effect", "1", "empirical Bayes estimates of eta", number, varies},
        {"importance_objective", "", "1", "-2 log L without n log(2 pi) by importance sampling", number, checked},
        {"importance_error", "", "1", "its standard error from sampling", number, checked},
        {"saem_iteration", "scale", "1", "iterations of SAEM", integer, by_saem},
        {"saem_coordinate", "scale", "1", "estimated numbers", text, by_saem},
        {"saem_trajectory", "saem_iteration saem_coordinate", mixed,
         "estimates after each iteration, as they are optimised (see `optimum` of the model)", number, by_saem},
        {"saem_exploration", "", "1", "iteration from which on the steps shrink", integer, by_saem}},
       {{"", "structure", "structural model"},
        {"", "method", "approximation of the likelihood"},
        {"", "message", "how the optimisation ended"},
        {"", "standard_errors", "how standard errors were found"},
        {"", "verdict", "what speaks against the fit; empty: nothing"},
        {"", "remarks", "what the fit left out or assumed; empty: nothing"}}},
      {{"/pk", "/pk/candidate/<model>", "/pd"},
       "Random effects of occasions",
       "as above",
       {{"occasion_effect", "scale", "1", "parameters that vary between occasions of a subject", text, by_occasion},
        {"occasion", "scale", "1", "occasions of the subjects that entered the fit, row by row", integer, by_occasion},
        {"occasion_subject", "occasion", "1", "place in /trial/subject", integer, by_occasion},
        {"occasion_number", "occasion", "1", "occasions of the subject in order of time, from 1", integer, by_occasion},
        {"occasion_omega", "occasion_effect", "1", "standard deviation of kappa", number, by_occasion},
        {"occasion_shrinkage", "occasion_effect", "1", "1 - sd(kappa) / occasion_omega", number, by_occasion},
        {"kappa", "occasion occasion_effect", "1", "empirical Bayes estimates of kappa", number, by_occasion}},
       {}},
      {{"/pk", "/pd"}, "The choice of these models", "as above", {}, {{"", "reason", "why this model"}}},
      {{"/pd/candidate"},
       "Every biomarker model that was tried, in order",
       "with `/pd`",
       {{"candidate", "scale", "1", "models in the order they were tried", text},
        {"structure", "candidate", "1", "structural model", text},
        {"baseline", "candidate", "1", "constant, linear, exponential or circadian", text},
        {"step", "candidate", "1", "step of the search that tried it", text},
        {"objective", "candidate", "1", "-2 log L without n log(2 pi)"},
        {"aic", "candidate", "1", "Akaike information criterion"},
        {"bic", "candidate", "1", "Bayesian information criterion"},
        {"estimated", "candidate", "1", "estimated parameters", integer},
        {"converged", "candidate", "1", "1: the optimiser converged", integer}}}};
  const Groups search = {
      {{"/pk/search"},
       "Every PK model that the covariate search tried, in order",
       "with `pk.search.covariates`",
       {{"candidate", "scale", "1", "models in the order they were tried; the final one stands last, once more", text},
        {"step", "candidate", "1", "step of the search that tried it: start, forward, backward, final", text},
        {"objective", "candidate", "1", "-2 log L without n log(2 pi)"},
        {"aic", "candidate", "1", "Akaike information criterion"},
        {"bic", "candidate", "1", "Bayesian information criterion"},
        {"estimated", "candidate", "1", "estimated parameters", integer},
        {"converged", "candidate", "1", "1: the optimiser converged", integer}}}};
  return together({tables, search, models()});
}

Groups diagnostics() {
  const std::string simulated = "by stage `diagnostics` with `diagnostics.simulations`";
  return {
      {{"/pk/diagnostics"}, "Residuals of the PK fit", "by stage `diagnostics`", residuals("{concentration}")},
      {{"/pd/diagnostics"},
       "Residuals of the biomarker fit. Where both were fitted at once, response 0 are concentrations and 1 biomarker "
       "values",
       "by stage `diagnostics`, with `/pd`",
       residuals("{response}")},
      {{"/pk/covariates", "/pd/covariates"},
       "Empirical Bayes estimates against covariates",
       "by stage `diagnostics`, where there are covariates",
       {{"pair", "scale", "1", "random effect and covariate", integer},
        {"random_effect", "pair", "1", "parameter whose empirical Bayes estimates are looked at", text},
        {"covariate", "pair", "1", "covariate", text},
        {"binary", "pair", "1", "1: the covariate is 0 or 1", integer},
        {"statistic", "pair", "1", "correlation coefficient; binary: difference of means"},
        {"p_value", "pair", "1", "of Student's t"}}},
      {{"/pk/vpc"}, "Visual predictive check of concentrations", simulated, predictive_check("{concentration}")},
      {{"/pd/vpc"}, "Visual predictive check of the biomarker", simulated, predictive_check("{biomarker}")},
      {{"/attainment_check"},
       "Observed successes beside their predictive 90 % interval, by endpoint and dose",
       simulated,
       {{"row", "scale", "1", "endpoint and dose", integer},
        {"endpoint", "row", "1", "endpoint", text},
        {"dose", "row", "{amount}", "dose of one administration; 0: placebo"},
        {"observed", "row", "1", "observed successes", integer},
        {"count", "row", "1", "subjects with an outcome", integer},
        {"lower", "row", "1", "5 % quantile of simulated successes"},
        {"median", "row", "1", "their median"},
        {"upper", "row", "1", "95 % quantile of simulated successes"}}},
      {{"/pk/bootstrap", "/pd/bootstrap"},
       "Estimates from resampled subjects",
       "by stage `intervals` with `uncertainty.source: bootstrap`",
       {{"replicate", "scale", "1", "trial of resampled subjects", integer},
        {"estimate", "replicate parameter", mixed, "estimates from resampled subjects; NaN: could not be fitted"},
        {"ci_lower", "parameter", mixed, "2.5 % quantile of the bootstrap"},
        {"ci_upper", "parameter", mixed, "97.5 % quantile of the bootstrap"}}},
      {{"/pk/profile", "/pd/profile"},
       "95 % intervals by likelihood profile",
       "by stage `diagnostics` for the parameters of `diagnostics.profile`",
       {{"parameter", "scale", "1", "parameters whose likelihood was profiled", text},
        {"units", "parameter", "1", "units", text},
        {"estimate", "parameter", "see units", "maximum likelihood estimate"},
        {"lower", "parameter", "see units", "lower end of the 95 % interval"},
        {"upper", "parameter", "see units", "upper end of the 95 % interval"},
        {"lower_open", "parameter", "1", "1: the objective does not rise enough down to `lower`", integer},
        {"upper_open", "parameter", "1", "1: the objective does not rise enough up to `upper`", integer}}}};
}

}  // namespace titrant::run::contract
