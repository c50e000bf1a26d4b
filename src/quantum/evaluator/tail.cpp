#include "tail.hpp"

#include <algorithm>
#include <numeric>

namespace titrant::quantum {

namespace {

/// Registers of so many qubits one after the other.
Addresses registers(std::size_t qubits, std::size_t count) {
  Addresses addresses;
  for (std::size_t k = 0; k < count; ++k) addresses.groups.push_back(static_cast<std::uint32_t>(k << qubits));
  std::iota(addresses.offset.begin(), addresses.offset.end(), 0U);
  return addresses;
}

/// Adds a matrix to those of one lane: [D * D][re, im][lane].
void add_to_lane(const SmallMatrix& matrix, std::size_t width, double* lane) {
  const double* from = data_of(matrix);
  for (Eigen::Index k = 0; k < 2 * matrix.size(); ++k) lane[static_cast<std::size_t>(k) * width] += from[k];
}

void scale(double* values, std::size_t count, double factor) {
  for (std::size_t k = 0; k < count; ++k) values[k] *= factor;
}

std::size_t index_of(std::size_t value, const std::vector<std::size_t>& values) {
  return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) - values.begin());
}

}  // namespace

Observables::Observables(std::size_t of_qubits, std::size_t observables)
    : qubits(of_qubits),
      outputs((observables + output_block - 1) / output_block * output_block),
      coefficients((std::size_t{1} << (2 * qubits)) * outputs, 0.0) {}

Tail::Tail(const Binding& binding, const Kernels& kernels)
    : binding_(binding),
      program_(binding.program()),
      kernels_(kernels),
      dimension_(std::size_t{1} << program_.tail_qubits),
      columns_(program_.tail_results.size() * dimension_ * 2 * kernels.width) {}

void Tail::start() {
  const std::size_t width = kernels_.width;
  std::fill(columns_.begin(), columns_.end(), 0.0);
  for (std::size_t column = 0; column < program_.tail_results.size(); ++column) {
    const std::size_t row = column * dimension_ + program_.tail_results[column];
    std::fill_n(columns_.begin() + static_cast<std::ptrdiff_t>(2 * width * row), width, 1.0);
  }
}

void Tail::back(const BlockStep& step, std::uint32_t sector, double* columns) const {
  kernels_.apply.at(program_.slots[step.slot].qubits - 1)(step.addresses, data_of(binding_.adjoint(step.slot, sector)),
                                                          columns, columns);
}

void Tail::pull_back(std::uint32_t sector) {
  start();
  for (std::size_t k = program_.tail.size(); k-- > 0;) back(program_.tail[k], sector, columns_.data());
}

Coefficients Tail::observable(std::uint32_t sector) {
  pull_back(sector);
  moments(program_.tail_qubits, columns_.data());
  Coefficients sum{};
  for (std::size_t k = 0; k < dimension_ * dimension_; ++k)
    sum.at(k) = (k < dimension_ ? 1.0 : 2.0) * moments_[k * kernels_.width];
  return sum;
}

Observables Tail::derivatives(const Changes& all, const std::vector<std::size_t>& output,
                              const std::vector<std::size_t>& outputs, std::uint32_t sector) {
  const std::size_t width = kernels_.width;
  const std::size_t size = columns_.size();
  const std::size_t chunks = (outputs.size() + width - 1) / width;
  start();
  changed_.assign(chunks * size, 0.0);  // -i dZ of each output, in its lane
  for (std::size_t k = program_.tail.size(); k-- > 0;) {
    const BlockStep& step = program_.tail[k];
    const std::size_t kind = program_.slots[step.slot].qubits - 1;
    const std::size_t elements = program_.slots[step.slot].elements() * 2 * width;
    matrices_.assign(chunks * elements, 0.0);
    std::vector<bool> is_changed(chunks, false);
    for (const Change& change : all.of(step.slot, sector)) {
      const std::size_t index = index_of(output[step.occurrences[change.gate]], outputs);
      add_to_lane(change.generator, width, matrices_.data() + index / width * elements + index % width);
      is_changed[index / width] = true;
    }
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
      // d (step^+ Z) = i step^+ G Z, and step^+ follows for all below.
      double* changed = changed_.data() + chunk * size;
      if (is_changed[chunk])
        kernels_.add_by_lane.at(kind)(step.addresses, matrices_.data() + chunk * elements, columns_.data(), changed);
      back(step, sector, changed);
    }
    back(step, sector, columns_.data());
  }
  // With dZ = i Y: conj(Z_i) dZ_j + conj(dZ_i) Z_j = i (conj(Z_i) Y_j - conj(Y_i) Z_j), which is what `correlate`
  // takes, times -1 for imaginary parts.
  const Addresses columns = registers(program_.tail_qubits, program_.tail_results.size());
  Observables result(program_.tail_qubits, outputs.size());
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    moments_.assign(dimension_ * dimension_ * width, 0.0);
    kernels_.correlate.at(program_.tail_qubits - 1)(columns, changed_.data() + chunk * size, columns_.data(),
                                                    moments_.data());
    for (std::size_t k = 0; k < dimension_; ++k) scale(moments_.data() + k * width, width, -2.0);
    for (std::size_t k = dimension_; k < dimension_ * dimension_; k += 2)
      scale(moments_.data() + k * width, width, -1.0);
    put(0, std::min(width, outputs.size() - chunk * width), chunk * width, result);
  }
  return result;
}

