#include "half_turns.hpp"

#include <algorithm>
#include <optional>

namespace titrant::quantum {

namespace {

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

/// The 2 x 2 matrix that acts on one place of a block alone.
SmallMatrix at_place(const SmallMatrix& matrix, std::size_t place) {
  if (matrix.rows() == 2) return matrix;
  const Eigen::Index stride = place == 0 ? 2 : 1;
  SmallMatrix one(2, 2);
  for (Eigen::Index r = 0; r < 2; ++r) {
    for (Eigen::Index c = 0; c < 2; ++c) one(r, c) = matrix(r * stride, c * stride);
  }
  return one;
}

/// The reverse, on a block of `qubits`.
SmallMatrix on_block(const SmallMatrix& one, std::size_t place, std::size_t qubits) {
  if (qubits == 1) return one;
  const Eigen::Index stride = place == 0 ? 2 : 1;
  const Eigen::Index other = 3 - stride;
  SmallMatrix matrix = SmallMatrix::Zero(4, 4);
  for (Eigen::Index r = 0; r < 2; ++r) {
    for (Eigen::Index c = 0; c < 2; ++c) {
      for (Eigen::Index same = 0; same < 2; ++same)
        matrix(r * stride + same * other, c * stride + same * other) = one(r, c);
    }
  }
  return matrix;
}

}  // namespace

HalfTurns::HalfTurns(const Binding& binding, const Kernels& kernels, Examples& examples,
                     const TailObservables& observables, const Changes& changes)
    : binding_(&binding),
      program_(&binding.program()),
      kernels_(&kernels),
      examples_(&examples),
      observables_(&observables),
      runner_(binding, kernels, examples),
      forward_(binding, kernels, examples, {&observables, 1}),
      unsplit_(unsplit_sectors(*program_)),
      steps_(program_->steps.size()),
      before_cone_(runner_.state_size()),
      turned_state_(runner_.state_size()),
      total_(kernels.width) {
  find_entries();
  make_turns(changes);
  make_readouts(changes);
}

void HalfTurns::find_entries() {
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const ForwardStep& step = program_->steps[k];
    const Slot& slot = program_->slots[step.slot];
    for (std::size_t gate = 0; gate < slot.gates.size(); ++gate) {
      if (step.occurrences[gate] == no_occurrence) continue;
      const std::optional<std::size_t> place = slot.last_place(gate);
      const std::size_t at = place && step.next.at(*place) ? step.next.at(*place)->step : k;
      steps_[at].entries.push_back({step.occurrences[gate], k, gate});
      // A later gate decides with its condition what becomes of the turn, and its own with that whether there is one.
      if (at == k) {
        steps_[at].sector_mask |= slot.sector_mask;
        continue;
      }
      steps_[at].sector_mask |= program_->slots[program_->steps[at].slot].sector_mask;
      for (std::size_t later = gate; later < slot.gates.size(); ++later)
        steps_[at].sector_mask |= slot.gates[later].condition.mask;
    }
  }
}

void HalfTurns::make_turns(const Changes& changes) {
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const ForwardStep& step = program_->steps[k];
    StepData& data = steps_[k];
    data.psi.resize(runner_.state_size());
    data.probability.resize(kernels_->width);
    data.in_window = step.window.has_value() && !data.entries.empty();
    data.at_end = data.in_window || is_cheaper_at_end(*program_, k, data.entries.size());
    for (std::size_t variant = 0; variant < variant_count(data.sector_mask); ++variant) {
      const std::uint32_t sector = sector_of(variant, data.sector_mask);
      std::vector<Turn>& turns = data.turns.emplace_back();
      for (const Entry& entry : data.entries) {
        const std::vector<Change>& of_step = changes.of(program_->steps[entry.step].slot, sector);
        const auto change = std::find_if(of_step.begin(), of_step.end(),
                                         [&entry](const Change& other) { return other.gate == entry.gate; });
        if (change == of_step.end()) continue;
        SmallMatrix turn = entry.step == k ? change->half_turn() : moved(entry, change->half_turn(), sector);
        if (!data.at_end) turn = product(turn, binding_->matrix(step.slot, sector));
        turns.push_back({entry.occurrence, turn});
      }
    }
  }
}

/// A turn on one place alone, moved behind the next block U there: U turn U^+.
SmallMatrix HalfTurns::moved(const Entry& entry, const SmallMatrix& turn, std::uint32_t sector) const {
  const ForwardStep& step = program_->steps[entry.step];
  const std::size_t place = program_->slots[step.slot].last_place(entry.gate).value();
  const ForwardStep::Next next = step.next.at(place).value();
  const std::size_t slot = program_->steps[next.step].slot;
  const SmallMatrix before = on_block(at_place(turn, place), next.place, program_->slots[slot].qubits);
  return product(product(binding_->matrix(slot, sector), before), binding_->adjoint(slot, sector));
}

