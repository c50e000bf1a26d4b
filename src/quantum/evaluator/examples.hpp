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

  /// Amplitude `k` of the qubits without amplitude input, as prepared for the example that was filled in last.
  Complex beside(std::size_t k) const { return product_[k]; }

  /// The probability of a sector: [lane].
  const double* weight(std::uint32_t sector) const { return weights_.data() + sector * width_; }

  /// The matrix of a slot that depends on features, and its adjoint: [D * D][re, im][lane].
  const double* matrix(std::size_t slot, std::uint32_t sector) const { return by_lane(matrices_, slot, sector); }
  const double* adjoint(std::size_t slot, std::uint32_t sector) const { return by_lane(adjoints_, slot, sector); }

 private:
  void fill_weights(const Input& input, std::size_t lane);
  void fill_beside(const Input& input, std::size_t lane);
  void fill_start(std::span<const Input> inputs);
  void fill_matrices(const Input& input, std::size_t lane);
  const double* by_lane(const std::vector<AlignedVector>& matrices, std::size_t slot, std::uint32_t sector) const;

  const Binding* binding_;
  const Kernels* kernels_;
  std::size_t width_;
  AlignedVector start_;
  AlignedVector weights_;                ///< [sector][lane]
  std::vector<AlignedVector> matrices_;  ///< [slot][variant][D * D][re, im][lane]
  std::vector<AlignedVector> adjoints_;
  std::vector<Complex> product_;           ///< of the qubits without amplitude input
  AlignedVector beside_;                   ///< the same for all lanes: [k][re, im][lane]
  std::vector<const double*> amplitudes_;  ///< [lane]
  AlignedVector columns_;                  ///< the amplitudes: [k][lane]
};

}  // namespace titrant::quantum
