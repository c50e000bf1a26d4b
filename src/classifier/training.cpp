#include "titrant/classifier/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "titrant/classifier/adam.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/pulse.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::classifier {

namespace {

constexpr unsigned step_bits = 16;
static_assert(most_training_steps == 1 << step_bits);
constexpr unsigned place_bits = 24;
constexpr unsigned replicate_bits = 24;

// The labelled examples of one step after the other: all of them, or the next batch of a shuffled epoch.
class Batches {
 public:
  Batches(std::size_t examples, int batch, std::uint64_t seed, std::uint64_t replicate)
      : order_(examples),
        size_(batch <= 0 ? examples : std::min(examples, static_cast<std::size_t>(batch))),
        next_(examples),
        seed_(seed),
        replicate_(replicate) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  std::span<const std::size_t> next() {
    if (size_ == order_.size()) return order_;
    if (next_ + size_ > order_.size()) {
      shuffle();
      next_ = 0;
    }
    next_ += size_;
    return std::span<const std::size_t>(order_).subspan(next_ - size_, size_);
  }

 private:
  void shuffle() {
    core::Stream stream(seed_, core::Purpose::initial_parameters, replicate_, ++epoch_);
    core::shuffle(order_, stream);
  }

  std::vector<std::size_t> order_;
  std::size_t size_;
  std::size_t next_;
  std::uint64_t seed_;
  std::uint64_t replicate_;
  std::uint32_t epoch_ = 0;
};

// One step's logits and gradient over the ranks. Places are cut into blocks, by their number alone; a rank has the same
// blocks in both passes, so the rows of derivatives stay where they were made and only sums of blocks travel.
class SharedStep {
 public:
  SharedStep(const parallel::Communicator& ranks, const LogitModel& model, std::span<const std::size_t> places)
      : ranks_(ranks),
        model_(model),
        places_(places),
        block_(model.together * ((places.size() + model.together * most_blocks - 1) / (model.together * most_blocks))),
        blocks_((places.size() + block_ - 1) / block_),
        mine_(places_of(parallel::block_of(blocks_, ranks.size(), ranks.rank()))) {}

  // [place of the step], on all ranks. A rank evaluates its share in one call, because a model prepares much once per
  // call; rows do not depend on how places are grouped, so neither do the bits.
  std::vector<double> logits(std::span<const double> parameters, std::uint64_t first_unit) {
    const auto compute = [&](std::size_t block, std::span<double> slot) {
      const parallel::Block wanted = places_of({block, block + 1});
      if (wanted.begin == mine_.begin) {
        logit_.resize(mine_.size());
        rows_.resize(mine_.size() * model_.parameters);
        model_.evaluate(parameters, places_.subspan(mine_.begin, mine_.size()), first_unit, logit_, rows_);
      }
      std::copy_n(logit_.begin() + static_cast<std::ptrdiff_t>(wanted.begin - mine_.begin), wanted.size(),
                  slot.begin());
    };
    std::vector<double> all = parallel::run(ranks_, {blocks_, block_, compute, {}});
    all.resize(places_.size());  // blocks are full but for the last
    return all;
  }

  // sum over places of derivative [place of the set] x d logit / d parameter.
  std::vector<double> gradient(std::span<const double> derivative) const {
    const auto compute = [&](std::size_t block, std::span<double> sum) {
      const parallel::Block wanted = places_of({block, block + 1});
      for (std::size_t i = wanted.begin; i < wanted.end; ++i) {
        const double* row = rows_.data() + (i - mine_.begin) * model_.parameters;
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += derivative[places_[i]] * row[k];
      }
    };
    return parallel::run_sum(ranks_, {blocks_, model_.parameters, compute, {}});
  }

 private:
  static constexpr std::size_t most_blocks = 64;

  parallel::Block places_of(parallel::Block blocks) const {
    return {std::min(blocks.begin * block_, places_.size()), std::min(blocks.end * block_, places_.size())};
  }

