#include "titrant/quantum/simulation/trajectories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "active_state.hpp"
#include "steps.hpp"
#include "titrant/core/error.hpp"
#include "trajectory_steps.hpp"

namespace titrant::quantum {

namespace {

using Kind = TrajectoryStep::Kind;

/// Shots side by side in the tree of histories; more would not share more, and need memory.
constexpr std::uint64_t chunk = 1U << 16U;
constexpr std::size_t no_site = std::numeric_limits<std::size_t>::max();

struct Shot {
  core::Stream stream;
  std::size_t next = no_site;  ///< the next noise site where it looks for an event
};

/// Shots that have had the same history: one state for all of them.
struct Node {
  std::size_t step;
  ActiveState state;  ///< not normalised
  std::uint64_t bits;
  std::vector<std::uint32_t> shots;  ///< a heap: the shot whose site comes next is in front
};

class Tree {
 public:
  Tree(const TrajectoryProgram& program, std::map<std::uint64_t, std::uint64_t>& counts)
      : program_(program), counts_(counts) {
    for (const NoiseSite& site : program.sites) hazard_.push_back(site.hazard);
  }

  void run(const ActiveState& start, std::uint64_t seed, std::uint64_t unit, ShotRange range) {
    shots_.clear();
    Node root{0, start, 0, {}};
    for (std::uint64_t s = range.first; s < range.first + range.count; ++s) {
      shots_.push_back({core::Stream(seed, core::Purpose::trajectory, unit, static_cast<std::uint32_t>(s)), no_site});
      look_ahead(shots_.back(), 0.0);
      root.shots.push_back(static_cast<std::uint32_t>(s - range.first));
    }
    push(std::move(root));
    while (!waiting_.empty()) {
      Node node = std::move(waiting_.back());
      waiting_.pop_back();
      follow(std::move(node));
    }
  }

 private:
  /// Draws the site of a shot's next candidate for an event: events of rare noise are a Poisson process in the hazard.
  void look_ahead(Shot& shot, double from) const {
    if (hazard_.empty() || hazard_.back() <= from) {
      shot.next = no_site;
      return;
    }
    const double target = from - std::log(shot.stream.uniform());
    const auto found = std::upper_bound(hazard_.begin(), hazard_.end(), target);
    shot.next = found == hazard_.end() ? no_site : static_cast<std::size_t>(found - hazard_.begin());
  }

  bool later(std::uint32_t a, std::uint32_t b) const { return shots_[a].next > shots_[b].next; }

  void push(Node node) {
    if (node.shots.empty()) return;
    std::make_heap(node.shots.begin(), node.shots.end(),
                   [this](std::uint32_t a, std::uint32_t b) { return later(a, b); });
    waiting_.push_back(std::move(node));
  }

  void follow(Node node) {
    for (; node.step < program_.steps.size(); ++node.step) {
      const TrajectoryStep& step = program_.steps[node.step];
      const bool happens = step.conditions.empty() || holds(step.conditions, node.bits);
      if (step.kind == Kind::noise) {
        suffer(step, happens, node);
      } else if (happens && step.kind == Kind::gate) {
        node.state.apply(step.matrix, step.qubits);
      } else if (happens) {
        measure(step, node);
      }
      if (node.shots.empty()) return;
    }
    read_off(node);
  }

  /// The shots of the node whose turn it is to look for an event at this site.
  std::vector<std::uint32_t> candidates(const NoiseSite& site, std::size_t number, Node& node) {
    if (site.frequent) return std::exchange(node.shots, {});
    std::vector<std::uint32_t> found;
    const auto order = [this](std::uint32_t a, std::uint32_t b) { return later(a, b); };
    while (!node.shots.empty() && shots_[node.shots.front()].next == number) {
      std::pop_heap(node.shots.begin(), node.shots.end(), order);
      found.push_back(node.shots.back());
      node.shots.pop_back();
    }
    return found;
  }

  void put_back(std::uint32_t shot, Node& node) {
    node.shots.push_back(shot);
    std::push_heap(node.shots.begin(), node.shots.end(),
                   [this](std::uint32_t a, std::uint32_t b) { return later(a, b); });
  }

  void suffer(const TrajectoryStep& step, bool happens, Node& node) {
    const NoiseSite& site = program_.sites[step.site];
    if (!happens && site.frequent) return;
    const std::vector<std::uint32_t> looking = candidates(site, step.site, node);
    if (!site.frequent)
      for (const std::uint32_t shot : looking) look_ahead(shots_[shot], site.hazard);
    if (!happens) {
      for (const std::uint32_t shot : looking) put_back(shot, node);
      return;
    }
    if (!looking.empty()) choose_events(step, site, looking, node);
    if (!site.usual_is_scalar && !node.shots.empty()) node.state.apply(site.usual, step.qubits);
  }

  /// Each shot goes to the node of its event, or back to that of no event.
  void choose_events(const TrajectoryStep& step, const NoiseSite& site, const std::vector<std::uint32_t>& looking,
                     Node& node) {
    // The probability of each event, given that the shot looks for one.
    std::vector<double> share = site.event_share;
    if (!site.fixed) {
      const double whole = node.state.norm();
      for (const Matrix& event : site.events) {
        ActiveState changed = node.state;
        changed.apply(event, step.qubits);
        share.push_back(changed.norm() / whole / site.candidate);
      }
    }
    if (site.frequent)
      for (double& probability : share) probability *= site.candidate;
    std::map<std::size_t, std::vector<std::uint32_t>> groups;
    for (const std::uint32_t shot : looking) {
      double u = shots_[shot].stream.uniform();
      std::size_t event = 0;
      while (event < share.size() && u >= share[event]) u -= share[event++];
      if (event < share.size()) {
        groups[event].push_back(shot);
      } else if (site.fixed && !site.frequent) {
        groups[share.size() - 1].push_back(shot);  // shares add to 1 but for rounding
      } else {
        put_back(shot, node);
      }
    }
    for (auto& [event, shots] : groups) {
      Node changed{node.step + 1, node.state, node.bits, std::move(shots)};
      changed.state.apply(site.events[event], step.qubits);
      changed.state.scale(1.0 / std::sqrt(changed.state.norm()));
      push(std::move(changed));
    }
  }

