#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "titrant/classifier/options.hpp"
#include "titrant/core/settings.hpp"
#include "titrant/dose/options.hpp"
#include "titrant/dose/scenario.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::campaign {

struct DataOptions {
  std::string file;  ///< empty: the embedded synthetic trial
  trial::NonmemFormat format;
};

// Choices with one value are keys whose further values this version does not offer; naming another is an error that
// lists what there is.

/// Which meaning of success is learnt, and when it is judged.
enum class Label { measured };
enum class Window { day_21 };

/// The model of the biomarker, the subjects that classifiers learn from, the optimiser, and the noise of circuits.
enum class BiomarkerStructure { none };
enum class TrainingSource { trial };
enum class Optimizer { adam };
enum class Noise { none };

struct ResponseOptions {
  trial::ResponseRule rule;
  Label label = Label::measured;
  Window window = Window::day_21;
};

struct CohortOptions {
  std::size_t size = 2000;  ///< virtual subjects in each scenario
};

struct OutputOptions {
  std::string file;          ///< HDF5 store; `--output` has precedence
  bool trajectories = true;  ///< write C(t) and p of every virtual subject
};

/// Everything a run can be told. Plain data: defaults in place, `describe` binds the keys of design and documentation.
struct Configuration {
  std::uint64_t seed = 20250929;
  DataOptions data;
  nlme::PkOptions pk;
  BiomarkerStructure pd_structure = BiomarkerStructure::none;
  ResponseOptions response;
  classifier::ClassifierOptions classifier;
  classifier::QuantumOptions quantum;
  Noise noise = Noise::none;
  classifier::TrainingOptions training;
  TrainingSource training_source = TrainingSource::trial;
  Optimizer optimizer = Optimizer::adam;
  std::map<std::string, dose::ScenarioOptions> scenarios = {
      {"base", {50.0, 100.0, 0.5}}, {"heavy", {70.0, 140.0, 0.5}}, {"no_comed", {50.0, 100.0, 0.0}}};
  CohortOptions cohort;
  dose::DoseOptions dose;
  OutputOptions output;
};

/// The keys of a configuration, bound to its fields. The configuration must outlive the result.
core::Settings describe(Configuration& configuration);

/// What is to be read into a configuration.
struct ConfigurationSource {
  std::string file;               ///< YAML, or a run store whose configuration is repeated; empty: defaults
  std::vector<std::string> sets;  ///< "key.path=value", applied last
};

/// Reads and validates a configuration. Throws one ConfigError that lists every fault.
Configuration load_configuration(const ConfigurationSource& source);

/// Faults between keys that no single key shows: a grid that ends before it begins, shots without a use for them, ...
void validate(const Configuration& configuration, core::Problems& problems);

/// The resolved configuration as YAML; with `comments`, as `--dump-config` prints it.
std::string to_yaml(const Configuration& configuration, bool comments);

/// The names under which classifiers are trained and searched: "qcnn", then classifier.compare as "qcnn_homogeneous",
/// ...
std::vector<std::string> classifier_names(const Configuration& configuration);

}  // namespace titrant::campaign
