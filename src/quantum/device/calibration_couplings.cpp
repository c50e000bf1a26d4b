#include "calibration_couplings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

/// One gate that could act along a coupling.
struct Candidate {
  GateKind gate = GateKind::ecr;
  std::size_t control = 0;
  std::size_t target = 0;
  GateFigures figures;
  std::string why;  ///< it is left out; empty: it is not
  bool works() const { return why.empty() && figures.error < 1.0; }
  bool better_than(const Candidate& other) const {
    if (works() != other.works()) return works();
    if (figures.error != other.figures.error) return figures.error < other.figures.error;
    return figures.duration < other.figures.duration;
  }
};

Candidate candidate_of(const CalibratedGate& gate, GateKind kind, const GivenDurations& given, Decisions& decisions) {
  Candidate candidate{kind, gate.qubits[0], gate.qubits[1], {}, ""};
  std::vector<std::string> lacking;
  const std::optional<double> error = calibrated_figure(gate.figures, "gate_error");
  std::optional<double> length = calibrated_figure(gate.figures, "gate_length");
  if (!error) lacking.emplace_back("gate_error");
  if (!length && given.coupling) {
    length = given.coupling;
    ++decisions.coupling_given;
  } else if (!length) {
    lacking.emplace_back("gate_length");
    ++decisions.coupling_lacking;
  }
  candidate.figures = {error.value_or(0.0), length.value_or(0.0)};
  if (!lacking.empty()) candidate.why = fmt::format("no {}", fmt::join(lacking, ", no "));
  if (switched_off(gate.figures)) candidate.why = "not operational";
  return candidate;
}

using QubitPair = std::pair<std::size_t, std::size_t>;

/// The best of what is listed for two qubits, in both directions; and rzz beside it.
Device::Edge edge_of(const std::vector<Candidate>& listed, Decisions& decisions) {
  const Candidate* best = nullptr;
  const Candidate* rzz = nullptr;
  std::set<GateKind> kinds;
  bool differ = false;
  for (const Candidate& one : listed) {
    const Candidate*& kept = one.gate == GateKind::rzz ? rzz : best;
    for (const Candidate& other : listed)
      differ = differ || (other.gate == one.gate && (one.better_than(other) || other.better_than(one)));
    if (one.gate != GateKind::rzz) kinds.insert(one.gate);
    if (kept == nullptr || one.better_than(*kept)) kept = &one;
  }
  decisions.directions_differ += differ ? 1 : 0;
  decisions.kinds_compared += kinds.size() > 1 ? 1 : 0;
  const bool rzz_works = rzz != nullptr && rzz->works();
  const Candidate& main = best == nullptr || (!best->works() && rzz_works) ? *rzz : *best;
  Device::Edge edge;
  edge.control = main.control;
  edge.target = main.target;
  edge.gate = main.gate;
  edge.left_out = main.why;
  edge.error = main.figures.error;
  edge.duration = main.figures.duration;
  if (rzz_works) edge.rzz = rzz->figures;
  return edge;
}

}  // namespace

std::optional<GateKind> pair_gate(const std::string& name) {
  for (const GateKind kind : {GateKind::cx, GateKind::cz, GateKind::ecr, GateKind::rzz})
    if (gate_name(kind) == name) return kind;
  return std::nullopt;
}

std::vector<Device::Edge> edges_of(const Calibration& calibration, const GivenDurations& given, Decisions& decisions) {
  std::map<QubitPair, std::vector<Candidate>> listed;
  std::vector<QubitPair> order;  // as the file has them
  for (const CalibratedGate& gate : calibration.gates) {
    const std::optional<GateKind> kind = gate.qubits.size() == 2 ? pair_gate(gate.name) : std::nullopt;
    if (!kind) continue;
    std::vector<Candidate>& of_pair = listed[std::minmax(gate.qubits[0], gate.qubits[1])];
    if (of_pair.empty()) order.emplace_back(std::minmax(gate.qubits[0], gate.qubits[1]));
    of_pair.push_back(candidate_of(gate, *kind, given, decisions));
  }
  std::vector<Device::Edge> edges;
  for (const QubitPair& pair : order) edges.push_back(edge_of(listed.at(pair), decisions));
  return edges;
}

std::string rzz_note(const Calibration& calibration, const std::vector<Device::Edge>& edges) {
  const bool listed = std::any_of(calibration.gates.begin(), calibration.gates.end(), [](const CalibratedGate& gate) {
    return gate.name == "rzz" && gate.qubits.size() == 2;
  });
  const auto without = std::count_if(edges.begin(), edges.end(), [](const Device::Edge& edge) { return !edge.rzz; });
  if (!listed || without == 0) return "";
  return fmt::format("rzz is ignored on {} of {} couplings: error 1, not operational, or no figures", without,
                     edges.size());
}

}  // namespace titrant::quantum
