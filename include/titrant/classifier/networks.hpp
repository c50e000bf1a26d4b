#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/encoding.hpp"
#include "titrant/classifier/options.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::classifier {

/// The networks of one ansatz for all numbers of points, compiled. They share the parameters; each example goes to the
/// one its curve fits.
class Networks {
 public:
  explicit Networks(const Ansatz& ansatz);

  std::size_t parameters() const { return members_.front().evaluator.parameters(); }
  /// Throws ConfigError where no network reads so many points.
  const Network& network(std::size_t points) const;

  /// Exact P(1) of all examples; the same bits however examples are grouped into calls. Where the sides are classical
  /// bits, all doses of a person share a few circuits (see mixture.hpp in src/classifier).
  std::vector<double> p_one(std::span<const double> parameters, const Encoding& encoding,
                            std::span<const Example> examples) const;

  /// P(1) [place] and its derivatives [place][parameter] for the examples at `places`. `shots` null: exact. The shots
  /// of an example use the unit first_unit + its place.
  void gradient(Gradient rule, std::span<const double> parameters, const EncodedExamples& examples,
                std::span<const std::size_t> places, const quantum::Shots* shots, std::uint64_t first_unit,
                std::span<double> p_one, std::span<double> derivative) const;

 private:
  struct Member {
    std::size_t points;
    Network network;
    quantum::Evaluator evaluator;
    Member(const Ansatz& ansatz, std::size_t point_count);
  };
  /// P(1) of inputs, each with its number of points.
  std::vector<double> evaluate(std::span<const double> parameters, std::span<const quantum::Input> inputs,
                               std::span<const std::size_t> points) const;

  Ansatz ansatz_;
  std::vector<Member> members_;
};

}  // namespace titrant::classifier
