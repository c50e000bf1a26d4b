#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "titrant/classifier/options.hpp"
#include "titrant/core/settings.hpp"
#include "titrant/dose/options.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/protocol/protocol.hpp"
#include "titrant/run/noise.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

struct DataOptions {
  std::string file;    ///< empty: the embedded synthetic trial
  std::string digest;  ///< SHA-256 of the file when the configuration was loaded, hexadecimal; empty: there is none
  trial::NonmemFormat format;
};

// Choices with one value are keys whose further values this version does not offer.
enum class Optimizer { adam };

/// The `pd` section: `structure` is none, auto or the name of a pkpd::BiomarkerStructure. And `pk_pd`.
struct BiomarkerOptions {
  std::string structure = "auto";
  std::string baseline = "auto";      ///< auto or the name of a pkpd::BaselineModel
  nlme::PdOptions fit;                ///< `method` is that of pd_method()
  std::string method = "auto";        ///< auto, individual, population or joint
  std::string pk_pd_method = "auto";  ///< auto, sequential or joint
};

/// By which method the biomarker is fitted: that of `pd.method`, else of `pk_pd.method`, else individual.
nlme::PdMethod pd_method(const BiomarkerOptions& options);

/// Checks of a fit that cost time of their own.
struct DiagnosticsOptions {
  int simulations = 200;             ///< trials simulated for the visual predictive checks; 0: none
  std::vector<std::string> profile;  ///< parameters of /pk and /pd whose likelihood is profiled
};

/// Whom classifiers learn from: `trial` or `virtual` (simulated by the fitted models); auto, which load_configuration
/// resolves: virtual where there is a biomarker model, else trial. The first is that of the answers; the others stand
/// beside it under names with a suffix.
struct TrainingSetOptions {
  std::vector<std::string> on = {"auto"};
  std::vector<std::string> regimens = {"all"};  ///< that virtual subjects are on: all, or names
  std::size_t subjects = 2000;                  ///< virtual subjects in a training set
  int batch = 256;                              ///< of these in a step of the optimiser; 0: all
  int steps = 600;
  double learning_rate = 0.05;
  double scale = 12.0;  ///< of the readout, at the start of the training
};

/// Whether scale and offset of the readout are trained: automatic trains them on virtual subjects, where there are
/// enough, and not on the trial's.
enum class ReadoutTraining { automatic, yes, no };

/// What the intervals of the answers hold.
enum class IntervalSource {
  none,
  parameters,  ///< population parameters drawn from their estimation uncertainty
  bootstrap    ///< subjects of the trial resampled, everything refitted
};
struct UncertaintyOptions {
  IntervalSource source = IntervalSource::parameters;
  std::size_t replicates = 100;
  std::size_t cohort = 500;       ///< virtual subjects of each population in each replicate
  std::size_t subjects = 1000;    ///< virtual subjects that a replicate's classifiers learn from
  int steps = 30;                 ///< of their training, which starts at the answer's parameters
  std::vector<std::string> skip;  ///< words of classifier.compare whose answers get no interval
};

/// Learning curves: how held-out figures depend on the number of subjects learnt from. Empty: none.
struct LearningOptions {
  std::vector<double> trial;      ///< numbers of real subjects
  std::vector<double> simulated;  ///< numbers of virtual subjects
  int replicates = 5;
};

/// One row of an ablation: what it changes, as "key.path=value" each.
struct AblationOptions {
  std::vector<std::string> set;
};

/// How often intervals hold the truth: trials are simulated from the fitted models, with the design of the run's trial,
/// and answered anew.
struct CoverageOptions {
  std::size_t trials = 0;     ///< 0: none
  std::size_t cohort = 5000;  ///< virtual subjects behind the true answers
};

struct CohortOptions {
  std::size_t size = 2000;  ///< virtual subjects of each population
};

struct OutputOptions {
  static constexpr std::size_t all_subjects = std::numeric_limits<std::size_t>::max();

  std::string file;  ///< HDF5 store; `--output` has precedence
  /// virtual subjects of each population, from the first on, whose C(t) and predictions are written
  std::size_t trajectories = all_subjects;
  /// virtual subjects of each population, from the first on and of these, whose R(t) is written for every dose
  std::size_t biomarker_courses = 20;
  bool report = true;  ///< the command `run` ends with a report beside the store
};

/// How populations are estimated, of concentrations and of the biomarker alike.
struct EstimationSettings {
  std::vector<std::string> methods = {"focei"};
  bool importance_check = false;
  bool resampling = false;
};

/// Everything a run can be told. Plain data: defaults in place, `describe` binds the keys of design and documentation.
struct Configuration {
  std::uint64_t seed = 20250929;
  DataOptions data;
  EstimationSettings estimation;
  nlme::PkOptions pk;
  std::string occasion_column;  ///< of the data file; pk.occasion is then the covariate that stands for it
  BiomarkerOptions pd;
  DiagnosticsOptions diagnostics;
  protocol::Protocol protocol;
  classifier::ClassifierOptions classifier;
  /// covariates that classifiers see beside exposure: auto, those that the biomarker model uses; or names
  std::vector<std::string> classifier_covariates = {"auto"};
  ReadoutTraining readout_trained = ReadoutTraining::automatic;
  classifier::QuantumOptions quantum;
  NoiseOptions noise;  ///< `quantum.noise` holds the model that it describes
  classifier::TrainingOptions training;
  TrainingSetOptions training_set;
  Optimizer optimizer = Optimizer::adam;
  CohortOptions cohort;
  dose::DoseOptions dose;
  UncertaintyOptions uncertainty;
  LearningOptions learning;
  std::map<std::string, AblationOptions> ablation;
  CoverageOptions coverage;
  OutputOptions output;
};

/// The keys of a configuration, bound to its fields. The configuration must outlive the result.
core::Settings describe(Configuration& configuration);

/// What is to be read into a configuration.
struct ConfigurationSource {
  /// YAML, or a run store whose configuration is repeated; empty: defaults. Files that it names are looked for beside
  /// it first, then where the program was started.
  std::string file;
  std::vector<std::string> sets;  ///< "key.path=value", applied last
  std::string text = {};          ///< YAML in place of the file's content, if not empty; `file` then only names it
};

/// Reads and validates a configuration. Throws one ConfigError that lists every fault.
Configuration load_configuration(const ConfigurationSource& source);

/// A configuration with the changes of an ablation's row, and without the stages that no row goes through (coverage,
/// learning curves, profiles). Throws ConfigError with every fault.
Configuration with_row(const Configuration& configuration, const AblationOptions& row);

/// Faults between keys that no single key shows: a grid that ends before it begins, shots without a use for them, ...
void validate(const Configuration& configuration, core::Problems& problems);

/// The resolved configuration as YAML; with `comments`, as `--dump-config` prints it.
std::string to_yaml(const Configuration& configuration, bool comments);

/// The names under which classifiers are trained and searched: "qcnn", then classifier.compare as "qcnn_homogeneous",
/// ...
std::vector<std::string> classifier_names(const Configuration& configuration);

}  // namespace titrant::run
