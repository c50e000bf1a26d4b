#include "half_turns.hpp"

#include <algorithm>

namespace titrant::quantum {

namespace {

std::vector<std::size_t> used(const std::vector<std::size_t>& occurrences) {
  std::vector<std::size_t> found;
  std::copy_if(occurrences.begin(), occurrences.end(), std::back_inserter(found),
               [](std::size_t occurrence) { return occurrence != no_occurrence; });
  return found;
}

/// Whether it costs fewer applications of blocks to turn the angles of a step at the end. Not where its output is real:
/// a turned angle need not leave it so.
bool is_cheaper_at_end(const Program& program, std::size_t step, std::size_t angles) {
  if (program.steps[step].real_output) return false;
  std::size_t sectors = 1;
  std::size_t at_step = 0;
  for (std::size_t k = 0; k < program.steps.size(); ++k) {
    sectors *= variant_count(program.steps[k].split);
    if (k >= step) at_step += sectors;
  }
  const std::size_t cone = program.steps[step].cone.size();
  const std::size_t others = program.steps.size() - 1 - step - cone;
  return sectors * (others + angles * (1 + cone)) < angles * at_step;
}

}  // namespace

HalfTurns::HalfTurns(const Binding& binding, const Kernels& kernels, Examples& examples,
                     const TailObservables& observables)
    : program_(&binding.program()),
      kernels_(&kernels),
      examples_(&examples),
      observables_(&observables),
      runner_(binding, kernels, examples),
      forward_(binding, kernels, examples, {&observables, 1}),
      unsplit_(unsplit_sectors(*program_)),
      before_cone_(runner_.state_size()),
      turned_state_(runner_.state_size()),
      moments_((std::size_t{1} << (2 * program_->tail_qubits)) * kernels.width),
      total_(kernels.width) {
  const Changes changes(binding, Changes::Kind::half_turn);
  for (const ForwardStep& step : program_->steps) {
    StepData& data = steps_.emplace_back();
    data.psi.resize(runner_.state_size());
    data.probability.resize(kernels.width);
    data.occurrences = used(step.occurrences);
    data.at_end = is_cheaper_at_end(*program_, steps_.size() - 1, data.occurrences.size());
    const Slot& slot = program_->slots[step.slot];
    for (std::size_t variant = 0; variant < variant_count(slot.sector_mask); ++variant) {
      std::vector<Change>& turns = data.changes.emplace_back();
      if (slot.depends_on_features) continue;
      const std::uint32_t sector = sector_of(variant, slot.sector_mask);
      turns = changes.of(step.slot, sector);
      if (data.at_end) continue;
      for (Change& turn : turns) turn.matrix = product(turn.matrix, binding.matrix(step.slot, sector));
    }
  }
  Tail tail(binding, kernels);
  for (std::size_t variant = 0; variant < variant_count(program_->tail_mask); ++variant)
    tail_.push_back(tail.half_turns(changes, sector_of(variant, program_->tail_mask)));
  for (const BlockStep& step : program_->tail) {
    const std::vector<std::size_t> occurrences = used(step.occurrences);
    tail_occurrences_.insert(tail_occurrences_.end(), occurrences.begin(), occurrences.end());
  }
}

void HalfTurns::run(double* turned) {
  const std::size_t width = kernels_->width;
  turned_ = turned;
  std::fill(turned, turned + program_->occurrences.size() * width, 0.0);
  std::fill(total_.begin(), total_.end(), 0.0);
  descend(0, 0, examples_->start(), total_.data());
  // An angle outside of the result's past changes nothing.
  std::vector<bool> reached(program_->occurrences.size(), false);
  for (const StepData& step : steps_) {
    for (const std::size_t occurrence : step.occurrences) reached[occurrence] = true;
  }
  for (const std::size_t occurrence : tail_occurrences_) reached[occurrence] = true;
  for (std::size_t occurrence = 0; occurrence < reached.size(); ++occurrence) {
    if (!reached[occurrence]) std::copy(total_.begin(), total_.end(), turned + occurrence * width);
  }
}

void HalfTurns::descend(std::size_t step, std::uint32_t sector, const double* psi, double* probability) {
  const std::size_t width = kernels_->width;
  if (step == steps_.size()) {
    read_out(sector, psi, probability);
    turn_at_end(sector, psi, probability);
    return;
  }
  const ForwardStep& next = program_->steps[step];
  StepData& data = steps_[step];
  for (std::size_t variant = 0; variant < variant_count(next.split); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, next.split);
    runner_.apply(next, part, psi, data.psi.data());
    std::fill(data.probability.begin(), data.probability.end(), 0.0);
    descend(step + 1, part, data.psi.data(), data.probability.data());
    for (std::size_t lane = 0; lane < width; ++lane) probability[lane] += data.probability[lane];
    if (data.at_end) continue;

    const std::vector<Change>& changes = data.changes[variant_of(part, program_->slots[next.slot].sector_mask)];
    for (const Change& change : changes) {
      runner_.apply(next, change.matrix, psi, turned_state_.data());
      forward_.run(step + 1, part, turned_state_.data(), turned_ + next.occurrences[change.gate] * width);
    }
    add_unchanged(step, changes, data.probability.data());
  }
}

