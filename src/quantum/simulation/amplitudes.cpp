#include "amplitudes.hpp"

#include "local_operator.hpp"

namespace titrant::quantum {

void apply_matrix(std::span<std::complex<double>> amplitudes, const Matrix& matrix,
                  std::span<const std::size_t> masks) {
  LocalOperator(matrix).apply(amplitudes, masks);
}

double weight_of(std::span<const std::complex<double>> amplitudes, std::size_t mask, bool value) {
  double sum = 0.0;
  const std::size_t offset = value ? mask : 0;
  for_each_without(amplitudes.size(), mask, [&](std::size_t k) {
    const std::complex<double> a = amplitudes[k | offset];
    sum += a.real() * a.real() + a.imag() * a.imag();
  });
  return sum;
}

}  // namespace titrant::quantum
