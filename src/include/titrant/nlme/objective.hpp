#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/method.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

/// An objective at one point of the optimiser's scale.
struct Evaluation {
  double value = 0.0;
  std::vector<double> gradient;           ///< [coordinate]
  std::vector<double> subject_values;     ///< [subject]
  std::vector<double> subject_gradients;  ///< [subject][coordinate]
};

/// The objective of a population by FO, FOCE or FOCEI over all ranks, with its exact gradient.
///
/// Etas found at one point start the search at the next, moved along their derivative. This memory is gathered on every
/// rank and changes only with the sequence of calls, so results have the same bits on any number of ranks.
///
///     Objective objective(ranks, model, population);
///     Evaluation at_start = objective.evaluate(objective.layout().encode(population));
class Objective {
 public:
  /// The model must outlive the objective, and `method` have one there (check_objectives). Throws DataError naming the
  /// subject where a covariate is missing or cannot be used by an effect, or where there are more occasions than etas
  /// have room for.
  Objective(parallel::Communicator ranks, const SubjectModel& model, const Population& population,
            MethodKind method = MethodKind::focei);

  const Layout& layout() const { return layout_; }
  const SubjectModel& model() const { return model_; }
  MethodKind method() const { return method_; }
  /// As it was given.
  const Population& population() const { return layout_.initial(); }
  std::size_t subjects() const { return model_.subjects(); }
  std::size_t observations() const;  ///< censored ones included
  std::size_t censored() const;
  std::size_t binary() const;  ///< of binary values, none of which is censored

  /// Value and exact gradient; remembers the etas. Throws NumericalError where a subject has no finite value there.
  Evaluation evaluate(std::span<const double> x);

  /// The same at several points in one go, each from the remembered etas, which stay as they are.
  std::vector<Evaluation> evaluate_around(const std::vector<std::vector<double>>& points) const;

  /// Values alone, likewise; infinite where a subject has none.
  std::vector<double> values_at(const std::vector<std::vector<double>>& points) const;

  /// Searches the etas again from 0 at the last point of evaluate and keeps, subject by subject, the more probable
  /// ones: guards against a second mode that the memory could not leave.
  Evaluation reconsider();

  /// The etas of the last evaluate and what goes with them; to come back to a point as it was found.
  struct Memory {
    std::vector<double> point;  ///< [coordinate]
    std::vector<double> slots;  ///< [subject][slot]; empty: nothing is remembered and searches start from 0
  };
  const Memory& memory() const { return memory_; }
  void restore(Memory memory) { memory_ = std::move(memory); }

  /// Subjects whose most probable etas could not be found to the search's tolerance at the last point of evaluate.
  std::vector<std::size_t> stuck() const;

  /// Most probable etas (FO: 0) at the last point of evaluate: [subject][eta], of parameters in the order of
  /// RandomEffects; and of residual errors, [subject][eta of a residual error].
  std::vector<std::vector<double>> etas() const;
  std::vector<std::vector<double>> error_etas() const;

 private:
  struct Slot;
  struct Start;
  struct Found;
  Found at_mode(const SubjectProblem& problem, const Start& from) const;
  double value_of(const SubjectProblem& problem, const Start& from) const;
  std::vector<double> compute(const std::vector<std::vector<double>>& points, std::size_t width) const;
  void compute(std::size_t subject, std::span<const double> x, const Population& population,
               const RandomEffects& effects, std::span<double> slot) const;
  Start start(std::size_t subject, std::span<const double> x, std::size_t etas) const;

  parallel::Communicator ranks_;
  const SubjectModel& model_;
  MethodKind method_;
  Design design_;
  Layout layout_;
  std::size_t most_etas_ = 0;  ///< of a subject; slots have room for so many
  Memory memory_;
};

}  // namespace titrant::nlme
