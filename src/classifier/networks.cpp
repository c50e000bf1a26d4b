#include "titrant/classifier/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mixture.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr std::array<std::size_t, 2> point_counts = {64, 128};  // daily, weekly (proposal, section 4.1)

// The examples that one network reads, and where they came from.
struct Selection {
  std::vector<std::size_t> from;  // index into the list they were chosen from
  std::vector<quantum::Input> inputs;
};

}  // namespace

Networks::Member::Member(const Ansatz& ansatz, std::size_t point_count)
    : points(point_count),
      network(build_network(ansatz, point_count)),
      evaluator(network.circuit, network.result_bit) {}

Networks::Networks(const Ansatz& ansatz) : ansatz_(ansatz) {
  for (const std::size_t points : point_counts) members_.emplace_back(ansatz, points);
}

const Network& Networks::network(std::size_t points) const {
  for (const Member& member : members_) {
    if (member.points == points) return member.network;
  }
  throw ConfigError(fmt::format("no network reads curves of {} points; there are 64 (daily) and 128 (weekly)", points));
}

std::vector<double> Networks::evaluate(std::span<const double> parameters, std::span<const quantum::Input> inputs,
                                       std::span<const std::size_t> points) const {
  std::vector<double> p_one(inputs.size());
  for (const Member& member : members_) {
    Selection chosen;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (points[i] != member.points) continue;
      chosen.from.push_back(i);
      chosen.inputs.push_back(inputs[i]);
    }
    std::vector<double> values(chosen.inputs.size());
    member.evaluator.probabilities(parameters, chosen.inputs, values);
    for (std::size_t i = 0; i < values.size(); ++i) p_one[chosen.from[i]] = values[i];
  }
  return p_one;
}

std::vector<double> Networks::p_one(std::span<const double> parameters, const Encoding& encoding,
                                    std::span<const Example> examples) const {
  std::vector<quantum::Input> inputs;
  std::vector<std::size_t> points;
  if (ansatz_.sides_are_classical()) {
    const Mixture mixture(ansatz_, encoding, examples);
    for (std::size_t i = 0; i < mixture.circuits(); ++i) {
      inputs.push_back(mixture.input(i));
      points.push_back(mixture.points(i));
    }
    return mixture.mix(evaluate(parameters, inputs, points));
  }
  const EncodedExamples encoded(encoding, examples);
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    inputs.push_back(encoded.input(i));
    points.push_back(encoded.points(i));
  }
  return evaluate(parameters, inputs, points);
}

void Networks::gradient(Gradient rule, std::span<const double> parameters, const EncodedExamples& examples,
                        std::span<const std::size_t> places, const quantum::Shots* shots, std::uint64_t first_unit,
                        std::span<double> p_one, std::span<double> derivative) const {
  const std::size_t row = this->parameters();
  TITRANT_EXPECTS(p_one.size() == places.size() && derivative.size() == places.size() * row);
  for (const Member& member : members_) {
    Selection chosen;
    std::vector<std::uint64_t> units;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (examples.points(places[i]) != member.points) continue;
      chosen.from.push_back(i);
      chosen.inputs.push_back(examples.input(places[i]));
      units.push_back(first_unit + places[i]);
    }
    if (chosen.inputs.empty()) continue;
    std::vector<double> values(chosen.inputs.size());
    std::vector<double> rows(chosen.inputs.size() * row);
    switch (rule) {
      case Gradient::adjoint:
        TITRANT_EXPECTS(shots == nullptr);
        member.evaluator.adjoint(parameters, chosen.inputs, values, rows);
        break;
      case Gradient::parameter_shift:
        member.evaluator.parameter_shift(parameters, chosen.inputs, shots, units, values, rows);
        break;
      case Gradient::shared_shift:
        member.evaluator.shared_shift(parameters, chosen.inputs, shots, units, values, rows);
        break;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      p_one[chosen.from[i]] = values[i];
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(i * row), row,
                  derivative.begin() + static_cast<std::ptrdiff_t>(chosen.from[i] * row));
    }
  }
}

}  // namespace titrant::classifier
