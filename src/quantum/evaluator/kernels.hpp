#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "program.hpp"
#include "titrant/quantum/isa.hpp"

namespace titrant::quantum {

/// The loops over amplitudes, compiled for one instruction set.
///
/// States are arrays [amplitude][re, im][lane]: `width` circuits side by side. Each lane undergoes the same operations
/// in the same order at any width, with fused multiply-adds where they are written, so that an example has the same
/// result in any lane, batch and instruction set. Matrices of D x D are (re, im) pairs row by row; [lane] where each
/// lane has its own. All arrays are aligned to 64 bytes.
struct Kernels {
  std::size_t width = 1;  ///< lanes

  /// Both out <- matrix in; `in` and `out` may be the same. Index: log2(D) - 1.
  using Apply = void (*)(const Addresses&, const double* matrix, const double* in, double* out);
  std::array<Apply, 2> apply{};
  std::array<Apply, 2> apply_real{};          ///< `in` has no imaginary parts yet
  std::array<Apply, 2> apply_staying_real{};  ///< nor does `out`
  std::array<Apply, 2> apply_by_lane{};       ///< matrix: [D * D][re, im][lane]
  std::array<Apply, 2> add{};                 ///< out += matrix in
  std::array<Apply, 2> add_by_lane{};

  /// Adds to `response` [D * D][lane] the moments of conj(lambda) and psi that Reverse is linear in: Im(conj(l_i) p_i),
  /// then for i < j: Im(conj(l_i) p_j + conj(l_j) p_i) and Re(conj(l_i) p_j - conj(l_j) p_i). Index: log2(D) - 1.
  using Correlate = void (*)(const Addresses&, const double* psi, const double* lambda, double* response);
  std::array<Correlate, 3> correlate{};

  /// The moments of psi in the order of Coefficients (tail.hpp): [D * D][lane].
  using Moments = void (*)(const Addresses&, const double* psi, double* moments);
  std::array<Moments, 4> moments{};
  /// The coefficients of Z Z^+ in them, Z having a column for each group: moments with those of pairs twice, `stride`
  /// doubles from one to the next.
  using Squares = void (*)(const Addresses&, const double* columns, std::size_t stride, double* coefficients);
  std::array<Squares, 4> squares{};

  /// lambda += weight E psi. weight: [lane].
  using Observe = void (*)(const Addresses&, const double* observable, const double* weight, const double* psi,
                           double* lambda);
  std::array<Observe, 3> observe{};

  /// out [k][lane] <- from [lane][k] for k < count; `stride` doubles of `out` from k to k + 1.
  void (*interleave)(std::size_t count, const double* const* from, std::size_t stride, double* out) = nullptr;

  /// Sine and cosine of `count` angles of absolute value at most `turn_limit`, to 1e-16: all [count][lane].
  void (*turn)(std::size_t count, const double* angle, double* sine, double* cosine) = nullptr;

  /// out += weight * sum_k coefficient[k] value[k]; value: [count][lane], weight (none: 1) and out: [lane].
  void (*contract)(std::size_t count, const double* coefficient, const double* value, const double* weight,
                   double* out) = nullptr;

  /// The same for each of `outputs` (a multiple of `output_block`) with weights. coefficient: [block of
  /// outputs][count][output of the block]; out: [output][lane].
  void (*contract_outputs)(std::size_t count, std::size_t outputs, const double* coefficient, const double* value,
                           const double* weight, double* out) = nullptr;

  /// out <- sum_i x_i sum_{j <= i} lower_ij x_j. lower: rows of the triangle one after the other; x: [size][lane];
  /// out: [lane].
  void (*quadratic)(std::size_t size, const double* lower, const double* x, double* out) = nullptr;
};

/// How far `Kernels::turn` reaches, in radians. Angles beyond it are rare and not worth a longer reduction.
inline constexpr double turn_limit = 0x1p20;

/// How many outputs Kernels::contract_outputs works on at once: a multiple of any number of lanes.
inline constexpr std::size_t output_block = 8;

/// Throws std::logic_error for a set that this binary does not have.
const Kernels& kernels_of(InstructionSet set);

const Kernels& baseline_kernels();
#if defined(__x86_64__)
const Kernels& v3_kernels();
const Kernels& v4_kernels();
#endif

}  // namespace titrant::quantum
