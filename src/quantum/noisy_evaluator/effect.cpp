#include "effect.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

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

/// Digits I, X, Y', Z of one qubit to elements 00, 01, 10, 11, where `width` numbers lie between two digits.
TITRANT_CLONES void paulis_to_elements(double* numbers, std::size_t count, std::size_t width) {
  for (std::size_t begin = 0; begin < count; begin += 4 * width) {
    double* const i = numbers + begin;
    double* const x = i + width;
    double* const y = x + width;
    double* const z = y + width;
    for (std::size_t k = 0; k < width; ++k) {
      const double sum = i[k] + z[k];
      const double difference = i[k] - z[k];
      const double upper = x[k] + y[k];
      const double lower = x[k] - y[k];
      i[k] = sum;
      x[k] = upper;
      y[k] = lower;
      z[k] = difference;
    }
  }
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
  for (std::size_t k = order_.size(); k-- > 0;) {
    stride[order_[k]] = step;
    step *= paulis_[order_[k]].size();
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
    spare_.resize(values.size());
    for (std::size_t k = 0; k < source.size(); ++k) spare_[k] = values[source[k]];
    values.swap(spare_);
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
    spare_.assign(count, 0.0);
    add_product(matrix, values_[v], spare_, rest);
    values_[v].swap(spare_);
  }
  for (const auto& [tangent, change] : block.change) {
    std::vector<double>& values = values_[1 + tangent];
    if (values.empty()) values.assign(count, 0.0);
    add_product(chosen(change, rows, columns), before, values, rest);
  }
}

/// Where the values of all Pauli products on `qubits` are, with the others at fixed Paulis. Y = -i Y' with Y' real, so
/// products with an odd number of Y have no real part, and 2m of them come with the sign (-1)^m.
Effect::Places Effect::places_of(std::span<const std::size_t> qubits,
                                 std::span<const std::size_t> paulis_of_others) const {
  std::vector<std::size_t> stride(paulis_.size());
  std::size_t step = 1;
  for (std::size_t k = order_.size(); k-- > 0;) {
    stride[order_[k]] = step;
    step *= paulis_[order_[k]].size();
  }
  const auto place_in = [&](std::size_t qubit, std::size_t pauli) -> std::optional<std::size_t> {
    const auto& list = paulis_[qubit];
    const auto found = std::find(list.begin(), list.end(), pauli);
    if (found == list.end()) return std::nullopt;
    return static_cast<std::size_t>(found - list.begin()) * stride[qubit];
  };
  Places all{{0}, {1.0}};
  std::size_t other = 0;
  for (std::size_t qubit = 0; qubit < paulis_.size(); ++qubit) {
    if (std::find(qubits.begin(), qubits.end(), qubit) != qubits.end()) continue;
    const auto place = place_in(qubit, paulis_of_others[other++]);
    if (place) all.place[0] += *place;
    if (!place) all.sign[0] = 0.0;
  }
  std::vector<bool> odd = {false};  // number of Y so far
  for (const std::size_t qubit : qubits) {
    Places longer;
    std::vector<bool> longer_odd;
    for (std::size_t k = 0; k < all.place.size(); ++k) {
      for (std::size_t pauli = 0; pauli < 4; ++pauli) {
        const auto place = place_in(qubit, pauli);
        longer.place.push_back(place ? all.place[k] + *place : 0);
        longer.sign.push_back(!place ? 0.0 : pauli == 2 && odd[k] ? -all.sign[k] : all.sign[k]);
        longer_odd.push_back(odd[k] != (pauli == 2));
      }
    }
    all = std::move(longer);
    odd = std::move(longer_odd);
  }
  for (std::size_t k = 0; k < odd.size(); ++k)
    if (odd[k]) all.sign[k] = 0.0;
  return all;
}

std::vector<Eigen::MatrixXd> Effect::real_parts(std::span<const std::size_t> qubits,
                                                std::span<const std::size_t> paulis_of_others) const {
  const std::size_t n = qubits.size();
  const auto side = Eigen::Index{1} << n;
  const Places places = places_of(qubits, paulis_of_others);
  std::vector<std::size_t> element(places.place.size(), 0);  // number of digits 00, 01, 10, 11 -> place in the matrix
  for (std::size_t number = 0; number < element.size(); ++number) {
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t digit = (number >> (2 * k)) & 3U;
      element[number] |= ((digit >> 1U) << k) | ((digit & 1U) << (k + n));
    }
  }
  std::vector<Eigen::MatrixXd> parts;
  std::vector<double> numbers(element.size());
  for (const std::vector<double>& values : values_) {
    Eigen::MatrixXd& matrix = parts.emplace_back(Eigen::MatrixXd::Zero(side, side));
    if (values.empty()) continue;
    for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = places.sign[k] * values[places.place[k]];
    for (std::size_t width = 1; width < numbers.size(); width *= 4)
      paulis_to_elements(numbers.data(), numbers.size(), width);
    for (std::size_t k = 0; k < numbers.size(); ++k) matrix.data()[element[k]] = numbers[k];
  }
  return parts;
}

}  // namespace titrant::quantum
