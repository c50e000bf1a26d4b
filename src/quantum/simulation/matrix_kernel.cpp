#include "matrix_kernel.hpp"

#include <array>
#include <cstring>

#include "amplitudes.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/isa.hpp"

#if defined(__x86_64__)
#define TITRANT_TARGET(set) __attribute__((target(set)))
#endif

namespace titrant::quantum {

namespace {

/// `lanes` complex numbers side by side, re and im in turn.
template <std::size_t lanes>
using Vector [[gnu::vector_size(2 * lanes * sizeof(double))]] = double;

/// i z: (-im, re) of each.
template <std::size_t lanes>
[[gnu::always_inline]] inline void turn(const Vector<lanes>& z, Vector<lanes>& result) {
  if constexpr (lanes == 1) {
    result = __builtin_shufflevector(z, z, 1, 0) * Vector<1>{-1.0, 1.0};
  } else if constexpr (lanes == 2) {
    result = __builtin_shufflevector(z, z, 1, 0, 3, 2) * Vector<2>{-1.0, 1.0, -1.0, 1.0};
  } else {
    result =
        __builtin_shufflevector(z, z, 1, 0, 3, 2, 5, 4, 7, 6) * Vector<4>{-1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0};
  }
}

/// The product for groups whose amplitudes of one value stand side by side, `lanes` of them or a multiple.
template <std::size_t size, std::size_t lanes>
[[gnu::always_inline]] inline void multiply(const double* numbers, const std::size_t* offset, std::size_t fixed,
                                            double* amplitudes, std::size_t count) {
  const std::size_t run = fixed & (~fixed + 1);
  for (std::size_t base = 0; base < count; base = ((base | fixed | (run - 1)) + 1) & ~fixed) {
    for (std::size_t k = base; k < base + run; k += lanes) {
      Vector<lanes> in[size];
      Vector<lanes> in_turned[size];
      for (std::size_t c = 0; c < size; ++c) {
        std::memcpy(&in[c], amplitudes + 2 * (k | offset[c]), sizeof(in[c]));
        turn<lanes>(in[c], in_turned[c]);
      }
      for (std::size_t r = 0; r < size; ++r) {
        const double* row = numbers + 2 * size * r;
        Vector<lanes> sum = row[0] * in[0] + row[1] * in_turned[0];
        for (std::size_t c = 1; c < size; ++c) sum += row[2 * c] * in[c] + row[2 * c + 1] * in_turned[c];
        std::memcpy(amplitudes + 2 * (k | offset[r]), &sum, sizeof(sum));
      }
    }
  }
}

/// At most `widest` lanes: qubits in the lowest places of a number leave fewer side by side.
template <std::size_t size, std::size_t widest>
[[gnu::always_inline]] inline void multiply_runs(const double* numbers, const std::size_t* offset, std::size_t fixed,
                                                 double* amplitudes, std::size_t count) {
  const std::size_t run = fixed & (~fixed + 1);
  if constexpr (widest > 2) {
    if (run >= 4) return multiply<size, 4>(numbers, offset, fixed, amplitudes, count);
  }
  if constexpr (widest > 1) {
    if (run >= 2) return multiply<size, 2>(numbers, offset, fixed, amplitudes, count);
  }
  multiply<size, 1>(numbers, offset, fixed, amplitudes, count);
}

template <std::size_t widest>
[[gnu::always_inline]] inline void multiply_any(std::size_t size, const double* numbers, const std::size_t* offset,
                                                std::size_t fixed, double* amplitudes, std::size_t count) {
  if (size == 2) return multiply_runs<2, widest>(numbers, offset, fixed, amplitudes, count);
  if (size == 4) return multiply_runs<4, widest>(numbers, offset, fixed, amplitudes, count);
  multiply_runs<8, widest>(numbers, offset, fixed, amplitudes, count);
}

using MatrixProduct = void (*)(std::size_t, const double*, const std::size_t*, std::size_t, double*, std::size_t);

void multiply_baseline(std::size_t size, const double* numbers, const std::size_t* offset, std::size_t fixed,
                       double* amplitudes, std::size_t count) {
  multiply_any<1>(size, numbers, offset, fixed, amplitudes, count);
}

#if defined(__x86_64__)
TITRANT_TARGET("avx2")
void multiply_v3(std::size_t size, const double* numbers, const std::size_t* offset, std::size_t fixed,
                 double* amplitudes, std::size_t count) {
  multiply_any<2>(size, numbers, offset, fixed, amplitudes, count);
}

TITRANT_TARGET("avx512f,avx512dq")
void multiply_v4(std::size_t size, const double* numbers, const std::size_t* offset, std::size_t fixed,
                 double* amplitudes, std::size_t count) {
  multiply_any<4>(size, numbers, offset, fixed, amplitudes, count);
}
#endif

MatrixProduct selected_matrix_product() {
#if defined(__x86_64__)
  if (selected_instruction_set() == InstructionSet::v4) return multiply_v4;
  if (selected_instruction_set() == InstructionSet::v3) return multiply_v3;
#endif
  return multiply_baseline;
}

}  // namespace

void multiply_amplitudes(std::span<const std::complex<double>> numbers, std::span<const std::size_t> offset,
                         std::size_t fixed, std::span<std::complex<double>> amplitudes) {
  const std::size_t size = offset.size();
  TITRANT_EXPECTS((size == 2 || size == 4 || size == 8) && numbers.size() == size * size);
  // A complex number is two doubles in a row ([complex.numbers.general] of the standard).
  selected_matrix_product()(size, reinterpret_cast<const double*>(numbers.data()), offset.data(), fixed,
                            reinterpret_cast<double*>(amplitudes.data()), amplitudes.size());
}

}  // namespace titrant::quantum
