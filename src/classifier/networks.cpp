#include "titrant/classifier/networks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/simulation/trajectories.hpp"

namespace titrant::classifier {

namespace {

constexpr std::array<std::size_t, 2> usual_point_counts = {64, 128};  // proposal, section 4.1

// The examples that one network reads, and where they came from.
struct Selection {
  std::vector<std::size_t> from;  // index into the list they were chosen from
  std::vector<quantum::Input> inputs;
};

}  // namespace

Networks::Member::Member(const ClassifierOptions& options, const QuantumOptions& quantum, std::size_t point_count)
    : points(point_count),
      ansatz(ansatz_of(options, point_count)),
      network(build_network(ansatz, point_count)),
      evaluator(quantum::Evaluator(network.circuit, network.result_bit)) {
  if (quantum.noise == nullptr && quantum.backend != Backend::density_matrix) return;
  const quantum::NoiseModel noise = quantum.noise == nullptr ? quantum::NoiseModel() : *quantum.noise;
  evaluator = quantum::NoisyEvaluator(network.circuit, network.result_bit, noise);
}

Eigen::MatrixXd Networks::Member::form(std::span<const double> parameters, std::span<const double> features) const {
  return std::visit([&](const auto& exact) { return exact.form(parameters, features); }, evaluator);
}

Networks::Networks(const ClassifierOptions& options, const QuantumOptions& quantum) : quantum_(quantum) {
  const Encoding encoding = encoding_of(options);
  std::set<std::size_t> counts;
  for (const std::size_t points : usual_point_counts) counts.insert(encoded_points(encoding, points));
  if (options.curve_points != 0) counts.insert(encoded_points(encoding, curve_points(0.0, options.curve_points)));
  members_.reserve(counts.size());
  for (const std::size_t points : counts) members_.emplace_back(options, quantum, points);
}

std::size_t Networks::member_of(std::size_t points) const {
  for (std::size_t m = 0; m < members_.size(); ++m) {
    if (members_[m].points == points) return m;
  }
  std::vector<std::size_t> known;
  for (const Member& member : members_) known.push_back(member.points);
  throw ConfigError(fmt::format("no network reads curves of {} points; there are {}; set classifier.curve_points",
                                points, fmt::join(known, ", ")));
}

std::vector<double> Networks::probabilities(std::span<const double> parameters, const EncodedExamples& examples) const {
  std::vector<Selection> selections(members_.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    Selection& chosen = selections[member_of(examples.points(i))];
    chosen.from.push_back(i);
    chosen.inputs.push_back(examples.input(i));
  }
  std::vector<double> p(examples.size());
  for (std::size_t m = 0; m < members_.size(); ++m) {
    const Selection& chosen = selections[m];
    if (chosen.inputs.empty()) continue;
    std::vector<double> values(chosen.inputs.size());
    std::visit([&](const auto& exact) { exact.probabilities(parameters, chosen.inputs, values); },
               members_[m].evaluator);
    for (std::size_t i = 0; i < values.size(); ++i) p[chosen.from[i]] = values[i];
  }
  return p;
}

std::uint32_t Networks::count_ones(std::span<const double> parameters, std::size_t points, const quantum::Input& input,
                                   std::uint64_t seed, std::uint64_t unit, std::uint64_t circuit) const {
  const Network& of_points = network(points);
  const quantum::ShotRange shots{circuit * quantum_.shots, quantum_.shots};
  std::uint64_t ones = 0;
  for (const quantum::Count& count :
       quantum::run_trajectories(of_points.circuit, parameters, input, quantum_.noise.get(), seed, unit, shots)) {
    if (((count.bits >> of_points.result_bit) & 1U) != 0U) ones += count.count;
  }
  return static_cast<std::uint32_t>(ones);
}

void Networks::estimate(const Member& member, std::span<const double> parameters,
                        std::span<const quantum::Input> inputs, std::span<const std::uint64_t> units,
                        std::uint64_t seed, std::size_t circuit, std::span<double> p_one) const {
  const double count = quantum_.shots;
  if (quantum_.backend == Backend::trajectory) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      p_one[i] = count_ones(parameters, member.points, inputs[i], seed, units[i], 1 + circuit) / count;
    return;
  }
  std::visit([&](const auto& exact) { exact.probabilities(parameters, inputs, p_one); }, member.evaluator);
  if (quantum_.backend != Backend::sampled) return;
  const quantum::Shots shots{quantum_.shots, seed, core::Purpose::training_shots};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    p_one[i] = quantum::sample_ones(p_one[i], shots, units[i], static_cast<std::uint32_t>(circuit)) / count;
}

