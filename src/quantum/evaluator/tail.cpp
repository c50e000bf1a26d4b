#include "tail.hpp"

#include <algorithm>
#include <numeric>

namespace titrant::quantum {

Tail::Tail(const Binding& binding, const Kernels& kernels)
    : binding_(binding),
      program_(binding.program()),
      kernels_(kernels),
      dimension_(std::size_t{1} << program_.tail_qubits),
      chunk_(2 * dimension_ * kernels.width),
      moments_(dimension_ * dimension_ * kernels.width) {
  all_.groups = {0};
  std::iota(all_.offset.begin(), all_.offset.end(), 0U);
  const std::size_t chunks = (program_.tail_results.size() + kernels.width - 1) / kernels.width;
  columns_.resize(chunks * chunk_);
}

void Tail::start() {
  std::fill(columns_.begin(), columns_.end(), 0.0);
  for (std::size_t column = 0; column < program_.tail_results.size(); ++column) {
    const std::size_t chunk = column / kernels_.width;
    const std::size_t lane = column % kernels_.width;
    columns_[chunk * chunk_ + 2 * kernels_.width * program_.tail_results[column] + lane] = 1.0;
  }
}

void Tail::run(const std::array<Kernels::Apply, 2>& kernel, const BlockStep& step, const SmallMatrix& matrix,
               const double* in, double* out) const {
  const std::size_t kind = program_.slots[step.slot].qubits - 1;
  for (std::size_t place = 0; place < columns_.size(); place += chunk_)
    kernel.at(kind)(step.addresses, data_of(matrix), in + place, out + place);
}

void Tail::back(const BlockStep& step, std::uint32_t sector, double* columns) const {
  run(kernels_.apply, step, binding_.adjoint(step.slot, sector), columns, columns);
}

Coefficients Tail::observable(std::uint32_t sector) {
  start();
  for (std::size_t k = program_.tail.size(); k-- > 0;) back(program_.tail[k], sector, columns_.data());
  return moments(columns_.data());
}

std::vector<TailChange> Tail::derivatives(const Changes& generators, const std::vector<std::size_t>& output,
                                          std::uint32_t sector) {
  start();
  std::vector<TailChange> result;  // in the order in which their -i dZ follow each other in changed_
  changed_.clear();
  const std::size_t size = columns_.size();
  for (std::size_t k = program_.tail.size(); k-- > 0;) {
    const BlockStep& step = program_.tail[k];
    for (const Change& change : generators.of(step.slot, sector)) {
      const std::size_t to = output[step.occurrences[change.gate]];
      const auto place =
          std::find_if(result.begin(), result.end(), [to](const auto& known) { return known.output == to; });
      const auto index = static_cast<std::size_t>(place - result.begin());
      if (place == result.end()) {
        result.push_back({to, {}});
        changed_.resize(changed_.size() + size, 0.0);
      }
      // d (step^+ Z) = i step^+ G Z, and step^+ follows for all below.
      run(kernels_.add, step, change.matrix, columns_.data(), changed_.data() + index * size);
    }
    back(step, sector, columns_.data());
    for (std::size_t j = 0; j < result.size(); ++j) back(step, sector, changed_.data() + j * size);
  }
  for (std::size_t k = 0; k < result.size(); ++k) result[k].coefficients = changed_moments(changed_.data() + k * size);
  return result;
}

std::vector<TailChange> Tail::half_turns(const Changes& half_turns, std::uint32_t sector) {
  start();
  std::vector<TailChange> result;
  for (std::size_t k = program_.tail.size(); k-- > 0;) {
    const BlockStep& step = program_.tail[k];
    for (const Change& change : half_turns.of(step.slot, sector)) {
      changed_ = columns_;
      run(kernels_.apply, step, change.matrix.adjoint(), columns_.data(), changed_.data());
      for (std::size_t before = k + 1; before-- > 0;) back(program_.tail[before], sector, changed_.data());
      result.push_back({step.occurrences[change.gate], moments(changed_.data())});
    }
    back(step, sector, columns_.data());
  }
  return result;
}

Coefficients Tail::moments(const double* columns) {
  Coefficients sum{};
  for (std::size_t place = 0; place < columns_.size(); place += chunk_) {
    kernels_.moments.at(program_.tail_qubits - 1)(all_, columns + place, moments_.data());
    add_columns(1.0, 2.0, 2.0, sum);
  }
  return sum;
}

// With dZ = i Y: conj(Z_i) dZ_j + conj(dZ_i) Z_j = i (conj(Z_i) Y_j - conj(Y_i) Z_j).
Coefficients Tail::changed_moments(const double* changed) {
  Coefficients sum{};
  for (std::size_t place = 0; place < columns_.size(); place += chunk_) {
    std::fill(moments_.begin(), moments_.end(), 0.0);
    kernels_.correlate.at(program_.tail_qubits - 1)(all_, changed + place, columns_.data() + place, moments_.data());
    add_columns(-2.0, -2.0, 2.0, sum);
  }
  return sum;
}

void Tail::add_columns(double diagonal, double re, double im, Coefficients& sum) const {
  const std::size_t lanes = std::min(kernels_.width, program_.tail_results.size());
  const auto add = [&](std::size_t k, double factor) {
    const double* columns = moments_.data() + k * kernels_.width;
    for (std::size_t lane = 0; lane < lanes; ++lane) sum.at(k) += factor * columns[lane];
  };
  for (std::size_t k = 0; k < dimension_; ++k) add(k, diagonal);
  for (std::size_t k = dimension_; k < dimension_ * dimension_; k += 2) {
    add(k, re);
    add(k + 1, im);
  }
}

std::vector<double> matrix_of(const Coefficients& coefficients, std::size_t dimension) {
  std::vector<double> matrix(2 * dimension * dimension, 0.0);
  for (std::size_t i = 0; i < dimension; ++i) matrix[2 * (i * dimension + i)] = coefficients.at(i);
  std::size_t k = dimension;
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = i + 1; j < dimension; ++j, k += 2) {
      const double re = 0.5 * coefficients.at(k);
      const double im = -0.5 * coefficients.at(k + 1);
      matrix[2 * (i * dimension + j)] = matrix[2 * (j * dimension + i)] = re;
      matrix[2 * (i * dimension + j) + 1] = im;
      matrix[2 * (j * dimension + i) + 1] = -im;
    }
  }
  return matrix;
}

}  // namespace titrant::quantum
