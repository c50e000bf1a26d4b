#include "matrix_product.hpp"

#include <array>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace benchmarks {

namespace {

using titrant::quantum::InstructionSet;

constexpr std::size_t depth = 96;

/// A: [depth][rows], B: [depth][columns], C: [columns][rows].
template <std::size_t rows, std::size_t columns>
struct Matrices {
  alignas(64) std::array<double, depth * rows> a;
  alignas(64) std::array<double, depth * columns> b;
  alignas(64) std::array<double, rows * columns> c{};
  Matrices() {
    a.fill(0.5);
    b.fill(1e-3);
  }
};

/// The shape of the block of C that fills the registers.
constexpr std::size_t v4_rows = 24;
constexpr std::size_t v4_columns = 8;
constexpr std::size_t v3_rows = 12;
constexpr std::size_t v3_columns = 4;
constexpr std::size_t baseline_rows = 4;
constexpr std::size_t baseline_columns = 4;

double multiply_baseline() {
  static Matrices<baseline_rows, baseline_columns> m;
  std::array<double, baseline_rows* baseline_columns> sum = m.c;
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t column = 0; column < baseline_columns; ++column) {
      for (std::size_t row = 0; row < baseline_rows; ++row) {
        double& s = sum[column * baseline_rows + row];
        s = std::fma(m.a[k * baseline_rows + row], m.b[k * baseline_columns + column], s);
      }
    }
  }
  m.c = sum;
  return m.c[0];
}

#if defined(__x86_64__)
__attribute__((target("avx512f,fma"))) double multiply_v4() {
  static Matrices<v4_rows, v4_columns> m;
  __m512d sum[v4_columns][3];
#pragma GCC unroll 8
  for (std::size_t column = 0; column < v4_columns; ++column) {
#pragma GCC unroll 3
    for (std::size_t part = 0; part < 3; ++part) sum[column][part] = _mm512_load_pd(&m.c[column * v4_rows + 8 * part]);
  }
  for (std::size_t k = 0; k < depth; ++k) {
    const double* a = &m.a[k * v4_rows];
    const __m512d a0 = _mm512_load_pd(a);
    const __m512d a1 = _mm512_load_pd(a + 8);
    const __m512d a2 = _mm512_load_pd(a + 16);
#pragma GCC unroll 8
    for (std::size_t column = 0; column < v4_columns; ++column) {
      const __m512d b = _mm512_set1_pd(m.b[k * v4_columns + column]);
      sum[column][0] = _mm512_fmadd_pd(a0, b, sum[column][0]);
      sum[column][1] = _mm512_fmadd_pd(a1, b, sum[column][1]);
      sum[column][2] = _mm512_fmadd_pd(a2, b, sum[column][2]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t column = 0; column < v4_columns; ++column) {
#pragma GCC unroll 3
    for (std::size_t part = 0; part < 3; ++part) _mm512_store_pd(&m.c[column * v4_rows + 8 * part], sum[column][part]);
  }
  return m.c[0];
}

__attribute__((target("avx2,fma"))) double multiply_v3() {
  static Matrices<v3_rows, v3_columns> m;
  __m256d sum[v3_columns][3];
#pragma GCC unroll 4
  for (std::size_t column = 0; column < v3_columns; ++column) {
#pragma GCC unroll 3
    for (std::size_t part = 0; part < 3; ++part) sum[column][part] = _mm256_load_pd(&m.c[column * v3_rows + 4 * part]);
  }
  for (std::size_t k = 0; k < depth; ++k) {
    const double* a = &m.a[k * v3_rows];
    const __m256d a0 = _mm256_load_pd(a);
    const __m256d a1 = _mm256_load_pd(a + 4);
    const __m256d a2 = _mm256_load_pd(a + 8);
#pragma GCC unroll 4
    for (std::size_t column = 0; column < v3_columns; ++column) {
      const __m256d b = _mm256_set1_pd(m.b[k * v3_columns + column]);
      sum[column][0] = _mm256_fmadd_pd(a0, b, sum[column][0]);
      sum[column][1] = _mm256_fmadd_pd(a1, b, sum[column][1]);
      sum[column][2] = _mm256_fmadd_pd(a2, b, sum[column][2]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t column = 0; column < v3_columns; ++column) {
#pragma GCC unroll 3
    for (std::size_t part = 0; part < 3; ++part) _mm256_store_pd(&m.c[column * v3_rows + 4 * part], sum[column][part]);
  }
  return m.c[0];
}
#endif

}  // namespace

std::size_t matrix_product_operations(InstructionSet set) {
  if (set == InstructionSet::v4) return 2 * depth * v4_rows * v4_columns;
  if (set == InstructionSet::v3) return 2 * depth * v3_rows * v3_columns;
  return 2 * depth * baseline_rows * baseline_columns;
}

double multiply_matrices(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::v4) return multiply_v4();
  if (set == InstructionSet::v3) return multiply_v3();
#endif
  return multiply_baseline();
}

}  // namespace benchmarks
