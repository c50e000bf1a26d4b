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
  /// One of them.
  struct Member {
    std::size_t points;
    Ansatz ansatz;
    Network network;
    quantum::Evaluator evaluator;
    Member(const ClassifierOptions& options, std::size_t point_count);
  };

  /// Throws ConfigError for an ansatz that there is not.
  explicit Networks(const ClassifierOptions& options);

  std::size_t parameters() const { return members_.front().evaluator.parameters(); }
  const std::vector<Member>& members() const { return members_; }
  /// The place of the network for so many points. Throws ConfigError where there is none.
  std::size_t member_of(std::size_t points) const;
  const Network& network(std::size_t points) const { return members_[member_of(points)].network; }

  /// P(1) [place] and its derivatives [place][parameter] for the examples at `places`. `shots` null: exact. The shots
  /// of an example use the unit first_unit + its place.
  void gradient(Gradient rule, std::span<const double> parameters, const EncodedExamples& examples,
                std::span<const std::size_t> places, const quantum::Shots* shots, std::uint64_t first_unit,
                std::span<double> p_one, std::span<double> derivative) const;

 private:
  std::vector<Member> members_;
};

}  // namespace titrant::classifier
