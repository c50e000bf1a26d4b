#include "titrant/nlme/objective.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/focei.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

// A predicted change of an eta beyond this is no longer a prediction.
constexpr double longest_prediction = 1.0;

/// One evaluation from the slots of all subjects, which begin with value and gradient.
Evaluation assemble(std::span<const double> slots, std::size_t width, std::size_t coordinates) {
  Evaluation evaluation;
  const std::size_t subjects = slots.size() / width;
  for (std::size_t subject = 0; subject < subjects; ++subject) {
    const std::span<const double> slot = slots.subspan(subject * width, width);
    evaluation.subject_values.push_back(slot[0]);
    evaluation.subject_gradients.insert(evaluation.subject_gradients.end(), slot.begin() + 1,
                                        slot.begin() + 1 + static_cast<std::ptrdiff_t>(coordinates));
  }
  evaluation.value = core::ordered_sum(evaluation.subject_values);
  std::vector<double> column(subjects);
  for (std::size_t i = 0; i < coordinates; ++i) {
    for (std::size_t s = 0; s < subjects; ++s) column[s] = evaluation.subject_gradients[s * coordinates + i];
    evaluation.gradient.push_back(core::ordered_sum(column));
  }
  return evaluation;
}

/// The populations at some points, and their random effects.
struct Decoded {
  std::vector<Population> populations;
  std::vector<RandomEffects> effects;
};
Decoded decoded(const Layout& layout, const std::vector<std::vector<double>>& points) {
  Decoded all;
  all.populations.reserve(points.size());
  all.effects.reserve(points.size());
  for (const std::vector<double>& point : points) {
    all.populations.push_back(layout.decode(point));
    all.effects.emplace_back(all.populations.back());
  }
  return all;
}

}  // namespace

/// What one subject's unit of work returns, as places in its slot.
struct Objective::Slot {
  Slot(std::size_t coordinates, std::size_t etas)
      : eta(gradient + coordinates),
        correction(eta + etas),
        eta_by_x(correction + etas * etas),
        conditional(eta_by_x + etas * coordinates),
        stuck(conditional + 1),
        size(stuck + 1) {}

  std::size_t gradient = 1;  ///< [coordinate]; the value is at 0
  std::size_t eta;           ///< [eta]
  std::size_t correction;    ///< [eta][eta]
  std::size_t eta_by_x;      ///< [eta][coordinate]
  std::size_t conditional;   ///< Phi at the mode
  std::size_t stuck;         ///< 1: the search for the mode did not converge
  std::size_t size;
};

Objective::Objective(parallel::Communicator ranks, const SubjectModel& model, const Population& population,
                     MethodKind method)
    : ranks_(std::move(ranks)),
      model_(model),
      method_(method),
      design_(model, population),
      layout_(population),
      most_etas_(nlme::most_etas(model, RandomEffects(population))) {
  TITRANT_EXPECTS(method != MethodKind::saem);
}

std::size_t Objective::observations() const {
  std::size_t count = 0;
  for (std::size_t subject = 0; subject < subjects(); ++subject) count += model_.observed(subject).size();
  return count;
}

std::size_t Objective::censored() const {
  std::size_t count = 0;
  for (std::size_t subject = 0; subject < subjects(); ++subject) {
    for (const unsigned char flag : model_.censored(subject)) count += flag != 0 ? 1 : 0;
  }
  return count;
}

std::size_t Objective::binary() const {
  const std::vector<ResponseError>& errors = population().errors;
  std::size_t count = 0;
  for (std::size_t subject = 0; subject < subjects(); ++subject) {
    const std::span<const unsigned char> responses = model_.responses(subject);
    for (std::size_t j = 0; j < model_.observed(subject).size(); ++j) {
      const std::size_t response = responses.empty() ? 0 : responses[j];
      count += errors.at(response).model.form == pkpd::ErrorForm::binary ? 1 : 0;
    }
  }
  return count;
}

struct Objective::Start {
  SmallVector eta;
  SmallMatrix correction;
};

Objective::Start Objective::start(std::size_t subject, std::span<const double> x, std::size_t etas) const {
  const auto count = static_cast<Eigen::Index>(etas);
  Start start{SmallVector::Zero(count), SmallMatrix::Zero(count, count)};
  if (memory_.slots.empty()) return start;
  const Slot places(x.size(), most_etas_);
  const double* known = memory_.slots.data() + subject * places.size;
  for (std::size_t k = 0; k < etas; ++k) {
    double change = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      change += known[places.eta_by_x + k * x.size() + i] * (x[i] - memory_.point[i]);
    }
    const auto row = static_cast<Eigen::Index>(k);
    start.eta[row] = known[places.eta + k] + std::clamp(change, -longest_prediction, longest_prediction);
    for (std::size_t l = 0; l < etas; ++l) {
      start.correction(row, static_cast<Eigen::Index>(l)) = known[places.correction + k * most_etas_ + l];
    }
  }
  return start;
}

