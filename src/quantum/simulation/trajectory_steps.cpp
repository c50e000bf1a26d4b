#include "trajectory_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace titrant::quantum {

namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

bool is_evolution(const UnravelledStep& step) {
  return step.kind == UnravelledStep::Kind::gate || step.kind == UnravelledStep::Kind::noise;
}

/// More than one number in a row: as costly as any matrix, so that another factor comes for nothing.
bool is_dense(const MatrixView& matrix) {
  for (Eigen::Index r = 0; r < matrix.rows(); ++r)
    if ((matrix.row(r).array() != 0.0).count() > 1) return true;
  return false;
}

/// A matrix on some of these qubits, or on all in another order, as one on all of them.
LocalMatrix widened(const MatrixView& matrix, const std::vector<std::size_t>& own,
                    const std::vector<std::size_t>& all) {
  if (own == all) return matrix;
  std::vector<std::size_t> place;  // [own qubit] how many qubits of `all` are less significant
  std::size_t others = (std::size_t{1} << all.size()) - 1;
  for (const std::size_t qubit : own) {
    place.push_back(static_cast<std::size_t>(all.end() - std::find(all.begin(), all.end(), qubit)) - 1);
    others &= ~(std::size_t{1} << place.back());
  }
  const auto value_of_own = [&place](std::size_t value) {
    std::size_t result = 0;
    for (const std::size_t p : place) result = (result << 1U) | ((value >> p) & 1U);
    return static_cast<Eigen::Index>(result);
  };
  const std::size_t size = std::size_t{1} << all.size();
  LocalMatrix wide = LocalMatrix::Zero(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c)
      if (((r ^ c) & others) == 0)
        wide(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = matrix(value_of_own(r), value_of_own(c));
  return wide;
}

/// Sorts the steps of a circuit into groups, each of which becomes one step of the program.
class Gathering {
 public:
  explicit Gathering(Unravelling unravelling) : unravelling_(std::move(unravelling)) {
    std::size_t qubits = 0;
    for (const UnravelledStep& step : unravelling_.steps)
      for (const std::size_t qubit : step.qubits) qubits = std::max(qubits, qubit + 1);
    last_.assign(qubits, none);
  }

  TrajectoryProgram run() {
    for (UnravelledStep& step : unravelling_.steps) add(std::move(step));
    TrajectoryProgram program;
    for (Group& group : groups_)
      if (!group.members.empty()) program.steps.push_back(finished(group, program.hazard));
    for (NoiseEvents& noise : unravelling_.noises) {
      const std::vector<LocalOperator> events(noise.events.begin(), noise.events.end());
      const LocalOperator usual(noise.usual);
      program.noises.push_back({std::move(noise), usual, events});
    }
    program.terminal = std::move(unravelling_.terminal);
    return program;
  }

 private:
  struct Group {
    std::vector<std::size_t> qubits;
    std::vector<UnravelledStep> members;  ///< none where they have moved to a later group
    bool dense = false;                   ///< the product of its gates is
  };

  bool frequent(const UnravelledStep& step) const {
    return step.kind == UnravelledStep::Kind::noise && unravelling_.noises[step.noise].frequent;
  }

  bool dense(const UnravelledStep& step) const {
    return is_dense(step.kind == UnravelledStep::Kind::gate ? step.matrix : unravelling_.noises[step.noise].usual);
  }

  /// Whether something more may be done in this group: it is gates and rare noise.
  bool open(std::size_t group) const {
    return group != none && !groups_[group].members.empty() && is_evolution(groups_[group].members[0]) &&
           !frequent(groups_[group].members[0]);
  }

  /// The group that the step can be added to.
  std::size_t home(const UnravelledStep& step) const {
    const std::size_t group = last_[step.qubits[0]];
    if (!is_evolution(step) || frequent(step) || !open(group)) return none;
    if (std::any_of(step.qubits.begin(), step.qubits.end(), [&](std::size_t q) { return last_[q] != group; }))
      return none;
    const UnravelledStep& first = groups_[group].members[0];
    if (step.conditions != first.conditions) return none;
    if (!step.conditions.empty() && group + 1 != groups_.size()) return none;  // the bits may have changed since
    const bool costs_nothing = groups_[group].dense || groups_[group].qubits.size() == step.qubits.size();
    return costs_nothing || !dense(step) ? group : none;
  }

  /// Whether the last thing on this qubit is gates on it alone, which a gate on two qubits can do besides.
  bool waits(std::size_t qubit) const {
    const std::size_t group = last_[qubit];
    return open(group) && groups_[group].qubits.size() == 1 && groups_[group].members[0].conditions.empty();
  }

  void add(UnravelledStep step) {
    const std::size_t group = home(step);
    if (group != none) {
      groups_[group].dense = groups_[group].dense || dense(step);
      groups_[group].members.push_back(std::move(step));
      return;
    }
    Group fresh;
    fresh.qubits = step.qubits;
    fresh.dense = is_evolution(step) && dense(step);
    if (step.kind == UnravelledStep::Kind::gate && step.qubits.size() == 2 && step.conditions.empty()) absorb(fresh);
    for (const std::size_t qubit : step.qubits) last_[qubit] = groups_.size();
    fresh.members.push_back(std::move(step));
    groups_.push_back(std::move(fresh));
  }

  /// Moves the gates that wait on single qubits into a group on two, where the matrix of that does not become costlier
  /// than both.
  void absorb(Group& group) {
    const auto dense_one = [this](std::size_t qubit) { return waits(qubit) && groups_[last_[qubit]].dense; };
    const bool all = group.dense || std::all_of(group.qubits.begin(), group.qubits.end(), dense_one);
    for (const std::size_t qubit : group.qubits) {
      if (!waits(qubit) || (!all && dense_one(qubit))) continue;
      Group& single = groups_[last_[qubit]];
      group.dense = group.dense || single.dense;
      std::move(single.members.begin(), single.members.end(), std::back_inserter(group.members));
      single.members.clear();
    }
  }

  TrajectoryStep finished(const Group& group, std::vector<double>& hazard) const {
    const UnravelledStep& first = group.members[0];
    TrajectoryStep step;
    step.qubits = group.qubits;
    step.conditions = first.conditions;
    step.bit = first.bit;
    step.readout = first.readout;
    step.first_site = hazard.size();
    if (first.kind == UnravelledStep::Kind::measure) step.kind = TrajectoryStep::Kind::measure;
    if (first.kind == UnravelledStep::Kind::reset) step.kind = TrajectoryStep::Kind::reset;
    if (first.kind == UnravelledStep::Kind::forget) step.kind = TrajectoryStep::Kind::forget;
    if (step.kind == TrajectoryStep::Kind::evolve) evolve(group, step, hazard);
    return step;
  }

  void evolve(const Group& group, TrajectoryStep& step, std::vector<double>& hazard) const {
    const Eigen::Index size = Eigen::Index{1} << group.qubits.size();
    LocalMatrix gates = LocalMatrix::Identity(size, size);
    std::vector<LocalMatrix> between;  // [site] what happens from the last site to after this one, without an event
    for (const UnravelledStep& member : group.members) {
      if (member.kind == UnravelledStep::Kind::gate) {
        gates = widened(member.matrix, member.qubits, group.qubits) * gates;
        continue;
      }
      const NoiseEvents& noise = unravelling_.noises[member.noise];
      const double before = hazard.empty() ? 0.0 : hazard.back();
      hazard.push_back(noise.frequent ? before : before - std::log1p(-noise.candidate));
      step.sites.push_back({std::nullopt, member.noise, member.qubits});
      if (!gates.isIdentity(0.0)) step.sites.back().before.emplace(gates);
      between.emplace_back(widened(noise.usual, member.qubits, group.qubits) * gates);
      gates.setIdentity();
    }
    step.rest.emplace_back(gates);
    for (std::size_t k = between.size(); k-- > 0;) {
      gates *= between[k];
      step.rest.emplace_back(gates);
    }
    std::reverse(step.rest.begin(), step.rest.end());
  }

  Unravelling unravelling_;
  std::vector<std::size_t> last_;  ///< [qubit] the last group on it
  std::vector<Group> groups_;
};

}  // namespace

TrajectoryProgram trajectory_program(Unravelling unravelling) { return Gathering(std::move(unravelling)).run(); }

}  // namespace titrant::quantum
