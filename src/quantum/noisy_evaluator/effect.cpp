#include "effect.hpp"

#include <algorithm>
#include <complex>
#include <numeric>

#include "titrant/core/error.hpp"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
// Every number is a sum of products in one order, each rounded by itself: the same bits on each instruction set.
#define TITRANT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TITRANT_CLONES
#endif

namespace titrant::quantum {

namespace {

constexpr std::size_t most_values = std::size_t{1} << 27U;  // 1 GiB

TITRANT_CLONES void add_multiple(double factor, const double* from, double* to, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) to[k] += factor * from[k];
}

/// to[c] += sum_r matrix[r][c] from[r], of rows of `count` numbers each.
void add_product(const Eigen::MatrixXd& matrix, const std::vector<double>& from, std::vector<double>& to,
                 std::size_t count) {
  for (Eigen::Index c = 0; c < matrix.cols(); ++c) {
    for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
      const double factor = matrix(r, c);
      if (factor == 0.0) continue;
      add_multiple(factor, from.data() + static_cast<std::size_t>(r) * count,
                   to.data() + static_cast<std::size_t>(c) * count, count);
    }
  }
}

/// All numbers of digits from these lists, the first list the most significant; digits of 2 bits.
std::vector<std::size_t> products(const std::vector<const std::vector<std::size_t>*>& lists) {
  std::vector<std::size_t> numbers = {0};
  for (const std::vector<std::size_t>* list : lists) {
    std::vector<std::size_t> longer;
    for (const std::size_t number : numbers)
      for (const std::size_t digit : *list) longer.push_back(4 * number + digit);
    numbers = std::move(longer);
  }
  return numbers;
}

Eigen::MatrixXd chosen(const Eigen::MatrixXd& matrix, const std::vector<std::size_t>& rows,
                       const std::vector<std::size_t>& columns) {
  Eigen::MatrixXd part(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < columns.size(); ++c)
      part(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) =
          matrix(static_cast<Eigen::Index>(rows[r]), static_cast<Eigen::Index>(columns[c]));
  return part;
}

}  // namespace

Effect::Effect(std::size_t qubits, std::size_t result, std::size_t tangents)
    : paulis_(qubits, {0}), order_(qubits), values_(1 + tangents) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  paulis_[result] = {0, 3};
  values_[0] = {0.5, -0.5};
}

std::size_t Effect::size() const {
  std::size_t count = 1;
  for (const std::vector<std::size_t>& list : paulis_) {
    count *= list.size();
    if (count * values_.size() > most_values) {
      throw ConfigError("circuit: the effect under noise needs more than 1 GiB; count shots of single trajectories");
    }
  }
  return count;
}

/// Makes these qubits the slowest axes, in this order.
void Effect::bring_to_front(std::span<const std::size_t> qubits) {
  std::vector<std::size_t> wanted(qubits.begin(), qubits.end());
  for (const std::size_t qubit : order_)
    if (std::find(qubits.begin(), qubits.end(), qubit) == qubits.end()) wanted.push_back(qubit);
  if (wanted == order_) return;
  // Strides of the old numbers, walked in the new order.
  std::vector<std::size_t> stride(paulis_.size());
  std::size_t step = 1;
  for (auto qubit = order_.rbegin(); qubit != order_.rend(); ++qubit) {
    stride[*qubit] = step;
    step *= paulis_[*qubit].size();
  }
  std::vector<std::size_t> source = {0};
  source.reserve(size());
  for (const std::size_t qubit : wanted) {
    if (paulis_[qubit].size() == 1) continue;
    std::vector<std::size_t> longer;
    longer.reserve(source.size() * paulis_[qubit].size());
    for (const std::size_t number : source)
      for (std::size_t digit = 0; digit < paulis_[qubit].size(); ++digit)
        longer.push_back(number + digit * stride[qubit]);
    source = std::move(longer);
  }
  for (std::vector<double>& values : values_) {
    if (values.empty()) continue;
    std::vector<double> moved(values.size());
    for (std::size_t k = 0; k < source.size(); ++k) moved[k] = values[source[k]];
    values = std::move(moved);
  }
  order_ = std::move(wanted);
}