void HalfTurns::make_readouts(const Changes& changes) {
  Tail tail(*binding_, *kernels_);
  Readout& own = readouts_.emplace_back();
  own.qubits = program_->tail_qubits;
  own.classes = {&program_->readout};
  own.sector_mask = program_->tail_mask;
  own.occurrences = tail.half_turn_outputs();
  for (std::size_t variant = 0; variant < variant_count(own.sector_mask); ++variant)
    own.observables.push_back({tail.half_turns(changes, sector_of(variant, own.sector_mask))});

  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const StepData& data = steps_[k];
    if (!data.in_window) continue;
    const ForwardStep& step = program_->steps[k];
    Readout& readout = readouts_.emplace_back();
    readout.qubits = step.window->qubits;
    readout.sector_mask = data.sector_mask | program_->tail_mask;
    for (const Window::Class& groups : step.window->classes) readout.classes.push_back(&groups.amplitudes);
    for (const Entry& entry : data.entries) readout.occurrences.push_back(entry.occurrence);
    for (std::size_t variant = 0; variant < variant_count(readout.sector_mask); ++variant) {
      const std::uint32_t sector = sector_of(variant, readout.sector_mask);
      std::vector<SmallMatrix> matrices(data.entries.size(), identity(program_->slots[step.slot].qubits));
      for (const Turn& turn : data.turns[variant_of(sector, data.sector_mask)]) {
        const auto place = std::find(readout.occurrences.begin(), readout.occurrences.end(), turn.occurrence);
        matrices[static_cast<std::size_t>(place - readout.occurrences.begin())] = turn.matrix;
      }
      std::vector<Observables>& classes = readout.observables.emplace_back();
      for (const Window::Class& groups : step.window->classes)
        classes.push_back(tail.followed(*step.window, groups, matrices, sector));
    }
  }
  std::size_t most = 0;
  for (Readout& readout : readouts_) {
    readout.sums.resize(readout.observables[0][0].outputs * kernels_->width);
    most = std::max(most, readout.qubits);
  }
  moments_.resize((std::size_t{1} << (2 * most)) * kernels_->width);
}

void HalfTurns::run(double* turned) {
  const std::size_t width = kernels_->width;
  turned_ = turned;
  std::fill(turned, turned + program_->occurrences.size() * width, 0.0);
  std::fill(total_.begin(), total_.end(), 0.0);
  for (Readout& readout : readouts_) std::fill(readout.sums.begin(), readout.sums.end(), 0.0);
  descend(0, 0, examples_->start(), total_.data());
  std::vector<bool> reached(program_->occurrences.size(), false);
  for (const StepData& step : steps_) {
    for (const Entry& entry : step.entries) reached[entry.occurrence] = true;
  }
  for (const Readout& readout : readouts_) {
    for (std::size_t k = 0; k < readout.occurrences.size(); ++k) {
      if (readout.occurrences[k] == no_occurrence) continue;
      const double* sum = readout.sums.data() + k * width;
      std::copy(sum, sum + width, turned + readout.occurrences[k] * width);
      reached[readout.occurrences[k]] = true;
    }
  }
  // An angle outside of the result's past changes nothing.
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

    const std::vector<Turn>& turns = data.turns[variant_of(part, data.sector_mask)];
    for (const Turn& turn : turns) {
      runner_.apply(next, turn.matrix, psi, turned_state_.data());
      forward_.run(step + 1, part, turned_state_.data(), turned_ + turn.occurrence * width);
    }
    add_unchanged(data, turns, data.probability.data());
  }
}

void HalfTurns::turn_at_end(std::uint32_t sector, const double* psi, const double* probability) {
  const std::size_t width = kernels_->width;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const StepData& data = steps_[k];
    if (!data.at_end || data.in_window) continue;
    const ForwardStep& step = program_->steps[k];
    const std::vector<Turn>& turns = data.turns[variant_of(sector, data.sector_mask)];
    const double* state = turns.empty() ? nullptr : before_cone(k, sector, psi);
    for (const Turn& turn : turns) {
      runner_.follow(step, turn.matrix, state, turned_state_.data());
      for (const std::size_t later : step.cone)
        runner_.apply(program_->steps[later], sector, turned_state_.data(), turned_state_.data());
      forward_.run(steps_.size(), sector, turned_state_.data(), turned_ + turn.occurrence * width);
    }
    add_unchanged(data, turns, probability);
  }
}

void HalfTurns::add_unchanged(const StepData& data, const std::vector<Turn>& turns, const double* probability) {
  const std::size_t width = kernels_->width;
  for (const Entry& entry : data.entries) {
    const std::size_t occurrence = entry.occurrence;
    if (std::any_of(turns.begin(), turns.end(),
                    [occurrence](const Turn& turn) { return turn.occurrence == occurrence; }))
      continue;
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
  for (Readout& readout : readouts_) {
    const bool is_own = &readout == readouts_.data();
    const std::size_t count = std::size_t{1} << (2 * readout.qubits);
    for (std::size_t c = 0; c < readout.classes.size(); ++c) {
      kernels_->moments.at(readout.qubits - 1)(*readout.classes[c], psi, moments_.data());
      for (std::size_t variant = 0; variant < variant_count(unsplit_); ++variant) {
        const std::uint32_t part = sector | sector_of(variant, unsplit_);
        const double* weight = examples_->weight(part);
        if (is_own) {
          const Coefficients& plain = observables_->coefficients[variant_of(part, program_->tail_mask)];
          kernels_->contract(count, plain.data(), moments_.data(), weight, probability);
        }
        const Observables& turned = readout.observables[variant_of(part, readout.sector_mask)][c];
        kernels_->contract_outputs(count, turned.outputs, turned.coefficients.data(), moments_.data(), weight,
                                   readout.sums.data());
      }
    }
  }
}

}  // namespace titrant::quantum
