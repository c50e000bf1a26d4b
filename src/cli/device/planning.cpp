#include "planning.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>

#include "circuit/device.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/noise.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

std::size_t at_least(const Invocation& invocation, const std::string& option, std::size_t least, std::size_t most) {
  const auto value = invocation.values[option].as<std::size_t>();
  if (value < least || value > most)
    throw ConfigError(fmt::format("--{} {}: expected {} to {}", option, value, least, most));
  return value;
}

run::Preparation preparation_of(const Invocation& invocation) {
  const std::string word = text_option(invocation, "preparation");
  if (word == "mps") return run::Preparation::matrix_product_state;
  return word == "general" ? run::Preparation::general : run::Preparation::automatic;
}

hardware::Machine machine_of(const Invocation& invocation, const std::string& device_file) {
  hardware::Machine machine;
  machine.seed = invocation.values["seed"].as<std::uint64_t>();
  machine.layouts = at_least(invocation, "layouts", 1, 100'000);
  machine.preparation = preparation_of(invocation);
  const std::string noise = text_option(invocation, "noise");
  if (!device_file.empty()) {
    machine.device = device_of(invocation, device_file);
  } else if (!noise.empty()) {
    machine.noise = run::circuit_noise(run::read_noise(noise));
  }
  return machine;
}

hardware::PlanOptions options_of(const Invocation& invocation) {
  hardware::PlanOptions options;
  constexpr std::size_t many = 1'000'000;
  options.subjects = at_least(invocation, "subjects", 1, many);
  options.calibration = at_least(invocation, "calibration", 2, many);
  options.reach = at_least(invocation, "reach", 1, many);
  options.most_shots = at_least(invocation, "most-shots", hardware::least_shots, 1'000'000'000);
  options.seed = invocation.values["seed"].as<std::uint64_t>();
  options.repetition_delay = invocation.values["repetition-delay"].as<double>();
  if (!(options.repetition_delay >= 0.0 && std::isfinite(options.repetition_delay)))
    throw ConfigError(
        fmt::format("--repetition-delay {}: expected microseconds, at least 0", options.repetition_delay));
  return options;
}

void expect_one_machine(const Invocation& invocation) {
  const bool device = invocation.values.contains("device");
  const bool logical = invocation.values.contains("logical");
  if (device == logical)
    throw ConfigError(fmt::format(
        "device {}: {}; expected --device FILE (configs/devices, or IBM properties), or --logical for circuits as they "
        "are drawn",
        invocation.command, device ? "both --device and --logical are given" : "missing option --device FILE"));
  if (device && invocation.values.contains("noise"))
    throw ConfigError("--noise: the noise of --device is that of its calibration; expected --noise with --logical");
}

}  // namespace

void add_planning(po::options_description& description) {
  const auto text = [&](const char* name, const char* value, const char* what) {
    description.add_options()(name, po::value<std::string>()->value_name(value), what);
  };
  const auto count = [&](const char* name, std::size_t standard, const char* what) {
    description.add_options()(name, po::value<std::size_t>()->default_value(standard)->value_name("COUNT"), what);
  };
  const hardware::PlanOptions standard;
  text("store", "RUN.h5", "the run whose question is put to the device, with its trained network and fitted models");
  text("device", "FILE.yaml|FILE.json", "device file (configs/devices, or IBM properties)");
  description.add_options()("logical", "circuits as they are drawn, for simulators, in place of a device");
  text("noise", "FILE.yaml|FILE.json",
       "with --logical: noise that is expected of the simulator, as '{two_qubit: 0.01, readout: 0.01}'");
  add_durations(description);
  text("population", "NAME", "of the question (default: the run's headline)");
  text("regimen", "NAME", "likewise");
  text("endpoint", "NAME", "likewise");
  description.add_options()("target", po::value<double>()->value_name("SHARE"), "likewise")(
      "classifier", po::value<std::string>()->default_value("qcnn")->value_name("NAME"),
      "which quantum network of the run answers");
  count("subjects", standard.subjects, "virtual subjects of the question, drawn from the run's cohort");
  count("calibration", standard.calibration, "further subjects, by whom scale and offset are refitted");
  count("reach", standard.reach, "doses to both sides of the exact answer and its neighbours, in steps");
  count("most-shots", standard.most_shots, "that one circuit may have");
  count("layouts", 60, "placements on the device that are tried");
  description.add_options()("repetition-delay",
                            po::value<double>()->default_value(standard.repetition_delay, "250")->value_name("US"),
                            "time between two shots, us")(
      "seed", po::value<std::uint64_t>()->default_value(1)->value_name("SEED"), "of subjects and layouts")(
      "preparation", po::value<std::string>()->default_value("auto")->value_name("auto|mps|general"),
      "of the amplitudes: mps (bond dimension 2), general, or auto: the shorter")(
      "max-calibration-age", po::value<double>()->default_value(7.0, "7")->value_name("DAYS"),
      "a device file that is older is warned of");
}

std::string calibration_age_warning(const std::string& calibrated, double most_days) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(calibrated.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3)  // NOLINT(cert-err34-c): counted
    return fmt::format("the device file does not say when it was calibrated ('{}'); expected a date YYYY-MM-DD",
                       calibrated);
  namespace chrono = std::chrono;
  const chrono::year_month_day date{chrono::year(year), chrono::month(month), chrono::day(day)};
  if (!date.ok()) return fmt::format("the device file was calibrated on {}, which is no date", calibrated);
  const auto today = chrono::floor<chrono::days>(chrono::system_clock::now());
  const auto days = static_cast<double>((today - chrono::sys_days(date)).count());
  if (days <= most_days) return "";
  return fmt::format(
      "the device was calibrated on {}, {:g} days ago; readout errors, noise and shots of today's may differ "
      "(--max-calibration-age {:g}). Take a newer device file",
      calibrated, days, most_days);
}

