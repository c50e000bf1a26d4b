#include "history_tree.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "steps.hpp"

namespace titrant::quantum {

namespace {

using Kind = TrajectoryStep::Kind;

std::uint64_t with_bit(std::uint64_t bits, std::size_t bit, bool value) {
  const std::uint64_t mask = std::uint64_t{1} << bit;
  return value ? bits | mask : bits & ~mask;
}

bool recorded(bool found, const ReadoutError& readout, core::Stream& stream) {
  const double wrong = found ? readout.zero_given_one : readout.one_given_zero;
  return wrong > 0.0 && stream.uniform() < wrong ? !found : found;
}

}  // namespace

std::vector<std::uint64_t> HistoryTree::run(const ActiveState& start) {
  results_.clear();
  follow({0, 0, start, 0, clock_.all()});
  return std::move(results_);
}

void HistoryTree::follow(Party party) {
  while (!party.shots.empty() && party.step < program_.steps.size()) {
    const TrajectoryStep& step = program_.steps[party.step];
    if (!holds(step.conditions, party.bits)) {
      skip(step, party);
    } else if (step.kind == Kind::evolve) {
      evolve(step, party);
    } else {
      measure(step, party);
    }
  }
  if (!party.shots.empty()) read_off(party);
}

/// Candidates of noise that does not happen are none.
void HistoryTree::skip(const TrajectoryStep& step, Party& party) {
  const std::size_t end = step.first_site + step.sites.size();
  for (const std::uint32_t shot : clock_.take_before(end, party.shots)) {
    clock_.pass(shot, end - 1);
    clock_.add(shot, party.shots);
  }
  ++party.step;
}

/// Takes out the shots that look for an event before this site.
ShotQueue HistoryTree::candidates(const TrajectoryStep& step, std::size_t end, ShotQueue& shots) const {
  const bool all = !step.sites.empty() && program_.noises[step.sites[0].noise].frequent;  // then it is the only site
  return all ? std::exchange(shots, {}) : clock_.take_before(end, shots);
}

/// Shots without a candidate in this step, and those whose candidates come to nothing, do it as one matrix.
void HistoryTree::evolve(const TrajectoryStep& step, Party& party) {
  const std::size_t half = party.shots.size() / 2;
  const std::size_t sites = step.sites.size();
  ShotQueue looking;
  if (party.site < sites) looking = candidates(step, step.first_site + sites, party.shots);
  std::optional<Party> heir;
  if (!looking.empty()) {
    Party apart{party.step, party.site, party.state, party.bits, std::move(looking)};
    heir = look_for_events(step, std::move(apart), half, party.shots);
  }
  if (!party.shots.empty()) party.state.apply(step.rest[party.site], step.qubits);
  ++party.step;
  party.site = 0;
  if (!heir) return;
  follow(std::move(party));
  party = std::move(*heir);
}

/// Goes through a step site by site. Parties that had an event are followed to their end; one that has more than half
/// of the shots is returned in place of that.
std::optional<HistoryTree::Party> HistoryTree::look_for_events(const TrajectoryStep& step, Party party,
                                                               std::size_t half, ShotQueue& unharmed) {
  std::optional<Party> heir;
  clock_.order(party.shots);
  const std::size_t end = step.first_site + step.sites.size();
  for (; !party.shots.empty(); ++party.site) {
    const TrajectoryStep::Site& site = step.sites[party.site];
    const NoiseEvents& noise = program_.noises[site.noise];
    const std::size_t number = step.first_site + party.site;
    party.state.apply(site.before, step.qubits);
    const ShotQueue looking = candidates(step, number + 1, party.shots);
    if (!noise.frequent)
      for (const std::uint32_t shot : looking) clock_.pass(shot, number);
    if (!looking.empty()) {
      for (auto& [event, shots] : choose_events(site, party.state, looking)) {
        if (event == noise.events.size()) {
          for (const std::uint32_t shot : shots)
            clock_.add(shot, clock_.next_site(shot) < end ? party.shots : unharmed);
          continue;
        }
        clock_.order(shots);
        Party changed{party.step, party.site + 1, party.state, party.bits, std::move(shots)};
        changed.state.apply(noise.events[event], site.qubits);
        changed.state.scale(1.0 / std::sqrt(changed.state.norm()));
        if (changed.shots.size() > half) {
          heir = std::move(changed);
        } else {
          follow(std::move(changed));
        }
      }
    }
    if (!party.shots.empty()) party.state.apply(noise.usual, site.qubits);
  }
  return heir;
}

/// The probability of each event, given a candidate; of a frequent site, given nothing.
std::vector<double> HistoryTree::event_shares(const TrajectoryStep::Site& site, const ActiveState& state) const {
  const NoiseEvents& noise = program_.noises[site.noise];
  std::vector<double> share = noise.share;
  if (!noise.fixed) {
    const double whole = state.norm();
    for (const Matrix& event : noise.events) {
      ActiveState changed = state;
      changed.apply(event, site.qubits);
      share.push_back(changed.norm() / whole / noise.candidate);
    }
  }
  if (noise.frequent)
    for (double& probability : share) probability *= noise.candidate;
  return share;
}

/// Shots by event; those without one as the last.
HistoryTree::Groups HistoryTree::choose_events(const TrajectoryStep::Site& site, const ActiveState& state,
                                               const ShotQueue& shots) {
  const NoiseEvents& noise = program_.noises[site.noise];
  const std::vector<double> share = event_shares(site, state);
  const bool certain = noise.fixed && !noise.frequent;  // shares add to 1 but for rounding
  Groups groups;
  for (const std::uint32_t shot : shots) {
    double u = clock_.stream(shot).uniform();
    std::size_t event = 0;
    while (event < share.size() && u >= share[event]) u -= share[event++];
    if (certain) event = std::min(event, share.size() - 1);
    groups[event].push_back(shot);
  }
  return groups;
}

/// Measurements, resets and silent measurements: shots part by what they find and what is recorded.
void HistoryTree::measure(const TrajectoryStep& step, Party& party) {
  const std::size_t qubit = step.qubits[0];
  const double zero = party.state.weight(qubit, false);
  const double one = party.state.weight(qubit, true);
  const double share = one / (zero + one);
  const bool certain = !party.state.place(qubit);
  Groups groups;  // 2 found + recorded
  for (const std::uint32_t shot : party.shots) {
    core::Stream& stream = clock_.stream(shot);
    const bool found = certain ? party.state.known_value(qubit) : stream.uniform() < share;
    groups[(found ? 2 : 0) + (recorded(found, step.readout, stream) ? 1 : 0)].push_back(shot);
  }
  const auto fewer = [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); };
  const auto largest = std::max_element(groups.begin(), groups.end(), fewer);
  const auto part = [&](ActiveState state, std::size_t key, ShotQueue shots) {
    const bool found = key >= 2;
    state.project(qubit, found, 1.0 / std::sqrt(found ? one : zero));
    if (step.kind == Kind::reset) state.set_known(qubit, false);
    const std::uint64_t bits = step.kind == Kind::measure ? with_bit(party.bits, step.bit, key % 2 == 1) : party.bits;
    clock_.order(shots);
    return Party{party.step + 1, 0, std::move(state), bits, std::move(shots)};
  };
  for (auto group = groups.begin(); group != groups.end(); ++group)
    if (group != largest) follow(part(party.state, group->first, std::move(group->second)));
  party = part(std::move(party.state), largest->first, std::move(largest->second));
}

