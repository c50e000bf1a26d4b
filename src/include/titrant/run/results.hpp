#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/learning_curve.hpp"
#include "titrant/classifier/validation.hpp"
#include "titrant/dose/agreement.hpp"
#include "titrant/dose/mechanistic.hpp"
#include "titrant/dose/search.hpp"
#include "titrant/dose/uncertainty.hpp"
#include "titrant/nlme/diagnostics.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/profile.hpp"
#include "titrant/nlme/vpc.hpp"
#include "titrant/parallel/reason.hpp"
#include "titrant/run/methods.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

/// The trial's subjects as examples: the exposure of their own dose history over the window in which they are judged,
/// by their empirical Bayes estimates. Not to be copied: the examples point into `profiles`, whose elements stay where
/// they are when the whole is moved.
struct TrialExamples {
  std::vector<classifier::Profile> profiles;
  classifier::LabelledExamples labelled;  ///< points into `profiles`
  std::size_t without_label = 0;          ///< subjects without a biomarker value in the window, left out
  std::string fault;                      ///< why classifiers cannot learn from them; empty: they can

  TrialExamples() = default;
  TrialExamples(TrialExamples&&) = default;
  TrialExamples& operator=(TrialExamples&&) = default;
  TrialExamples(const TrialExamples&) = delete;
  TrialExamples& operator=(const TrialExamples&) = delete;
  ~TrialExamples() = default;
};

/// How a kind of classifier did on subjects that it had not seen.
struct NamedValidation {
  std::string name;
  classifier::Validation result;
};

/// One method trained for one endpoint.
struct TrainedClassifier {
  Method method;
  std::size_t endpoint = 0;  ///< place among the endpoints
  std::unique_ptr<classifier::Classifier> classifier;
  classifier::History history;
  /// On the trial's subjects, for methods that never saw them and endpoints that label them.
  std::optional<classifier::ExternalValidation> on_trial;
};

/// How far a method is from the mechanistic answers.
struct NamedAgreement {
  std::string name;
  std::size_t endpoint = 0;
  dose::Agreement agreement;
};

/// One row of an ablation.
struct AblationRow {
  std::string name;
  std::string settings;
  std::size_t parameters = 0;
  double training_loss = 0.0;
  classifier::Metrics held_out;
  double dose_mean = 0.0;  ///< answer to the headline question; NaN: none among the doses
  double dose_indicator = 0.0;
  bool monotone = true;
  double dose_error = 0.0;  ///< grid steps from the mechanistic doses; NaN: no biomarker model
  double rate_error = 0.0;
};

/// Checks of the fits.
struct Diagnostics {
  std::vector<nlme::ObservationRow> pk;
  std::vector<nlme::ObservationRow> pd;
  std::vector<nlme::CovariateRelation> pk_relations;
  std::vector<nlme::CovariateRelation> pd_relations;
  std::vector<nlme::ProfileInterval> pk_profiles;
  std::vector<nlme::ProfileInterval> pd_profiles;
  nlme::PredictiveChecks checks;  ///< empty where none were asked for
};

/// Estimates of the fits from resampled subjects: [replicate][parameter], row-major; NaN where a fit failed.
struct ParameterBootstrap {
  std::vector<double> pk;
  std::vector<double> pd;
  parallel::Failures left_out;  ///< replicates that could not be fitted, and why
};

/// A learning curve of one kind of classifier.
struct LearningResult {
  std::string kind;
  std::string source;              ///< trial or virtual
  std::vector<std::string> tests;  ///< what each test set is
  classifier::LearningCurve curve;
};

/// How often the interval of a cell held the truth.
struct CoverageRow {
  dose::Decision cell;
  double truth = 0.0;                     ///< mg; infinite: none on the grid; NaN: not known
  std::size_t trials = 0;                 ///< simulated ones with an interval
  std::size_t covered = 0;                ///< of these, with the truth between both ends, ends included
  std::vector<dose::Interval> intervals;  ///< [simulated trial], mg; NaN where it has none
};

/// What the stages of a run have found so far; each stage fills its own part.
struct Results {
  trial::Trial trial;
  nlme::PkFit pk;
  std::optional<nlme::PdFit> pd;  ///< none where no biomarker model was asked for
  Diagnostics diagnostics;
  std::vector<dose::ResolvedEndpoint> endpoints;     ///< in the order of the configuration, ready to be judged
  std::vector<dose::VirtualPopulation> populations;  ///< likewise
  std::vector<TrialExamples> examples;               ///< [endpoint]; empty for those that do not label trial subjects
  std::vector<classifier::CovariateInput> inputs;    ///< what classifiers see beside exposure
  std::vector<NamedValidation> validations;
  std::vector<TrainedClassifier> classifiers;  ///< by endpoint, then method
  std::vector<dose::Panel> panels;
  dose::SearchResult search;
  dose::MechanisticAttainment mechanistic;  ///< empty where there is no biomarker model
  /// The same with all kappas 0; empty where the PK does not vary between occasions.
  dose::MechanisticAttainment no_occasions;
  dose::ReplicateAttainment replicates;    ///< empty where no intervals were asked for
  ParameterBootstrap parameter_bootstrap;  ///< empty where no bootstrap was asked for
  std::vector<NamedAgreement> agreements;
  std::vector<LearningResult> learning;
  std::vector<AblationRow> ablation;
  std::vector<CoverageRow> coverage;
};

/// The place of an endpoint by its name, which must be there.
std::size_t endpoint_of(const Results& results, const std::string& name);

/// How paths of the store name a method for one of the endpoints: METHOD/ENDPOINT.
std::string store_name(const Results& results, const std::string& method, std::size_t endpoint);

}  // namespace titrant::run
