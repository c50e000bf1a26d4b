#include "titrant/quantum/device/compile_for_device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "copies.hpp"
#include "placement.hpp"
#include "routing.hpp"
#include "titrant/core/error.hpp"
#include "trials.hpp"

namespace titrant::quantum {

namespace {

constexpr EmbeddingLimits embedding_limits = {24, 300000};
constexpr int embedded_share = 4;  // of the trials that are run beside an embedding

}  // namespace

RoutedCircuit compile_for_device(const Circuit& bound, const Device& device, std::uint64_t seed,
                                 const RoutingOptions& options) {
  std::vector<std::size_t> usable;
  for (std::size_t q = 0; q < device.qubits.size(); ++q)
    if (device.qubits[q].usable()) usable.push_back(q);
  if (bound.qubits() > usable.size()) {
    throw ConfigError(fmt::format("device {}: {} qubits{}, and the circuit needs {}", device.name, usable.size(),
                                  usable.size() < device.qubits.size() ? " that can be used" : "", bound.qubits()));
  }
  const Couplings couplings(device);
  // A patch grows along couplings that work, so it must start among enough qubits that they connect.
  const auto connects_too_few = [&](std::size_t start) {
    std::size_t reached = 0;
    for (const std::size_t q : usable) reached += std::isfinite(couplings.distance(start, q)) ? 1 : 0;
    return reached < bound.qubits();
  };
  const TypicalFigures typical(device);
  std::vector<Circuit> versions = with_other_copies(bound);
  versions.insert(versions.begin(), bound);
  std::optional<PlacedCircuit> best;
  const auto keep_better = [&best](PlacedCircuit candidate) {
    if (!best || candidate.placed.success > best->placed.success) best = std::move(candidate);
  };
  for (const Circuit& version : versions) {
    PlacedCircuit whole{placeable(version), {}};
    whole.placed = best_placement(whole.circuit, device, couplings, typical, embedding_limits);
    if (whole.placed.success >= 0.0) keep_better(std::move(whole));
  }
  std::vector<std::size_t> starts = usable;
  starts.erase(std::remove_if(starts.begin(), starts.end(), connects_too_few), starts.end());
  if (starts.empty() && !best) {
    const std::string left_out = device.left_out_line();
    throw ConfigError(fmt::format("device {}: no {} qubits are connected by couplings that work{}{}", device.name,
                                  bound.qubits(), left_out.empty() ? "" : "; left out: ", left_out));
  }
  if (!starts.empty()) {
    // Swaps on good couplings may be better than none on bad ones; it is tried, but seldom.
    const int routings = best ? (options.trials + embedded_share - 1) / embedded_share : options.trials;
    const Trials trials(bound, device, couplings, typical, std::move(starts), seed);
    for (int trial = 0; trial < routings; ++trial) keep_better(trials.run(trial));
  }
  TITRANT_EXPECTS(best.has_value());
  best->placed = improve(best->circuit, device, couplings, std::move(best->placed));
  return native_at(best->circuit, device, best->placed.place);
}

}  // namespace titrant::quantum
