#include "titrant/classifier/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "titrant/classifier/adam.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::classifier {

namespace {

constexpr std::size_t lanes = 8;  // examples that the quantum kernels evaluate side by side

constexpr unsigned step_bits = 16;
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
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[stream.below(i)]);
  }

  std::vector<std::size_t> order_;
  std::size_t size_;
  std::size_t next_;
  std::uint64_t seed_;
  std::uint64_t replicate_;
  std::uint32_t epoch_ = 0;
};

// Logit and gradient of each place, on all ranks: [place][1 + parameter]. Every rank evaluates its share in one call,
// because a model prepares much once per call; rows do not depend on how places are grouped, so neither do the bits.
std::vector<double> evaluate_places(const parallel::Communicator& ranks, const LogitModel& model,
                                    std::span<const double> parameters, std::span<const std::size_t> places,
                                    std::uint64_t first_unit) {
  const std::size_t row = 1 + model.parameters;
  const std::size_t lane_sets = (places.size() + lanes - 1) / lanes;
  const std::size_t shares = std::min(lane_sets, ranks.size());
  const auto places_of = [&](std::size_t share) {
    const parallel::Block sets = parallel::block_of(lane_sets, shares, share);
    return parallel::Block{sets.begin * lanes, std::min(sets.end * lanes, places.size())};
  };
  const std::size_t most = lanes * ((lane_sets + shares - 1) / shares);  // places in a share
  const auto compute = [&](std::size_t share, std::span<double> slot) {
    const parallel::Block mine = places_of(share);
    std::vector<double> logit(mine.size());
    std::vector<double> gradient(mine.size() * model.parameters);
    model.evaluate(parameters, places.subspan(mine.begin, mine.size()), first_unit, logit, gradient);
    for (std::size_t i = 0; i < mine.size(); ++i) {
      slot[i * row] = logit[i];
      std::copy_n(gradient.begin() + static_cast<std::ptrdiff_t>(i * model.parameters), model.parameters,
                  slot.begin() + static_cast<std::ptrdiff_t>(i * row + 1));
    }
  };
  const std::vector<double> slots = parallel::run(ranks, {shares, most * row, compute, {}});
  std::vector<double> rows(places.size() * row);
  for (std::size_t share = 0; share < shares; ++share) {
    const parallel::Block block = places_of(share);
    std::copy_n(slots.begin() + static_cast<std::ptrdiff_t>(share * most * row), block.size() * row,
                rows.begin() + static_cast<std::ptrdiff_t>(block.begin * row));
  }
  return rows;
}

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
    throw DataError("there is nothing to train on: no subject on active treatment has a label (see response.window)");
  }
  const auto successes = std::count(examples.labels.begin(), examples.labels.end(), 1);
  if (successes == 0 || successes == std::ssize(examples.labels)) {
    throw DataError(
        fmt::format("all {} training examples are {}; a classifier needs both outcomes (see response.threshold)",
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
  std::vector<double> gradient(parameters.size());
  const std::size_t row = 1 + model.parameters;
  for (int step = 0; step < options.steps; ++step) {
    const double rate = scheduled_rate(options.schedule, options.learning_rate, step, options.steps);
    const std::span<const std::size_t> batch = batches.next();
    const std::vector<std::size_t> places = evaluated_places(set, batch);
    const std::vector<double> values =
        evaluate_places(ranks, model, parameters, places, first_shot_unit(replicate, step, set.examples.size()));
    for (std::size_t i = 0; i < places.size(); ++i) logit[places[i]] = values[i * row];
    const double loss = training_loss(set, batch, logit, derivative);
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t i = 0; i < places.size(); ++i) {
      for (std::size_t k = 0; k < gradient.size(); ++k) {
        gradient[k] += derivative[places[i]] * values[i * row + 1 + k];
      }
    }
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
  }
  return history;
}

}  // namespace titrant::classifier
