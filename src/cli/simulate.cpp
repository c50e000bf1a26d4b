#include <fmt/format.h>

#include <sstream>

#include "command.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/store/target.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/synthetic.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void simulate_options(po::options_description& description) {
  add_configuration_options(description);
  description.add_options()("output,o", po::value<std::string>()->value_name("TRIAL.csv"),
                            "CSV file to write; without it: standard output")("force,f", "replace an existing file")(
      "subjects", po::value<int>()->default_value(12)->value_name("COUNT"), "subjects in each dose group");
}

int run_simulate(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const run::Configuration configuration = configuration_of(invocation);
    trial::TrialDesign design = trial::default_design();
    design.subjects_per_group = invocation.values["subjects"].as<int>();
    if (design.subjects_per_group < 1) throw ConfigError("--subjects: expected at least 1");
    const std::string output = text_option(invocation, "output");
    if (!output.empty()) store::check_target(output, invocation.values.contains("force"));
    const trial::Trial trial =
        trial::simulate_trial(design, trial::default_population(), trial::default_biomarker(), configuration.seed);
    std::ostringstream csv;
    trial::write_nonmem(csv, trial, configuration.data.format);
    if (output.empty()) {
      fmt::print("{}", csv.str());
    } else {
      core::replace_file(output, csv.str());
      fmt::print("{}: {} subjects, seed {}\n", output, trial.subjects.size(), configuration.seed);
    }
  });
  return exit_done;
}

}  // namespace

Command simulate_command() {
  return {"simulate", "write a virtual trial as a NONMEM CSV", "titrant simulate --set seed=7 --output trial.csv",
          simulate_options, run_simulate};
}

}  // namespace titrant::cli
