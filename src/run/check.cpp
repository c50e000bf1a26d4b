#include "titrant/run/check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "population_values.hpp"
#include "stages/ablation.hpp"
#include "stages/examples.hpp"
#include "stages/replicates.hpp"
#include "titrant/classifier/learning_curve.hpp"
#include "titrant/classifier/split.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/dose/cohort.hpp"
#include "titrant/nlme/fittable.hpp"
#include "titrant/run/methods.hpp"
#include "titrant/run/run.hpp"
#include "titrant/trial/dosing_routes.hpp"

namespace titrant::run {

namespace {

/// Faults by the functions that throw them, each line of a message once.
class Faults {
 public:
  /// Whether `action` found none. \param where  what stands before its message
  template <class Action>
  bool none_in(const Action& action, const std::string& where = "") {
    try {
      action();
      return true;
    } catch (const ConfigError& error) {
      add(error.what(), where);
    } catch (const DataError& error) {
      of_data_ = true;
      add(error.what(), where);
    }
    return false;
  }

  void throw_if_any() const {
    if (messages_.empty()) return;
    std::string text;
    for (const std::string& message : messages_) text += (text.empty() ? "" : "\n") + message;
    if (of_data_) throw DataError(text);
    throw ConfigError(text);
  }

 private:
  void add(const std::string& message, const std::string& where) {
    std::istringstream lines(message);
    for (std::string line; std::getline(lines, line);) {
      line.insert(0, where);
      if (std::find(messages_.begin(), messages_.end(), line) == messages_.end()) messages_.push_back(line);
    }
  }

  std::vector<std::string> messages_;
  bool of_data_ = false;
};

using Effects = std::map<std::string, std::map<std::string, nlme::CovariateSetting>>;

/// Parameters that depend on what the configuration lets them depend on.
std::vector<pkpd::ParameterModel> with_effects(const Effects& covariates) {
  std::vector<pkpd::ParameterModel> parameters;
  for (const auto& [name, effects] : covariates) {
    pkpd::ParameterModel& parameter = parameters.emplace_back();
    parameter.name = name;
    for (const auto& [covariate, setting] : effects) parameter.effects.emplace_back().covariate = covariate;
  }
  return parameters;
}

/// The check of one configuration, trial and list of stages.
class Check {
 public:
  Check(const Configuration& configuration, const trial::Trial& trial,
        const std::vector<std::unique_ptr<Stage>>& stages)
      : c_(configuration), trial_(trial), stages_(stages) {}

  void run() {
    if (has("fit")) faults_.none_in([&] { nlme::expect_fittable_pk(trial_, pk_options(c_)); });
    if (has("pd") && c_.pd.structure != "none") {
      faults_.none_in([&] {
        const nlme::PdOptions options = pd_options(c_, trial_);
        nlme::expect_fittable_pd(trial_, options, options.automatic);
      });
    }
    const bool learns = has("evaluate") || has("train");
    if (learns && !faults_.none_in([&] { expect_endpoints(); })) return faults_.throw_if_any();
    if (learns) faults_.none_in([&] { endpoints_of(c_, trial_, nullptr); });
    if (learns && c_.pd.structure != "none") {
      faults_.none_in([&] { require_steady_states(c_, pd_options(c_, trial_).baselines.front()); });
    }
    if (learns) faults_.none_in([&] { inputs_ = covariate_inputs(c_, trial_, nullptr); });
    if (has("evaluate")) classifiers("trial");
    if (has("train")) {
      for (const std::string& set : c_.training_set.on) classifiers(set);
    }
    labels();
    if (has("pd") && c_.pd.structure != "none") faults_.none_in([&] { expect_known_exposure(); });
    if (has("train")) faults_.none_in([&] { expect_routes(); });
    if (has("train")) populations();
    if (has("search")) faults_.none_in([&] { expect_memory(); });
    if (has("ablation")) ablation();
    faults_.throw_if_any();
  }

  /// What could be used and is hardly meant.
  std::vector<std::string> remarks() const {
    std::vector<std::string> all = unused_covariates();
    if (has("train") || has("evaluate")) {
      const std::string far = far_reference();
      if (!far.empty()) all.push_back(far);
    }
    return all;
  }

 private:
  /// Classifiers see exposure relative to a reference: far beyond it all doses look alike.
  std::string far_reference() const {
    std::vector<double> values;
    for (const trial::Subject& subject : trial_.subjects) {
      for (const trial::Observation& one : subject.concentrations) {
        if (one.value > 0.0 && !one.censored) values.push_back(one.value);
      }
    }
    if (values.empty()) return "";
    constexpr double far = 30.0;
    const double median = core::lower_median(std::move(values));
    const double reference = c_.classifier.reference_concentration;
    if (median < far * reference && median > reference / far) return "";
    const double unit = std::pow(10.0, std::floor(std::log10(median)) - 1.0);  // two digits are enough
    return fmt::format(
        "classifier.reference_concentration is {0:g} {1}, and the median of the trial's concentrations is {2:g}: so "
        "far "
        "from it classifiers can hardly tell doses apart; write classifier.reference_concentration: {2:g}",
        reference, trial_.units.concentration, std::round(median / unit) * unit);
  }

