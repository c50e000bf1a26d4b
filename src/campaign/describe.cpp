#include "titrant/campaign/configuration.hpp"

/// \file
/// The keys of the configuration: what each means, its unit, and the values it may take.

namespace titrant::campaign {

namespace {

using core::Range;
using core::Settings;

void describe_data(Settings& s, DataOptions& data) {
  s.text("file", data.file, "NONMEM-style CSV of the trial; empty: the embedded synthetic trial");
  Settings& columns = s.section("columns", "names of the columns of that file");
  trial::NonmemFormat& format = data.format;
  columns.text("id", format.id, "subject");
  columns.text("time", format.time, "time of the record, h");
  columns.text("value", format.value, "observed value, ng/mL");
  columns.text("amount", format.amount, "dose, mg");
  columns.text("event", format.event, "0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose");
  columns.text("missing", format.missing, "1: the value is not an observation");
  columns.text("compartment", format.compartment, "compartment; used to recognise duplicate doses");
  columns.text("dvid", format.dvid, "kind of observation");
  columns.text("additional", format.additional, "additional doses");
  columns.text("interval", format.interval, "interval of additional or steady-state doses, h");
  columns.text("steady_state", format.steady_state, "1: dose at steady state");
  columns.text("rate", format.rate, "infusion rate; anything but 0 is refused");
  columns.text("censored", format.censored, "1: below the limit of quantification");
  columns.text("limit", format.limit, "lower limit of quantification, ng/mL");
  s.integer("concentration_dvid", format.concentration_dvid, Range::any(), "code of concentrations in the dvid column");
  s.integer("biomarker_dvid", format.biomarker_dvid, Range::any(), "code of biomarker values in the dvid column");
  s.word_map("covariates", format.covariates, "covariate: column of the file (body_weight in kg, comed 0/1)");
}

void describe_pk(Settings& s, nlme::PkOptions& pk) {
  using nlme::ErrorKind;
  using nlme::StructureChoice;
  s.choice<StructureChoice>("structure", pk.structure,
                            {{"one_compartment", StructureChoice::one_compartment},
                             {"two_compartment", StructureChoice::two_compartment},
                             {"auto", StructureChoice::automatic}},
                            "structural model; auto fits both and takes the one with the lower BIC");
  s.flag("lag", pk.lag, "estimate an absorption lag time");
  s.choice<ErrorKind>(
      "error", pk.error,
      {{"additive", ErrorKind::additive}, {"proportional", ErrorKind::proportional}, {"combined", ErrorKind::combined}},
      "residual error model");
  s.words("variability", pk.variability,
          {"absorption_rate", "clearance", "volume", "intercompartmental_clearance", "peripheral_volume", "lag"},
          "parameters that vary between subjects (log-normally)");
  s.number_maps("covariates", pk.covariates,
                "parameter: {covariate: exponent of (covariate / reference)}; reference 70 kg for body_weight");
  s.number_map("fixed", pk.fixed, "parameters held at a value: clearance, omega.clearance, error.additive, ...");
  s.integer("starts", pk.starts, Range::between(1, 1000), "starts of the optimiser");
  s.integer("iterations", pk.iterations, Range::between(1, 1000000), "most iterations of one start");
  s.number("tolerance", pk.tolerance, "1", Range::inside(0.0, 1.0),
           "relative change of the objective at which a start ends");
}

void describe_response(Settings& s, ResponseOptions& response) {
  s.number("threshold", response.rule.threshold, "ng/mL", Range::positive(),
           "level that the biomarker must stay below");
  s.choice<Label>("label", response.label, {{"measured", Label::measured}},
                  "what must stay below it: the measured values of the trial, residual error included");
  s.choice<Window>("window", response.window, {{"day_21", Window::day_21}},
                   "when: the observation window of the trial");
  s.interval("hours", response.rule.window_from, response.rule.window_to, "h", Range::at_least(0.0),
             "that window, ends included");
}

void describe_classifier(Settings& s, classifier::ClassifierOptions& options) {
  using classifier::Preset;
  using classifier::ReadoutKind;
  s.choice<Preset>(
      "preset", options.preset,
      {{"exposure", Preset::exposure}, {"homogeneous", Preset::homogeneous}, {"proposal", Preset::proposal}},
      "circuit of the classifier `qcnn`");
  s.words("compare", options.compare, {"exposure", "homogeneous", "proposal", "logistic"},
          "further classifiers, trained and searched beside it");
  s.number("reference_concentration", options.reference_concentration, "ng/mL", Range::positive(),
           "average concentration whose feature angle is pi/2");
  Settings& readout = s.section("readout", "from P(1) to the probability of success (preset proposal: always raw)");
  readout.choice<ReadoutKind>("kind", options.readout.kind,
                              {{"sigmoid", ReadoutKind::sigmoid}, {"raw", ReadoutKind::raw}},
                              "sigmoid(scale (2 P(1) - 1) + offset), or P(1) itself");
  readout.number("scale", options.readout.scale, "1", Range::positive(), "scale of the sigmoid");
  readout.flag("trained", options.readout.trained, "train scale and offset too (two more parameters)");
}

void describe_quantum(Settings& s, classifier::QuantumOptions& quantum, Noise& noise) {
  using classifier::Backend;
  using classifier::Gradient;
  s.choice<Backend>("backend", quantum.backend, {{"exact", Backend::exact}, {"sampled", Backend::sampled}},
                    "exact probabilities, or estimates from shots");
  s.integer("shots", quantum.shots, Range::between(1, 1e9), "shots of a circuit, where sampled");
  s.choice<Gradient>(
      "gradient", quantum.gradient,
      {{"adjoint", Gradient::adjoint},
       {"parameter_shift", Gradient::parameter_shift},
       {"shared_shift", Gradient::shared_shift}},
      "adjoint (exact backend only), one shift per occurrence (unbiased), or the proposal's shift of all "
      "occurrences at once (biased)");
  s.choice<Noise>("noise", noise, {{"none", Noise::none}}, "noise of the device");
}

void describe_training(Settings& s, classifier::TrainingOptions& training, TrainingSource& source,
                       Optimizer& optimizer) {
  s.choice<TrainingSource>("on", source, {{"trial", TrainingSource::trial}},
                           "whom classifiers learn from: the trial's subjects");
  s.choice<Optimizer>("optimizer", optimizer, {{"adam", Optimizer::adam}}, "optimiser");
  s.number("learning_rate", training.learning_rate, "rad", Range::positive(), "initial step of Adam");
  s.choice<std::string>("schedule", training.schedule, {{"cosine", "cosine"}, {"constant", "constant"}},
                        "of the learning rate");
  s.integer("steps", training.steps, Range::between(1, 1e7), "steps of Adam");
  s.number("initial_spread", training.initial_spread, "rad", Range::positive(),
           "standard deviation of the initial parameters");
  s.integer("batch", training.batch, Range::between(0, 1e9), "examples in a step of the optimiser; 0: all");
  s.integer("folds", training.folds, Range::between(2, 1000),
            "folds of the cross-validation, by person, stratified by outcome");
  s.integer("replicates", training.replicates, Range::between(1, 10000),
            "repeats of the cross-validation with other seeds");
  s.number("test_fraction", training.test_fraction, "1", Range::inside(0.0, 1.0),
           "share of the persons held out in the proposal's single split");
  s.flag("placebo", training.placebo, "train on placebo subjects too");
  Settings& monotonicity = s.section("monotonicity", "penalty for predictions that fall as exposure rises");
  monotonicity.number("weight", training.monotonicity.weight, "1", Range::at_least(0.0), "weight in the loss; 0: none");
  monotonicity.words("in", training.monotonicity.in, {"dose", "auc"}, "what predictions should rise with");
}

void describe_grid(Settings& s, dose::GridOptions& grid) {
  s.number("from", grid.from, "mg", Range::positive(), "lowest dose");
  s.number("to", grid.to, "mg", Range::positive(), "highest dose");
  s.number("step", grid.step, "mg", Range::positive(), "increment");
}

void describe_dose(Settings& s, dose::DoseOptions& options) {
  describe_grid(s.section("daily", "doses of the daily regimen (every 24 h)"), options.daily);
  describe_grid(s.section("weekly", "doses of the weekly regimen (every 168 h)"), options.weekly);
  s.numbers("targets", options.targets, "1", Range::inside(0.0, 1.0), "share of the population that must succeed");
  s.choice<dose::Rule>(
      "rule", options.rule, {{"mean", dose::Rule::mean}, {"indicator", dose::Rule::indicator}},
      "headline answer: mean of p, or share with p > 0.5 (equation 4 of the proposal); both are reported");
  s.choice<dose::Search>("search", options.search,
                         {{"grid", dose::Search::grid}, {"bisection", dose::Search::bisection}},
                         "every dose, or only those that decide");
  s.integer(
      "bootstrap", options.bootstrap, Range::between(0, 100000),
      "bootstrap replicates behind the 90 % intervals (subjects resampled, classifiers retrained); 0: no intervals");
  s.integer("bootstrap_cohort", options.bootstrap_cohort, Range::between(1, 1e8), "virtual subjects in each replicate");
}

}  // namespace

core::Settings describe(Configuration& c) {
  Settings s;
  s.integer("seed", c.seed, Range::any(), "seed of every random number of the run");
  describe_data(s.section("data", "the trial"), c.data);
  describe_pk(s.section("pk", "population pharmacokinetics, fitted by FOCEI"), c.pk);
  s.section("pd", "model of the biomarker")
      .choice<BiomarkerStructure>("structure", c.pd_structure, {{"none", BiomarkerStructure::none}},
                                  "structural model");
  describe_response(s.section("response", "what counts as a success"), c.response);
  describe_classifier(s.section("classifier", "the quantum convolutional neural network and its rivals"), c.classifier);
  describe_quantum(s.section("quantum", "how circuits are run"), c.quantum, c.noise);
  describe_training(s.section("training", "how classifiers are trained and evaluated"), c.training, c.training_source,
                    c.optimizer);
  s.sections<dose::ScenarioOptions>(
      "scenarios", c.scenarios,
      [](Settings& inner, dose::ScenarioOptions& scenario) {
        inner.interval("body_weight", scenario.body_weight_from, scenario.body_weight_to, "kg", Range::positive(),
                       "range, uniform");
        inner.number("comed", scenario.comed, "1", Range::between(0.0, 1.0), "share with co-medication");
      },
      "populations: name: {body_weight: [from, to] in kg, comed: share with co-medication}");
  s.section("cohort", "virtual subjects")
      .integer("size", c.cohort.size, Range::between(1, 1e9), "virtual subjects in each scenario");
  describe_dose(s.section("dose", "the dose search"), c.dose);
  Settings& output = s.section("output", "what is written");
  output.text("file", c.output.file, "HDF5 store; --output has precedence; without either nothing is written");
  output.flag("trajectories", c.output.trajectories,
              "write C(t) and p of every virtual subject (bisection evaluates few doses, so it writes C(t) only)");
  return s;
}

}  // namespace titrant::campaign
