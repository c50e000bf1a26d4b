#include "titrant/classifier/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

Networks::Member::Member(const ClassifierOptions& options, std::size_t point_count)
    : points(point_count),
      ansatz(ansatz_of(options, point_count)),
      network(build_network(ansatz, point_count)),
      evaluator(network.circuit, network.result_bit) {}

Networks::Networks(const ClassifierOptions& options) {
  for (const std::size_t points : point_counts) members_.emplace_back(options, points);
}

std::size_t Networks::member_of(std::size_t points) const {
  for (std::size_t m = 0; m < members_.size(); ++m) {
    if (members_[m].points == points) return m;
  }
  throw ConfigError(fmt::format("no network reads curves of {} points; there are 64 (daily) and 128 (weekly)", points));
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
