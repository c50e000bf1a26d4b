#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "examples.hpp"
#include "forward.hpp"
#include "kernels.hpp"

namespace titrant::quantum {

/// What one call of an Evaluator works on: one set of parameters and any number of examples, as many at a time as there
/// are lanes. Throws ConfigError where parameters or inputs do not fit the program.
class Batch {
 public:
  Batch(const Program& program, std::span<const double> parameters, std::span<const Input> inputs);

  /// Calls work(first, count) with inputs first .. first + count - 1 in the first lanes of examples().
  template <class Work>
  void for_each_few(Work work) {
    for (std::size_t first = 0; first < inputs_.size(); first += width()) {
      const std::span<const Input> few = inputs_.subspan(first, std::min(width(), inputs_.size() - first));
      examples_.fill(few);
      work(first, few.size());
    }
  }

  const Kernels& kernels() const { return *kernels_; }
  std::size_t width() const { return kernels_->width; }
  const Binding& binding() const { return binding_; }
  const TailObservables& observables() const { return observables_; }
  Examples& examples() { return examples_; }

 private:
  std::span<const Input> inputs_;
  const Kernels* kernels_;
  Binding binding_;
  TailObservables observables_;
  Examples examples_;
};

/// P(1) and its derivatives; those of the occurrences that `output` [occurrence] sends to one place are added up.
/// probability: [input]; derivatives: [input][output].
void differentiate(const Program& program, std::span<const double> parameters, std::span<const Input> inputs,
                   const std::vector<std::size_t>& output, std::size_t outputs, std::span<double> probability,
                   std::span<double> derivatives);

}  // namespace titrant::quantum