  const parallel::Communicator& ranks_;
  const LogitModel& model_;
  std::span<const std::size_t> places_;
  std::size_t block_;   // places in a block
  std::size_t blocks_;  // of all ranks
  parallel::Block mine_;
  std::vector<double> logit_;  // of this rank's places
  std::vector<double> rows_;   // [place of this rank][parameter]
};

double norm(std::span<const double> vector) {
  double squares = 0.0;
  for (const double value : vector) squares += value * value;
  return std::sqrt(squares);
}

}  // namespace

std::uint64_t first_shot_unit(std::uint64_t replicate, int step, std::size_t places) {
  if (replicate >> replicate_bits != 0 || step < 0 || step >> step_bits != 0 || places >> place_bits != 0) {
    throw ConfigError(
        fmt::format("training {} with step {} and {} examples is too large: random streams are numbered up to "
                    "{} trainings, {} steps and {} examples",
                    replicate, step, places, 1U << replicate_bits, 1U << step_bits, 1U << place_bits));
  }
  return (replicate << (step_bits + place_bits)) | (static_cast<std::uint64_t>(step) << place_bits);
}

void require_both_outcomes(const LabelledExamples& examples) {
  TITRANT_EXPECTS(examples.labels.size() == examples.size() && examples.group.size() == examples.size());
  if (examples.size() == 0) {
    throw DataError(
        "there is nothing to train on: no subject on active treatment has a label; subjects of a trial are labelled by "
        "measured values in a window that the trial sampled");
  }
  const auto successes = std::count(examples.labels.begin(), examples.labels.end(), 1);
  if (successes == 0 || successes == std::ssize(examples.labels)) {
    throw DataError(fmt::format(
        "all {} training examples are {}; a classifier needs both outcomes (see the limits of the endpoint)",
        examples.size(), successes == 0 ? "failures" : "successes"));
  }
}

History train_by_gradient(const parallel::Communicator& ranks, const LogitModel& model, const TrainingSet& set,
                          const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate,
                          std::vector<double>& parameters) {
  TITRANT_EXPECTS(parameters.size() == model.parameters && options.steps > 0);
  History history;
  Adam adam(parameters.size());
  Batches batches(set.labelled(), options.batch, seed, replicate);
  std::vector<double> logit(set.examples.size());
  std::vector<double> derivative(set.examples.size());
  for (int step = 0; step < options.steps; ++step) {
    const double rate = scheduled_rate(options.schedule, options.learning_rate, step, options.steps);
    const std::span<const std::size_t> batch = batches.next();
    const std::vector<std::size_t> places = evaluated_places(set, batch);
    // The two passes belong together, for rows of derivatives stay on their ranks in between.
    const std::vector<double> outcome =
        parallel::run_together(ranks, 1 + parameters.size(), [&](const parallel::Communicator& same) {
          SharedStep shared(same, model, places);
          const std::vector<double> values =
              shared.logits(parameters, first_shot_unit(replicate, step, set.examples.size()));
          for (std::size_t i = 0; i < places.size(); ++i) logit[places[i]] = values[i];
          std::vector<double> loss_and_gradient = {training_loss(set, batch, logit, derivative)};
          const std::vector<double> gradient = shared.gradient(derivative);
          loss_and_gradient.insert(loss_and_gradient.end(), gradient.begin(), gradient.end());
          return loss_and_gradient;
        });
    const double loss = outcome.front();
    const std::span<const double> gradient = std::span(outcome).subspan(1);
    const double gradient_norm = norm(gradient);
    if (!std::isfinite(loss) || !std::isfinite(gradient_norm)) {
      throw NumericalError(
          fmt::format("training step {} of {}: the loss is {} and its gradient {}; try a lower "
                      "training.learning_rate (now {})",
                      step + 1, options.steps, loss, gradient_norm, options.learning_rate));
    }
    history.loss.push_back(loss);
    history.gradient_norm.push_back(gradient_norm);
    history.learning_rate.push_back(rate);
    adam.step(parameters, gradient, rate);
    core::pulse({static_cast<std::size_t>(step) + 1, static_cast<std::size_t>(options.steps), "steps of a training"});
  }
  return history;
}

}  // namespace titrant::classifier
