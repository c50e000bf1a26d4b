#include <array>
#include <cmath>
#include <cstddef>

#include "kernel_templates.hpp"

namespace titrant::quantum {

namespace {

/// Two circuits side by side, in plain C++.
struct LanesBaseline {
  using Vector = std::array<double, 2>;
  static constexpr std::size_t width = 2;
  static constexpr std::size_t groups = 1;

  static Vector load(const double* from) { return {from[0], from[1]}; }
  static void store(double* to, Vector v) {
    to[0] = v[0];
    to[1] = v[1];
  }
  static Vector all(double value) { return {value, value}; }
  static Vector column(const double* const* from, std::size_t k) { return {from[0][k], from[1][k]}; }
  static void columns(const double* const* from, std::size_t k, Vector* to) {
    for (std::size_t j = 0; j < width; ++j) to[j] = column(from, k + j);
  }
  static Vector zero() { return {0.0, 0.0}; }
  static Vector add(Vector a, Vector b) { return {a[0] + b[0], a[1] + b[1]}; }
  static Vector multiply(Vector a, Vector b) { return {a[0] * b[0], a[1] * b[1]}; }
  static Vector fused(Vector a, Vector b, Vector c) { return {std::fma(a[0], b[0], c[0]), std::fma(a[1], b[1], c[1])}; }
  static Vector fused_minus(Vector a, Vector b, Vector c) { return fused({-a[0], -a[1]}, b, c); }
};

}  // namespace

const Kernels& baseline_kernels() {
  static const Kernels kernels = make_kernels<LanesBaseline>();
  return kernels;
}

}  // namespace titrant::quantum
