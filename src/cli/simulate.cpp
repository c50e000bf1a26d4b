#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <sstream>

#include "command.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/run/simulation.hpp"
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
      "seed", po::value<std::uint64_t>()->value_name("NUMBER"), "seed (default: that of the configuration)")(
      "subjects", po::value<int>()->default_value(12)->value_name("COUNT"),
      "of the embedded trial, without --from: subjects in each dose group")(
      "from", po::value<std::string>()->value_name("RUN.h5"),
      "simulate from the models that this store holds, in place of the embedded trial")(
      "design", po::value<std::string>()->value_name("DESIGN.csv"),
      "with --from: subjects, doses and times to be observed, as a trial's file has them; DV may be empty or missing. "
      "Read by the `data` keys of the store, or of --config, and --set")(
      "replicates", po::value<std::size_t>()->default_value(1)->value_name("COUNT"),
      "with --from: how often the design is simulated (columns REP and ID; SUBJECT numbers all)")(
      "uncertainty", "with --from: draw the population parameters of each replicate from their covariance first")(
      "typical", "with --from: typical subjects without residual error")(
      "mix", po::value<std::string>()->value_name("OTHER.h5:SHARE"),
      "with --from: each subject is of this model with the probability SHARE, above 0 and below 1 (column MODEL: 2)")(
      "lloq", po::value<std::string>()->value_name("LIMIT"),
      "with --from: lower limit of quantification of concentrations, or `design`: those of the design (LLOQ); values "
      "below are censored (CENS 1)");
}

/// A number and nothing else.
std::optional<double> number_in(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The models of a store; what is wrong with it is wrong input.
run::StoredModels stored_models(const std::string& file) {
  try {
    return run::read_models(store::Reader(file));
  } catch (const StoreError& error) {
    throw DataError(error.what());
  }
}

/// Adds the second model of --mix.
void add_mixture(const Invocation& invocation, run::SimulationRequest& request) {
  if (!invocation.values.contains("mix")) return;
  const std::string text = text_option(invocation, "mix");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    throw ConfigError(fmt::format("--mix {}: expected OTHER.h5:SHARE, as other.h5:0.3", text));
  }
  const std::string share_text = text.substr(colon + 1);
  const std::optional<double> share = number_in(share_text);
  if (!share || !(*share > 0.0 && *share < 1.0)) {
    throw ConfigError(fmt::format("--mix {}: the share is '{}'; expected above 0 and below 1", text, share_text));
  }
  request.share = *share;
  request.models.push_back(stored_models(text.substr(0, colon)));
}

/// The configuration by whose `data` keys the design is read.
run::Configuration design_configuration(const Invocation& invocation, const std::string& from,
                                        const std::string& design) {
  run::ConfigurationSource source;
  source.file = file_option(invocation, "config");
  if (source.file.empty()) source.file = from;
  if (invocation.values.contains("set")) source.sets = invocation.values["set"].as<std::vector<std::string>>();
  std::string quoted;
  for (const char c : design) quoted.append(c == '\'' ? 2 : 1, c);
  source.sets.push_back(fmt::format("data.file='{}'", quoted));
  return run::load_configuration(source);
}

/// Limits of quantification as --lloq has them.
void take_limits(const Invocation& invocation, trial::Trial& design) {
  constexpr double largest_limit = 1e15;
  if (!invocation.values.contains("lloq")) return run::set_limits(design, run::Limits::none, 0.0);
  const std::string text = text_option(invocation, "lloq");
  if (text == "design") return run::set_limits(design, run::Limits::design, 0.0);
  const std::optional<double> limit = number_in(text);
  if (!limit || !(*limit > 0.0 && *limit <= largest_limit)) {
    throw ConfigError(
        fmt::format("--lloq {}: expected a limit above 0 in {}, or design", text, design.units.concentration));
  }
  run::set_limits(design, run::Limits::given, *limit);
}

void write_text(const std::string& output, const std::string& text) {
  if (output.empty()) {
    fmt::print("{}", text);
  } else {
    core::replace_file(output, text);
  }
}

std::size_t count_censored(const trial::Trial& trial) {
  std::size_t count = 0;
  for (const trial::Subject& subject : trial.subjects) {
    for (const auto* kind : {&subject.concentrations, &subject.biomarkers}) {
      for (const trial::Observation& one : *kind) count += one.censored ? 1 : 0;
    }
  }
  return count;
}

/// Who has no steady state: some by name.
std::string unsteady_text(const run::SimulatedTrial& simulated) {
  constexpr std::size_t named = 10;
  const std::vector<std::string>& all = simulated.unsteady;
  const std::vector<std::string> some(all.begin(),
                                      all.begin() + static_cast<std::ptrdiff_t>(std::min(named, all.size())));
  return fmt::format(
      "{} of {} subjects have no steady state on their doses, and no observations in the file: {}{} ({})", all.size(),
      simulated.trial.subjects.size(), fmt::join(some, ", "), all.size() > named ? ", ..." : "",
      simulated.unsteady_reason);
}

