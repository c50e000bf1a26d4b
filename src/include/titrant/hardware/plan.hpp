#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "titrant/hardware/circuits.hpp"
#include "titrant/hardware/model.hpp"
#include "titrant/hardware/scheme.hpp"
#include "titrant/hardware/shots.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::hardware {

struct PlanOptions {
  std::size_t subjects = 100;          ///< of the question
  std::size_t calibration = 10;        ///< further subjects, two circuits each
  std::size_t reach = 1;               ///< steps beyond the doses of which one must answer; see `bracket`
  double risk = 0.05;                  ///< of a dose more than one step away
  std::uint64_t most_shots = 100'000;  ///< of one circuit
  double repetition_delay = 250.0;     ///< us between two shots
  std::uint64_t seed = 0;              ///< which subjects
};

/// Shots of a marker, and the least of any circuit: markers tell which bit is which, and a mean over subjects of fewer
/// is not yet normal.
inline constexpr std::uint64_t marker_shots = 256;
inline constexpr std::uint64_t least_shots = 100;

/// Which circuits answer a question on a machine, and what they take.
struct Plan {
  Promise promise;
  Scheme scheme;                 ///< markers, calibration, then question by subject and dose; with shots
  std::vector<double> exact;     ///< [dose of the grid] exact target attainment of the same subjects
  std::vector<double> recorded;  ///< [circuit] probability that the machine records 1
  std::vector<double> duration;  ///< [circuit] us; 0 without a device
  ShotPlan shots;
  std::vector<std::uint64_t> subjects;     ///< numbers in the cohort: of the question
  std::vector<std::uint64_t> calibration;  ///< and further ones
  double repetition_delay = 0.0;           ///< us

  std::uint64_t total_shots() const;
  /// s: shots times duration and delay; what a service adds for each job is not in it.
  double device_time() const;
};

/// The subjects and doses of a question, before any circuit is made.
struct PlannedQuestion {
  Promise promise;
  std::vector<double> exact;  ///< [dose of the grid]
  std::vector<std::uint64_t> subjects;
  std::vector<std::uint64_t> calibration;
  Scheme scheme;  ///< without shots and readout errors
};

/// Draws subjects, finds their exact answer, the doses around it and the calibration circuits: of each calibration
/// subject the two doses on which its probability is nearest to 0.2 and to 0.9. Throws ConfigError where no dose of the
/// regimen reaches the target.
PlannedQuestion plan_question(const QuestionModel& model, const PlanOptions& options);

/// The example of a circuit of a scheme; markers have none.
class PlannedExamples {
 public:
  PlannedExamples(const QuestionModel& model, const PlannedQuestion& question);
  classifier::Example example(const PlannedCircuit& circuit) const;
  /// The circuit by which the layout is searched: the first of a question.
  classifier::Example reference() const;

 private:
  const PlannedQuestion& question_;
  Subjects subjects_;
  Subjects calibration_;
};

/// The plan. Collective: ranks share the circuits; the same on any number of them. Throws as plan_shots does.
Plan make_plan(const parallel::Communicator& ranks, const PlannedQuestion& question, const PlannedExamples& examples,
               const CircuitMaker& maker, const PlanOptions& options,
               const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace titrant::hardware