  /// Covariates that a population is given and nothing looks at.
  std::vector<std::string> unused_covariates() const {
    std::vector<std::string> all;
    if (!has("train")) return all;
    std::set<std::string> used = covariate_use(c_, trial_, true).used;
    for (const classifier::CovariateInput& input : inputs_) used.insert(input.name);
    for (const protocol::Population& population : c_.protocol.populations) {
      for (const auto& [covariate, distribution] : population.covariates) {
        if (used.contains(covariate)) continue;
        all.push_back(
            fmt::format("populations.{}.{} is not used by any model, classifier or dose.", population.name, covariate));
      }
    }
    return all;
  }

  bool has(const std::string& name) const {
    return std::any_of(stages_.begin(), stages_.end(), [&](const auto& stage) { return stage->name() == name; });
  }

  void expect_endpoints() const {
    if (c_.protocol.endpoints.empty()) {
      throw ConfigError(
          "endpoints: nothing says what a success is; write for example endpoints: {control: {of: biomarker, "
          "values: measured, hours: [480, 504], below: 3.3}}. A "
          "fit alone is checked by --for fit");
    }
    if (c_.protocol.regimens.empty()) {
      throw ConfigError(
          "regimens: nothing says how doses are given; write for example regimens: {once: {interval: 24, "
          "doses: {from: 1, to: 20, step: 1}}}");
    }
  }

  /// Every classifier can be built as those who learn from a training set are.
  void classifiers(const std::string& training_set) {
    for (const std::string& name : classifier_names(c_)) {
      faults_.none_in(
          [&] { classifier::make_classifier(name, classifier_options(c_, training_set, inputs_), c_.quantum); });
    }
  }

  /// The trial's outcomes can be split as is asked for, where the run cannot do without them: it leaves
  /// cross-validation out where classifiers learn from virtual subjects.
  void labels() {
    const bool curve = has("learning") && !c_.learning.trial.empty();
    const bool virtual_subjects = has("pd") && !learns_from_trial(c_);
    const bool needed = (has("evaluate") || has("train")) && !virtual_subjects;
    if (!needed && !curve) return;
    for (const protocol::Endpoint& endpoint : c_.protocol.endpoints) {
      if (!endpoint.labels_trial()) continue;
      const classifier::LabelledExamples labelled = trial_labels(c_, trial_, endpoint);
      if (!faults_.none_in([&] { expect_outcomes(labelled, trial_, endpoint, inputs_); })) continue;
      if (&endpoint != &c_.protocol.endpoints[*trial_endpoint(c_)]) continue;
      if (has("evaluate")) {
        faults_.none_in([&] { classifier::stratified_folds(labelled, c_.training.folds, c_.seed, 0); });
        faults_.none_in([&] { classifier::stratified_split(labelled, c_.training.test_fraction, c_.seed, 0); });
      }
      if (!curve) continue;
      for (const double size : c_.learning.trial) {
        faults_.none_in([&] { classifier::expect_others(labelled, static_cast<std::size_t>(size), c_.seed); });
      }
    }
  }

  /// Populations can supply what the models and the regimens depend on, with levels that the trial has and values above
  /// 0 where these are needed.
  void populations() {
    pkpd::PopulationModel pk;
    pk.parameters = with_effects(c_.pk.covariates);
    const bool weighed = std::any_of(trial_.subjects.begin(), trial_.subjects.end(), [](const trial::Subject& subject) {
      return subject.covariates.contains("weight");
    });
    if (!weighed && c_.pk.covariates == nlme::PkOptions{}.covariates) pk.parameters.clear();
    pkpd::BiomarkerPopulation biomarker;
    if (c_.pd.structure != "none") biomarker.parameters = with_effects(c_.pd.fit.covariates);
    const dose::PopulationModels models{&pk, &biomarker};
    const CovariateUse use = covariate_use(c_, trial_, !pk.parameters.empty());
    std::vector<dose::VirtualPopulation> all;
    if (!faults_.none_in([&] { all = virtual_populations(c_, trial_); })) return;
    for (const dose::VirtualPopulation& population : all) {
      faults_.none_in([&] { dose::Cohort(population, models, c_.seed); });
      for (const protocol::Regimen& regimen : c_.protocol.regimens) {
        faults_.none_in([&] { dose::require_supplied(population, regimen); });
      }
      faults_.none_in([&] { expect_known_levels(population, trial_, use); });
      faults_.none_in([&] { expect_positive_values(population, use); });
    }
  }

