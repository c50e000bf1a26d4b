#include "local_operator.hpp"

#include <algorithm>
#include <utility>

#include "amplitudes.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;

/// Without the checks for infinities that std::complex makes.
inline Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Where the amplitudes of a few qubits are: those of group k at k | offset[value of the qubits].
template <std::size_t Size>
struct Places {
  std::array<std::size_t, Size> offset{};
  std::size_t fixed = 0;

  Places(std::array<std::size_t, Size> at, std::size_t all) : offset(at), fixed(all) {}
  explicit Places(std::span<const std::size_t> masks) {
    for (std::size_t k = 0; k < masks.size(); ++k) {
      fixed |= masks[k];
      for (std::size_t value = 0; value < Size; ++value)
        if (((value >> (masks.size() - 1 - k)) & 1U) != 0U) offset[value] |= masks[k];
    }
  }
};

template <std::size_t Size>
void apply_monomial(std::span<Complex> amplitudes, std::span<const Complex> factor, std::span<const std::size_t> column,
                    const Places<Size>& places) {
  for_each_without(amplitudes.size(), places.fixed, [&](std::size_t k) {
    std::array<Complex, Size> group;
    for (std::size_t r = 0; r < Size; ++r) group[r] = times(factor[r], amplitudes[k | places.offset[column[r]]]);
    for (std::size_t r = 0; r < Size; ++r) amplitudes[k | places.offset[r]] = group[r];
  });
}

template <std::size_t Size>
void apply_general(std::span<Complex> amplitudes, std::span<const Complex> numbers, const Places<Size>& places) {
  std::array<Complex, Size * Size> entries;
  std::copy_n(numbers.begin(), entries.size(), entries.begin());
  for_each_without(amplitudes.size(), places.fixed, [&](std::size_t k) {
    std::array<Complex, Size> group;
    for (std::size_t c = 0; c < Size; ++c) group[c] = amplitudes[k | places.offset[c]];
    for (std::size_t r = 0; r < Size; ++r) {
      Complex sum = times(entries[r * Size], group[0]);
      for (std::size_t c = 1; c < Size; ++c) sum += times(entries[r * Size + c], group[c]);
      amplitudes[k | places.offset[r]] = sum;
    }
  });
}

/// A 2 x 2 matrix on one qubit, where all bits of `control` are set.
void apply_controlled(std::span<Complex> amplitudes, std::span<const Complex> m, std::size_t mask,
                      std::size_t control) {
  const std::size_t fixed = mask | control;
  if (m[1] == 0.0 && m[2] == 0.0) {
    const bool first = m[0] != 1.0;
    if (!first && m[3] == 1.0) return;
    for_each_without(amplitudes.size(), fixed, [&](std::size_t k) {
      if (first) amplitudes[k | control] = times(m[0], amplitudes[k | control]);
      amplitudes[k | fixed] = times(m[3], amplitudes[k | fixed]);
    });
  } else if (m[0] == 0.0 && m[3] == 0.0 && m[1] == 1.0 && m[2] == 1.0) {
    for_each_without(amplitudes.size(), fixed,
                     [&](std::size_t k) { std::swap(amplitudes[k | control], amplitudes[k | fixed]); });
  } else {
    apply_general<2>(amplitudes, m, Places<2>({control, fixed}, fixed));
  }
}

/// How many of the first qubits only control: the matrix is the identity unless all of them are 1.
std::size_t leading_controls(const MatrixView& matrix, std::size_t qubits) {
  const auto is_kept = [&matrix](Eigen::Index k) {
    for (Eigen::Index other = 0; other < matrix.rows(); ++other) {
      const double expected = k == other ? 1.0 : 0.0;
      if (matrix(k, other) != expected || matrix(other, k) != expected) return false;
    }
    return true;
  };
  Eigen::Index kept = 0;  // rows and columns that are those of the identity
  while (kept < matrix.rows() && is_kept(kept)) ++kept;
  std::size_t controls = 0;
  while (controls + 1 < qubits && matrix.rows() - (matrix.rows() >> (controls + 1)) <= kept) ++controls;
  return controls;
}

}  // namespace