struct Objective::Found {
  Mode mode;
  SubjectObjective objective;
};

Objective::Found Objective::at_mode(const SubjectProblem& problem, const Start& from) const {
  Found found;
  if (method_ == MethodKind::fo) {
    found.mode.eta = SmallVector::Zero(static_cast<Eigen::Index>(problem.etas()));
    found.mode.converged = true;
    found.objective = first_order(problem);
    return found;
  }
  const auto find = [&](const SubjectProblem& own) {
    found.mode = find_mode(own, from.eta, from.correction);
    found.objective = focei(own, found.mode);
  };
  if (method_ == MethodKind::foce) {
    const FrozenErrors frozen = frozen_errors(problem);
    find(without_interaction(problem, frozen));
  } else {
    find(problem);
  }
  return found;
}

double Objective::value_of(const SubjectProblem& problem, const Start& from) const {
  if (method_ == MethodKind::fo) return first_order_value(problem);
  if (method_ == MethodKind::focei) return focei_value(find_mode(problem, from.eta, from.correction));
  const FrozenErrors frozen = frozen_errors(problem);
  return focei_value(find_mode(without_interaction(problem, frozen), from.eta, from.correction));
}

void Objective::compute(std::size_t subject, std::span<const double> x, const Population& population,
                        const RandomEffects& effects, std::span<double> slot) const {
  const std::vector<double> mean = design_.mean(subject, population);
  const std::vector<pkpd::ErrorModel> errors = observation_errors(model_, subject, population);
  const SubjectProblem problem = subject_problem(model_, subject, population, mean, effects, errors, &design_);
  const std::size_t etas = problem.etas();
  const auto [mode, result] = at_mode(problem, start(subject, x, etas));
  const std::size_t means = problem.mean_columns();

  const Slot places(layout_.size(), most_etas_);
  slot[0] = result.value;
  slot[places.conditional] = mode.conditional.value;
  slot[places.stuck] = mode.converged ? 0.0 : 1.0;
  for (std::size_t i = 0; i < layout_.size(); ++i) {
    const Coordinate& coordinate = layout_.coordinates()[i];
    std::size_t source = coordinate.parameter;
    double factor = 1.0;
    if (coordinate.role == Role::coefficient) {
      const std::optional<std::size_t> slope = design_.slope_of(coordinate.parameter, coordinate.effect);
      if (slope) source = population.parameters.size() + *slope;
      if (!slope) factor = design_.regressor(subject, coordinate.parameter, coordinate.effect);
    } else if (is_of_random_effects(coordinate.role)) {
      source = means + coordinate.number;
    } else if (coordinate.role != Role::typical) {
      source = means + effects.size() + 2 * coordinate.response + error_term(coordinate.role);
    }
    const auto column = static_cast<Eigen::Index>(source);
    slot[places.gradient + i] = factor * result.gradient[column];
    for (std::size_t k = 0; k < etas; ++k) {
      slot[places.eta_by_x + k * layout_.size() + i] =
          factor * result.eta_gradient(static_cast<Eigen::Index>(k), column);
    }
  }
  for (std::size_t k = 0; k < etas; ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    slot[places.eta + k] = mode.eta[row];
    for (std::size_t l = 0; l < etas; ++l) {
      slot[places.correction + k * most_etas_ + l] = result.correction(row, static_cast<Eigen::Index>(l));
    }
  }
}

std::vector<double> Objective::compute(const std::vector<std::vector<double>>& points, std::size_t width) const {
  const std::size_t whole = Slot(layout_.size(), most_etas_).size;
  const auto [populations, effects] = decoded(layout_, points);
  return parallel::run(ranks_, {.units = points.size() * subjects(),
                                .slot = width,
                                .compute =
                                    [&](std::size_t unit, std::span<double> out) {
                                      std::vector<double> slot(whole);
                                      const std::size_t point = unit / subjects();
                                      compute(unit % subjects(), points[point], populations[point], effects[point],
                                              slot);
                                      std::copy_n(slot.begin(), width, out.begin());
                                    },
                                .progress = {}});
}

