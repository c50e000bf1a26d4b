#include "reverse.hpp"

#include <algorithm>

namespace titrant::quantum {

namespace {

/// The coefficients of 2 Re <lambda| -i G |psi> = 2 Im sum_ij G_ij conj(lambda_i) psi_j in the moments that
/// Kernels::correlate takes.
std::array<double, 16> response_of(const SmallMatrix& generator) {
  std::array<double, 16> coefficients{};
  std::size_t k = 0;
  for (Eigen::Index r = 0; r < generator.rows(); ++r) coefficients.at(k++) = 2.0 * generator(r, r).real();
  for (Eigen::Index r = 0; r < generator.rows(); ++r) {
    for (Eigen::Index c = r + 1; c < generator.cols(); ++c) {
      coefficients.at(k++) = 2.0 * generator(r, c).real();
      coefficients.at(k++) = 2.0 * generator(r, c).imag();
    }
  }
  return coefficients;
}

}  // namespace

Reverse::Reverse(const Binding& binding, const Kernels& kernels, Examples& examples, const TailObservables& observables,
                 const Changes& changes, const std::vector<std::size_t>& output, std::size_t outputs)
    : program_(&binding.program()),
      kernels_(&kernels),
      examples_(&examples),
      observables_(&observables),
      runner_(binding, kernels, examples),
      outputs_(outputs),
      unsplit_(unsplit_sectors(*program_)),
      first_changed_(program_->steps.size()),
      moments_((std::size_t{1} << (2 * program_->tail_qubits)) * kernels.width) {
  for (const ForwardStep& step : program_->steps) {
    StepData& data = steps_.emplace_back();
    const Slot& slot = program_->slots[step.slot];
    const std::size_t variants = variant_count(slot.sector_mask);
    data.psi.resize(runner_.state_size());
    data.lambda.resize(runner_.state_size());
    data.response.resize(variants * slot.elements() * kernels.width);
    data.changes.resize(variants);
    if (slot.depends_on_features) continue;
    for (std::size_t variant = 0; variant < variants; ++variant) {
      const std::uint32_t sector = sector_of(variant, slot.sector_mask);
      for (const Change& change : changes.of(step.slot, sector))
        data.changes[variant].push_back({output[step.occurrences[change.gate]], response_of(change.generator)});
      if (!data.changes[variant].empty()) first_changed_ = std::min(first_changed_, steps_.size() - 1);
    }
  }
  for (const BlockStep& step : program_->tail) {
    for (const std::size_t occurrence : step.occurrences) {
      if (occurrence == no_occurrence) continue;
      if (std::find(tail_outputs_.begin(), tail_outputs_.end(), output[occurrence]) == tail_outputs_.end())
        tail_outputs_.push_back(output[occurrence]);
    }
  }
  Tail tail(binding, kernels);
  for (std::size_t variant = 0; variant < variant_count(program_->tail_mask); ++variant)
    tail_.push_back(tail.derivatives(changes, output, tail_outputs_, sector_of(variant, program_->tail_mask)));
  tail_sums_.resize(tail_.front().outputs * kernels.width);
}

void Reverse::run(double* probability, double* derivatives) {
  const std::size_t width = kernels_->width;
  probability_ = probability;
  std::fill(probability, probability + width, 0.0);
  std::fill(derivatives, derivatives + outputs_ * width, 0.0);
  for (StepData& step : steps_) std::fill(step.response.begin(), step.response.end(), 0.0);

  std::fill(tail_sums_.begin(), tail_sums_.end(), 0.0);

  descend(0, 0, examples_->start(), nullptr);

  for (std::size_t k = 0; k < tail_outputs_.size(); ++k) {
    for (std::size_t lane = 0; lane < width; ++lane)
      derivatives[tail_outputs_[k] * width + lane] = tail_sums_[k * width + lane];
  }
  for (StepData& step : steps_) {
    const std::size_t count = step.response.size() / step.changes.size() / width;
    for (std::size_t variant = 0; variant < step.changes.size(); ++variant) {
      for (const AngleChange& change : step.changes[variant]) {
        kernels_->contract(count, change.response.data(), step.response.data() + variant * count * width, nullptr,
                           derivatives + change.output * width);
      }
    }
  }
}

void Reverse::descend(std::size_t step, std::uint32_t sector, const double* psi, double* lambda) {
  if (step == steps_.size()) {
    read_out(sector, psi, lambda);
    return;
  }
  const ForwardStep& next = program_->steps[step];
  const Slot& slot = program_->slots[next.slot];
  StepData& data = steps_[step];
  for (std::size_t variant = 0; variant < variant_count(next.split); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, next.split);
    runner_.apply(next, part, psi, data.psi.data());
    descend(step + 1, part, data.psi.data(), step >= first_changed_ ? data.lambda.data() : nullptr);
    const std::size_t kind = variant_of(part, slot.sector_mask);
    if (!data.changes[kind].empty()) {
      const std::size_t size = data.response.size() / data.changes.size();
      kernels_->correlate.at(slot.qubits - 1)(next.addresses, data.psi.data(), data.lambda.data(),
                                              data.response.data() + kind * size);
    }
    if (lambda != nullptr) runner_.apply_adjoint(next, part, variant > 0, data.lambda.data(), lambda);
  }
}

void Reverse::read_out(std::uint32_t sector, const double* psi, double* lambda) {
  const std::size_t kind = program_->tail_qubits - 1;
  const std::size_t count = moments_.size() / kernels_->width;
  kernels_->moments.at(kind)(program_->readout, psi, moments_.data());
  if (lambda != nullptr) std::fill(lambda, lambda + runner_.state_size(), 0.0);
  for (std::size_t variant = 0; variant < variant_count(unsplit_); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, unsplit_);
    const std::size_t tail = variant_of(part, program_->tail_mask);
    const double* weight = examples_->weight(part);
    kernels_->contract(count, observables_->coefficients[tail].data(), moments_.data(), weight, probability_);
    kernels_->contract_outputs(count, tail_[tail].outputs, tail_[tail].coefficients.data(), moments_.data(), weight,
                               tail_sums_.data());
    if (lambda != nullptr) {
      kernels_->observe.at(kind)(
          program_->readout, reinterpret_cast<const double*>(observables_->matrices[tail].data()), weight, psi, lambda);
    }
  }
}

}  // namespace titrant::quantum
