#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "reader.hpp"

/// \file
/// What a program ends with: the bits of its registers by those of the circuit.

namespace titrant::quantum {

namespace qasm {

namespace {

using Shown = Symbols::Shown;

constexpr std::size_t no_number = BitSlots::no_bit;

/// The bit of the circuit that a slot is; no_bit where it is computed from others.
std::size_t bit_of_slot(const BitSlots::Slot& slot) {
  if (!slot.computed) return slot.bit;
  const auto& cases = slot.value.cases();
  return cases.size() == 1 && cases[0].size() == 1 && cases[0][0].value ? cases[0][0].bit : BitSlots::no_bit;
}

/// New numbers of bits of the circuit, and registers that have them.
class Numbering {
 public:
  explicit Numbering(std::size_t bits) : numbers_(bits, no_number) {}

  void add(const std::string& name, const std::vector<std::size_t>& bits) {
    registers_.push_back({name, count_, bits.size()});
    for (const std::size_t bit : bits) numbers_[bit] = count_++;
  }
  /// A register of all used bits that have none yet.
  void add_rest(const std::vector<bool>& used) {
    std::vector<std::size_t> rest;
    for (std::size_t bit = 0; bit < used.size(); ++bit)
      if (used[bit] && numbers_[bit] == no_number) rest.push_back(bit);
    std::string name = "kept";
    while (std::any_of(registers_.begin(), registers_.end(), [&](const Register& one) { return one.name == name; }))
      name += '_';
    if (!rest.empty()) add(name, rest);
    rest_ = !rest.empty();
  }

  std::size_t count() const { return count_; }
  bool has_rest() const { return rest_; }
  const std::vector<std::size_t>& numbers() const { return numbers_; }
  std::vector<Register> registers() const { return registers_; }
  std::vector<Circuit::Conditions> renumbered(std::vector<Circuit::Conditions> cases) const {
    for (Circuit::Conditions& one : cases) {
      for (auto& condition : one) condition.bit = numbers_[condition.bit];
      std::sort(one.begin(), one.end(), [](const auto& a, const auto& b) { return a.bit < b.bit; });
    }
    return cases;
  }

 private:
  std::vector<std::size_t> numbers_;
  std::vector<Register> registers_;
  std::size_t count_ = 0;
  bool rest_ = false;
};

}  // namespace

QasmProgram Reader::finished() {
  const std::size_t qubits = symbols_.count(Kind::qubit);
  const std::size_t bits = symbols_.count(Kind::bit);
  std::vector<Shown> shown = symbols_.shown();
  if (!outputs_.empty()) {
    std::erase_if(shown, [this](const Shown& one) {
      return std::find(outputs_.begin(), outputs_.end(), one.name) == outputs_.end();
    });
  }
  // Where every shown bit is one bit of the circuit and no two are the same, these come first.
  std::vector<bool> taken(bits, false);
  bool plain = true;
  for (Shown& one : shown) {
    if (!one.bits.empty()) continue;
    for (const std::size_t slot : one.slots) one.bits.push_back(bit_of_slot(slots_.at(slot)));
  }
  for (const Shown& one : shown) {
    for (const std::size_t bit : one.bits) {
      plain = plain && bit != BitSlots::no_bit && !taken[bit];
      if (plain) taken[bit] = true;
    }
  }
  const std::vector<bool> used = builder_.used_bits(bits);
  Numbering numbering(bits);
  if (plain) {
    for (const Shown& one : shown) numbering.add(one.name, one.bits);
  } else {
    for (const Register& one : symbols_.registers(Kind::bit)) {
      std::vector<std::size_t> own;
      for (std::size_t k = 0; k < one.size; ++k) own.push_back(one.first + k);
      if (!one.name.empty()) numbering.add(one.name, own);
    }
  }
  numbering.add_rest(used);

  QasmProgram program{builder_.finish(qubits, numbering.count(), numbering.numbers()), symbols_.registers(Kind::qubit),
                      numbering.registers(), notes_.sentences()};
  if (plain && !numbering.has_rest()) return program;
  for (const Shown& one : shown) {
    for (std::size_t k = 0; k < one.bits.size(); ++k) {
      const bool slot = !one.slots.empty();
      const std::vector<Circuit::Conditions> cases =
          slot ? builder_.value(one.slots[k]).cases() : std::vector<Circuit::Conditions>{{{one.bits[k], true}}};
      program.outcomes.push_back(
          {fmt::format("{}[{}]", one.name, k), numbering.renumbered(cases), !slot || slots_.at(one.slots[k]).written});
    }
  }
  return program;
}

}  // namespace qasm

std::uint64_t program_outcome(const QasmProgram& program, std::uint64_t bits) {
  if (program.outcomes.empty()) return bits;
  const auto holds = [bits](const Circuit::Conditions& one) {
    return std::all_of(one.begin(), one.end(), [bits](const auto& condition) {
      return (((bits >> condition.bit) & 1U) != 0) == condition.value;
    });
  };
  std::uint64_t outcome = 0;
  for (std::size_t k = 0; k < program.outcomes.size(); ++k) {
    const auto& cases = program.outcomes[k].cases;
    if (std::any_of(cases.begin(), cases.end(), holds)) outcome |= std::uint64_t{1} << k;
  }
  return outcome;
}

}  // namespace titrant::quantum
