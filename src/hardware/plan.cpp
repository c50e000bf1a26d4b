#include "titrant/hardware/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::hardware {

namespace {

/// Probabilities of success that calibration circuits are near: far enough apart for a slope, and both where
/// probabilities still depend on P(1).
constexpr double calibration_levels[] = {0.2, 0.9};

std::string circuit_name(Role role, std::uint64_t subject, std::size_t dose) {
  const char* const kind = role == Role::question ? "subject" : "calibration";
  return fmt::format("{}_{:05}_dose_{:03}", kind, subject, dose);
}

/// The circuits of one calibration subject.
std::vector<PlannedCircuit> calibration_circuits(const QuestionModel& model, const Subjects& subjects,
                                                 std::size_t place, std::uint64_t number) {
  const std::vector<double>& doses = model.regimen.doses;
  std::vector<classifier::Example> examples;
  for (const double dose : doses) examples.push_back(subjects.example(place, dose));
  const std::vector<double> p_one = model.network.exact_p_one(examples);
  const classifier::Readout readout = model.network.readout();
  std::vector<std::size_t> chosen;
  for (const double level : calibration_levels) {
    std::size_t nearest = 0;
    const auto distance = [&](std::size_t d) { return std::abs(readout.probability(p_one[d]) - level); };
    for (std::size_t d = 1; d < doses.size(); ++d)
      if (distance(d) < distance(nearest)) nearest = d;
    if (chosen.empty() || chosen.front() != nearest) chosen.push_back(nearest);
  }
  std::vector<PlannedCircuit> circuits;
  for (const std::size_t d : chosen)
    circuits.push_back({circuit_name(Role::calibration, number, d), Role::calibration, number, doses[d], p_one[d]});
  return circuits;
}

std::string no_answer(const QuestionModel& model, const std::vector<double>& exact) {
  const auto best = std::max_element(exact.begin(), exact.end());
  return fmt::format(
      "no dose of {} reaches the target {:g} in the sampled subjects: the best has target attainment {:.4f} on {:g}; "
      "expected another target (--target), regimen, or more subjects",
      model.regimen.name, model.question.target, *best,
      model.regimen.doses[static_cast<std::size_t>(best - exact.begin())]);
}

}  // namespace

std::uint64_t Plan::total_shots() const {
  std::uint64_t sum = 0;
  for (const PlannedCircuit& circuit : scheme.circuits) sum += circuit.shots;
  return sum;
}

double Plan::device_time() const {
  constexpr double us = 1e-6;  // s
  std::vector<double> times;
  for (std::size_t k = 0; k < scheme.circuits.size(); ++k)
    times.push_back(static_cast<double>(scheme.circuits[k].shots) * (duration[k] + repetition_delay) * us);
  return core::ordered_sum(times);
}

PlannedQuestion plan_question(const QuestionModel& model, const PlanOptions& options) {
  PlannedQuestion planned;
  std::vector<std::uint64_t> numbers =
      drawn_subjects(model.configuration.cohort.size, options.subjects + options.calibration, options.seed);
  const auto cut = numbers.begin() + static_cast<std::ptrdiff_t>(options.subjects);
  planned.subjects.assign(numbers.begin(), cut);
  planned.calibration.assign(cut, numbers.end());
  std::sort(planned.subjects.begin(), planned.subjects.end());
  std::sort(planned.calibration.begin(), planned.calibration.end());

  const Subjects subjects(model, planned.subjects);
  planned.exact = exact_attainment(model, subjects);
  const protocol::Direction direction = model.endpoint.direction;
  const auto answer = dose::doses_reaching(planned.exact, model.question.target, direction).answer(direction);
  if (!answer) throw ConfigError(no_answer(model, planned.exact));
  planned.promise = {model.regimen.doses, *answer, options.risk};

  Scheme& scheme = planned.scheme;
  scheme.target = model.question.target;
  scheme.direction = direction;
  scheme.readout = model.network.readout();
  const std::vector<std::size_t> places = bracket(planned.promise, direction, options.reach);
  for (const std::size_t place : places) scheme.doses.push_back(model.regimen.doses[place]);
  scheme.circuits.push_back({"marker_zero", Role::marker_zero, 0, 0.0, 0.0, {}, marker_shots});
  scheme.circuits.push_back({"marker_one", Role::marker_one, 0, 0.0, 1.0, {}, marker_shots});
  const Subjects calibration(model, planned.calibration);
  for (std::size_t c = 0; c < planned.calibration.size(); ++c)
    for (PlannedCircuit& circuit : calibration_circuits(model, calibration, c, planned.calibration[c]))
      scheme.circuits.push_back(std::move(circuit));
  for (std::size_t i = 0; i < planned.subjects.size(); ++i) {
    for (const std::size_t place : places) {
      const double dose = model.regimen.doses[place];
      const std::vector<classifier::Example> one = {subjects.example(i, dose)};
      scheme.circuits.push_back({circuit_name(Role::question, planned.subjects[i], place), Role::question,
                                 planned.subjects[i], dose, model.network.exact_p_one(one)[0]});
    }
  }
  return planned;
}

