#include "titrant/quantum/isa.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "circuits.hpp"
#include "titrant/quantum/evaluator.hpp"

using titrant::quantum::Angle;
using titrant::quantum::Circuit;
using titrant::quantum::Evaluator;
using titrant::quantum::GateKind;
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

// Sines and cosines of features are our own: of any angle, in every quarter, and where the library does the work again.
TEST(InstructionSets, TurnByAnyFeature) {
  std::vector<double> angles = {0.0, -0.0, 5e-324, 1e-9, 0x1p21, 0x1.fffffp20, 0x1.00001p21, -3e6, 1e9, -1e300};
  titrant::core::Stream stream(5, titrant::core::Purpose::test, 1);
  for (int k = 0; k < 2000; ++k)
    angles.push_back(stream.uniform(-1.0, 1.0) * std::pow(10.0, stream.uniform(-3.0, 6.0)));
  for (int eighth = -40; eighth <= 40; ++eighth) {
    const double angle = eighth * M_PI / 4.0;
    angles.insert(angles.end(), {std::nextafter(angle, -1e9), angle, std::nextafter(angle, 1e9)});
  }
  std::vector<Input> inputs;
  inputs.reserve(angles.size());
  for (const double& angle : angles) inputs.push_back({{}, {&angle, 1}});

  // P(1) = sin^2(angle / 2); after a further quarter turn (1 + sin(angle)) / 2.
  for (const bool further : {false, true}) {
    Circuit circuit(1, 1);
    circuit.gate(GateKind::ry, {0}, {Angle::feature(0)});
    if (further) circuit.gate(GateKind::ry, {0}, {Angle::constant(M_PI / 2.0)});
    circuit.measure(0, 0);
    for (const InstructionSet set : titrant::quantum::available_instruction_sets()) {
      const Pinned pinned(set);
      std::vector<double> p(inputs.size());
      Evaluator(circuit, 0).probabilities({}, inputs, p);
      for (std::size_t k = 0; k < angles.size(); ++k) {
        const long double half = std::sin(static_cast<long double>(angles[k] / 2.0));
        const long double whole = std::sin(static_cast<long double>(angles[k]));
        const long double expected = further ? (1.0L + whole) / 2.0L : half * half;
        EXPECT_NEAR(p[k], static_cast<double>(expected), 5e-16) << angles[k];
      }
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
