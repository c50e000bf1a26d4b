#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "titrant/classifier/example.hpp"

namespace titrant::classifier {

/// Places of the training and test examples.
struct Split {
  std::vector<std::size_t> train;
  std::vector<std::size_t> test;
};

/// `folds` splits by subject, stratified by outcome: every example is in the test set of exactly one. A subject with
/// examples of both outcomes counts with the majority of them, a tie with the successes. Throws DataError without
/// examples or with one outcome only, ConfigError where folds < 2 or where fewer subjects than folds have an outcome.
std::vector<Split> stratified_folds(const LabelledExamples& examples, int folds, std::uint64_t seed,
                                    std::uint64_t replicate);

/// One split by subject, stratified by outcome, with `test_fraction` of each outcome (rounded, at least one subject on
/// each part) in the test set. Throws as above, and ConfigError for a fraction outside (0, 1).
Split stratified_split(const LabelledExamples& examples, double test_fraction, std::uint64_t seed,
                       std::uint64_t replicate);

/// A training set of `subjects` subjects, stratified by outcome: both outcomes in the proportion of all subjects
/// (rounded, at least one each); everybody else is the test set. For one replicate, larger training sets contain the
/// smaller ones. Throws DataError where all subjects have one outcome, ConfigError where subjects < 2 or more than
/// there are.
Split stratified_subset(const LabelledExamples& examples, std::size_t subjects, std::uint64_t seed,
                        std::uint64_t replicate);

}  // namespace titrant::classifier