  /// Measurements, resets and silent measurements: the shots of the node part by what they find and what is recorded.
  void measure(const TrajectoryStep& step, Node& node) {
    const std::size_t qubit = step.qubits[0];
    const double zero = node.state.weight(qubit, false);
    const double one = node.state.weight(qubit, true);
    const double share = one / (zero + one);
    const bool certain = !node.state.place(qubit);
    std::array<std::array<std::vector<std::uint32_t>, 2>, 2> groups;  // [found][recorded]
    for (const std::uint32_t shot : node.shots) {
      core::Stream& stream = shots_[shot].stream;
      const bool found = certain ? node.state.known_value(qubit) : stream.uniform() < share;
      const double wrong = found ? step.readout.zero_given_one : step.readout.one_given_zero;
      const bool recorded = wrong > 0.0 && stream.uniform() < wrong ? !found : found;
      groups.at(found ? 1 : 0).at(recorded ? 1 : 0).push_back(shot);
    }
    for (const bool found : {false, true}) {
      for (const bool recorded : {false, true}) {
        std::vector<std::uint32_t>& shots = groups.at(found ? 1 : 0).at(recorded ? 1 : 0);
        if (shots.empty()) continue;
        Node next{node.step + 1, node.state, node.bits, std::move(shots)};
        next.state.project(qubit, found, 1.0 / std::sqrt(found ? one : zero));
        if (step.kind == Kind::reset) next.state.set_known(qubit, false);
        if (step.kind == Kind::measure) next.bits = with_bit(next.bits, step.bit, recorded);
        push(std::move(next));
      }
    }
    node.shots.clear();
  }

  static std::uint64_t with_bit(std::uint64_t bits, std::size_t bit, bool value) {
    const std::uint64_t mask = std::uint64_t{1} << bit;
    return value ? bits | mask : bits & ~mask;
  }

  void read_off(const Node& node) {
    std::vector<std::size_t> qubits;
    for (const TrajectoryProgram::Terminal& terminal : program_.terminal) {
      const bool listed = std::find(qubits.begin(), qubits.end(), terminal.qubit) != qubits.end();
      if (node.state.place(terminal.qubit) && !listed) qubits.push_back(terminal.qubit);
    }
    std::vector<double> cumulative = node.state.marginal(qubits);
    for (std::size_t k = 1; k < cumulative.size(); ++k) cumulative[k] += cumulative[k - 1];
    for (const std::uint32_t shot : node.shots) {
      core::Stream& stream = shots_[shot].stream;
      std::size_t value = 0;
      if (!qubits.empty()) {
        const double target = stream.uniform() * cumulative.back();
        const auto place = std::upper_bound(cumulative.begin(), cumulative.end(), target);
        value = std::min(static_cast<std::size_t>(place - cumulative.begin()), cumulative.size() - 1);
      }
      std::uint64_t bits = node.bits;
      for (const TrajectoryProgram::Terminal& terminal : program_.terminal) {
        const auto place = std::find(qubits.begin(), qubits.end(), terminal.qubit) - qubits.begin();
        const bool found = node.state.place(terminal.qubit)
                               ? ((value >> (qubits.size() - 1 - static_cast<std::size_t>(place))) & 1U) != 0U
                               : node.state.known_value(terminal.qubit);
        const double wrong = found ? terminal.readout.zero_given_one : terminal.readout.one_given_zero;
        bits = with_bit(bits, terminal.bit, wrong > 0.0 && stream.uniform() < wrong ? !found : found);
      }
      ++counts_[bits];
    }
  }

  const TrajectoryProgram& program_;
  std::map<std::uint64_t, std::uint64_t>& counts_;
  std::vector<double> hazard_;  ///< [site]
  std::vector<Shot> shots_;
  std::vector<Node> waiting_;
};

}  // namespace

std::vector<Count> run_trajectories(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                                    const NoiseModel* noise, std::uint64_t seed, std::uint64_t unit, ShotRange shots) {
  check_runnable(circuit, parameters, input);
  constexpr std::uint64_t end = std::uint64_t{1} << 32U;
  if (shots.first > end || shots.count > end - shots.first)
    throw ConfigError(
        fmt::format("circuit: shots {} .. {}; a circuit has at most 2^32", shots.first, shots.first + shots.count));
  const TrajectoryProgram program = trajectory_program(circuit, parameters, input.features, noise);
  ActiveState start(circuit.qubits());
  if (!circuit.amplitude_qubits().empty()) start.prepare(circuit.amplitude_qubits(), input.amplitudes);
  std::map<std::uint64_t, std::uint64_t> counts;
  Tree tree(program, counts);
  for (std::uint64_t done = 0; done < shots.count; done += chunk)
    tree.run(start, seed, unit, {shots.first + done, std::min(chunk, shots.count - done)});
  std::vector<Count> list;
  list.reserve(counts.size());
  for (const auto& [bits, count] : counts) list.push_back({bits, count});
  return list;
}

}  // namespace titrant::quantum
