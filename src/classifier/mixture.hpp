#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/encoding.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::classifier {

/// Examples of an ansatz whose side qubits are classical bits (Ansatz::sides_are_classical).
///
/// A side qubit that only ever controls CZ after its preparation is diagonal: the circuit is a mixture over its two
/// values, P(1) = sum over settings b of the sides of weight_b P(1 | sides = b). A rotation side has the weights cos^2
/// and sin^2 of half its angle, an amplitude side the squared norms of its two blocks. P(1 | sides = b) does not know
/// the dose, so all doses of a person share at most 2^sides circuits.
class Mixture {
 public:
  Mixture(const Ansatz& ansatz, const Encoding& encoding, std::span<const Example> examples);

  std::size_t circuits() const { return circuits_.size(); }
  quantum::Input input(std::size_t circuit) const;
  std::size_t points(std::size_t circuit) const { return circuits_[circuit].points; }

  /// P(1) of each example from P(1) of each circuit.
  std::vector<double> mix(std::span<const double> p_one) const;

 private:
  struct Circuit {
    std::size_t points;
    std::vector<double> amplitudes;
    std::vector<double> angles;
  };
  struct Term {
    std::size_t circuit;
    double weight;
  };
  std::vector<Circuit> circuits_;
  std::vector<std::vector<Term>> examples_;
};

}  // namespace titrant::classifier