void write_simulated(const Invocation& invocation, const run::SimulationRequest& request,
                     const run::SimulatedTrial& simulated, const core::Console& messages, core::Progress& progress) {
  if (!simulated.unsteady.empty() && simulated.unsteady.size() == simulated.trial.subjects.size()) {
    throw NumericalError(
        fmt::format("{}: none of its subjects has the steady state that its records ask for ({}); "
                    "expected smaller doses, or the doses before in place of SS",
                    simulated.trial.source, simulated.unsteady_reason));
  }
  std::ostringstream csv;
  trial::write_nonmem(csv, simulated.trial, simulated.format, simulated.columns);
  const std::string output = text_option(invocation, "output");
  write_text(output, csv.str());
  std::string summary = fmt::format("{} subjects", simulated.trial.subjects.size());
  if (request.replicates > 1) summary += fmt::format(" in {} replicates", request.replicates);
  const std::size_t censored = count_censored(simulated.trial);
  if (censored > 0) summary += fmt::format(", {} values below their limit", censored);
  progress.finish(summary);
  if (!simulated.unsteady.empty()) messages.say(unsteady_text(simulated));
  if (output.empty()) return;
  fmt::print("{}: {}, seed {}\n", output, summary, request.seed);
  if (request.replicates == 1) return;
  fmt::print(
      "To fit one replicate: --set data.file={0} --set data.where='REP == 1'; all as one trial: --set data.file={0} "
      "--set data.columns.id={1}\n",
      output, simulated.format.id);
}

/// What --from and the options that belong to it ask for, but the seed.
run::SimulationRequest request_of(const Invocation& invocation) {
  run::SimulationRequest request;
  if (!invocation.values["subjects"].defaulted()) {
    throw ConfigError("--subjects: is of the embedded trial; with --from the design has the subjects");
  }
  request.models.push_back(stored_models(file_option(invocation, "from")));
  add_mixture(invocation, request);
  request.replicates = invocation.values["replicates"].as<std::size_t>();
  if (request.replicates < 1) throw ConfigError("--replicates: expected at least 1");
  request.uncertainty = invocation.values.contains("uncertainty");
  if (invocation.values.contains("typical")) request.variability = nlme::Variability::typical;
  return request;
}

/// The seed of --seed, else of the configuration.
std::uint64_t seed_of(const Invocation& invocation, const run::Configuration& configuration) {
  return invocation.values.contains("seed") ? invocation.values["seed"].as<std::uint64_t>() : configuration.seed;
}

int simulate_from_store(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  run::SimulationRequest request;
  run::Configuration configuration;
  trial::Trial design;
  parallel::collectively(ranks, [&] {
    const std::string file = file_option(invocation, "design");
    if (file.empty()) throw ConfigError("Missing required option --design DESIGN.csv (doses and times to simulate).");
    request = request_of(invocation);
    configuration = design_configuration(invocation, text_option(invocation, "from"), file);
    request.seed = seed_of(invocation, configuration);
    design = trial::read_design(file, configuration.data.format);
    take_limits(invocation, design);
    run::expect_simulable(design, request, configuration.data.format);
  });
  parallel::on_root(ranks, [&] {
    const std::string output = text_option(invocation, "output");
    if (!output.empty()) store::check_target(output, invocation.values.contains("force"));
  });
  const core::Console messages = console(!ranks.root());
  for (const std::string& remark : design.remarks) messages.say(remark);
  core::Progress progress(messages, "Simulation");
  const run::SimulatedTrial simulated =
      run::simulate_design(ranks, design, request, configuration.data.format, progress);
  parallel::on_root(ranks, [&] { write_simulated(invocation, request, simulated, messages, progress); });
  return exit_done;
}

/// Options that mean nothing for the embedded trial.
void expect_no_models(const Invocation& invocation) {
  for (const char* const option : {"design", "replicates", "uncertainty", "typical", "mix", "lloq"}) {
    if (!invocation.values.contains(option) || invocation.values[option].defaulted()) continue;
    throw ConfigError(fmt::format("--{}: needs fitted models; expected --from RUN.h5 beside it", option));
  }
}

int simulate_embedded_trial(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    expect_no_models(invocation);
    const run::Configuration configuration = configuration_of(invocation);
    trial::TrialDesign design = trial::default_design();
    design.subjects_per_group = invocation.values["subjects"].as<int>();
    if (design.subjects_per_group < 1) throw ConfigError("--subjects: expected at least 1");
    const std::string output = text_option(invocation, "output");
    if (!output.empty()) store::check_target(output, invocation.values.contains("force"));
    const std::uint64_t seed = seed_of(invocation, configuration);
    const trial::Trial trial =
        trial::simulate_trial(design, trial::default_population(), trial::default_biomarker(), seed);
    std::ostringstream csv;
    trial::write_nonmem(csv, trial, configuration.data.format);
    write_text(output, csv.str());
    if (!output.empty()) fmt::print("{}: {} subjects, seed {}\n", output, trial.subjects.size(), seed);
  });
  return exit_done;
}

int run_simulate(const Invocation& invocation) {
  return invocation.values.contains("from") ? simulate_from_store(invocation) : simulate_embedded_trial(invocation);
}

}  // namespace

Command simulate_command() {
  return {"simulate", "write a virtual trial as a NONMEM CSV: the embedded one, or any design by the models of a store",
          "titrant simulate --set seed=7 --output trial.csv\n"
          "titrant simulate --from run.h5 --design design.csv --seed 3 --output simulated.csv",
          simulate_options, run_simulate};
}

}  // namespace titrant::cli
