#include "pull_back.hpp"

#include <algorithm>

namespace titrant::quantum {

namespace {

// A sector with less weight cannot change a double near 1: a feature qubit in |0> or |1> but for the rounding of pi.
constexpr double negligible = 1e-24;

}  // namespace

PullBack::PullBack(Batch& batch)
    : batch_(&batch),
      program_(&batch.binding().program()),
      runner_(batch.binding(), batch.kernels(), batch.examples()),
      unsplit_(unsplit_sectors(*program_)),
      steps_(program_->steps.size()) {
  for (StepData& step : steps_) {
    step.psi.resize(runner_.state_size());
    step.lambda.resize(runner_.state_size());
  }
  std::uint32_t seen = 0;
  for (const ForwardStep& step : program_->steps) seen_.push_back(seen |= step.split);
}

Eigen::MatrixXd PullBack::run() {
  const std::size_t size = std::size_t{1} << program_->amplitude_qubits;
  const std::size_t others = std::size_t{1} << (program_->qubits - program_->amplitude_qubits);
  const std::size_t width = batch_->width();
  Eigen::MatrixXd form(size, size);
  AlignedVector lambda(runner_.state_size());
  AlignedVector start;
  batch_->for_each_few([&](std::size_t first, std::size_t count) {
    const Examples& examples = batch_->examples();
    start.assign(batch_->examples().start(), batch_->examples().start() + runner_.state_size());
    descend(0, 0, start.data(), lambda.data());
    for (std::size_t lane = 0; lane < count; ++lane) {
      // The prepared state of the other qubits stands beside amplitude `column` itself.
      const std::size_t column = first + lane;
      for (std::size_t row = 0; row < size; ++row) {
        double sum = 0.0;
        for (std::size_t k = 0; k < others; ++k) {
          const double* prepared = examples.beside() + k * 2 * width + lane;
          const double* place = lambda.data() + (row * others + k) * 2 * width + lane;
          sum += prepared[0] * place[0] + prepared[width] * place[width];
        }
        form(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) = sum;
      }
    }
  });
  return 0.5 * (form + form.transpose());  // symmetric but for rounding
}

void PullBack::descend(std::size_t step, std::uint32_t sector, const double* psi, double* lambda) {
  if (step == steps_.size()) {
    read_out(sector, psi, lambda);
    return;
  }
  const ForwardStep& next = program_->steps[step];
  StepData& data = steps_[step];
  bool added = false;  // some sector always has weight
  for (std::size_t variant = 0; variant < variant_count(next.split); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, next.split);
    if (weight_of(part, seen_[step]) < negligible) continue;
    runner_.apply(next, part, psi, data.psi.data());
    descend(step + 1, part, data.psi.data(), data.lambda.data());
    runner_.apply_adjoint(next, part, added, data.lambda.data(), lambda);
    added = true;
  }
}

double PullBack::weight_of(std::uint32_t sector, std::uint32_t mask) const {
  double sum = 0.0;
  for (std::uint32_t s = 0; s < (1U << program_->sectors.size()); ++s) {
    if ((s & mask) == sector) sum += *batch_->examples().weight(s);
  }
  return sum;
}

void PullBack::read_out(std::uint32_t sector, const double* psi, double* lambda) {
  std::fill(lambda, lambda + runner_.state_size(), 0.0);
  for (std::size_t variant = 0; variant < variant_count(unsplit_); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, unsplit_);
    const std::vector<double>& observable = batch_->observables().matrices[variant_of(part, program_->tail_mask)];
    batch_->kernels().observe.at(program_->tail_qubits - 1)(program_->readout, observable.data(),
                                                            batch_->examples().weight(part), psi, lambda);
  }
}

}  // namespace titrant::quantum
