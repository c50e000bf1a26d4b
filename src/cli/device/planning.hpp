#pragma once

#include <boost/program_options.hpp>
#include <memory>
#include <string>

#include "command.hpp"
#include "titrant/hardware/plan.hpp"

namespace titrant::cli {

/// The options by which `plan` and `export` make the same plan.
void add_planning(boost::program_options::options_description& description);

/// A plan with all that it was made of. What is inside refers to each other, so it stays where it is.
struct Planning {
  std::string store;
  std::string device_file;  ///< empty: logical qubits
  hardware::PlanOptions options;
  std::unique_ptr<hardware::QuestionModel> model;
  std::unique_ptr<hardware::PlannedQuestion> question;
  std::unique_ptr<hardware::PlannedExamples> examples;
  std::unique_ptr<hardware::CircuitMaker> maker;
  hardware::Plan plan;
};

/// The plan of the options. Collective. Throws ConfigError for options that say nothing or contradict each other.
Planning planned(const Invocation& invocation);

/// A warning where the calibration of a device is older than so many days, or has no date that is known; empty: none.
std::string calibration_age_warning(const std::string& calibrated, double most_days);

}  // namespace titrant::cli