  /// Routes of the doses of subjects with concentrations, from which the kinetics are known.
  trial::Routes known_routes() const {
    trial::Routes known;
    for (const trial::Subject& subject : trial_.subjects) {
      if (!subject.concentrations.empty()) known |= trial::routes_of(subject);
    }
    return known;
  }

  /// The exposure of a subject without concentrations follows from the kinetics of the others.
  void expect_known_exposure() const {
    const trial::Routes known = known_routes();
    core::Problems problems;
    for (const trial::Subject& subject : trial_.subjects) {
      for (const pkpd::Dose& dose : subject.doses) {
        if (!dose.gives_drug() || known.of(dose.into)) continue;
        problems.add(
            fmt::format("{}: subject {}", trial_.source, subject.id),
            fmt::format("has an {} dose, and nobody with such a dose has concentrations, so that its exposure is "
                        "not known; leave the subject out with data.ignore",
                        dose.into == pkpd::DoseInto::depot ? "absorbed" : "intravenous"));
        break;
      }
    }
    problems.throw_if_any<DataError>();
  }

  /// What a trial tells of a drug depends on the routes of its doses.
  void expect_routes() const {
    const trial::Routes known = known_routes();
    const bool absorbed = known.absorbed;
    const bool held = c_.pk.bioavailability;  // with absorbed doses alone it is held at a value
    if (absorbed == (known.intravenous || held)) return;
    core::Problems problems;
    for (const protocol::Regimen& regimen : c_.protocol.regimens) {
      if ((regimen.route == protocol::Route::oral) == absorbed) continue;
      problems.add(fmt::format("regimens.{}.route", regimen.name),
                   absorbed
                       ? "the trial has oral doses alone: its clearances and volumes are over a bioavailability that "
                         "nothing tells; expected oral"
                       : "the trial has intravenous doses alone, which tell nothing of absorption; write route: bolus, "
                         "or route: infusion with duration: 1 (h)");
    }
    problems.throw_if_any<ConfigError>();
  }

  /// What the ranks keep of a search and of the replicates behind its intervals fits into the memory of this machine.
  void expect_memory() const {
    const protocol::Protocol& asked = c_.protocol;
    std::size_t most = 0;
    std::size_t doses = 0;
    for (const protocol::Regimen& regimen : asked.regimens) {
      most = std::max(most, regimen.doses.size());
      doses += regimen.doses.size();
    }
    constexpr double numbers = 2.0 * sizeof(double);                           // mean and indicator
    constexpr double most_blocks = 512.0;                                      // of subjects in a search
    const std::size_t by_models = c_.pk.occasion_variability.empty() ? 1 : 2;  // the second without occasions
    const auto answers = static_cast<double>((methods(c_).size() + by_models) * asked.endpoints.size());
    const auto populations = static_cast<double>(asked.populations.size());
    const double search = most_blocks * populations * static_cast<double>(asked.regimens.size() * most);
    const bool intervals = has("intervals") && c_.uncertainty.source != IntervalSource::none;
    const double replicates = intervals ? static_cast<double>(c_.uncertainty.replicates * doses) * populations : 0.0;
    const double needed = numbers * answers * (search + replicates);
    const double there = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    constexpr double gigabyte = 1e9;
    if (needed <= there) return;
    throw ConfigError(
        fmt::format("regimens: {} doses for {} populations, {} endpoints and {} methods need {:.1f} GB of memory on "
                    "every rank, and "
                    "this machine has {:.1f}; ask for fewer doses, or in several runs",
                    doses, asked.populations.size(), asked.endpoints.size(), methods(c_).size() + by_models,
                    needed / gigabyte, there / gigabyte));
  }

  /// Every row, as far as it is not like the run.
  void ablation() {
    const std::vector<std::unique_ptr<Stage>> stages = stages_for("variant");
    for (const auto& [name, row] : c_.ablation) {
      faults_.none_in(
          [&, &options = row] {
            const Configuration changed = with_row(c_, options);
            if (changes_models(c_, options)) {
              const trial::Trial trial = load_trial(changed);
              Check(changed, trial, stages).run();
            } else {
              Check(changed, trial_, stages).run();
            }
          },
          fmt::format("ablation.{}: ", name));
    }
  }

  const Configuration& c_;
  const trial::Trial& trial_;
  const std::vector<std::unique_ptr<Stage>>& stages_;
  std::vector<classifier::CovariateInput> inputs_;
  Faults faults_;
};

}  // namespace

std::vector<std::string> expect_usable(const Configuration& configuration, const trial::Trial& trial,
                                       const std::vector<std::unique_ptr<Stage>>& stages) {
  Check check(configuration, trial, stages);
  check.run();
  return check.remarks();
}

}  // namespace titrant::run