void Networks::perturbed(const Member& member, std::span<const double> parameters,
                         std::span<const quantum::Input> inputs, std::span<const std::uint64_t> units,
                         std::uint64_t seed, std::uint64_t first_unit, std::span<double> p_one,
                         std::span<double> derivative) const {
  const std::size_t row = this->parameters();
  const double distance = quantum_.spsa.perturbation;
  const auto repeats = static_cast<std::size_t>(quantum_.spsa.repeats);
  const double share = 1.0 / static_cast<double>(repeats);
  std::fill(p_one.begin(), p_one.end(), 0.0);
  std::fill(derivative.begin(), derivative.end(), 0.0);
  std::vector<double> sign(row);
  std::vector<double> moved(row);
  std::vector<double> plus(inputs.size());
  std::vector<double> minus(inputs.size());
  for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
    core::Stream stream(seed, core::Purpose::perturbation, first_unit, static_cast<std::uint32_t>(repeat));
    for (double& one : sign) one = stream.below(2) == 0 ? 1.0 : -1.0;
    for (std::size_t k = 0; k < row; ++k) moved[k] = parameters[k] + distance * sign[k];
    estimate(member, moved, inputs, units, seed, 2 * repeat, plus);
    for (std::size_t k = 0; k < row; ++k) moved[k] = parameters[k] - distance * sign[k];
    estimate(member, moved, inputs, units, seed, 2 * repeat + 1, minus);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      p_one[i] += share * 0.5 * (plus[i] + minus[i]);
      const double slope = share * 0.5 * (plus[i] - minus[i]) / distance;
      for (std::size_t k = 0; k < row; ++k) derivative[i * row + k] += slope * sign[k];
    }
  }
}

void Networks::gradient(std::span<const double> parameters, const EncodedExamples& examples,
                        std::span<const std::size_t> places, std::uint64_t seed, std::uint64_t first_unit,
                        std::span<double> p_one, std::span<double> derivative) const {
  const std::size_t row = this->parameters();
  TITRANT_EXPECTS(p_one.size() == places.size() && derivative.size() == places.size() * row);
  const quantum::Shots shots_of{quantum_.shots, seed, core::Purpose::training_shots};
  const quantum::Shots* shots = quantum_.backend == Backend::sampled ? &shots_of : nullptr;
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
    std::visit(
        [&](const auto& evaluator) {
          switch (quantum_.gradient) {
            case Gradient::adjoint:
              TITRANT_EXPECTS(shots == nullptr);
              evaluator.adjoint(parameters, chosen.inputs, values, rows);
              break;
            case Gradient::parameter_shift:
              evaluator.parameter_shift(parameters, chosen.inputs, shots, units, values, rows);
              break;
            case Gradient::shared_shift:
              evaluator.shared_shift(parameters, chosen.inputs, shots, units, values, rows);
              break;
            case Gradient::spsa:
              perturbed(member, parameters, chosen.inputs, units, seed, first_unit, values, rows);
              break;
          }
        },
        member.evaluator);
    for (std::size_t i = 0; i < values.size(); ++i) {
      p_one[chosen.from[i]] = values[i];
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(i * row), row,
                  derivative.begin() + static_cast<std::ptrdiff_t>(chosen.from[i] * row));
    }
  }
}

}  // namespace titrant::classifier
