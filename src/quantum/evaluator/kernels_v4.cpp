// Everything that is not to be compiled for AVX-512 comes before the pragma.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,fma")
#endif

#include "kernel_templates.hpp"

namespace titrant::quantum {

namespace {

struct LanesV4 {
  using Vector = __m512d;
  static constexpr std::size_t width = 8;
  static constexpr std::size_t groups = 2;

  static Vector load(const double* from) { return _mm512_load_pd(from); }
  static void store(double* to, Vector v) { _mm512_store_pd(to, v); }
  static Vector all(double value) { return _mm512_set1_pd(value); }
  static Vector column(const double* const* from, std::size_t k) {
    return _mm512_set_pd(from[7][k], from[6][k], from[5][k], from[4][k], from[3][k], from[2][k], from[1][k],
                         from[0][k]);
  }
  // Shuffles of the compiler's own: those of immintrin.h read a variable that is never set, which GCC 12 warns of.
  static void columns(const double* const* from, std::size_t k, Vector* to) {
    Vector pair[4][2];  // [lanes 2 i and 2 i + 1][even or odd columns]
    for (std::size_t i = 0; i < 4; ++i) {
      const Vector a = _mm512_loadu_pd(from[2 * i] + k);
      const Vector b = _mm512_loadu_pd(from[2 * i + 1] + k);
      pair[i][0] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
      pair[i][1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (std::size_t j = 0; j < 2; ++j) {
      Vector four[2][2];  // [lanes 4 i to 4 i + 3][columns j and j + 4, or j + 2 and j + 6]
      for (std::size_t i = 0; i < 2; ++i) {
        four[i][0] = __builtin_shufflevector(pair[2 * i][j], pair[2 * i + 1][j], 0, 1, 8, 9, 4, 5, 12, 13);
        four[i][1] = __builtin_shufflevector(pair[2 * i][j], pair[2 * i + 1][j], 2, 3, 10, 11, 6, 7, 14, 15);
      }
      for (std::size_t half = 0; half < 2; ++half) {
        to[j + 2 * half] = __builtin_shufflevector(four[0][half], four[1][half], 0, 1, 2, 3, 8, 9, 10, 11);
        to[j + 2 * half + 4] = __builtin_shufflevector(four[0][half], four[1][half], 4, 5, 6, 7, 12, 13, 14, 15);
      }
    }
  }
  static Vector zero() { return _mm512_setzero_pd(); }
  static Vector add(Vector a, Vector b) { return _mm512_add_pd(a, b); }
  static Vector multiply(Vector a, Vector b) { return _mm512_mul_pd(a, b); }
  static Vector fused(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
  static Vector fused_minus(Vector a, Vector b, Vector c) { return _mm512_fnmadd_pd(a, b, c); }
};

Kernels make_v4() { return make_kernels<LanesV4>(); }

}  // namespace

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const Kernels& v4_kernels() {
  static const Kernels kernels = make_v4();
  return kernels;
}

}  // namespace titrant::quantum
#endif