void HalfTurns::turn_at_end(std::uint32_t sector, const double* psi, const double* probability) {
  const std::size_t width = kernels_->width;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    if (!steps_[k].at_end) continue;
    const ForwardStep& step = program_->steps[k];
    const std::vector<Change>& changes = steps_[k].changes[variant_of(sector, program_->slots[step.slot].sector_mask)];
    const double* state = changes.empty() ? nullptr : before_cone(k, sector, psi);
    for (const Change& change : changes) {
      runner_.follow(step, change.matrix, state, turned_state_.data());
      for (const std::size_t later : step.cone)
        runner_.apply(program_->steps[later], sector, turned_state_.data(), turned_state_.data());
      forward_.run(steps_.size(), sector, turned_state_.data(), turned_ + step.occurrences[change.gate] * width);
    }
    add_unchanged(k, changes, probability);
  }
}

void HalfTurns::add_unchanged(std::size_t step, const std::vector<Change>& changes, const double* probability) {
  const std::size_t width = kernels_->width;
  std::vector<std::size_t> unchanged = steps_[step].occurrences;
  for (const Change& change : changes) {
    const std::size_t occurrence = program_->steps[step].occurrences[change.gate];
    unchanged.erase(std::find(unchanged.begin(), unchanged.end(), occurrence));
  }
  for (const std::size_t occurrence : unchanged) {
    for (std::size_t lane = 0; lane < width; ++lane) turned_[occurrence * width + lane] += probability[lane];
  }
}

const double* HalfTurns::before_cone(std::size_t step, std::uint32_t sector, const double* psi) {
  const std::vector<std::size_t>& cone = program_->steps[step].cone;
  if (cone.empty()) return psi;
  std::size_t last = step;  // of the steps without gaps, which are done already
  while (last + 1 < cone.front()) ++last;
  const double* state = steps_[last].psi.data();
  for (std::size_t later = last + 1; later < steps_.size(); ++later) {
    if (std::binary_search(cone.begin(), cone.end(), later)) continue;
    runner_.apply(program_->steps[later], sector, state, before_cone_.data());
    state = before_cone_.data();
  }
  return state;
}

void HalfTurns::read_out(std::uint32_t sector, const double* psi, double* probability) {
  const std::size_t width = kernels_->width;
  const std::size_t count = moments_.size() / width;
  kernels_->moments.at(program_->tail_qubits - 1)(program_->readout, psi, moments_.data());
  for (std::size_t variant = 0; variant < variant_count(unsplit_); ++variant) {
    const std::uint32_t part = sector | sector_of(variant, unsplit_);
    const std::size_t tail = variant_of(part, program_->tail_mask);
    const double* weight = examples_->weight(part);
    const Coefficients& coefficients = observables_->coefficients[tail];
    kernels_->contract(count, coefficients.data(), moments_.data(), weight, probability);

    std::vector<std::size_t> unchanged = tail_occurrences_;
    for (const TailChange& change : tail_[tail]) {
      unchanged.erase(std::find(unchanged.begin(), unchanged.end(), change.output));
      kernels_->contract(count, change.coefficients.data(), moments_.data(), weight, turned_ + change.output * width);
    }
    for (const std::size_t occurrence : unchanged) {
      kernels_->contract(count, coefficients.data(), moments_.data(), weight, turned_ + occurrence * width);
    }
  }
}

}  // namespace titrant::quantum
