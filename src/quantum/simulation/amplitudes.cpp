#include "amplitudes.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;

/// Without the checks for infinities that std::complex makes.
inline Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Calls work(index) for every number below `size` whose bits of `fixed` are zero.
template <class Work>
void for_each_without(std::size_t size, std::size_t fixed, Work work) {
  // Numbers that agree from the lowest fixed bit upwards stand side by side.
  const std::size_t run = fixed & (~fixed + 1);
  for (std::size_t base = 0; base < size; base = ((base | fixed | (run - 1)) + 1) & ~fixed) {
    for (std::size_t k = base; k < base + run; ++k) work(k);
  }
}

struct Two {
  Complex a, b, c, d;  // [[a, b], [c, d]]
  bool diagonal() const { return b == 0.0 && c == 0.0; }
  bool flip() const { return a == 0.0 && d == 0.0 && b == 1.0 && c == 1.0; }
};

/// A 2 x 2 matrix on one qubit, where all bits of `control` are set.
void apply_two(std::span<Complex> amplitudes, const Two& m, std::size_t mask, std::size_t control) {
  const std::size_t fixed = mask | control;
  if (m.flip()) {
    for_each_without(amplitudes.size(), fixed,
                     [&](std::size_t k) { std::swap(amplitudes[k | control], amplitudes[k | fixed]); });
  } else if (m.diagonal()) {
    const bool first = m.a != 1.0;
    if (!first && m.d == 1.0) return;
    for_each_without(amplitudes.size(), fixed, [&](std::size_t k) {
      if (first) amplitudes[k | control] = times(m.a, amplitudes[k | control]);
      amplitudes[k | fixed] = times(m.d, amplitudes[k | fixed]);
    });
  } else {
    for_each_without(amplitudes.size(), fixed, [&](std::size_t k) {
      const Complex zero = amplitudes[k | control];
      const Complex one = amplitudes[k | fixed];
      amplitudes[k | control] = times(m.a, zero) + times(m.b, one);
      amplitudes[k | fixed] = times(m.c, zero) + times(m.d, one);
    });
  }
}

/// Where the amplitudes of a few qubits are: those of group k at k | offset[value of the qubits].
template <std::size_t Size>
struct Grouped {
  std::array<std::size_t, Size> offset{};
  std::size_t fixed = 0;

  explicit Grouped(std::span<const std::size_t> masks) {
    for (std::size_t k = 0; k < masks.size(); ++k) {
      fixed |= masks[k];
      for (std::size_t value = 0; value < Size; ++value)
        if (((value >> (masks.size() - 1 - k)) & 1U) != 0U) offset[value] |= masks[k];
    }
  }
};

/// A matrix with one number in each row: diagonals, permutations and their products.
template <std::size_t Size>
struct Monomial {
  std::array<std::size_t, Size> column{};
  std::array<Complex, Size> factor{};

  static std::optional<Monomial> of(const Matrix& matrix) {
    Monomial result;
    for (std::size_t r = 0; r < Size; ++r) {
      std::size_t found = 0;
      for (std::size_t c = 0; c < Size; ++c) {
        const Complex entry = matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c));
        if (entry == 0.0) continue;
        if (++found > 1) return std::nullopt;
        result.column[r] = c;
        result.factor[r] = entry;
      }
    }
    return result;
  }

  void apply(std::span<Complex> amplitudes, const Grouped<Size>& grouped) const {
    for_each_without(amplitudes.size(), grouped.fixed, [&](std::size_t k) {
      std::array<Complex, Size> group;
      for (std::size_t r = 0; r < Size; ++r) group[r] = times(factor[r], amplitudes[k | grouped.offset[column[r]]]);
      for (std::size_t r = 0; r < Size; ++r) amplitudes[k | grouped.offset[r]] = group[r];
    });
  }
};

template <std::size_t Size>
void apply_general(std::span<Complex> amplitudes, const Matrix& matrix, const Grouped<Size>& grouped) {
  std::array<Complex, Size * Size> entries;
  for (std::size_t r = 0; r < Size; ++r)
    for (std::size_t c = 0; c < Size; ++c)
      entries[r * Size + c] = matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c));
  for_each_without(amplitudes.size(), grouped.fixed, [&](std::size_t k) {
    std::array<Complex, Size> group;
    for (std::size_t c = 0; c < Size; ++c) group[c] = amplitudes[k | grouped.offset[c]];
    for (std::size_t r = 0; r < Size; ++r) {
      Complex sum = times(entries[r * Size], group[0]);
      for (std::size_t c = 1; c < Size; ++c) sum += times(entries[r * Size + c], group[c]);
      amplitudes[k | grouped.offset[r]] = sum;
    }
  });
}

bool is_one(const Matrix& matrix, Eigen::Index r, Eigen::Index c) { return matrix(r, c) == (r == c ? 1.0 : 0.0); }

/// How many of the first qubits only control: the matrix is the identity unless all of them are 1.
std::size_t leading_controls(const Matrix& matrix, std::size_t qubits) {
  Eigen::Index kept = 0;  // rows and columns that are those of the identity
  const auto is_kept = [&matrix](Eigen::Index k) {
    for (Eigen::Index other = 0; other < matrix.rows(); ++other)
      if (!is_one(matrix, k, other) || !is_one(matrix, other, k)) return false;
    return true;
  };
  while (kept < matrix.rows() && is_kept(kept)) ++kept;
  std::size_t controls = 0;
  while (controls + 1 < qubits && matrix.rows() - (matrix.rows() >> (controls + 1)) <= kept) ++controls;
  return controls;
}

void multiply_all(std::span<Complex> amplitudes, Complex factor) {
  if (factor == 1.0) return;
  for (Complex& a : amplitudes) a = times(factor, a);
}

template <std::size_t Size>
void apply_sized(std::span<Complex> amplitudes, const Matrix& matrix, std::span<const std::size_t> masks) {
  const Grouped<Size> grouped(masks);
  if (const auto single = Monomial<Size>::of(matrix)) {
    single->apply(amplitudes, grouped);
  } else {
    apply_general<Size>(amplitudes, matrix, grouped);
  }
}

}  // namespace

void apply_matrix(std::span<Complex> amplitudes, const Matrix& matrix, std::span<const std::size_t> masks) {
  const std::size_t qubits = masks.size();
  TITRANT_EXPECTS(qubits <= 3 && matrix.rows() == (Eigen::Index{1} << qubits));
  if (qubits == 0) {
    multiply_all(amplitudes, matrix(0, 0));
    return;
  }
  const std::size_t controls = leading_controls(matrix, qubits);
  if (controls + 1 == qubits) {
    std::size_t control = 0;
    for (std::size_t k = 0; k < controls; ++k) control |= masks[k];
    const auto corner = matrix.bottomRightCorner(2, 2);
    apply_two(amplitudes, {corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 1)}, masks.back(), control);
  } else if (qubits == 2) {
    apply_sized<4>(amplitudes, matrix, masks);
  } else {
    apply_sized<8>(amplitudes, matrix, masks);
  }
}

double weight_of(std::span<const Complex> amplitudes, std::size_t mask, bool value) {
  double sum = 0.0;
  const std::size_t offset = value ? mask : 0;
  for_each_without(amplitudes.size(), mask, [&](std::size_t k) {
    const Complex a = amplitudes[k | offset];
    sum += a.real() * a.real() + a.imag() * a.imag();
  });
  return sum;
}

}  // namespace titrant::quantum
