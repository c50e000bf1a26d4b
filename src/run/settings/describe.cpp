#include <fmt/format.h>

#include "describe_models.hpp"
#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/training.hpp"
#include "titrant/core/yaml_reader.hpp"
#include "titrant/protocol/settings.hpp"

/// \file
/// The keys of the configuration: what each means, its unit, and the values it may take.

namespace titrant::run {

namespace {

using core::Range;
using core::Settings;

void describe_columns(Settings& columns, trial::NonmemFormat& format) {
  columns.text("id", format.id, "column: subject");
  columns.text("time", format.time, "column: time of the record, in data.units.time or as hh:mm");
  columns.text("date", format.date, "column: date; times are then counted from a subject's first record");
  columns.text("value", format.value, "column: observed value, in data.units");
  columns.text("amount", format.amount, "column: dose, in data.units.amount");
  columns.text("event", format.event,
               "column: 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, 101 dose into compartment 1");
  columns.text("missing", format.missing,
               "column: 1 where the value is not an observation; records with 100 and 101 are left out");
  columns.text("compartment", format.compartment, "column: compartment that a dose enters or that is observed");
  columns.text("dvid", format.dvid, "column: kind of observation (or YTYPE, where there is no such column)");
  columns.text("administration", format.administration,
               "column: route of a dose; two are refused where compartments do not tell");
  columns.text("additional", format.additional, "column: additional doses");
  columns.text("interval", format.interval, "column: interval of additional or steady-state doses, in data.units.time");
  columns.text("steady_state", format.steady_state,
               "column: 1 for a dose at steady state, 2 for one that adds a steady state to what is there");
  columns.text("rate", format.rate,
               "column: rate of an infusion, in data.units.amount per data.units.time; 0: at once; -1: input_rate, "
               "-2: input_duration of the model");
  columns.text("duration", format.duration,
               "column: duration of an infusion (or TINF), in data.units.time; 0: at once");
  columns.text("censored", format.censored, "column: 1 for a value below its limit of quantification, -1 above");
  columns.text("limit", format.limit, "column: lower limit of quantification, in data.units.concentration");
  columns.text("interval_limit", format.interval_limit,
               "column: far end of a censored interval whose near end is the value");
  columns.text("comment", format.comment, "column: C where the record is a comment and not used");
}

void describe_units(Settings& units, trial::NonmemFormat& format) {
  using trial::TimeUnit;
  using trial::WeightUnit;
  units.choice<std::string>("amount", format.units.amount,
                            {{"mg", "mg"}, {"g", "g"}, {"ug", "ug"}, {"mcg", "mcg"}, {"ng", "ng"}}, "unit of doses");
  units.text("concentration", format.units.concentration,
             "unit of concentrations: a mass (g, mg, ug, ng, pg) by a volume (L, dL, mL, uL), as ng/mL or mg/L");
  units.text("biomarker", format.units.biomarker, "unit of biomarker values, which is only shown");
  units.choice<TimeUnit>("time", format.time_unit, {{"h", TimeUnit::hour}, {"day", TimeUnit::day}},
                         "unit of times and intervals, which are converted to h");
  units.choice<WeightUnit>("weight", format.weight_unit,
                           {{"kg", WeightUnit::kilogram}, {"g", WeightUnit::gram}, {"lb", WeightUnit::pound}},
                           "unit of the covariate weight, which is converted to kg");
}

void describe_data(Settings& s, DataOptions& data) {
  using trial::CommentLines;
  using trial::CovariateMissing;
  using trial::DateFormat;
  using trial::Route;
  using trial::TimeVarying;
  s.text("file", data.file,
         "NONMEM-style CSV of the trial, beside this file or where titrant is started; empty: the embedded synthetic "
         "trial");
  trial::NonmemFormat& format = data.format;
  describe_columns(s.section("columns", "names of the columns of that file"), format);
  describe_units(s.section("units", "units of that file"), format);
  s.choice<Route>(
      "route", format.route, {{"auto", Route::automatic}, {"oral", Route::oral}, {"iv", Route::intravenous}},
      "how doses enter the body: auto by compartments and infusions of the file; oral absorbed; iv into the "
      "central compartment, whatever the numbers");
  Settings& compartments = s.section("compartments", "numbers or names of compartments in that file");
  compartments.text("depot", format.depot, "compartment from which doses are absorbed");
  compartments.text("central", format.central, "compartment of concentrations, and of intravenous doses");
  s.text("concentration_dvid", format.concentration_dvid,
         "code of concentrations in the dvid column, a number or text");
  s.text("biomarker_dvid", format.biomarker_dvid, "code of biomarker values in the dvid column, a number or text");
  s.text("concentration_cmt", format.concentration_cmt,
         "where compartments tell observations apart: that of concentrations; empty: they do not");
  s.text("biomarker_cmt", format.biomarker_cmt,
         "where compartments tell observations apart: that of biomarker values; empty: they do not");
  s.words(
      "ignore", format.ignore, {},
      "comparisons on columns, as \"SD == 0 or ID > 100\"; records of which any holds are left out (NONMEM's IGNORE)");
  s.words("where", format.where, {},
          "comparisons on columns; records of which not every one holds are left out (NONMEM's ACCEPT)");
  s.choice<CommentLines>(
      "comments", format.comment_lines,
      {{"auto", CommentLines::automatic},
       {"none", CommentLines::hash},
       {"C", CommentLines::c},
       {"letters", CommentLines::letter}},
      "lines that are comments beside those that begin with '#': those that begin with C or with any "
      "letter (NONMEM's IGNORE=C and @); auto refuses those with C before a number");
  s.choice<DateFormat>("date_format", format.date_format,
                       {{"auto", DateFormat::automatic},
                        {"month_day_year", DateFormat::month_day_year},
                        {"day_month_year", DateFormat::day_month_year},
                        {"year_month_day", DateFormat::year_month_day},
                        {"year_day_month", DateFormat::year_day_month}},
                       "order of the parts of dates; auto by the column's name (DATE, DAT1, DAT2, DAT3 as listed), and "
                       "years of four digits first as in ISO 8601");
  s.choice<TimeVarying>(
      "time_varying", format.time_varying,
      {{"forward", TimeVarying::forward}, {"backward", TimeVarying::backward}, {"refuse", TimeVarying::refuse}},
      "covariates that change within a subject: the last value carried forward, the next one backward "
      "(NONMEM), or refused");
  s.choice<CovariateMissing>(
      "covariate_missing", format.covariate_missing,
      {{"carried", CovariateMissing::carried},
       {"median", CovariateMissing::median},
       {"refuse", CovariateMissing::refuse}},
      "covariates without a value: carried from record to record of a subject; in subjects "
      "without any the median over the others, else they are refused where a model uses them; or "
      "refused in every record");
  protocol::describe(s, format.covariates);
}

void describe_classifier(Settings& s, Configuration& c) {
  classifier::ClassifierOptions& options = c.classifier;
  ReadoutTraining& trained = c.readout_trained;
  using classifier::Preset;
  using classifier::ReadoutKind;
  s.choice<Preset>("preset", options.preset,
                   {{"exposure", Preset::exposure},
                    {"homogeneous", Preset::homogeneous},
                    {"proposal", Preset::proposal},
                    {"device", Preset::device}},
                   "circuit of the classifier `qcnn`; device: the one that processors of today carry out best");
  using classifier::Gate;
  s.choice<Gate>("gate", options.gate, {{"auto", Gate::automatic}, {"su4", Gate::su4}, {"so4", Gate::so4}},
                 "two-qubit gate: any (15 parameters each), or any real one (6); auto: so4 in preset device, else su4");
  s.integer("depth", options.depth, Range::between(1, 2), "convolution and pooling layers before the dense one");
  s.integer("qubits", options.qubits, Range::between(6, 7),
            "data qubits of the ring for curves of 128 points or more: 6 (the finest averaged away) or 7");
  s.words(
      "covariates", c.classifier_covariates, {},
      "covariates that classifiers see beside exposure: auto, those that the biomarker model uses (without one, those "
      "of few values), or names; []: none");
  s.choice<std::size_t>("curve_points", options.curve_points,
                        {{"auto", 0}, {"64", 64}, {"128", 128}, {"256", 256}, {"512", 512}},
                        "points of C(t): auto, 64 for windows up to 48 h and 128 for longer ones");
  using classifier::Measurements;
  s.choice<Measurements>(
      "measurements", options.measurements, {{"middle", Measurements::middle}, {"end", Measurements::end}},
      "pooled qubits are measured in the middle, and X on their survivor follows where the outcome is 1; or CX takes "
      "its "
      "place and the answer alone is measured, at the end, for devices whose measurements take long");
  s.flag("reuploading", options.reuploading, "rotate the feature angles in again before every block");
  s.choice<classifier::CurveInput>(
      "curve", options.curve,
      {{"exposure", classifier::CurveInput::exposure}, {"uniform", classifier::CurveInput::uniform}},
      "what the amplitudes hold: C(t), or its root mean square at every time, to see what the shape is worth");
  s.number("ridge", options.ridge, "1", Range::at_least(0.0), "ridge penalty of logistic regression");
  s.words("compare", options.compare, classifier::compared_words(),
          "further classifiers, trained and searched beside it");
  s.number("reference_concentration", options.reference_concentration, "data.units.concentration", Range::positive(),
           "average concentration whose feature angle is pi/2");
  s.number("highest_dose", options.highest_dose, "data.units.amount", Range::positive(),
           "preset proposal: the dose that is encoded as the angle pi");
  Settings& readout = s.section("readout", "from P(1) to the probability of success (preset proposal: always raw)");
  readout.choice<ReadoutKind>("kind", options.readout.kind,
                              {{"sigmoid", ReadoutKind::sigmoid}, {"raw", ReadoutKind::raw}},
                              "sigmoid(scale (2 P(1) - 1) + offset), or P(1) itself");
  readout.number("scale", options.readout.scale, "1", Range::positive(), "scale of the sigmoid");
  readout.choice<ReadoutTraining>(
      "trained", trained,
      {{"auto", ReadoutTraining::automatic}, {"true", ReadoutTraining::yes}, {"false", ReadoutTraining::no}},
      "train scale and offset too (two more parameters); auto: on virtual subjects only");
}

void describe_quantum(Settings& s, classifier::QuantumOptions& quantum, NoiseOptions& noise) {
  using classifier::Backend;
  using classifier::Gradient;
  s.choice<Backend>("backend", quantum.backend,
                    {{"exact", Backend::exact},
                     {"sampled", Backend::sampled},
                     {"trajectory", Backend::trajectory},
                     {"density_matrix", Backend::density_matrix}},
                    "exact probabilities without noise; shots drawn from the exact (noisy) probability; every shot by "
                    "itself; or exact probabilities under noise");
  s.integer("shots", quantum.shots, Range::between(1, 1e9), "shots of a circuit, where sampled or trajectory");
  s.choice<Gradient>("gradient", quantum.gradient,
                     {{"adjoint", Gradient::adjoint},
                      {"parameter_shift", Gradient::parameter_shift},
                      {"shared_shift", Gradient::shared_shift},
                      {"spsa", Gradient::spsa}},
                     "adjoint (without shots only), one shift per occurrence (unbiased), the proposal's shift of all "
                     "occurrences at once (biased), or simultaneous perturbation (two circuits, noisy)");
  Settings& spsa = s.section("spsa", "simultaneous perturbation");
  spsa.number("perturbation", quantum.spsa.perturbation, "rad", Range::positive(), "by which all angles are moved");
  spsa.integer("repeats", quantum.spsa.repeats, Range::between(1, 1e6), "perturbations averaged in a step");
  describe_noise(s, noise);
}

void describe_training(Settings& s, classifier::TrainingOptions& training, TrainingSetOptions& set,
                       Optimizer& optimizer, classifier::NoiseTraining& noise) {
  using classifier::NoiseTraining;
  s.words(
      "on", set.on, {"auto", "virtual", "trial"},
      "whom classifiers learn from: virtual subjects of the fitted models or the trial's subjects (auto: virtual where "
      "there is a biomarker model, or no endpoint needs one and none labels the trial's subjects, else trial); the "
      "first gives the answers, others stand beside it (qcnn_trial, ...)");
  s.words("regimens", set.regimens, {},
          "regimens that virtual subjects are on: all, or names; answers for others are extrapolation");
  Settings& simulated = s.section("virtual", "training on virtual subjects; the other keys are for the trial's own");
  s.integer("subjects", set.subjects, Range::between(10, 1e7), "virtual subjects in a training set");
  simulated.integer("batch", set.batch, Range::between(0, 1e9), "examples in a step of the optimiser; 0: all");
  simulated.integer("steps", set.steps, Range::between(1, classifier::most_training_steps), "steps of Adam");
  simulated.number("learning_rate", set.learning_rate, "rad", Range::positive(), "initial step of Adam");
  simulated.number("scale", set.scale, "1", Range::positive(), "scale of the readout where the training starts");
  s.choice<Optimizer>("optimizer", optimizer, {{"adam", Optimizer::adam}}, "optimiser");
  s.choice<NoiseTraining>(
      "noise", noise,
      {{"aware", NoiseTraining::aware}, {"refit", NoiseTraining::refit}, {"ignored", NoiseTraining::ignored}},
      "where there is noise: every step on the noisy device, or trained without noise and then scale and offset of the "
      "readout refitted on the device, or used there as it is");
  s.number("learning_rate", training.learning_rate, "rad", Range::positive(), "initial step of Adam");
  s.choice<std::string>("schedule", training.schedule, {{"cosine", "cosine"}, {"constant", "constant"}},
                        "of the learning rate");
  s.integer("steps", training.steps, Range::between(1, classifier::most_training_steps), "steps of Adam");
  s.number("initial_spread", training.initial_spread, "rad", Range::positive(),
           "standard deviation of the initial parameters");
  s.integer("batch", training.batch, Range::between(0, 1e9), "examples in a step of the optimiser; 0: all");
  s.integer("folds", training.folds, Range::between(2, 1000),
            "folds of the cross-validation, by subject, stratified by outcome");
  s.integer("replicates", training.replicates, Range::between(1, 10000),
            "repeats of the cross-validation with other seeds");
  s.number("test_fraction", training.test_fraction, "1", Range::inside(0.0, 1.0),
           "share of the subjects held out in the proposal's single split");
  s.flag("placebo", training.placebo, "train on placebo subjects too");
  Settings& monotonicity = s.section("monotonicity", "penalty for predictions that fall as exposure rises");
  monotonicity.number("weight", training.monotonicity.weight, "1", Range::at_least(0.0), "weight in the loss; 0: none");
  monotonicity.words("in", training.monotonicity.in, {"dose", "auc"}, "what predictions should rise with");
}

void describe_dose(Settings& s, dose::DoseOptions& options) {
  s.replaced("daily", "regimens: {daily: {interval: 24, doses: {from: 0.5, to: 40, step: 0.5}}}");
  s.replaced("weekly", "regimens: {weekly: {interval: 168, doses: {from: 5, to: 300, step: 5}}}");
  s.replaced("targets", "targets: [0.9, 0.75] beside regimens, not below dose");
  s.choice<dose::Rule>(
      "rule", options.rule, {{"mean", dose::Rule::mean}, {"indicator", dose::Rule::indicator}},
      "headline answer: mean of p, or share with p > 0.5 (equation 4 of the proposal); both are reported");
  s.choice<dose::Search>("search", options.search,
                         {{"grid", dose::Search::grid}, {"bisection", dose::Search::bisection}},
                         "every dose, or only those that decide");
}

void describe_uncertainty(Settings& s, UncertaintyOptions& uncertainty) {
  s.choice<IntervalSource>("source", uncertainty.source,
                           {{"none", IntervalSource::none},
                            {"parameters", IntervalSource::parameters},
                            {"bootstrap", IntervalSource::bootstrap}},
                           "population parameters drawn from their covariance, or subjects resampled and everything "
                           "refitted");
  s.integer("replicates", uncertainty.replicates, Range::between(2, 100000), "draws or resampled trials");
  s.integer("cohort", uncertainty.cohort, Range::between(1, 1e8),
            "virtual subjects of each population in each replicate");
  s.integer("subjects", uncertainty.subjects, Range::between(10, 1e7),
            "virtual subjects that a replicate's classifiers learn from");
  s.integer("steps", uncertainty.steps, Range::between(1, classifier::most_training_steps),
            "of that training, which starts at the answer's parameters");
  s.words("skip", uncertainty.skip, classifier::compared_words(),
          "classifiers of classifier.compare whose answers get no interval; cnn costs as much as all others together");
}

void describe_learning(Settings& s, LearningOptions& learning) {
  s.numbers("trial", learning.trial, "1", Range::at_least(2.0),
            "numbers of the trial's subjects to learn from; []: none");
  s.numbers("virtual", learning.simulated, "1", Range::at_least(10.0), "numbers of virtual subjects; []: none");
  s.integer("replicates", learning.replicates, Range::between(1, 10000), "trainings of each size");
}

void describe_campaigns(Settings& s, Configuration& c) {
  s.sections<AblationOptions>(
      "ablation", c.ablation,
      [](Settings& inner, AblationOptions& row) {
        inner.words("set", row.set, {}, "what the row changes, each as key.path=value");
      },
      "rows of a comparison under names of their own");
  Settings& coverage = s.section("coverage", "how often the intervals hold the truth in simulated trials");
  coverage.integer("trials", c.coverage.trials, Range::between(0, 1e6), "trials; 0: none");
  coverage.integer("cohort", c.coverage.cohort, Range::between(1, 1e8), "virtual subjects behind the true answers");
}

/// How many subjects are written: all, none or a number.
void describe_trajectories(Settings& s, std::size_t& subjects) {
  const auto read = [&subjects](const YAML::Node& node, const std::string& path, const Settings::TreeFault& fault) {
    const core::YamlReader reader(node, path, fault);
    const auto word = reader.word();
    if (!word) return;
    if (*word == "all") {
      subjects = OutputOptions::all_subjects;
    } else if (*word == "none") {
      subjects = 0;
    } else if (word->find_first_not_of("0123456789") != std::string::npos) {
      reader.fault("expected all, none or a number");
    } else if (const auto number = reader.integer(0, std::numeric_limits<int>::max())) {
      subjects = static_cast<std::size_t>(*number);
    }
  };
  const auto write = [&subjects] {
    if (subjects == OutputOptions::all_subjects) return std::string("all");
    return subjects == 0 ? std::string("none") : fmt::format("{}", subjects);
  };
  s.tree("trajectories", "all, none or a number",
         "virtual subjects of each population whose C(t) and predictions are written, from the first on (bisection "
         "evaluates few doses, so it writes C(t) only)",
         read, write);
}

/// Keys of format 1: what to write now.
void describe_replaced(Settings& s) {
  s.replaced("scenarios", "populations: {base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}}");
  s.replaced("response",
             "endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}; the windows and "
             "labels of before are endpoints of their own");
}

}  // namespace

core::Settings describe(Configuration& c) {
  Settings s;
  s.integer("seed", c.seed, Range::any(), "seed of every random number of the run");
  describe_data(s.section("data", "the trial"), c.data);
  describe_estimation(s.section("estimation", "how population models are fitted"), c.estimation);
  describe_pk(s.section("pk", "population pharmacokinetics, fitted by FOCEI"), c.pk, c.occasion_column);
  describe_pd(s.section("pd", "model of the biomarker, fitted by FOCEI"), c.pd);
  describe_pk_pd(s.section("pk_pd", "what the two models have in common"), c.pd);
  describe_diagnostics(s.section("diagnostics", "checks of the fits that cost time of their own"), c.diagnostics);
  protocol::describe(s, c.protocol);
  describe_classifier(s.section("classifier", "the quantum convolutional neural network and what it is compared with"),
                      c);
  describe_quantum(s.section("quantum", "how circuits are run"), c.quantum, c.noise);
  describe_training(s.section("training", "how classifiers are trained and evaluated"), c.training, c.training_set,
                    c.optimizer, c.quantum.noise_training);
  s.section("cohort", "virtual subjects")
      .integer("size", c.cohort.size, Range::between(1, 1e9), "virtual subjects of each population");
  describe_dose(s.section("dose", "the dose search"), c.dose);
  describe_uncertainty(s.section("uncertainty", "90 % intervals of the answers"), c.uncertainty);
  describe_learning(s.section("learning", "learning curves"), c.learning);
  describe_campaigns(s, c);
  Settings& output = s.section("output", "what is written");
  output.text("file", c.output.file, "HDF5 store; --output has precedence; without either nothing is written");
  describe_trajectories(output, c.output.trajectories);
  output.integer("biomarker_courses", c.output.biomarker_courses, Range::between(0, 1e6),
                 "virtual subjects of each population, the first of those, whose biomarker R(t) at steady state is "
                 "written for every dose");
  output.flag("report", c.output.report,
              "titrant run ends with a report, OUTPUT.html beside the store; --no-report: it does not");
  describe_replaced(s);
  return s;
}

}  // namespace titrant::run
