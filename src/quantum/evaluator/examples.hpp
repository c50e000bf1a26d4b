#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "binding.hpp"
#include "kernels.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::quantum {

inline constexpr std::size_t alignment = 64;  // bytes: the widest vector, and a cache line
using AlignedVector = std::vector<double, boost::alignment::aligned_allocator<double, alignment>>;

/// What a circuit needs of a few examples, side by side in lanes. Made once per call, filled again for every few.
class Examples {
 public:
  Examples(const Binding& binding, const Kernels& kernels);

  /// One to `width` examples; lanes left over repeat the last.
  void fill(std::span<const Input> inputs);

  /// [amplitude][re, im][lane]; without imaginary parts where the program starts real. A pass may overwrite it.
  double* start() { return start_.data(); }

  /// The prepared state of the qubits without amplitude input: [k][re, im][lane].
  const double* beside() const { return beside_.data(); }

  /// The probability of a sector: [lane].
  const double* weight(std::uint32_t sector) const { return weights_.data() + sector * width_; }

  /// The matrix of a slot that depends on features, and its adjoint: [D * D][re, im][lane].
  const double* matrix(std::size_t slot, std::uint32_t sector) const { return by_lane(matrices_, slot, sector); }
  const double* adjoint(std::size_t slot, std::uint32_t sector) const { return by_lane(adjoints_, slot, sector); }

 private:
  /// The angles that depend on examples, in the order in which the gates are met below: of the sector qubits, of the
  /// qubits beside the amplitudes, of the slots.
  void list_angles();
  void fill_angles(std::span<const Input> inputs);
  void fill_weights(std::size_t& angle);
  void fill_beside(std::size_t& angle);
  void fill_matrices(std::size_t& angle);
  void fill_start(std::span<const Input> inputs);

  /// Prepares one qubit in state_; `angle` goes on by the angles of its gates.
  void prepare(const Preparation& preparation, std::size_t& angle);
  HalfAngle half_angle(const ControlledGate& gate, std::size_t angle, std::size_t lane) const;
  const double* by_lane(const std::vector<AlignedVector>& matrices, std::size_t slot, std::uint32_t sector) const;

  const Binding* binding_;
  const Kernels* kernels_;
  std::size_t width_;
  AlignedVector start_;
  AlignedVector weights_;                ///< [sector][lane]
  std::vector<AlignedVector> matrices_;  ///< [slot][variant][D * D][re, im][lane]
  std::vector<AlignedVector> adjoints_;
  AlignedVector beside_;
  std::vector<const Angle*> angles_;
  AlignedVector half_angles_;  ///< [angle][lane]; below their sines and cosines
  AlignedVector sines_;
  AlignedVector cosines_;
  AlignedVector state_;                    ///< of one qubit: [amplitude][re, im][lane]
  std::vector<const double*> amplitudes_;  ///< [lane]
  AlignedVector columns_;                  ///< the amplitudes: [k][lane]
};

}  // namespace titrant::quantum
