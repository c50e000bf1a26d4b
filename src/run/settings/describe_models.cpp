#include "describe_models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "titrant/core/yaml_reader.hpp"
#include "titrant/nlme/earlier_names.hpp"
#include "titrant/nlme/layout.hpp"

/// \file
/// The keys of the population models.

namespace titrant::run {

namespace {

using core::Range;
using core::Settings;

const std::vector<std::pair<std::string, nlme::ErrorKind>> error_models = {
    {"additive", nlme::ErrorKind::additive}, {"proportional", nlme::ErrorKind::proportional},
    {"combined", nlme::ErrorKind::combined}, {"combined_sd", nlme::ErrorKind::combined_sd},
    {"power", nlme::ErrorKind::power},       {"log_normal", nlme::ErrorKind::log_normal}};

/// The same and binary, for biomarkers.
std::vector<std::pair<std::string, nlme::ErrorKind>> biomarker_error_models() {
  std::vector<std::pair<std::string, nlme::ErrorKind>> models = error_models;
  models.emplace_back("binary", nlme::ErrorKind::binary);
  return models;
}

const std::vector<std::pair<std::string, pkpd::EffectKind>> effect_kinds = {
    {"power", pkpd::EffectKind::power},
    {"exponential", pkpd::EffectKind::exponential},
    {"categorical", pkpd::EffectKind::categorical}};

const std::vector<std::string> pk_names(pkpd::pk_parameter_names.begin(), pkpd::pk_parameter_names.end());
const std::vector<std::string> pd_names = {pkpd::biomarker_parameter_names.begin(),
                                           pkpd::biomarker_parameter_names.end()};

/// What may vary between subjects.
std::vector<std::string> with_error(std::vector<std::string> names) {
  names.emplace_back(nlme::error_word);
  return names;
}

void describe_optimiser(Settings& s, int& starts, int& iterations, double& tolerance) {
  s.integer("starts", starts, Range::between(1, 1000), "starts of the optimiser");
  s.integer("iterations", iterations, Range::between(1, 1000000), "most iterations of one start");
  s.number("tolerance", tolerance, "1", Range::inside(0.0, 1.0),
           "relative change of the objective at which a start ends");
}

void describe_search(Settings& s, nlme::CovariateSearchOptions& search) {
  s.flag("enabled", search.enabled,
         "look for covariate effects: forward by the likelihood-ratio test, then backward; pd.covariates is where it "
         "starts");
  s.number("forward", search.forward, "1", Range::inside(0.0, 1.0), "p below which an effect enters");
  s.number("backward", search.backward, "1", Range::inside(0.0, 1.0), "p above which an effect leaves again");
  s.words("covariates", search.covariates, {},
          "candidates: categorical and 0/1 covariates as categorical effects, others as power; []: all of the trial");
  s.words("parameters", search.parameters, pd_names,
          "parameters that may depend on them; []: all that the structure has", nlme::earlier_parameter_names());
  s.flag("variability", search.variability, "also look, by BIC, which parameters vary between subjects");
}

/// Blocks of names: a list of lists.
/// \param meaning  for the documentation
void describe_blocks(Settings& s, std::vector<std::vector<std::string>>& blocks, const std::vector<std::string>& names,
                     const std::string& meaning) {
  s.tree(
      "blocks", "a list of lists of parameters, two at least in each", meaning,
      [&blocks, names](const YAML::Node& node, const std::string& path, const Settings::TreeFault& fault) {
        blocks.clear();
        for (const core::YamlReader& block : core::YamlReader(node, path, fault).elements()) {
          blocks.emplace_back();
          for (const core::YamlReader& name : block.elements()) {
            if (const auto word = name.word(names)) blocks.back().push_back(*word);
          }
        }
      },
      [&blocks] {
        std::vector<std::string> texts;
        for (const std::vector<std::string>& block : blocks) {
          texts.push_back(fmt::format("[{}]", fmt::join(block, ", ")));
        }
        return fmt::format("[{}]", fmt::join(texts, ", "));
      });
}

const char* const blocks_of_one_model =
    "parameters whose random effects are correlated, block by block: [[clearance, volume]]; []: none are";

/// PK and biomarker parameters with what tells them apart: "pk.clearance", "pd.imax".
std::vector<std::string> names_of_both() {
  std::vector<std::string> names;
  for (const std::string& name : pk_names) names.push_back("pk." + name);
  for (const std::string& name : pd_names) names.push_back("pd." + name);
  return names;
}

void describe_pk_search(Settings& s, nlme::PkSearchOptions& search) {
  s.words("covariates", search.covariates, {},
          "candidates: categorical and 0/1 covariates as categorical effects, others as power; []: no search");
  s.words("parameters", search.parameters, pk_names,
          "parameters that may depend on them; []: those that vary between subjects");
  s.number("forward", search.forward, "1", Range::inside(0.0, 1.0), "p below which an effect enters");
  s.number("backward", search.backward, "1", Range::inside(0.0, 1.0), "p above which an effect leaves again");
}

}  // namespace

void describe_estimation(Settings& s, EstimationSettings& estimation) {
  s.words(
      "methods", estimation.methods, {"fo", "foce", "focei", "saem"},
      "one after another, each from where the one before ended: some of fo, foce and focei in this order; [saem]; or "
      "[saem, focei]");
  s.choice<bool>("check", estimation.importance_check, {{"none", false}, {"importance", true}},
                 "importance: the likelihood at the estimates by importance sampling as well; the fit says where the "
                 "approximation differs by more than the sampling error");
  s.choice<bool>(
      "uncertainty", estimation.resampling, {{"covariance", false}, {"sir", true}},
      "standard errors, intervals and drawn parameters: by the covariance, or by sampling importance resampling "
      "from it; for resampled subjects see uncertainty.source",
      {{"bootstrap",
        "resampled subjects are uncertainty.source: bootstrap, whose intervals of the estimates stand beside the "
        "fits; write it there"}});
}

void describe_occasions(Settings& s, std::string& column, nlme::PkOptions& pk) {
  s.text("column", column,
         "column of the data file whose values tell the occasions of a subject apart; none: one each");
  s.words("variable", pk.occasion_variability, pk_names,
          "parameters that vary from occasion to occasion within a subject (log-normally)");
}

void describe_pk(Settings& s, nlme::PkOptions& pk, std::string& occasion_column) {
  using nlme::StructureChoice;
  s.choice<StructureChoice>(
      "compartments", pk.structure,
      {{"auto", StructureChoice::automatic},
       {"1", StructureChoice::one_compartment},
       {"2", StructureChoice::two_compartment},
       {"3", StructureChoice::three_compartment}},
      "compartments of the drug, its depot not counted; auto fits one and two and takes those with the lower BIC");
  s.renamed("structure", "compartments",
            {{"one_compartment", "1"}, {"two_compartment", "2"}, {"three_compartment", "3"}});
  s.choice<nlme::AbsorptionChoice>(
      "absorption", pk.absorption,
      {{"auto", nlme::AbsorptionChoice::automatic},
       {"first_order", nlme::AbsorptionChoice::first_order},
       {"zero_order", nlme::AbsorptionChoice::zero_order},
       {"transit", nlme::AbsorptionChoice::transit},
       {"none", nlme::AbsorptionChoice::none}},
      "how absorbed doses reach the central compartment: from a depot (absorption_rate), or "
      "at a constant rate over absorption_duration, or through transit_compartments over "
      "mean_transit_time into the depot; auto: first_order where any dose is "
      "absorbed");
  s.integer("transit_compartments", pk.transit_compartments, Range::between(1, 100),
            "transit compartments, each left at the rate (transit_compartments + 1) / mean_transit_time");
  s.choice<pkpd::Elimination>(
      "elimination", pk.elimination,
      {{"linear", pkpd::Elimination::linear},
       {"michaelis_menten", pkpd::Elimination::michaelis_menten},
       {"both", pkpd::Elimination::both}},
      "how the central compartment is emptied: at clearance C, or saturably at maximum_elimination_rate C / "
      "(michaelis_constant + C), or both; saturable elimination is integrated, which takes longer");
  s.flag("lag", pk.lag, "estimate an absorption lag time");
  s.flag("bioavailability", pk.bioavailability,
         "estimate the share of absorbed doses that enters, between 0 and 1; with absorbed doses alone it must have a "
         "value in fixed");
  s.choice<nlme::ErrorKind>(
      "error", pk.error, error_models,
      "residual error: standard deviation a, b f, sqrt(a^2 + b^2 f^2), a + b f (combined_sd) or b f^c (power) at a "
      "prediction f, or log-normal");
  Settings& omega = s.section("omega", "random effects between subjects");
  omega.words("variable", pk.variability, with_error(pk_names),
              "parameters that vary between subjects (log-normally, bioavailability on the logit scale); by default "
              "absorption_duration as well, and maximum_elimination_rate where there is no clearance; error: the "
              "standard deviation of the residual error");
  describe_blocks(omega, pk.blocks, with_error(pk_names), blocks_of_one_model);
  s.replaced("variability", "omega: {variable: [clearance, volume]} below pk");
  describe_occasions(s.section("occasions", "random effects between occasions of a subject"), occasion_column, pk);
  s.maps<pkpd::EffectKind>("covariates", pk.covariates, effect_kinds,
                           "parameter: {covariate: fixed exponent of a power effect, or the kind of an effect whose "
                           "coefficient is estimated}; reference 70 kg for weight");
  describe_pk_search(s.section("search",
                               "covariate search: forward by the likelihood-ratio test, then backward, from "
                               "pk.covariates on"),
                     pk.search);
  s.words("allometry", pk.allometry, {"fixed", "none", "estimated"},
          "fits reported beside the answer's: exponents of weight at 0.75 and 1, at 0, or estimated");
  s.number_map(
      "fixed", pk.fixed,
      "parameters held at a value: clearance, omega.clearance, correlation.clearance.volume, error.additive, ...");
  s.number_map("initial", pk.initial,
               "initial values in place of those taken from the data, by the names of fixed: clearance: 5, "
               "omega.clearance: 0.3, ...");
  s.choice<nlme::FlipFlop>(
      "flip_flop", pk.flip_flop, {{"allow", nlme::FlipFlop::allow}, {"refuse", nlme::FlipFlop::refuse}},
      "absorption slower than elimination: allow takes it where the objective is lower by more than 10 "
      "points and names both where they are closer; refuse keeps typical absorption at least as "
      "fast as the terminal rate of disposition");
  s.choice<nlme::CovarianceKind>("covariance", pk.covariance,
                                 {{"automatic", nlme::CovarianceKind::automatic},
                                  {"hessian", nlme::CovarianceKind::hessian},
                                  {"outer_product", nlme::CovarianceKind::outer_product},
                                  {"sandwich", nlme::CovarianceKind::sandwich}},
                                 "of the estimates, for pk and pd: R^-1, S^-1 or R^-1 S R^-1; automatic takes the last "
                                 "where there are subjects enough, else the first");
  describe_optimiser(s, pk.starts, pk.iterations, pk.tolerance);
}

void describe_pd(Settings& s, BiomarkerOptions& pd) {
  std::vector<std::pair<std::string, std::string>> structures = {{"none", "none"}, {"auto", "auto"}, {"all", "all"}};
  for (const pkpd::BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    structures.emplace_back(pkpd::name(structure), pkpd::name(structure));
  }
  s.choice<std::string>("structure", pd.structure, structures,
                        "structural model; auto compares all but tolerance and precursors and takes the one with the "
                        "lowest BIC; all: these too, which takes some ten times as long; none: no model, no virtual "
                        "labels");
  std::vector<std::pair<std::string, std::string>> baselines = {{"auto", "auto"}};
  for (const pkpd::BaselineModel baseline : pkpd::all_baseline_models) {
    baselines.emplace_back(pkpd::name(baseline), pkpd::name(baseline));
  }
  s.choice<std::string>(
      "baseline", pd.baseline, baselines,
      "the biomarker without drug over time: R0, R0 (1 + baseline_slope t), R0 exp(baseline_slope t) or "
      "R0 (1 + baseline_amplitude cos(2 pi (t - baseline_phase) / 24 h)); auto begins with constant and "
      "compares by BIC, with search.variability, those that values without drug can tell and that have "
      "the steady states which endpoints ask for");
  s.choice<std::string>(
      "method", pd.method,
      {{"auto", "auto"}, {"individual", "individual"}, {"population", "population"}, {"joint", "joint"}},
      "exposure from each subject's own PK estimates, from the population PK with the PK data, or "
      "PK and PD estimated together; auto: as pk_pd.method says, else individual");
  s.choice<nlme::ErrorKind>(
      "error", pd.fit.error, biomarker_error_models(),
      "residual error: standard deviation a, b f, sqrt(a^2 + b^2 f^2), a + b f (combined_sd) or b f^c (power) at a "
      "prediction f, or log-normal; binary: values are 0 or 1, the model is of the probability of 1, on whose logit "
      "the "
      "drug acts");
  Settings& omega = s.section("omega", "random effects between subjects");
  omega.words("variable", pd.fit.variability, with_error(pd_names),
              "parameters that vary between subjects, where search.variability does not decide; error: the standard "
              "deviation of the residual error, which the search leaves as it is here",
              nlme::earlier_parameter_names());
  describe_blocks(omega, pd.fit.blocks, with_error(pd_names), blocks_of_one_model);
  s.replaced("variability", "omega: {variable: [baseline, ic50]} below pd");
  s.maps<pkpd::EffectKind>("covariates", pd.fit.covariates, effect_kinds,
                           "parameter: {covariate: kind of effect}, as in pk.covariates; the search starts from them");
  s.number_map("fixed", pd.fit.fixed, "parameters held at a value: hill, imax, baseline.comed, omega.ic50, ...");
  s.number_map("initial", pd.fit.initial,
               "initial values in place of those taken from the data, by the names of fixed");
  describe_search(s.section("search", "covariate search"), pd.fit.search);
  describe_optimiser(s, pd.fit.starts, pd.fit.iterations, pd.fit.tolerance);
}

void describe_pk_pd(Settings& s, BiomarkerOptions& pd) {
  s.choice<std::string>("method", pd.pk_pd_method, {{"auto", "auto"}, {"sequential", "sequential"}, {"joint", "joint"}},
                        "PK and biomarker one after the other or together; auto: as pd.method says, which tells two "
                        "sequential methods apart");
  Settings& omega = s.section("omega", "random effects between subjects, of PK and biomarker parameters together");
  describe_blocks(omega, pd.fit.joint_blocks, names_of_both(),
                  "parameters of both models whose random effects a joint fit correlates: [[pk.clearance, pd.imax]]; a "
                  "block of pk.omega or pd.omega that has some of them must be part of it; []: none are");
}

void describe_diagnostics(Settings& s, DiagnosticsOptions& diagnostics) {
  s.integer("simulations", diagnostics.simulations, Range::between(0, 1e6),
            "trials simulated for the visual predictive checks; 0: none");
  s.words("profile", diagnostics.profile, {},
          "parameters (pk.clearance, pd.ic50, ...) with an interval by likelihood profile");
}

}  // namespace titrant::run
