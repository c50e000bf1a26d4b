#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "titrant/dose/cohort.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

/// Who answers: a classifier with the set of subjects it learns from. `name` is how answers and the store call it: the
/// classifier's, and for training sets beside the first the set too (qcnn_trial).
struct Method {
  std::string name;
  std::string classifier;    ///< a name that classifier::make_classifier knows
  std::string training_set;  ///< a word of training.on
};

/// Every classifier with every training set, the sets in their order.
std::vector<Method> methods(const Configuration& configuration);

/// The endpoints of a run, in their order, ready to be answered: hours are counted from trial::start_of_treatment on,
/// as those of virtual courses are, and measured values without times have the trial's sampling times in their hours.
/// \param model  of the biomarker, which says whether a dose lowers it; null: it is taken to be lowered
/// Throws ConfigError for a window that begins before the first dose, and for measured values in hours that the trial
/// never sampled, and as require_steady_states.
std::vector<dose::ResolvedEndpoint> endpoints_of(const Configuration& configuration, const trial::Trial& trial,
                                                 const pkpd::BiomarkerPopulation* model);

/// Throws ConfigError where an endpoint asks for a steady state that a biomarker with such a baseline does not have on
/// some regimen; endpoints_of does so for the baseline of its model.
void require_steady_states(const Configuration& configuration, pkpd::BaselineModel baseline);

/// The endpoint whose outcomes of trial subjects serve cross-validation and learning curves: the headline's where it
/// labels them, else the first that does. None where none does.
std::optional<std::size_t> trial_endpoint(const Configuration& configuration);

/// Whether a method answers an endpoint: those trained on the trial know its own outcomes only.
bool answers(const Method& method, const dose::ResolvedEndpoint& endpoint);

/// The populations of a run with the rows that are resampled. Throws DataError where a file cannot be read or no row is
/// left, ConfigError for a condition that cannot be read.
std::vector<dose::VirtualPopulation> virtual_populations(const Configuration& configuration, const trial::Trial& trial);

/// What classifiers see beside exposure: classifier.covariates, or those that a biomarker model uses (null: those of
/// the trial with few values; preset proposal: all of the trial). A covariate of more than two values that are levels
/// is one input a level but the first. Throws ConfigError for a covariate that the trial lacks.
std::vector<classifier::CovariateInput> covariate_inputs(const Configuration& configuration, const trial::Trial& trial,
                                                         const pkpd::BiomarkerPopulation* model);

/// How the models are fitted: the options of the configuration with what the data say of covariates. `pd_options` where
/// `pd.structure` is not none.
nlme::PkOptions pk_options(const Configuration& configuration);
nlme::PdOptions pd_options(const Configuration& configuration, const trial::Trial& trial);

/// How a method is built: the readout of virtual subjects is trained unless the configuration says otherwise.
classifier::ClassifierOptions classifier_options(const Configuration& configuration, const std::string& training_set,
                                                 const std::vector<classifier::CovariateInput>& covariates);

/// How it is trained.
classifier::TrainingOptions training_options(const Configuration& configuration, const std::string& training_set);

}  // namespace titrant::run
