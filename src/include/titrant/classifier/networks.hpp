#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/encoding.hpp"
#include "titrant/classifier/options.hpp"
#include "titrant/quantum/evaluator.hpp"
#include "titrant/quantum/noisy_evaluator/noisy_evaluator.hpp"

namespace titrant::classifier {

/// The networks of one ansatz, compiled: for the encoded_points of curves of 64 and 128 points and of
/// ClassifierOptions::curve_points. They share the parameters; each example goes to the one its amplitudes fit.
class Networks {
 public:
  /// One of them.
  struct Member {
    std::size_t points;
    Ansatz ansatz;
    Network network;
    std::variant<quantum::Evaluator, quantum::NoisyEvaluator> evaluator;
    Member(const ClassifierOptions& options, const QuantumOptions& quantum, std::size_t point_count);

    /// P(1) = a^T A a for amplitudes a.
    Eigen::MatrixXd form(std::span<const double> parameters, std::span<const double> features) const;
  };

  /// Circuits run under the noise of the options. Throws ConfigError for an ansatz or a number of points that there is
  /// not.
  Networks(const ClassifierOptions& options, const QuantumOptions& quantum);

  std::size_t parameters() const { return members_.front().network.parameter_names.size(); }
  const std::vector<Member>& members() const { return members_; }
  /// The place of the network for so many amplitudes (encoded_points). Throws ConfigError where there is none.
  std::size_t member_of(std::size_t points) const;
  const Network& network(std::size_t points) const { return members_[member_of(points)].network; }

  /// P(1) of each example, exact, by its circuit.
  std::vector<double> probabilities(std::span<const double> parameters, const EncodedExamples& examples) const;

  /// P(1) [place] and its derivatives [place][parameter] for the examples at `places`, by the rule of the options. The
  /// shots of an example use the unit first_unit + its place, perturbations the unit first_unit.
  void gradient(std::span<const double> parameters, const EncodedExamples& examples,
                std::span<const std::size_t> places, std::uint64_t seed, std::uint64_t first_unit,
                std::span<double> p_one, std::span<double> derivative) const;

  /// Ones among the shots of one example: each shot by itself. Circuits of one unit run shots of different numbers:
  /// 0 is a prediction, those of a training start at 1.
  std::uint32_t count_ones(std::span<const double> parameters, std::size_t points, const quantum::Input& input,
                           std::uint64_t seed, std::uint64_t unit, std::uint64_t circuit) const;

 private:
  // P(1) [input] as the back end gives it, for circuit number `circuit` of a training step.
  void estimate(const Member& member, std::span<const double> parameters, std::span<const quantum::Input> inputs,
                std::span<const std::uint64_t> units, std::uint64_t seed, std::size_t circuit,
                std::span<double> p_one) const;
  // The rule `spsa`: P(1) is the mean of all perturbed circuits.
  void perturbed(const Member& member, std::span<const double> parameters, std::span<const quantum::Input> inputs,
                 std::span<const std::uint64_t> units, std::uint64_t seed, std::uint64_t first_unit,
                 std::span<double> p_one, std::span<double> derivative) const;

  QuantumOptions quantum_;
  std::vector<Member> members_;
};

}  // namespace titrant::classifier
