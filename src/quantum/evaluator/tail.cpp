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

std::size_t index_of(std::size_t value, const std::vector<std::size_t>& values) {
  return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) - values.begin());
}

}  // namespace

Observables::Observables(std::size_t of_qubits, std::size_t observables)
    : qubits(of_qubits),
      outputs((observables + output_block - 1) / output_block * output_block),
      coefficients((std::size_t{1} << (2 * qubits)) * outputs, 0.0) {}

double* Observables::place(std::size_t observable) {
  const std::size_t block = (std::size_t{1} << (2 * qubits)) * output_block;
  return coefficients.data() + observable / output_block * block + observable % output_block;
}

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
  Observables one(program_.tail_qubits, kernels_.width);  // the same in all lanes
  square(columns_.data(), 0, one);
  Coefficients coefficients{};
  for (std::size_t k = 0; k < dimension_ * dimension_; ++k) coefficients.at(k) = one.coefficients[k * output_block];
  return coefficients;
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
  // With dZ = i Y: conj(Z_i) dZ_j + conj(dZ_i) Z_j = i (conj(Z_i) Y_j - conj(Y_i) Z_j), twice what `correlate` takes
  // but for signs.
  const Addresses columns = registers(program_.tail_qubits, program_.tail_results.size());
  const std::size_t count = dimension_ * dimension_;
  AlignedVector moments(count * width);
  Observables result(program_.tail_qubits, outputs.size());
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    std::fill(moments.begin(), moments.end(), 0.0);
    kernels_.correlate.at(program_.tail_qubits - 1)(columns, changed_.data() + chunk * size, columns_.data(),
                                                    moments.data());
    double* to = result.place(chunk * width);
    for (std::size_t k = 0; k < count; ++k) {
      const bool imaginary = k >= dimension_ && (k - dimension_) % 2 == 1;
      for (std::size_t lane = 0; lane < width; ++lane)
        to[k * output_block + lane] = (imaginary ? 2.0 : -2.0) * moments[k * width + lane];
    }
  }
  return result;
}

std::vector<std::size_t> Tail::half_turn_outputs() const {
  std::vector<std::size_t> outputs;
  for (std::size_t k = program_.tail.size(); k-- > 0;) {
    for (const std::size_t occurrence : program_.tail[k].occurrences)
      if (occurrence != no_occurrence) outputs.push_back(occurrence);
    outputs.resize((outputs.size() + output_block - 1) / output_block * output_block, no_occurrence);
  }
  return outputs;
}

Observables Tail::half_turns(const Changes& all, std::uint32_t sector) {
  const std::vector<std::size_t> outputs = half_turn_outputs();
  Observables result(program_.tail_qubits, outputs.size());
  std::size_t done = 0;
  start();
  for (std::size_t k = program_.tail.size(); k-- > 0;) {
    const BlockStep& step = program_.tail[k];
    const std::size_t kind = program_.slots[step.slot].qubits - 1;
    std::vector<SmallMatrix> turns;  // 1 where the sector does not apply the gate
    for (std::size_t gate = 0; gate < step.occurrences.size(); ++gate) {
      if (step.occurrences[gate] == no_occurrence) continue;
      const std::vector<Change>& changes = all.of(step.slot, sector);
      const auto change =
          std::find_if(changes.begin(), changes.end(), [gate](const Change& other) { return other.gate == gate; });
      turns.push_back(change == changes.end() ? identity(kind + 1) : change->half_turn());
    }
    for (std::size_t first = 0; first < turns.size(); first += kernels_.width) {
      load_adjoints(turns, first);
      changed_ = columns_;
      kernels_.apply_by_lane.at(kind)(step.addresses, matrices_.data(), columns_.data(), changed_.data());
      for (std::size_t before = k + 1; before-- > 0;) back(program_.tail[before], sector, changed_.data());
      square(changed_.data(), done + first, result);
    }
    done += (turns.size() + output_block - 1) / output_block * output_block;
    back(step, sector, columns_.data());
  }
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
    load_adjoints(matrices, first);
    kernels_.apply_by_lane.at(matrices[first].rows() == 2 ? 0 : 1)(block, matrices_.data(), wide.data(),
                                                                   changed_.data());
    square(changed_.data(), first, result);
  }
  return result;
}

void Tail::load_adjoints(std::span<const SmallMatrix> matrices, std::size_t first) {
  const std::size_t width = kernels_.width;
  matrices_.assign(static_cast<std::size_t>(matrices[first].size()) * 2 * width, 0.0);
  for (std::size_t lane = 0; lane < std::min(width, matrices.size() - first); ++lane)
    add_to_lane(matrices[first + lane].adjoint(), width, matrices_.data() + lane);
}

void Tail::square(const double* columns, std::size_t first, Observables& to) const {
  const std::size_t others = std::size_t{1} << (to.qubits - program_.tail_qubits);
  kernels_.squares.at(to.qubits - 1)(registers(to.qubits, program_.tail_results.size() * others), columns, output_block,
                                     to.place(first));
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
