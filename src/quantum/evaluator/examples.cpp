#include "examples.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

Examples::Examples(const Binding& binding, const Kernels& kernels)
    : binding_(&binding), kernels_(&kernels), width_(kernels.width) {
  const std::size_t width = width_;
  const Program& program = binding.program();
  start_.assign((std::size_t{2} << program.qubits) * width, 0.0);
  weights_.assign((std::size_t{1} << program.sectors.size()) * width, 0.0);
  beside_.assign((std::size_t{2} << (program.qubits - program.amplitude_qubits)) * width, 0.0);
  amplitudes_.resize(width);
  columns_.resize((std::size_t{1} << program.amplitude_qubits) * width);
  state_.resize(4 * width);
  for (const Slot& slot : program.slots) {
    const std::size_t elements = slot.elements();
    const std::size_t variants = slot.depends_on_features ? variant_count(slot.sector_mask) : 0;
    matrices_.emplace_back(variants * elements * 2 * width);
    adjoints_.emplace_back(variants * elements * 2 * width);
  }
  list_angles();
  half_angles_.resize(angles_.size() * width);
  sines_.resize(angles_.size() * width);
  cosines_.resize(angles_.size() * width);
}

void Examples::list_angles() {
  const Program& program = binding_->program();
  const auto list = [this](const ControlledGate& gate) {
    if (gate.angle) angles_.push_back(&*gate.angle);
  };
  for (const Preparation& preparation : program.sectors) std::for_each(preparation.begin(), preparation.end(), list);
  for (std::size_t qubit = program.amplitude_qubits; qubit < program.qubits; ++qubit)
    std::for_each(program.preparations[qubit].begin(), program.preparations[qubit].end(), list);
  for (const Slot& slot : program.slots) {
    if (!slot.depends_on_features) continue;
    for (const SectoredGate& gate : slot.gates) list(gate.gate);
  }
}

void Examples::fill(std::span<const Input> inputs) {
  TITRANT_EXPECTS(!inputs.empty() && inputs.size() <= width_);
  fill_angles(inputs);
  std::size_t angle = 0;
  fill_weights(angle);
  fill_beside(angle);
  fill_matrices(angle);
  fill_start(inputs);
}

void Examples::fill_angles(std::span<const Input> inputs) {
  bool within = true;
  for (std::size_t k = 0; k < angles_.size(); ++k) {
    for (std::size_t lane = 0; lane < width_; ++lane) {
      const Input& input = inputs[std::min(lane, inputs.size() - 1)];
      const double half = angle_value(*angles_[k], {}, input.features) / 2.0;
      half_angles_[k * width_ + lane] = half;
      within = within && std::abs(half) <= turn_limit;
    }
  }
  kernels_->turn(angles_.size(), half_angles_.data(), sines_.data(), cosines_.data());
  if (within) return;
  for (std::size_t k = 0; k < half_angles_.size(); ++k) {
    if (std::abs(half_angles_[k]) <= turn_limit) continue;
    sines_[k] = std::sin(half_angles_[k]);
    cosines_[k] = std::cos(half_angles_[k]);
  }
}

HalfAngle Examples::half_angle(const ControlledGate& gate, std::size_t angle, std::size_t lane) const {
  if (!gate.angle) return {};
  return {cosines_[angle * width_ + lane], sines_[angle * width_ + lane]};
}

void Examples::prepare(const Preparation& preparation, std::size_t& angle) {
  double* zero_re = state_.data();
  double* zero_im = zero_re + width_;
  double* one_re = zero_im + width_;
  double* one_im = one_re + width_;
  std::fill(state_.begin(), state_.end(), 0.0);
  std::fill(zero_re, zero_re + width_, 1.0);
  for (const ControlledGate& gate : preparation) {
    if (gate.kind == GateKind::ry) {  // how features are mostly encoded; real, so without complex products
      const double* cosine = cosines_.data() + angle * width_;
      const double* sine = sines_.data() + angle * width_;
      for (double* zero : {zero_re, zero_im}) {
        double* one = zero + 2 * width_;
        for (std::size_t lane = 0; lane < width_; ++lane) {
          const double before = zero[lane];
          zero[lane] = cosine[lane] * before - sine[lane] * one[lane];
          one[lane] = sine[lane] * before + cosine[lane] * one[lane];
        }
      }
    } else {
      for (std::size_t lane = 0; lane < width_; ++lane) {
        const SmallMatrix m = base_matrix(gate.kind, half_angle(gate, angle, lane));
        const Complex zero{zero_re[lane], zero_im[lane]};
        const Complex one{one_re[lane], one_im[lane]};
        const Complex new_zero = m(0, 0) * zero + m(0, 1) * one;
        const Complex new_one = m(1, 0) * zero + m(1, 1) * one;
        zero_re[lane] = new_zero.real();
        zero_im[lane] = new_zero.imag();
        one_re[lane] = new_one.real();
        one_im[lane] = new_one.imag();
      }
    }
    if (gate.angle) ++angle;
  }
}

