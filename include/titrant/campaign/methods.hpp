#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/campaign/configuration.hpp"
#include "titrant/dose/criterion.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::campaign {

/// A kind of classifier with the subjects it learns from. `name` is how answers and the store call it: the kind, and
/// for sources beside the first the source too (qcnn_trial, logistic_virtual_daily).
struct Method {
  std::string name;
  std::string kind;    ///< a name that classifier::make_classifier knows
  std::string source;  ///< a word of training.on
};

/// Every kind with every source, the sources in their order.
std::vector<Method> methods(const Configuration& configuration);

/// The questions of a run: every label with every window, the headline first; the sampling times of measured labels are
/// those of the trial's biomarker values. Hours are counted from trial::start_of_treatment on, as those of virtual
/// courses are. Throws ConfigError for a window that begins before.
std::vector<dose::Criterion> criteria(const Configuration& configuration, const trial::Trial& trial);

/// Whether the trial's own labels answer a question: measured, on day 21.
bool is_observed(const dose::Criterion& criterion);

/// Whether a method answers a question: methods trained on the trial know its own label only.
bool answers(const Method& method, const dose::Criterion& criterion);

/// How the biomarker is modelled, where `pd.structure` is not none.
nlme::PdOptions pd_options(const Configuration& configuration);

/// How a method is built: the readout of virtual subjects is trained unless the configuration says otherwise.
classifier::ClassifierOptions classifier_options(const Configuration& configuration, const std::string& source);

/// How it is trained.
classifier::TrainingOptions training_options(const Configuration& configuration, const std::string& source);

}  // namespace titrant::campaign