Evaluation Objective::evaluate(std::span<const double> x) {
  const std::size_t width = Slot(layout_.size(), most_etas_).size;
  std::vector<double> slots = compute({std::vector<double>(x.begin(), x.end())}, width);
  Evaluation evaluation = assemble(slots, width, layout_.size());
  memory_ = {.point = std::vector<double>(x.begin(), x.end()), .slots = std::move(slots)};
  return evaluation;
}

Evaluation Objective::reconsider() {
  TITRANT_EXPECTS(!memory_.slots.empty());
  const Slot places(layout_.size(), most_etas_);
  const Memory known = std::exchange(memory_, {});
  try {
    evaluate(known.point);
  } catch (const NumericalError&) {  // no way in from 0: what is known stays
    memory_ = known;
  }
  for (std::size_t subject = 0; subject < subjects(); ++subject) {
    const std::size_t first = subject * places.size;
    if (!(memory_.slots[first + places.conditional] < known.slots[first + places.conditional])) {
      std::copy_n(known.slots.data() + first, places.size, memory_.slots.data() + first);
    }
  }
  return assemble(memory_.slots, places.size, layout_.size());
}

std::vector<Evaluation> Objective::evaluate_around(const std::vector<std::vector<double>>& points) const {
  const std::size_t width = 1 + layout_.size();
  const std::vector<double> slots = compute(points, width);
  std::vector<Evaluation> evaluations;
  evaluations.reserve(points.size());
  for (std::size_t point = 0; point < points.size(); ++point) {
    evaluations.push_back(
        assemble(std::span(slots).subspan(point * subjects() * width, subjects() * width), width, layout_.size()));
  }
  return evaluations;
}

std::vector<double> Objective::values_at(const std::vector<std::vector<double>>& points) const {
  const auto [populations, effects] = decoded(layout_, points);
  const auto compute = [&](std::size_t unit, std::span<double> out) {
    const std::size_t point = unit / subjects();
    const std::size_t subject = unit % subjects();
    const std::vector<double> mean = design_.mean(subject, populations[point]);
    const std::vector<pkpd::ErrorModel> errors = observation_errors(model_, subject, populations[point]);
    const SubjectProblem problem =
        subject_problem(model_, subject, populations[point], mean, effects[point], errors, &design_);
    try {
      out[0] = value_of(problem, start(subject, points[point], problem.etas()));
    } catch (const NumericalError&) {
      out[0] = core::infinity;
    }
    if (std::isnan(out[0])) out[0] = core::infinity;
  };
  const std::vector<double> slots =
      parallel::run(ranks_, {.units = points.size() * subjects(), .slot = 1, .compute = compute, .progress = {}});
  std::vector<double> values;
  for (std::size_t point = 0; point < points.size(); ++point) {
    values.push_back(core::ordered_sum(std::span(slots).subspan(point * subjects(), subjects())));
  }
  return values;
}

std::vector<std::size_t> Objective::stuck() const {
  TITRANT_EXPECTS(!memory_.slots.empty());
  const Slot places(layout_.size(), most_etas_);
  std::vector<std::size_t> found;
  for (std::size_t subject = 0; subject < subjects(); ++subject) {
    if (memory_.slots[subject * places.size + places.stuck] != 0.0) found.push_back(subject);
  }
  return found;
}

std::vector<std::vector<double>> Objective::etas() const {
  TITRANT_EXPECTS(!memory_.slots.empty());
  const Slot places(layout_.size(), most_etas_);
  const RandomEffects effects(layout_.decode(memory_.point));
  std::vector<std::vector<double>> etas;
  for (std::size_t subject = 0; subject < subjects(); ++subject) {
    const std::size_t count = effects.etas(occasions_of(model_, subject, effects));
    etas.emplace_back();
    for (std::size_t k = 0; k < count; ++k) {
      if (!effects.of_error(k)) etas.back().push_back(memory_.slots[subject * places.size + places.eta + k]);
    }
  }
  return etas;
}

std::vector<std::vector<double>> Objective::error_etas() const {
  TITRANT_EXPECTS(!memory_.slots.empty());
  const Slot places(layout_.size(), most_etas_);
  const RandomEffects effects(layout_.decode(memory_.point));
  std::vector<std::vector<double>> etas(subjects());
  for (std::size_t subject = 0; subject < subjects(); ++subject) {
    const double* first = memory_.slots.data() + subject * places.size + places.eta + effects.of_parameters();
    etas[subject].assign(first, first + effects.errors().size());
  }
  return etas;
}

}  // namespace titrant::nlme