Observables Tail::half_turns(const Changes& all, const std::vector<std::size_t>& occurrences, std::uint32_t sector) {
  const std::size_t width = kernels_.width;
  Observables result(program_.tail_qubits, occurrences.size());
  std::vector<bool> turned(occurrences.size(), false);
  start();
  for (std::size_t k = program_.tail.size(); k-- > 0;) {
    const BlockStep& step = program_.tail[k];
    const Slot& slot = program_.slots[step.slot];
    const std::vector<Change>& changes = all.of(step.slot, sector);
    for (std::size_t first = 0; first < changes.size(); first += width) {
      const std::size_t count = std::min(width, changes.size() - first);
      matrices_.assign(slot.elements() * 2 * width, 0.0);
      for (std::size_t lane = 0; lane < count; ++lane)
        add_to_lane(changes[first + lane].half_turn().adjoint(), width, matrices_.data() + lane);
      changed_ = columns_;
      kernels_.apply_by_lane.at(slot.qubits - 1)(step.addresses, matrices_.data(), columns_.data(), changed_.data());
      for (std::size_t before = k + 1; before-- > 0;) back(program_.tail[before], sector, changed_.data());
      moments(program_.tail_qubits, changed_.data());
      for (std::size_t lane = 0; lane < count; ++lane) {
        const std::size_t index = index_of(step.occurrences[changes[first + lane].gate], occurrences);
        put(lane, 1, index, result);
        turned[index] = true;
      }
    }
    back(step, sector, columns_.data());
  }
  moments(program_.tail_qubits, columns_.data());
  for (std::size_t k = 0; k < occurrences.size(); ++k)
    if (!turned[k]) put(0, 1, k, result);
  return result;
}

Observables Tail::followed(const Window& window, const Window::Class& groups, std::span<const SmallMatrix> matrices,
                           std::uint32_t sector) {
  const std::size_t width = kernels_.width;
  Observables result(window.qubits, matrices.size());
  pull_back(sector);
  // A column of the window for each of Z and each value of the qubits that the tail does not know.
  const std::size_t others = std::size_t{1} << (window.qubits - program_.tail_qubits);
  const std::size_t rows = dimension_ * others;
  const std::size_t count = program_.tail_results.size() * others;
  AlignedVector wide(count * rows * 2 * width, 0.0);
  for (std::size_t column = 0; column < count; ++column) {
    for (std::size_t row = 0; row < dimension_; ++row) {
      const double* from = columns_.data() + (column / others * dimension_ + row) * 2 * width;
      std::copy(from, from + 2 * width, wide.data() + (column * rows + row * others + column % others) * 2 * width);
    }
  }
  Addresses block;
  block.offset = groups.block.offset;
  for (std::size_t column = 0; column < count; ++column) {
    for (const std::uint32_t group : groups.block.groups)
      block.groups.push_back(static_cast<std::uint32_t>(column * rows) + group);
  }
  changed_.resize(wide.size());
  for (std::size_t first = 0; first < matrices.size(); first += width) {
    const std::size_t lanes = std::min(width, matrices.size() - first);
    const SmallMatrix& one = matrices[first];
    matrices_.assign(static_cast<std::size_t>(one.size()) * 2 * width, 0.0);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      add_to_lane(matrices[first + lane].adjoint(), width, matrices_.data() + lane);
    kernels_.apply_by_lane.at(one.rows() == 2 ? 0 : 1)(block, matrices_.data(), wide.data(), changed_.data());
    moments(window.qubits, changed_.data());
    put(0, lanes, first, result);
  }
  return result;
}

void Tail::moments(std::size_t qubits, const double* columns) {
  const std::size_t others = std::size_t{1} << (qubits - program_.tail_qubits);
  moments_.resize((std::size_t{1} << (2 * qubits)) * kernels_.width);
  kernels_.moments.at(qubits - 1)(registers(qubits, program_.tail_results.size() * others), columns, moments_.data());
}

void Tail::put(std::size_t lane, std::size_t lanes, std::size_t observable, Observables& to) const {
  const std::size_t dimension = std::size_t{1} << to.qubits;
  const std::size_t count = dimension * dimension;
  const double* from = moments_.data() + lane;
  double* place = to.coefficients.data() + observable / output_block * count * output_block + observable % output_block;
  const auto copy = [&](std::size_t first, std::size_t last, double share) {
    for (std::size_t k = first; k < last; ++k) {
      for (std::size_t j = 0; j < lanes; ++j) place[k * output_block + j] = share * from[k * kernels_.width + j];
    }
  };
  // Pairs stand for both of their orders.
  copy(0, dimension, 1.0);
  copy(dimension, count, 2.0);
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
