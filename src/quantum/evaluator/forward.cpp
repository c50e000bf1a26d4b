#include "forward.hpp"

#include <algorithm>

namespace titrant::quantum {

TailObservables::TailObservables(const Binding& binding, const Kernels& kernels) {
  const std::uint32_t mask = binding.program().tail_mask;
  Tail tail(binding, kernels);
  for (std::size_t variant = 0; variant < variant_count(mask); ++variant) {
    coefficients.push_back(tail.observable(sector_of(variant, mask)));
    matrices.push_back(matrix_of(coefficients.back(), std::size_t{1} << binding.program().tail_qubits));
  }
}

void StepRunner::apply(const ForwardStep& step, std::uint32_t sector, const double* in, double* out) const {
  const Slot& slot = binding_->program().slots[step.slot];
  if (!slot.depends_on_features) {
    apply(step, binding_->matrix(step.slot, sector), in, out);
    return;
  }
  kernels_->apply_by_lane.at(slot.qubits - 1)(step.addresses, examples_->matrix(step.slot, sector), in, out);
  copy_untouched(step, false, in, out);
}

void StepRunner::apply(const ForwardStep& step, const SmallMatrix& matrix, const double* in, double* out) const {
  const std::size_t kind = binding_->program().slots[step.slot].qubits - 1;
  const Kernels::Apply kernel = step.real_output  ? kernels_->apply_staying_real.at(kind)
                                : step.real_input ? kernels_->apply_real.at(kind)
                                                  : kernels_->apply.at(kind);
  kernel(step.addresses, data_of(matrix), in, out);
  copy_untouched(step, false, in, out);
}

void StepRunner::follow(const ForwardStep& step, const SmallMatrix& matrix, const double* in, double* out) const {
  kernels_->apply.at(binding_->program().slots[step.slot].qubits - 1)(step.addresses, data_of(matrix), in, out);
  copy_untouched(step, false, in, out);
}

void StepRunner::apply_adjoint(const ForwardStep& step, std::uint32_t sector, bool add, const double* in,
                               double* out) const {
  const Slot& slot = binding_->program().slots[step.slot];
  const std::size_t kind = slot.qubits - 1;
  if (slot.depends_on_features) {
    const Kernels::Apply kernel = add ? kernels_->add_by_lane.at(kind) : kernels_->apply_by_lane.at(kind);
    kernel(step.addresses, examples_->adjoint(step.slot, sector), in, out);
  } else {
    const Kernels::Apply kernel = add ? kernels_->add.at(kind) : kernels_->apply.at(kind);
    kernel(step.addresses, data_of(binding_->adjoint(step.slot, sector)), in, out);
  }
  copy_untouched(step, add, in, out);
}

std::size_t StepRunner::state_size() const { return (std::size_t{2} << binding_->program().qubits) * kernels_->width; }

void StepRunner::copy_untouched(const ForwardStep& step, bool add, const double* in, double* out) const {
  if (in == out) return;
  const std::size_t size = 2 * kernels_->width;
  for (const std::uint32_t address : step.untouched) {
    const double* from = in + address * size;
    double* to = out + address * size;
    for (std::size_t k = 0; k < size; ++k) to[k] = add ? to[k] + from[k] : from[k];
  }
}

std::uint32_t unsplit_sectors(const Program& program) {
  std::uint32_t mask = program.tail_mask;
  for (const ForwardStep& step : program.steps) mask &= ~step.split;
  return mask;
}

Forward::Forward(const Binding& binding, const Kernels& kernels, const Examples& examples,
                 std::span<const TailObservables> observables)
    : program_(&binding.program()),
      kernels_(&kernels),
      examples_(&examples),
      observables_(observables),
      runner_(binding, kernels, examples),
      unsplit_(unsplit_sectors(*program_)),
      children_(program_->steps.size()),
      moments_((std::size_t{1} << (2 * program_->tail_qubits)) * kernels.width) {
  for (std::size_t k = 0; k < children_.size(); ++k) {
    if (program_->steps[k].split != 0) children_[k].resize(runner_.state_size());
  }
}

void Forward::run(std::size_t step, std::uint32_t sector, double* state, double* probability) {
  for (; step < program_->steps.size(); ++step) {
    const ForwardStep& next = program_->steps[step];
    if (next.split != 0) {
      double* child = children_[step].data();
      for (std::size_t variant = 0; variant < variant_count(next.split); ++variant) {
        const std::uint32_t part = sector | sector_of(variant, next.split);
        runner_.apply(next, part, state, child);
        run(step + 1, part, child, probability);
      }
      return;
    }
    runner_.apply(next, sector, state, state);
  }
  read_out(sector, state, probability);
}

void Forward::read_out(std::uint32_t sector, const double* state, double* probability) {
  const std::size_t count = moments_.size() / kernels_->width;
  kernels_->moments.at(program_->tail_qubits - 1)(program_->readout, state, moments_.data());
  for (std::size_t variant = 0; variant < variant_count(unsplit_); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, unsplit_);
    for (std::size_t k = 0; k < observables_.size(); ++k) {
      const Coefficients& coefficients = observables_[k].coefficients[variant_of(part, program_->tail_mask)];
      kernels_->contract(count, coefficients.data(), moments_.data(), examples_->weight(part),
                         probability + k * kernels_->width);
    }
  }
}

}  // namespace titrant::quantum
