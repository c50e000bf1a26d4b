#include "local_operator.hpp"

#include <algorithm>
#include <utility>

#include "amplitudes.hpp"
#include "matrix_kernel.hpp"
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

  explicit Places(std::span<const std::size_t> masks) {
    for (std::size_t k = 0; k < masks.size(); ++k) {
      fixed |= masks[k];
      for (std::size_t value = 0; value < Size; ++value)
        if (((value >> (masks.size() - 1 - k)) & 1U) != 0U) offset[value] |= masks[k];
    }
  }
};

template <std::size_t Size>
void apply_monomial(std::span<Complex> amplitudes, std::span<const Complex> numbers,
                    std::span<const std::size_t> column, const Places<Size>& places) {
  std::array<Complex, Size> factor;
  for (std::size_t r = 0; r < Size; ++r) factor[r] = numbers[r * Size + column[r]];
  for_each_without(amplitudes.size(), places.fixed, [&](std::size_t k) {
    std::array<Complex, Size> group;
    for (std::size_t r = 0; r < Size; ++r) group[r] = times(factor[r], amplitudes[k | places.offset[column[r]]]);
    for (std::size_t r = 0; r < Size; ++r) amplitudes[k | places.offset[r]] = group[r];
  });
}

template <std::size_t Size>
void apply_general(std::span<Complex> amplitudes, std::span<const Complex> numbers, const Places<Size>& places) {
  multiply_amplitudes(numbers, places.offset, places.fixed, amplitudes);
}

/// A 2 x 2 matrix on one qubit, where all bits of `control` are set.
void apply_controlled(std::span<Complex> amplitudes, const std::array<Complex, 4>& m, std::size_t mask,
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
    multiply_amplitudes(m, std::array{control, fixed}, fixed, amplitudes);
  }
}

}  // namespace

LocalOperator::LocalOperator(const MatrixView& matrix) : size_(static_cast<std::size_t>(matrix.rows())) {
  while (std::size_t{1} << qubits_ < size_) ++qubits_;
  TITRANT_EXPECTS(qubits_ <= 3 && size_ == std::size_t{1} << qubits_ && matrix.cols() == matrix.rows());
  numbers_.reserve(size_ * size_);
  for (Eigen::Index r = 0; r < matrix.rows(); ++r)
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) numbers_.push_back(matrix(r, c));
  if (qubits_ == 0) return;
  controls_ = leading_controls();
  if (controls_ + 1 == qubits_) {
    kind_ = Kind::controlled;
  } else {
    kind_ = has_single_numbers() ? Kind::monomial : Kind::general;
  }
}

std::size_t LocalOperator::leading_controls() const {
  const auto is_kept = [this](std::size_t k) {
    for (std::size_t other = 0; other < size_; ++other) {
      const double expected = k == other ? 1.0 : 0.0;
      if (number(k, other) != expected || number(other, k) != expected) return false;
    }
    return true;
  };
  std::size_t kept = 0;  // rows and columns that are those of the identity
  while (kept < size_ && is_kept(kept)) ++kept;
  std::size_t controls = 0;
  while (controls + 1 < qubits_ && size_ - (size_ >> (controls + 1)) <= kept) ++controls;
  return controls;
}

/// Whether no row has more than one number that is not 0, whose place is then in `column_`.
bool LocalOperator::has_single_numbers() {
  for (std::size_t r = 0; r < size_; ++r) {
    bool found = false;
    for (std::size_t c = 0; c < size_; ++c) {
      if (number(r, c) == 0.0) continue;
      if (found) return false;
      found = true;
      column_.at(r) = c;
    }
  }
  return true;
}

const LocalOperator::Reduced* LocalOperator::given(std::size_t place, bool value) const {
  auto& entry = given_.at(2 * place + (value ? 1 : 0));
  if (!entry) entry = reduced(place, value);
  return entry->get();
}

std::shared_ptr<const LocalOperator::Reduced> LocalOperator::reduced(std::size_t place, bool value) const {
  const std::size_t bit = std::size_t{1} << (qubits_ - 1 - place);
  const auto inserted = [bit](std::size_t k, bool one) {
    return ((k & ~(bit - 1)) << 1U) | (one ? bit : 0) | (k & (bit - 1));
  };
  const std::size_t half = size_ / 2;
  std::array<bool, 2> possible{};  // values that it may have afterwards
  for (std::size_t c = 0; c < half; ++c)
    for (std::size_t r = 0; r < size_; ++r)
      if (number(r, inserted(c, value)) != 0.0) possible.at((r & bit) != 0 ? 1 : 0) = true;
  if (possible[0] && possible[1]) return nullptr;
  const bool after = possible[1];
  LocalMatrix block(static_cast<Eigen::Index>(half), static_cast<Eigen::Index>(half));
  for (std::size_t c = 0; c < half; ++c)
    for (std::size_t r = 0; r < half; ++r)
      block(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) =
          number(inserted(r, after), inserted(c, value));
  return std::make_shared<const Reduced>(Reduced{LocalOperator(block), after});
}

void LocalOperator::apply(std::span<Complex> amplitudes, std::span<const std::size_t> masks) const {
  TITRANT_EXPECTS(masks.size() == qubits_);
  if (kind_ == Kind::scalar) {
    if (numbers_[0] == 1.0) return;
    for (Complex& a : amplitudes) a = times(numbers_[0], a);
  } else if (kind_ == Kind::controlled) {
    std::size_t control = 0;
    for (std::size_t k = 0; k < controls_; ++k) control |= masks[k];
    const std::size_t r = size_ - 2;
    apply_controlled(amplitudes, {number(r, r), number(r, r + 1), number(r + 1, r), number(r + 1, r + 1)}, masks.back(),
                     control);
  } else if (kind_ == Kind::monomial) {
    if (qubits_ == 2) apply_monomial<4>(amplitudes, numbers_, column_, Places<4>(masks));
    if (qubits_ == 3) apply_monomial<8>(amplitudes, numbers_, column_, Places<8>(masks));
  } else {
    if (qubits_ == 2) apply_general(amplitudes, numbers_, Places<4>(masks));
    if (qubits_ == 3) apply_general(amplitudes, numbers_, Places<8>(masks));
  }
}

}  // namespace titrant::quantum
