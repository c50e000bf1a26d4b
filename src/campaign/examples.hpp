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

/// The trial's subjects as labelled examples. Throws DataError where too few are left to learn from: no active subject,
/// no label, or one outcome only.
TrialExamples trial_examples(const Configuration& configuration, const trial::Trial& trial,
                             const nlme::PopulationFit& fit);

/// Makes the examples of a run where no earlier stage has.
void require_examples(const Configuration& configuration, Results& results);

/// Places of a bootstrap sample of the examples: as many of each dose group as there are, drawn with replacement.
/// Samples with one outcome only are drawn again; throws DataError where no sample holds both, because the examples do
/// not.
std::vector<std::size_t> bootstrap_sample(const classifier::LabelledExamples& examples, std::uint64_t seed,
                                          std::size_t replicate);

}  // namespace titrant::campaign
