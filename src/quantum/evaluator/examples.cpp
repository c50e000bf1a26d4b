#include "examples.hpp"

#include <algorithm>
#include <array>
#include <complex>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

HalfAngle example_angle(const ControlledGate& gate, const Input& input) {
  if (!gate.angle) return {};
  return HalfAngle::of(angle_value(*gate.angle, {}, input.features));
}

/// The state of a qubit that was prepared by itself.
std::array<Complex, 2> prepared(const Preparation& preparation, const Input& input) {
  std::array<Complex, 2> state = {1.0, 0.0};
  for (const ControlledGate& gate : preparation) {
    const HalfAngle half = example_angle(gate, input);
    if (gate.kind == GateKind::ry) {  // how features are mostly encoded; real, so without complex products
      state = {half.cosine * state[0] - half.sine * state[1], half.sine * state[0] + half.cosine * state[1]};
      continue;
    }
    const SmallMatrix m = base_matrix(gate.kind, half);
    state = {m(0, 0) * state[0] + m(0, 1) * state[1], m(1, 0) * state[0] + m(1, 1) * state[1]};
  }
  return state;
}

}  // namespace

Examples::Examples(const Binding& binding, const Kernels& kernels)
    : binding_(&binding), kernels_(&kernels), width_(kernels.width) {
  const std::size_t width = width_;
  const Program& program = binding.program();
  start_.assign((std::size_t{2} << program.qubits) * width, 0.0);
  weights_.assign((std::size_t{1} << program.sectors.size()) * width, 0.0);
  product_.assign(std::size_t{1} << (program.qubits - program.amplitude_qubits), 0.0);
  beside_.assign(2 * product_.size() * width, 0.0);
  amplitudes_.resize(width);
  columns_.resize((std::size_t{1} << program.amplitude_qubits) * width);
  for (const Slot& slot : program.slots) {
    const std::size_t elements = slot.elements();
    const std::size_t variants = slot.depends_on_features ? variant_count(slot.sector_mask) : 0;
    matrices_.emplace_back(variants * elements * 2 * width);
    adjoints_.emplace_back(variants * elements * 2 * width);
  }
}

void Examples::fill(std::span<const Input> inputs) {
  TITRANT_EXPECTS(!inputs.empty() && inputs.size() <= width_);
  for (std::size_t lane = 0; lane < width_; ++lane) {
    const Input& input = inputs[std::min(lane, inputs.size() - 1)];
    fill_weights(input, lane);
    fill_beside(input, lane);
    fill_matrices(input, lane);
  }
  fill_start(inputs);
}

void Examples::fill_weights(const Input& input, std::size_t lane) {
  const std::vector<Preparation>& sectors = binding_->program().sectors;
  weights_[lane] = 1.0;
  for (std::size_t s = 0; s < sectors.size(); ++s) {
    const std::array<Complex, 2> state = prepared(sectors[s], input);
    const std::size_t half = std::size_t{1} << s;
    for (std::size_t sector = 0; sector < half; ++sector) {
      const double weight = weights_[sector * width_ + lane];
      weights_[sector * width_ + lane] = weight * std::norm(state[0]);
      weights_[(sector + half) * width_ + lane] = weight * std::norm(state[1]);
    }
  }
}

void Examples::fill_beside(const Input& input, std::size_t lane) {
  const Program& program = binding_->program();
  std::fill(product_.begin(), product_.end(), 0.0);
  product_[0] = 1.0;
  std::size_t filled = 1;
  for (std::size_t qubit = program.amplitude_qubits; qubit < program.qubits; ++qubit, filled *= 2) {
    const std::array<Complex, 2> state = prepared(program.preparations[qubit], input);
    for (std::size_t k = filled; k-- > 0;) {
      const Complex before = product_[k];
      product_[2 * k + 1] = before * state[1];
      product_[2 * k] = before * state[0];
    }
  }
  for (std::size_t k = 0; k < product_.size(); ++k) {
    beside_[2 * k * width_ + lane] = product_[k].real();
    beside_[(2 * k + 1) * width_ + lane] = product_[k].imag();
  }
}

void Examples::fill_start(std::span<const Input> inputs) {
  const Program& program = binding_->program();
  const std::size_t count = std::size_t{1} << program.amplitude_qubits;
  const double one = 1.0;
  for (std::size_t lane = 0; lane < width_; ++lane) {
    const Input& input = inputs[std::min(lane, inputs.size() - 1)];
    amplitudes_[lane] = program.amplitude_qubits == 0 ? &one : input.amplitudes.data();
  }
  if (product_.size() == 1 && program.real_start) {  // nothing but the amplitudes
    kernels_->interleave(count, amplitudes_.data(), 2 * width_, start_.data());
    return;
  }
  kernels_->interleave(count, amplitudes_.data(), width_, columns_.data());
  double* place = start_.data();
  for (std::size_t k = 0; k < count; ++k) {
    const double* amplitude = columns_.data() + k * width_;
    const double* factor = beside_.data();
    for (std::size_t other = 0; other < product_.size(); ++other, factor += 2 * width_, place += 2 * width_) {
      for (std::size_t lane = 0; lane < width_; ++lane) {
        place[lane] = amplitude[lane] * factor[lane];
        if (!program.real_start) place[width_ + lane] = amplitude[lane] * factor[width_ + lane];
      }
    }
  }
}

void Examples::fill_matrices(const Input& input, std::size_t lane) {
  const std::vector<Slot>& slots = binding_->program().slots;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    const Slot& slot = slots[s];
    if (!slot.depends_on_features) continue;
    const Eigen::Index size = Eigen::Index{1} << slot.qubits;
    std::size_t place = lane;
    for (std::size_t variant = 0; variant < variant_count(slot.sector_mask); ++variant) {
      SmallMatrix matrix = identity(slot.qubits);
      const std::uint32_t sector = sector_of(variant, slot.sector_mask);
      for (const SectoredGate& gate : slot.gates) {
        if (gate.condition.holds(sector))
          multiply_left(matrix, base_matrix(gate.gate.kind, example_angle(gate.gate, input)), gate.gate);
      }
      for (Eigen::Index r = 0; r < size; ++r) {
        for (Eigen::Index c = 0; c < size; ++c, place += 2 * width_) {
          matrices_[s][place] = matrix(r, c).real();
          matrices_[s][place + width_] = matrix(r, c).imag();
          adjoints_[s][place] = matrix(c, r).real();
          adjoints_[s][place + width_] = -matrix(c, r).imag();
        }
      }
    }
  }
}

const double* Examples::by_lane(const std::vector<AlignedVector>& matrices, std::size_t slot,
                                std::uint32_t sector) const {
  const Slot& block = binding_->program().slots[slot];
  return matrices[slot].data() + variant_of(sector, block.sector_mask) * block.elements() * 2 * width_;
}

}  // namespace titrant::quantum
