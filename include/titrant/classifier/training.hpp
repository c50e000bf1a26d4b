#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/loss.hpp"

namespace titrant::classifier {

/// What the shared training loop needs of a classifier: logits and their derivatives.
struct LogitModel {
  std::size_t parameters = 0;
  /// For the examples of the training set at `places`: logit [place] and gradient [place][parameter], row-major. The
  /// shots of an example use the unit first_unit + its place. A row must have the same bits whichever other
  /// places the call has: ranks cut the places as they like.
  std::function<void(std::span<const double> parameters, std::span<const std::size_t> places, std::uint64_t first_unit,
                     std::span<double> logit, std::span<double> gradient)>
      evaluate;
  /// Examples that cost little more together than one does by itself: the kernels' lanes. Ranks share the examples in
  /// blocks of at least so many.
  std::size_t together = 8;
};

/// Steps of one training: their numbers have 16 bits in the units of shots.
inline constexpr int most_training_steps = 1 << 16;

/// The units of the shots of one step of a training start here: (replicate, step, place) in 24, 16 and 24 bits, so that
/// no two estimates of a run share a stream. Throws ConfigError where a number is too large.
std::uint64_t first_shot_unit(std::uint64_t replicate, int step, std::size_t places);

/// Throws DataError where there is nothing to learn from: no examples, or only one outcome.
void require_both_outcomes(const LabelledExamples& examples);

/// Minimises the training loss by Adam, starting from `parameters` and leaving the last ones there. Collective; the
/// same bits on any number of ranks: ranks share the examples, and every rank adds all of them in the same order.
/// Batches (TrainingOptions::batch) walk through a fresh permutation of the examples per epoch, from the stream
/// (seed, initial_parameters, replicate, 1 + epoch).
/// Throws NumericalError naming the step where the loss is not finite.
History train_by_gradient(const parallel::Communicator& ranks, const LogitModel& model, const TrainingSet& set,
                          const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate,
                          std::vector<double>& parameters);

}  // namespace titrant::classifier