PlannedExamples::PlannedExamples(const QuestionModel& model, const PlannedQuestion& question)
    : question_(question), subjects_(model, question.subjects), calibration_(model, question.calibration) {}

classifier::Example PlannedExamples::example(const PlannedCircuit& circuit) const {
  const bool of_question = circuit.role == Role::question;
  const std::vector<std::uint64_t>& numbers = of_question ? question_.subjects : question_.calibration;
  const auto found = std::find(numbers.begin(), numbers.end(), circuit.subject);
  TITRANT_EXPECTS(found != numbers.end());
  return (of_question ? subjects_ : calibration_)
      .example(static_cast<std::size_t>(found - numbers.begin()), circuit.dose);
}

classifier::Example PlannedExamples::reference() const { return subjects_.example(0, question_.scheme.doses.front()); }

Plan make_plan(const parallel::Communicator& ranks, const PlannedQuestion& question, const PlannedExamples& examples,
               const CircuitMaker& maker, const PlanOptions& options,
               const std::function<void(std::size_t, std::size_t)>& progress) {
  Plan plan{question.promise,  question.scheme,      question.exact,          {}, {}, {},
            question.subjects, question.calibration, options.repetition_delay};
  std::vector<PlannedCircuit>& circuits = plan.scheme.circuits;
  enum Column : std::size_t { recorded, one_given_zero, zero_given_one, duration, columns };
  parallel::Work work;
  work.units = circuits.size();
  work.slot = columns;
  work.progress = progress;
  work.compute = [&](std::size_t k, std::span<double> slot) {
    const bool marker = circuits[k].role == Role::marker_zero || circuits[k].role == Role::marker_one;
    const MachineCircuit made =
        marker ? maker.marker(circuits[k].role == Role::marker_one) : maker.make(examples.example(circuits[k]));
    const quantum::ReadoutError readout = maker.readout(made);
    slot[recorded] = maker.recorded(made);
    slot[one_given_zero] = readout.one_given_zero;
    slot[zero_given_one] = readout.zero_given_one;
    const std::optional<quantum::CircuitSummary> summary = maker.summary(made);
    slot[duration] = summary ? summary->duration : 0.0;
  };
  const std::vector<double> slots = parallel::run(ranks, work);
  for (std::size_t k = 0; k < circuits.size(); ++k) {
    const double* const slot = slots.data() + k * columns;
    plan.recorded.push_back(slot[recorded]);
    circuits[k].readout = {slot[one_given_zero], slot[zero_given_one]};
    plan.duration.push_back(slot[duration]);
  }
  plan.shots = plan_shots(plan.scheme, plan.recorded, plan.promise, least_shots, options.most_shots);
  for (PlannedCircuit& circuit : circuits) {
    if (circuit.role == Role::calibration) circuit.shots = plan.shots.calibration;
    if (circuit.role == Role::question) circuit.shots = plan.shots.question;
  }
  return plan;
}

}  // namespace titrant::hardware
