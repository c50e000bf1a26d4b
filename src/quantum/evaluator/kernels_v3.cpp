// Everything that is not to be compiled for AVX2 comes before the pragma.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

#include "kernel_templates.hpp"

namespace titrant::quantum {

namespace {

struct LanesV3 {
  using Vector = __m256d;
  static constexpr std::size_t width = 4;
  static constexpr std::size_t groups = 1;

  static Vector load(const double* from) { return _mm256_load_pd(from); }
  static void store(double* to, Vector v) { _mm256_store_pd(to, v); }
  static Vector all(double value) { return _mm256_set1_pd(value); }
  static Vector column(const double* const* from, std::size_t k) {
    return _mm256_set_pd(from[3][k], from[2][k], from[1][k], from[0][k]);
  }
  static void columns(const double* const* from, std::size_t k, Vector* to) {
    const Vector a = _mm256_loadu_pd(from[0] + k);
    const Vector b = _mm256_loadu_pd(from[1] + k);
    const Vector c = _mm256_loadu_pd(from[2] + k);
    const Vector d = _mm256_loadu_pd(from[3] + k);
    const Vector ab[2] = {_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b)};
    const Vector cd[2] = {_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d)};
    for (std::size_t j = 0; j < 2; ++j) {
      to[j] = _mm256_permute2f128_pd(ab[j], cd[j], 0x20);
      to[j + 2] = _mm256_permute2f128_pd(ab[j], cd[j], 0x31);
    }
  }
  static Vector zero() { return _mm256_setzero_pd(); }
  static Vector add(Vector a, Vector b) { return _mm256_add_pd(a, b); }
  static Vector multiply(Vector a, Vector b) { return _mm256_mul_pd(a, b); }
  static Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
  static Vector fused_minus(Vector a, Vector b, Vector c) { return _mm256_fnmadd_pd(a, b, c); }
};

Kernels make_v3() { return make_kernels<LanesV3>(); }

}  // namespace

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const Kernels& v3_kernels() {
  static const Kernels kernels = make_v3();
  return kernels;
}

}  // namespace titrant::quantum
#endif
