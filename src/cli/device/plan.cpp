#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "circuit/device.hpp"
#include "device.hpp"
#include "planning.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/hardware/estimate.hpp"

/// \file
/// titrant device plan: circuits, shots, time, and whether simulated runs keep the promise.

namespace titrant::cli {

namespace {

using hardware::Plan;
using hardware::Role;

std::size_t count_of(const Plan& plan, Role role) {
  return static_cast<std::size_t>(
      std::count_if(plan.scheme.circuits.begin(), plan.scheme.circuits.end(),
                    [role](const hardware::PlannedCircuit& one) { return one.role == role; }));
}

double exact_on(const Plan& plan, double dose) {
  const auto found = std::find(plan.promise.grid.begin(), plan.promise.grid.end(), dose);
  return plan.exact[static_cast<std::size_t>(found - plan.promise.grid.begin())];
}

std::string where(const Planning& planning) {
  const hardware::CircuitMaker& maker = *planning.maker;
  if (!maker.machine().device) return "logical qubits, circuits as they are drawn";
  const quantum::CircuitSummary summary = *maker.summary(maker.reference());
  return fmt::format("{}: {} gates on two qubits, {:.2f} us, estimated success probability {:.4f}, on qubits {}",
                     maker.machine().device->name, summary.two_qubit_gates, summary.duration,
                     summary.success_probability, fmt::join(maker.reference().device_qubits, ", "));
}

struct Simulated {
  std::size_t runs = 0;
  std::size_t kept = 0;
};

void print_text(const Planning& planning, const Simulated& simulated) {
  const Plan& plan = planning.plan;
  const protocol::Question& question = planning.model->question;
  const std::string unit = planning.model->regimen.dose_unit(planning.model->configuration.data.format.units.amount);
  fmt::print("{} subjects of {} on {}, {}, target {:g}, by {}\n", plan.subjects.size(), question.population,
             question.regimen, question.endpoint, question.target, planning.model->classifier);
  fmt::print("  exact answer of these subjects: {:g} {}\n", plan.promise.grid[plan.promise.answer], unit);
  fmt::print("  on {}\n", where(planning));
  for (const std::string& remark :
       planning.maker->machine().device ? remarks_on(*planning.maker->machine().device) : std::vector<std::string>())
    fmt::print("  {}\n", remark);
  fmt::print("\n  {:>10} {:>10} {:>10} {:>10}\n", "dose", "exact", "expected", "+-");
  for (std::size_t d = 0; d < plan.scheme.doses.size(); ++d)
    fmt::print("  {:>10g} {:>10.4f} {:>10.4f} {:>10.4f}\n", plan.scheme.doses[d], exact_on(plan, plan.scheme.doses[d]),
               plan.shots.attainment[d], plan.shots.deviation[d]);
  fmt::print("\n  {:<22} {:>10} {:>10} {:>12}\n", "circuits", "number", "shots each", "shots");
  const auto row = [&](const char* name, Role role, std::uint64_t shots) {
    const std::size_t number = count_of(plan, role);
    fmt::print("  {:<22} {:>10} {:>10} {:>12}\n", name, number, shots, number * shots);
  };
  fmt::print("  {:<22} {:>10} {:>10} {:>12}\n", "markers", 2, hardware::marker_shots, 2 * hardware::marker_shots);
  row("calibration", Role::calibration, plan.shots.calibration);
  row("question", Role::question, plan.shots.question);
  fmt::print("  {:<22} {:>10} {:>10} {:>12}\n", "in all", plan.scheme.circuits.size(), "", plan.total_shots());
  if (planning.maker->machine().device)
    fmt::print("  device time {} ({:g} us between shots; without what a service adds for each job)\n",
               core::duration_text(plan.device_time()), plan.repetition_delay);
  fmt::print("  the dose is within one step of the exact answer with a probability of at least {:.3f}\n",
             1.0 - plan.shots.risk);
  const hardware::ClassicalBits classical = hardware::classical_bits(
      planning.model->network.network(planning.examples->reference().profile->curve.size()).circuit);
  if (classical.qubits > 0)
    fmt::print(
        "  {} auxiliary qubits are classical bits: drawn before each shot, they would save {} qubits and {} of "
        "the gates on two qubits as drawn\n",
        classical.qubits, classical.qubits, classical.two_qubit_gates);
  if (simulated.runs > 0)
    fmt::print("  simulated runs of the device: the promise held in {} of {}\n", simulated.kept, simulated.runs);
}

void print_json(const Planning& planning, const Simulated& simulated) {
  const Plan& plan = planning.plan;
  const protocol::Question& question = planning.model->question;
  nlohmann::ordered_json json;
  json["question"] = {{"population", question.population},
                      {"regimen", question.regimen},
                      {"endpoint", question.endpoint},
                      {"target", question.target},
                      {"classifier", planning.model->classifier}};
  json["exact_dose"] = plan.promise.grid[plan.promise.answer];
  json["subjects"] = plan.subjects;
  json["calibration"] = plan.calibration;
  json["doses"] = nlohmann::ordered_json::array();
  for (std::size_t d = 0; d < plan.scheme.doses.size(); ++d)
    json["doses"].push_back({{"dose", plan.scheme.doses[d]},
                             {"exact", exact_on(plan, plan.scheme.doses[d])},
                             {"expected", plan.shots.attainment[d]},
                             {"deviation", plan.shots.deviation[d]}});
  json["circuits"] = plan.scheme.circuits.size();
  json["shots"] = {{"marker", hardware::marker_shots},
                   {"calibration", plan.shots.calibration},
                   {"question", plan.shots.question},
                   {"total", plan.total_shots()}};
  json["risk"] = plan.shots.risk;
  if (planning.maker->machine().device) {
    const quantum::CircuitSummary summary = *planning.maker->summary(planning.maker->reference());
    json["device"] = {{"name", planning.maker->machine().device->name},
                      {"qubits", planning.maker->reference().device_qubits},
                      {"two_qubit_gates", summary.two_qubit_gates},
                      {"success_probability", summary.success_probability},
                      {"seconds", plan.device_time()}};
  }
  if (simulated.runs > 0) json["simulated"] = {{"runs", simulated.runs}, {"kept", simulated.kept}};
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

int plan_device(const Invocation& invocation) {
  const Planning planning = planned(invocation);
  parallel::on_root(invocation.ranks, [&] {
    Simulated simulated;
    simulated.runs = invocation.values["simulate"].as<std::size_t>();
    if (simulated.runs > 0)
      simulated.kept = hardware::simulate_runs(planning.plan.scheme, planning.plan.recorded, planning.plan.promise,
                                               planning.options.seed, simulated.runs);
    invocation.values.contains("json") ? print_json(planning, simulated) : print_text(planning, simulated);
  });
  return exit_done;
}

}  // namespace titrant::cli
