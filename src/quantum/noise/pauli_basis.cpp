#include "pauli_basis.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;

template <class Change>
void for_each_group(std::span<Complex> values, std::size_t stride, const Change& change) {
  for (std::size_t high = 0; high < values.size(); high += 4 * stride) {
    for (std::size_t low = high; low < high + stride; ++low)
      change(values[low], values[low + stride], values[low + 2 * stride], values[low + 3 * stride]);
  }
}

}  // namespace

DigitOrder::DigitOrder(std::size_t qubits) : spread_(std::size_t{1} << qubits, 0) {
  for (std::size_t number = 0; number < spread_.size(); ++number) {
    for (std::size_t bit = 0; bit < qubits; ++bit) spread_[number] |= ((number >> bit) & 1U) << (2 * bit);
  }
}

void elements_to_paulis(std::span<Complex> values, std::size_t stride, Complex y) {
  for_each_group(values, stride, [y](Complex& a, Complex& b, Complex& c, Complex& d) {
    const Complex sum = a + d;
    const Complex difference = a - d;
    const Complex turned = y * (b - c);
    b = b + c;
    a = sum;
    c = turned;
    d = difference;
  });
}

void paulis_to_elements(std::span<Complex> values, std::size_t stride) {
  for_each_group(values, stride, [](Complex& a, Complex& b, Complex& c, Complex& d) {
    const Complex zero = 0.5 * (a + d);
    const Complex one = 0.5 * (a - d);
    const Complex y = Complex(0.0, 0.5) * c;
    const Complex x = 0.5 * b;
    a = zero;
    b = x - y;
    c = x + y;
    d = one;
  });
}

}  // namespace titrant::quantum
