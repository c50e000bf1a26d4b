#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/validation.hpp"
#include "titrant/dose/bootstrap.hpp"
#include "titrant/dose/search.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::campaign {

/// The trial's subjects as examples: their exposure on the regimen they took, by their empirical Bayes estimates.
struct TrialExamples {
  std::vector<classifier::Profile> profiles;
  classifier::LabelledExamples labelled;  ///< points into `profiles`
  std::size_t without_label = 0;          ///< subjects without a biomarker value in the window, left out
};

/// How a kind of classifier did on subjects that it had not seen.
struct NamedValidation {
  std::string name;
  classifier::Validation result;
};

/// One classifier trained on all examples.
struct TrainedClassifier {
  std::unique_ptr<classifier::Classifier> classifier;
  classifier::History history;
};

/// What the stages of a run have found so far; each stage fills its own part.
struct Results {
  trial::Trial trial;
  nlme::PkFit pk;
  TrialExamples examples;
  std::vector<NamedValidation> validations;
  std::vector<TrainedClassifier> classifiers;
  std::vector<dose::Panel> panels;
  dose::SearchResult search;
  dose::ReplicateRates replicates;  ///< empty where no bootstrap was asked for
};

}  // namespace titrant::campaign
