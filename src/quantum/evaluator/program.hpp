#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "schedule.hpp"

namespace titrant::quantum {

/// Where kernels find the amplitudes of a few qubits: those of group g at groups[g] ^ offset[value of the qubits].
/// (Exclusive or: X, CX and SWAP have made the numbers of amplitudes linear functions of basis states over GF(2).)
struct Addresses {
  std::vector<std::uint32_t> groups;
  std::array<std::uint32_t, 16> offset{};
};

/// A distinct sequence of gates, without features, on the places of a block.
struct Run {
  std::size_t qubits = 1;
  std::vector<ControlledGate> gates;  ///< occurrence numbers are the steps' own and not to be read here
};

/// A run that is applied where a sector meets a condition.
struct Piece {
  SectorCondition condition;
  std::size_t run = 0;
  std::size_t first_gate = 0;  ///< the place of the run's first gate among the gates of its slot
};

/// A distinct block. Several steps may use it where they share parameters.
struct Slot {
  std::size_t qubits = 1;
  std::vector<SectoredGate> gates;
  std::uint32_t sector_mask = 0;
  bool depends_on_features = false;
  std::vector<Piece> pieces;  ///< the same gates as runs; empty where it depends on features

  std::size_t elements() const { return std::size_t{1} << (2 * qubits); }  ///< of its matrix

  /// The place that a gate acts on where nothing but gates on that place follows it in the block: its angle may then as
  /// well enter behind the block. No value where it cannot.
  std::optional<std::size_t> last_place(std::size_t gate) const;
};

/// A block applied to a state.
struct BlockStep {
  std::size_t slot = 0;
  std::vector<std::size_t> occurrences;  ///< [gate of the slot]; no_occurrence where it uses no parameter
  Addresses addresses;
  std::vector<std::uint32_t> untouched;  ///< amplitudes outside of the block's controls
};

/// The few amplitudes that the tail's qubits and one of the last blocks mix. Where the block stands to the tail's
/// qubits depends on qubits outside (a measured one that flips its partner), so groups of amplitudes come in classes.
struct Window {
  struct Class {
    Addresses amplitudes;  ///< of a state; the window's last qubits are those that the tail does not know
    Addresses block;       ///< of one group alone: where the block finds its amplitudes there
  };
  std::size_t qubits = 0;
  std::vector<Class> classes;
};

/// A block applied to each example's state.
struct ForwardStep : BlockStep {
  /// The next step on a qubit, and the qubit's place there.
  struct Next {
    std::size_t step = 0;
    std::size_t place = 0;
  };

  std::uint32_t split = 0;  ///< sector qubits that the state has not depended on before
  /// The later forward steps that a change of this one reaches (its light cone), in their order. The others commute
  /// with all of these and so may be done first.
  std::vector<std::size_t> cone;
  /// [place]: the step that a gate on the place's qubit alone may be moved to, where there is one.
  std::array<std::optional<Next>, 2> next;
  /// Of a step without cone, if it is small enough.
  std::optional<Window> window;
  bool real_input = false;
  bool real_output = false;
};

/// A circuit compiled for one result bit: everything that depends on neither parameters nor examples.
struct Program {
  std::size_t parameters = 0;
  std::size_t features = 0;
  std::vector<Occurrence> occurrences;

  std::size_t qubits = 0;            ///< state qubits
  std::size_t amplitude_qubits = 0;  ///< the most significant of them
  std::vector<Preparation> preparations;
  std::vector<Preparation> sectors;
  bool real_start = false;

  std::vector<Run> runs;
  std::vector<Slot> slots;
  std::vector<ForwardStep> steps;
  std::size_t tail_qubits = 0;
  Addresses readout;  ///< of the tail qubits after all forward steps
  std::vector<std::uint32_t>
      tail_results;             ///< the amplitudes of these qubits' states that have result 1, after the tail
  std::vector<BlockStep> tail;  ///< on as many such states, one after the other
  std::uint32_t tail_mask = 0;  ///< sector qubits that the tail depends on
};

/// Throws ConfigError where the bit is never measured or the state would be larger than 2^16 amplitudes.
Program compile(const Circuit& circuit, std::size_t result_bit);

/// The number of a sector among those that `mask` tells apart: the bits of `sector` under `mask`, moved together.
inline std::size_t variant_of(std::uint32_t sector, std::uint32_t mask) {
  std::size_t variant = 0;
  unsigned place = 0;
  for (; mask != 0; mask &= mask - 1) {
    if ((sector & mask & (~mask + 1)) != 0) variant |= std::size_t{1} << place;
    ++place;
  }
  return variant;
}

/// The reverse: spreads the bits of `variant` over those of `mask`.
inline std::uint32_t sector_of(std::size_t variant, std::uint32_t mask) {
  std::uint32_t sector = 0;
  for (; mask != 0; mask &= mask - 1, variant >>= 1U) {
    if ((variant & 1U) != 0) sector |= mask & (~mask + 1);
  }
  return sector;
}

inline std::size_t variant_count(std::uint32_t mask) {
  std::size_t count = 1;
  for (; mask != 0; mask &= mask - 1) count *= 2;
  return count;
}

}  // namespace titrant::quantum
