#include "titrant/quantum/isa.hpp"

#include <gtest/gtest.h>

#include "circuits.hpp"
#include "titrant/quantum/evaluator.hpp"

using titrant::quantum::Circuit;
using titrant::quantum::Evaluator;
using titrant::quantum::Input;
using titrant::quantum::InstructionSet;

namespace {

/// Restores the instruction set that was in use.
class Pinned {
 public:
  explicit Pinned(InstructionSet set) : before_(titrant::quantum::selected_instruction_set()) {
    titrant::quantum::select_instruction_set(set);
  }
  ~Pinned() { titrant::quantum::select_instruction_set(before_); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  InstructionSet before_;
};

std::vector<double> all_results(const Circuit& circuit, std::size_t bit) {
  const Evaluator evaluator(circuit, bit);
  const circuits::Examples examples = circuits::random_examples(circuit, 11, 3);
  const std::vector<Input> inputs = examples.inputs();
  const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), 4);
  std::vector<double> p(inputs.size());
  evaluator.probabilities(parameters, inputs, p);
  std::vector<double> results = p;
  std::vector<double> gradient(inputs.size() * evaluator.parameters());
  evaluator.adjoint(parameters, inputs, p, gradient);
  results.insert(results.end(), gradient.begin(), gradient.end());
  std::vector<double> shifted(inputs.size() * evaluator.occurrences() * 2);
  evaluator.shifted_probabilities(parameters, inputs, p, shifted);
  results.insert(results.end(), shifted.begin(), shifted.end());
  return results;
}

}  // namespace

TEST(InstructionSets, GiveTheSameBits) {
  circuits::Ingredients use;
  use.controlled_rotations = false;
  std::vector<std::pair<Circuit, std::size_t>> cases = {{circuits::network(false), 4}, {circuits::network(true), 4}};
  for (std::uint64_t seed = 400; seed < 410; ++seed) cases.emplace_back(circuits::random_circuit(5, 40, seed, use), 6);
  for (const auto& [circuit, bit] : cases) {
    std::vector<double> reference;
    for (const InstructionSet set : titrant::quantum::available_instruction_sets()) {
      const Pinned pinned(set);
      const std::vector<double> results = all_results(circuit, bit);
      if (reference.empty()) reference = results;
      EXPECT_EQ(results, reference) << titrant::quantum::instruction_set_name(set);
    }
  }
}

TEST(InstructionSets, HaveNames) {
  for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4})
    EXPECT_EQ(titrant::quantum::instruction_set_from_name(titrant::quantum::instruction_set_name(set)), set);
  EXPECT_FALSE(titrant::quantum::instruction_set_from_name("v5").has_value());
}

TEST(InstructionSets, TheFastestIsUsedUnlessPinned) {
  EXPECT_EQ(titrant::quantum::selected_instruction_set(), titrant::quantum::available_instruction_sets().back());
  const Pinned pinned(InstructionSet::baseline);
  EXPECT_EQ(titrant::quantum::selected_instruction_set(), InstructionSet::baseline);
}
