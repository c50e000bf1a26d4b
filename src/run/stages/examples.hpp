#pragma once

#include "titrant/run/configuration.hpp"
#include "titrant/run/results.hpp"

namespace titrant::run {

/// The outcomes of the trial's subjects that count: active ones, and placebo where the configuration trains on it, with
/// a value in the hours of the endpoint, which labels trial subjects. Their exposure is not known yet (Example::profile
/// is null); splits need none.
classifier::LabelledExamples trial_labels(const Configuration& configuration, const trial::Trial& trial,
                                          const protocol::Endpoint& endpoint);

/// Throws DataError where there is nothing to learn from: no label, or one outcome only.
/// \param covariates  that every subject needs
void expect_outcomes(const classifier::LabelledExamples& labelled, const trial::Trial& trial,
                     const protocol::Endpoint& endpoint, const std::vector<classifier::CovariateInput>& covariates);

/// The trial's subjects as labelled examples, with the exposure of their own dose history over the hours in which they
/// are judged. `endpoint` is that of the configuration, in hours of the trial's clock. TrialExamples::fault says why
/// nothing can be learnt from them: no label, or one outcome only.
TrialExamples trial_examples(const Configuration& configuration, const trial::Trial& trial,
                             const nlme::PopulationFit& fit, const protocol::Endpoint& endpoint,
                             const std::vector<classifier::CovariateInput>& covariates);

/// The same for every endpoint of the configuration: [endpoint], empty for those that do not label trial subjects.
std::vector<TrialExamples> all_trial_examples(const Configuration& configuration, const trial::Trial& trial,
                                              const nlme::PopulationFit& fit,
                                              const std::vector<classifier::CovariateInput>& covariates);

/// The examples of trial_endpoint; null where no endpoint labels trial subjects.
const TrialExamples* observed_examples(const Configuration& configuration, const Results& results);

/// Whether any classifier of the answers learns from the trial's subjects.
bool learns_from_trial(const Configuration& configuration);

/// Throws DataError where the examples have a fault.
void require_outcomes(const TrialExamples& examples);

/// Makes what classifiers need of a run where no earlier stage has: endpoints, populations, inputs and examples. Throws
/// DataError where they have a fault and a classifier of the answers is to learn from them; where none is, parts of the
/// run that need them are left out.
void make_examples(const Configuration& configuration, Results& results);

/// Places of a bootstrap sample of the examples: as many of each dose group as there are, drawn with replacement.
/// Samples with one outcome only are drawn again; throws DataError where no sample holds both, because the examples do
/// not.
std::vector<std::size_t> bootstrap_sample(const classifier::LabelledExamples& examples, std::uint64_t seed,
                                          std::size_t replicate);

}  // namespace titrant::run