Planning planned(const Invocation& invocation) {
  expect_one_machine(invocation);
  Planning planning;
  planning.device_file = file_option(invocation, "device");
  planning.options = options_of(invocation);
  parallel::collectively(invocation.ranks, [&] {
    planning.store = file_option(invocation, "store");
    if (planning.store.empty())
      throw ConfigError(fmt::format("device {}: missing option --store RUN.h5", invocation.command));
    hardware::QuestionChoice choice{text_option(invocation, "population"), text_option(invocation, "regimen"),
                                    text_option(invocation, "endpoint"), std::nullopt,
                                    text_option(invocation, "classifier")};
    if (invocation.values.contains("target")) choice.target = invocation.values["target"].as<double>();
    hardware::Machine machine = machine_of(invocation, planning.device_file);
    planning.model = std::make_unique<hardware::QuestionModel>(hardware::read_question(planning.store, choice));
    planning.question =
        std::make_unique<hardware::PlannedQuestion>(hardware::plan_question(*planning.model, planning.options));
    planning.examples = std::make_unique<hardware::PlannedExamples>(*planning.model, *planning.question);
    planning.maker = std::make_unique<hardware::CircuitMaker>(planning.model->network, std::move(machine),
                                                              planning.examples->reference());
  });
  const core::Console messages = console(!invocation.ranks.root());
  core::Progress progress(messages, "Circuits");
  planning.plan =
      hardware::make_plan(invocation.ranks, *planning.question, *planning.examples, *planning.maker, planning.options,
                          [&](std::size_t done, std::size_t of) { progress.update(done, of); });
  progress.finish(fmt::format("{} circuits", planning.plan.scheme.circuits.size()));
  if (invocation.ranks.root() && planning.maker->machine().device) {
    const std::string warning = calibration_age_warning(planning.maker->machine().device->calibrated,
                                                        invocation.values["max-calibration-age"].as<double>());
    if (!warning.empty()) print_warning(warning);
  }
  return planning;
}

}  // namespace titrant::cli