void Examples::fill_weights(std::size_t& angle) {
  const std::vector<Preparation>& sectors = binding_->program().sectors;
  std::fill(weights_.begin(), weights_.begin() + static_cast<std::ptrdiff_t>(width_), 1.0);
  for (std::size_t s = 0; s < sectors.size(); ++s) {
    prepare(sectors[s], angle);
    const double* zero = state_.data();  // [re, im][lane]
    const double* one = zero + 2 * width_;
    const std::size_t half = std::size_t{1} << s;
    for (std::size_t sector = 0; sector < half; ++sector) {
      double* low = weights_.data() + sector * width_;
      double* high = low + half * width_;
      for (std::size_t lane = 0; lane < width_; ++lane) {
        const double weight = low[lane];
        low[lane] = weight * (zero[lane] * zero[lane] + zero[width_ + lane] * zero[width_ + lane]);
        high[lane] = weight * (one[lane] * one[lane] + one[width_ + lane] * one[width_ + lane]);
      }
    }
  }
}

void Examples::fill_beside(std::size_t& angle) {
  const Program& program = binding_->program();
  std::fill(beside_.begin(), beside_.end(), 0.0);
  std::fill(beside_.begin(), beside_.begin() + static_cast<std::ptrdiff_t>(width_), 1.0);
  std::size_t filled = 1;
  for (std::size_t qubit = program.amplitude_qubits; qubit < program.qubits; ++qubit, filled *= 2) {
    prepare(program.preparations[qubit], angle);
    for (std::size_t k = filled; k-- > 0;) {
      for (std::size_t lane = 0; lane < width_; ++lane) {
        const Complex before{beside_[2 * k * width_ + lane], beside_[(2 * k + 1) * width_ + lane]};
        for (const std::size_t value : {1U, 0U}) {
          const Complex factor{state_[2 * value * width_ + lane], state_[(2 * value + 1) * width_ + lane]};
          const Complex product = before * factor;
          const std::size_t place = 2 * (2 * k + value) * width_ + lane;
          beside_[place] = product.real();
          beside_[place + width_] = product.imag();
        }
      }
    }
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
  if (program.qubits == program.amplitude_qubits && program.real_start) {  // nothing but the amplitudes
    kernels_->interleave(count, amplitudes_.data(), 2 * width_, start_.data());
    return;
  }
  kernels_->interleave(count, amplitudes_.data(), width_, columns_.data());
  const std::size_t others = beside_.size() / (2 * width_);
  double* place = start_.data();
  for (std::size_t k = 0; k < count; ++k) {
    const double* amplitude = columns_.data() + k * width_;
    const double* factor = beside_.data();
    for (std::size_t other = 0; other < others; ++other, factor += 2 * width_, place += 2 * width_) {
      for (std::size_t lane = 0; lane < width_; ++lane) {
        place[lane] = amplitude[lane] * factor[lane];
        if (!program.real_start) place[width_ + lane] = amplitude[lane] * factor[width_ + lane];
      }
    }
  }
}

void Examples::fill_matrices(std::size_t& angle) {
  const std::vector<Slot>& slots = binding_->program().slots;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    const Slot& slot = slots[s];
    if (!slot.depends_on_features) continue;
    const Eigen::Index size = Eigen::Index{1} << slot.qubits;
    std::size_t next = angle;
    for (std::size_t lane = 0; lane < width_; ++lane) {
      std::size_t place = lane;
      for (std::size_t variant = 0; variant < variant_count(slot.sector_mask); ++variant) {
        SmallMatrix matrix = identity(slot.qubits);
        const std::uint32_t sector = sector_of(variant, slot.sector_mask);
        next = angle;
        for (const SectoredGate& gate : slot.gates) {
          if (gate.condition.holds(sector))
            multiply_left(matrix, base_matrix(gate.gate.kind, half_angle(gate.gate, next, lane)), gate.gate);
          if (gate.gate.angle) ++next;
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
    angle = next;
  }
}

const double* Examples::by_lane(const std::vector<AlignedVector>& matrices, std::size_t slot,
                                std::uint32_t sector) const {
  const Slot& block = binding_->program().slots[slot];
  return matrices[slot].data() + variant_of(sector, block.sector_mask) * block.elements() * 2 * width_;
}

}  // namespace titrant::quantum
