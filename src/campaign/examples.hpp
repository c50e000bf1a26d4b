#pragma once

#include "titrant/campaign/configuration.hpp"
#include "titrant/campaign/results.hpp"

namespace titrant::campaign {

/// The labels of the trial's subjects that count: active ones, and placebo where the configuration trains on it, with a
/// biomarker value in the window. Their exposure is not known yet (Example::profile is null); splits need none.
classifier::LabelledExamples trial_labels(const Configuration& configuration, const trial::Trial& trial);

/// Throws DataError where there is nothing to learn from: no label, or one outcome only.
void expect_outcomes(const classifier::LabelledExamples& labelled, const trial::Trial& trial,
                     const trial::ResponseRule& rule);

/// The trial's subjects as labelled examples, with the exposure of their own dose history over the window in which they
/// are judged. TrialExamples::fault says why nothing can be learnt from them: no label, or one outcome only.
TrialExamples trial_examples(const Configuration& configuration, const trial::Trial& trial,
                             const nlme::PopulationFit& fit);

/// Whether any classifier of the answers learns from the trial's subjects.
bool learns_from_trial(const Configuration& configuration);

/// Throws DataError where the examples have a fault.
void require_outcomes(const TrialExamples& examples);

/// Makes the examples of a run where no earlier stage has. Throws DataError where they have a fault and a classifier of
/// the answers is to learn from them; where none is, parts of the run that need them are left out.
void make_examples(const Configuration& configuration, Results& results);

/// Places of a bootstrap sample of the examples: as many of each dose group as there are, drawn with replacement.
/// Samples with one outcome only are drawn again; throws DataError where no sample holds both, because the examples do
/// not.
std::vector<std::size_t> bootstrap_sample(const classifier::LabelledExamples& examples, std::uint64_t seed,
                                          std::size_t replicate);

}  // namespace titrant::campaign