void Effect::pull_back(const BlockMatrices& block, std::span<const std::size_t> qubits) {
  bring_to_front(qubits);
  std::vector<const std::vector<std::size_t>*> lists;
  for (const std::size_t qubit : qubits) lists.push_back(&paulis_[qubit]);
  const std::vector<std::size_t> rows = products(lists);

  // Which Paulis come out for those that are there.
  std::vector<std::array<bool, 4>> shows(qubits.size(), {false, false, false, false});
  const auto note = [&](const Eigen::MatrixXd& matrix) {
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) {
      if (std::none_of(rows.begin(), rows.end(),
                       [&](std::size_t r) { return matrix(static_cast<Eigen::Index>(r), c) != 0.0; }))
        continue;
      for (std::size_t k = 0; k < qubits.size(); ++k)
        shows[k].at(static_cast<std::size_t>(c >> (2 * (qubits.size() - 1 - k))) & 3U) = true;
    }
  };
  note(block.matrix);
  for (const auto& [tangent, change] : block.change) note(change);
  const std::size_t rest = size() / rows.size();
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    std::vector<std::size_t>& list = paulis_[qubits[k]];
    list.clear();
    for (std::size_t pauli = 0; pauli < 4; ++pauli)
      if (shows[k].at(pauli)) list.push_back(pauli);
    if (list.empty()) list.push_back(0);
  }
  const std::vector<std::size_t> columns = products(lists);
  const std::size_t count = size();

  const Eigen::MatrixXd matrix = chosen(block.matrix, rows, columns);
  const std::vector<double> before = std::move(values_[0]);
  values_[0].assign(count, 0.0);
  add_product(matrix, before, values_[0], rest);
  for (std::size_t v = 1; v < values_.size(); ++v) {
    if (values_[v].empty()) continue;
    const std::vector<double> old = std::move(values_[v]);
    values_[v].assign(count, 0.0);
    add_product(matrix, old, values_[v], rest);
  }
  for (const auto& [tangent, change] : block.change) {
    std::vector<double>& values = values_[1 + tangent];
    if (values.empty()) values.assign(count, 0.0);
    add_product(chosen(change, rows, columns), before, values, rest);
  }
}

Eigen::MatrixXd Effect::real_part(std::size_t tangent, std::span<const std::size_t> qubits,
                                  std::span<const std::size_t> paulis_of_others) const {
  using Complex = std::complex<double>;
  const std::size_t n = qubits.size();
  const auto side = Eigen::Index{1} << n;
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(side, side);
  const std::vector<double>& values = values_[tangent];
  if (values.empty()) return matrix;
  std::vector<std::size_t> stride(paulis_.size());
  std::size_t step = 1;
  for (auto qubit = order_.rbegin(); qubit != order_.rend(); ++qubit) {
    stride[*qubit] = step;
    step *= paulis_[*qubit].size();
  }
  std::size_t base = 0;
  std::size_t other = 0;
  for (std::size_t qubit = 0; qubit < paulis_.size(); ++qubit) {
    if (std::find(qubits.begin(), qubits.end(), qubit) != qubits.end()) continue;
    const auto& list = paulis_[qubit];
    const auto found = std::find(list.begin(), list.end(), paulis_of_others[other++]);
    if (found == list.end()) return matrix;
    base += static_cast<std::size_t>(found - list.begin()) * stride[qubit];
  }
  // Coefficients by four digits a qubit, then digit by digit to elements 00, 01, 10, 11.
  std::vector<Complex> elements(std::size_t{1} << (2 * n), 0.0);
  const auto fill = [&](auto&& self, std::size_t k, std::size_t number, std::size_t place) -> void {
    if (k == n) {
      elements[number] = values[place];
      return;
    }
    const auto& list = paulis_[qubits[k]];
    for (std::size_t digit = 0; digit < list.size(); ++digit)
      self(self, k + 1, 4 * number + list[digit], place + digit * stride[qubits[k]]);
  };
  fill(fill, 0, 0, base);
  for (std::size_t width = 1; width < elements.size(); width *= 4) {
    for (std::size_t k = 0; k < elements.size(); ++k) {
      if (((k / width) & 3U) != 0) continue;
      Complex& i = elements[k];
      Complex& x = elements[k + width];
      Complex& y = elements[k + 2 * width];
      Complex& z = elements[k + 3 * width];
      const Complex turned(-y.imag(), y.real());  // i y
      const std::array<Complex, 4> element = {i + z, x - turned, x + turned, i - z};
      i = element[0];
      x = element[1];
      y = element[2];
      z = element[3];
    }
  }
  for (std::size_t number = 0; number < elements.size(); ++number) {
    std::size_t row = 0;
    std::size_t column = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t digit = (number >> (2 * (n - 1 - k))) & 3U;
      row = 2 * row + (digit >> 1U);
      column = 2 * column + (digit & 1U);
    }
    matrix(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) = elements[number].real();
  }
  return matrix;
}

}  // namespace titrant::quantum