LocalOperator::LocalOperator(const MatrixView& matrix) {
  while ((Eigen::Index{1} << qubits_) < matrix.rows()) ++qubits_;
  TITRANT_EXPECTS(qubits_ <= 3 && matrix.rows() == (Eigen::Index{1} << qubits_) && matrix.cols() == matrix.rows());
  reduce(matrix);
  controls_ = leading_controls(matrix, qubits_);
  const auto numbers_in_row = [&matrix](Eigen::Index r) { return (matrix.row(r).array() != 0.0).count(); };
  Eigen::Index most = 0;
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) most = std::max(most, numbers_in_row(r));
  const auto add_row = [this](const auto& row) { numbers_.insert(numbers_.end(), row.begin(), row.end()); };
  if (qubits_ == 0) {
    numbers_ = {matrix(0, 0)};
  } else if (controls_ + 1 == qubits_) {
    kind_ = Kind::controlled;
    for (Eigen::Index r = matrix.rows() - 2; r < matrix.rows(); ++r) add_row(matrix.row(r).tail(2));
  } else if (most <= 1) {
    kind_ = Kind::monomial;
    for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
      Eigen::Index column = 0;
      matrix.row(r).cwiseAbs().maxCoeff(&column);
      column_.at(static_cast<std::size_t>(r)) = static_cast<std::size_t>(column);
      numbers_.push_back(matrix(r, column));
    }
  } else {
    kind_ = Kind::general;
    for (Eigen::Index r = 0; r < matrix.rows(); ++r) add_row(matrix.row(r));
  }
}

/// Finds `given_`: what the columns with one value of a qubit lead to.
void LocalOperator::reduce(const MatrixView& matrix) {
  for (std::size_t place = 0; place < qubits_; ++place) {
    const Eigen::Index bit = Eigen::Index{1} << (qubits_ - 1 - place);
    const auto inserted = [bit](Eigen::Index k, bool value) {
      return ((k & ~(bit - 1)) << 1U) | (value ? bit : 0) | (k & (bit - 1));
    };
    const Eigen::Index half = matrix.rows() / 2;
    for (const bool value : {false, true}) {
      std::array<bool, 2> possible{};  // values that it may have afterwards
      for (Eigen::Index c = 0; c < half; ++c)
        for (Eigen::Index r = 0; r < matrix.rows(); ++r)
          if (matrix(r, inserted(c, value)) != 0.0) possible.at((r & bit) != 0 ? 1 : 0) = true;
      if (possible[0] && possible[1]) continue;
      const bool after = possible[1];
      LocalMatrix block(half, half);
      for (Eigen::Index c = 0; c < half; ++c)
        for (Eigen::Index r = 0; r < half; ++r) block(r, c) = matrix(inserted(r, after), inserted(c, value));
      given_.at(2 * place + (value ? 1 : 0)) = std::make_shared<const Reduced>(Reduced{LocalOperator(block), after});
    }
  }
}

void LocalOperator::apply(std::span<Complex> amplitudes, std::span<const std::size_t> masks) const {
  TITRANT_EXPECTS(masks.size() == qubits_);
  if (kind_ == Kind::scalar) {
    if (numbers_[0] == 1.0) return;
    for (Complex& a : amplitudes) a = times(numbers_[0], a);
  } else if (kind_ == Kind::controlled) {
    std::size_t control = 0;
    for (std::size_t k = 0; k < controls_; ++k) control |= masks[k];
    apply_controlled(amplitudes, numbers_, masks.back(), control);
  } else if (kind_ == Kind::monomial) {
    if (qubits_ == 2) apply_monomial<4>(amplitudes, numbers_, column_, Places<4>(masks));
    if (qubits_ == 3) apply_monomial<8>(amplitudes, numbers_, column_, Places<8>(masks));
  } else {
    if (qubits_ == 2) apply_general<4>(amplitudes, numbers_, Places<4>(masks));
    if (qubits_ == 3) apply_general<8>(amplitudes, numbers_, Places<8>(masks));
  }
}

}  // namespace titrant::quantum
