#include "history_tree.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "steps.hpp"

namespace titrant::quantum {

namespace {

std::uint64_t with_bit(std::uint64_t bits, std::size_t bit, bool value) {
  const std::uint64_t mask = std::uint64_t{1} << bit;
  return value ? bits | mask : bits & ~mask;
}

/// The number of what a uniform u in (0, 1) chooses; past the last where it exceeds the sum of probabilities.
std::size_t choose(std::span<const double> probability, double u) {
  std::size_t k = 0;
  while (k < probability.size() && u >= probability[k]) u -= probability[k++];
  return k;
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
    if (!step.conditions.empty() && !holds(step.conditions, party.bits)) {
      skip(step, party);
    } else if (step.kind == TrajectoryStep::Kind::evolve) {
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
  const ShotQueue looking = clock_.take_before(end, party.shots);
  for (const std::uint32_t shot : looking) {
    clock_.pass(shot, end - 1);
    clock_.insert(shot, party.shots);
  }
  ++party.step;
}

/// Takes out the shots that look for an event before this site.
ShotQueue HistoryTree::candidates(const TrajectoryStep& step, std::size_t end, ShotQueue& shots) const {
  const bool all =
      !step.sites.empty() && program_.noises[step.sites[0].noise].parts.frequent;  // then it is the only site
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
  for (; !party.shots.empty(); ++party.site) {
    const TrajectoryStep::Site& site = step.sites[party.site];
    if (site.before) party.state.apply(*site.before, step.qubits);
    const ShotQueue looking = candidates(step, step.first_site + party.site + 1, party.shots);
    if (!looking.empty()) {
      Groups groups = choose_events(step, party, looking);
      for (const std::uint32_t shot : groups[no_event])
        clock_.insert(shot, clock_.next_site(shot) < step.first_site + step.sites.size() ? party.shots : unharmed);
      groups.erase(no_event);
      for (auto& [event, shots] : groups) {
        Party changed = after_event(site, party, event, std::move(shots));
        if (changed.shots.size() > half) {
          heir = std::move(changed);
        } else {
          follow(std::move(changed));
        }
      }
    }
    if (!party.shots.empty()) party.state.apply(program_.noises[site.noise].usual, site.qubits);
  }
  return heir;
}

HistoryTree::Party HistoryTree::after_event(const TrajectoryStep::Site& site, const Party& before, std::size_t event,
                                            ShotQueue shots) const {
  Party changed{before.step, before.site + 1, before.state, before.bits, std::move(shots)};
  changed.state.apply(program_.noises[site.noise].events[event], site.qubits);
  changed.state.scale(1.0 / std::sqrt(changed.state.norm()));
  return changed;
}

/// The probability of each event, given that a shot looks for one.
std::vector<double> HistoryTree::event_shares(const TrajectoryStep::Site& site, const ActiveState& state) const {
  const TrajectoryProgram::Noise& noise = program_.noises[site.noise];
  std::vector<double> share = noise.parts.share;
  if (!noise.parts.fixed) {
    const double whole = state.norm();
    for (const LocalOperator& event : noise.events) {
      ActiveState changed = state;
      changed.apply(event, site.qubits);
      share.push_back(changed.norm() / whole / noise.parts.candidate);
    }
  }
  if (noise.parts.frequent)
    for (double& probability : share) probability *= noise.parts.candidate;
  return share;
}

HistoryTree::Groups HistoryTree::choose_events(const TrajectoryStep& step, const Party& party,
                                               const ShotQueue& looking) {
  const TrajectoryStep::Site& site = step.sites[party.site];
  const NoiseEvents& noise = program_.noises[site.noise].parts;
  const std::vector<double> share = event_shares(site, party.state);
  const std::size_t otherwise = noise.fixed && !noise.frequent ? share.size() - 1 : no_event;  // shares add to 1
  Groups groups;
  for (const std::uint32_t shot : looking) {
    if (!noise.frequent) clock_.pass(shot, step.first_site + party.site);
    const std::size_t event = choose(share, clock_.stream(shot).uniform());
    clock_.insert(shot, groups[event < share.size() ? event : otherwise]);
  }
  return groups;
}

/// Measurements, resets and silent measurements: shots part by what they find and what is recorded.
void HistoryTree::measure(const TrajectoryStep& step, Party& party) {
  const std::size_t qubit = step.qubits[0];
  const std::array<double, 2> weight = party.state.weights(qubit);
  // 2 found + recorded; one number decides both.
  const double share = weight[1] / (weight[0] + weight[1]);
  const std::array<double, 4> probability = {
      (1.0 - share) * (1.0 - step.readout.one_given_zero), (1.0 - share) * step.readout.one_given_zero,
      share * step.readout.zero_given_one, share * (1.0 - step.readout.zero_given_one)};
  const auto likeliest =
      static_cast<std::size_t>(std::max_element(probability.begin(), probability.end()) - probability.begin());
  const auto outcome_of = [&](std::uint32_t shot) {
    if (probability.at(likeliest) == 1.0) return likeliest;
    const std::size_t outcome = choose(probability, clock_.stream(shot).uniform());
    return outcome < probability.size() ? outcome : likeliest;  // they add to 1 but for rounding
  };
  const auto settle = [&](Party& one, std::size_t outcome) {
    const bool found = outcome >= 2;
    one.state.project(qubit, found, 1.0 / std::sqrt(weight.at(found ? 1 : 0)));
    if (step.kind == TrajectoryStep::Kind::reset) one.state.set_known(qubit, false);
    if (step.kind == TrajectoryStep::Kind::measure) one.bits = with_bit(one.bits, step.bit, outcome % 2 == 1);
    ++one.step;
    one.site = 0;
  };
  if (party.shots.size() == 1) {
    settle(party, outcome_of(party.shots[0]));
    return;
  }
  std::array<ShotQueue, 4> groups;
  for (const std::uint32_t shot : party.shots) groups.at(outcome_of(shot)).push_back(shot);
  const auto fewer = [](const ShotQueue& a, const ShotQueue& b) { return a.size() < b.size(); };
  const auto largest = static_cast<std::size_t>(std::max_element(groups.begin(), groups.end(), fewer) - groups.begin());
  for (std::size_t outcome = 0; outcome < groups.size(); ++outcome) {
    if (outcome == largest || groups.at(outcome).empty()) continue;
    Party other{party.step, party.site, party.state, party.bits, std::move(groups.at(outcome))};
    settle(other, outcome);
    follow(std::move(other));
  }
  party.shots = std::move(groups.at(largest));
  settle(party, largest);
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