void HistoryTree::read_off(const Party& party) {
  std::vector<std::size_t> qubits;
  for (const TerminalMeasurement& terminal : program_.terminal) {
    const bool listed = std::find(qubits.begin(), qubits.end(), terminal.qubit) != qubits.end();
    if (party.state.place(terminal.qubit) && !listed) qubits.push_back(terminal.qubit);
  }
  std::vector<double> cumulative = party.state.marginal(qubits);
  for (std::size_t k = 1; k < cumulative.size(); ++k) cumulative[k] += cumulative[k - 1];
  for (const std::uint32_t shot : party.shots) {
    core::Stream& stream = clock_.stream(shot);
    std::size_t value = 0;
    if (!qubits.empty()) {
      const double target = stream.uniform() * cumulative.back();
      const auto place = std::upper_bound(cumulative.begin(), cumulative.end(), target);
      value = std::min(static_cast<std::size_t>(place - cumulative.begin()), cumulative.size() - 1);
    }
    std::uint64_t bits = party.bits;
    for (const TerminalMeasurement& terminal : program_.terminal) {
      const auto place = std::find(qubits.begin(), qubits.end(), terminal.qubit) - qubits.begin();
      const bool found = party.state.place(terminal.qubit)
                             ? ((value >> (qubits.size() - 1 - static_cast<std::size_t>(place))) & 1U) != 0U
                             : party.state.known_value(terminal.qubit);
      bits = with_bit(bits, terminal.bit, recorded(found, terminal.readout, stream));
    }
    results_.push_back(bits);
  }
}

}  // namespace titrant::quantum
