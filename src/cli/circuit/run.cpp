#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>

#include "circuit.hpp"
#include "program.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/partition.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/simulation/counts.hpp"
#include "titrant/quantum/simulation/distribution.hpp"
#include "titrant/quantum/simulation/trajectories.hpp"
#include "titrant/run/noise.hpp"

namespace titrant::cli {

namespace {

using Counts = std::map<std::uint64_t, std::uint64_t>;

/// Each rank runs a block of the shots; their counts are added.
Counts by_trajectories(const Invocation& invocation, const quantum::Circuit& circuit, const quantum::NoiseModel* noise,
                       std::uint64_t shots, std::uint64_t seed) {
  const parallel::Communicator& ranks = invocation.ranks;
  const parallel::Block block = parallel::block_of(shots, ranks.size(), ranks.rank());
  std::ostringstream mine;
  parallel::collectively(ranks, [&] {
    for (const auto& [bits, count] :
         quantum::run_trajectories(circuit, {}, {}, noise, seed, 0, {block.begin, block.size()}))
      mine << bits << ' ' << count << '\n';
  });
  Counts sum;
  for (const std::string& part : ranks.gather(mine.str())) {
    std::istringstream lines(part);
    std::uint64_t bits = 0;
    std::uint64_t count = 0;
    while (lines >> bits >> count) sum[bits] += count;
  }
  return sum;
}

Counts from_distribution(std::span<const quantum::Outcome> outcomes, std::uint64_t shots, std::uint64_t seed) {
  core::Stream stream(seed, core::Purpose::prediction_shots, 0);
  Counts counts;
  for (const auto& [bits, count] : quantum::sample_counts(outcomes, shots, stream)) counts[bits] = count;
  return counts;
}

std::string in_digits(double probability) { return fmt::format("{:.12g}", probability); }
std::string in_digits(std::uint64_t count) { return fmt::format("{}", count); }

/// How outcomes are shown.
struct Shown {
  std::size_t bits = 0;
  bool json = false;
  std::vector<std::string> never_measured;  ///< names of bits
};

/// Outcomes with their probabilities or counts, a line each, or as one JSON object {name: {outcome: number},
/// "never_measured": [bit, ...]}. There may be a million of them.
template <typename Row>
void print_outcomes(std::string_view name, std::string_view column, std::span<const Row> rows, const Shown& shown) {
  const auto& [bits, json, never] = shown;
  const std::size_t width = std::max<std::size_t>(bits, 7);
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  if (json) fmt::format_to(out, "{{\"{}\":{{", name);
  if (!json) fmt::format_to(out, "{:<{}}  {}\n", "outcome", width, column);
  bool first = true;
  for (const auto& [outcome, number] : rows) {
    const std::string label = quantum::bit_string(outcome, bits);
    if (json) fmt::format_to(out, "{}\"{}\":{}", first ? "" : ",", label, number);
    if (!json) fmt::format_to(out, "{:<{}}  {}\n", label, width, in_digits(number));
    first = false;
  }
  if (json)
    fmt::format_to(out, "}},\"never_measured\":[{}{}{}]}}\n", never.empty() ? "" : "\"", fmt::join(never, "\",\""),
                   never.empty() ? "" : "\"");
  fmt::print("{}", std::string_view(text.data(), text.size()));
}

void print_counts(const Counts& counts, const Shown& shown) {
  std::vector<quantum::Count> rows;
  for (const auto& [outcome, count] : counts) rows.push_back({outcome, count});
  print_outcomes<quantum::Count>("counts", "shots", rows, shown);
}

void print_probabilities(std::span<const quantum::Outcome> outcomes, const Shown& shown) {
  print_outcomes("probabilities", "probability", outcomes, shown);
}

/// What the program makes of outcomes of its circuit, where its bits are not those of the circuit.
Counts in_program_bits(const quantum::QasmProgram& program, const Counts& counts) {
  Counts sum;
  for (const auto& [bits, count] : counts) sum[quantum::program_outcome(program, bits)] += count;
  return sum;
}

std::vector<quantum::Outcome> in_program_bits(const quantum::QasmProgram& program,
                                              std::vector<quantum::Outcome> outcomes) {
  if (program.outcomes.empty()) return outcomes;
  std::map<std::uint64_t, double> sum;
  for (const auto& [bits, probability] : outcomes) sum[quantum::program_outcome(program, bits)] += probability;
  outcomes.clear();
  for (const auto& [bits, probability] : sum) outcomes.push_back({bits, probability});
  return outcomes;
}

/// Bits that nothing writes, beside the table; JSON has them itself.
void say_note(const Invocation& invocation, const quantum::QasmProgram& program, const Shown& shown) {
  const std::string note = never_measured_note(program);
  if (!note.empty() && !shown.json && invocation.ranks.root()) print_warning(note);
}

}  // namespace

void run_circuit(const Invocation& invocation) {
  const std::string file = text_option(invocation, "file");
  if (file.empty()) throw ConfigError("circuit run: which file? titrant circuit run FILE.qasm");
  const quantum::QasmProgram program = read_program(invocation);
  const quantum::Circuit& circuit = program.circuit;
  const std::size_t bits = program.outcomes.empty() ? circuit.bits() : program.outcomes.size();
  const Shown shown{bits, invocation.values.contains("json"), never_measured(program)};
  if (shown.never_measured.size() == bits)
    throw ConfigError(
        fmt::format("{}: measures nothing, so there is no outcome{}; add measure statements, or give "
                    "--measure-all",
                    file, bits == 0 ? "" : " but 0 for every bit"));

  const std::string noise_text = text_option(invocation, "noise");
  const quantum::NoiseModel noise =
      noise_text.empty() ? quantum::NoiseModel() : run::circuit_noise(run::read_noise(noise_text));
  const bool has_shots = invocation.values.contains("shots");
  const std::uint64_t shots = has_shots ? invocation.values["shots"].as<std::uint64_t>() : 1024;
  if (has_shots && shots == 0) throw ConfigError("--shots: expected at least 1");
  const std::uint64_t seed = invocation.values["seed"].as<std::uint64_t>();

  // Shots of very many outcomes are drawn from the final amplitudes, without listing all.
  constexpr std::size_t most_listed = 20;
  const bool too_many_to_list = has_shots && noise.trivial() && circuit.bits() > most_listed;
  if (invocation.values.contains("trajectories") || too_many_to_list) {
    const Counts counts = by_trajectories(invocation, circuit, noise.trivial() ? nullptr : &noise, shots, seed);
    if (invocation.ranks.root()) print_counts(in_program_bits(program, counts), shown);
    say_note(invocation, program, shown);
    return;
  }
  parallel::on_root(invocation.ranks, [&] {
    const std::vector<quantum::Outcome> outcomes =
        noise.trivial() ? quantum::distribution(circuit, {}, {}) : quantum::noisy_distribution(circuit, {}, {}, noise);
    if (has_shots) {
      print_counts(in_program_bits(program, from_distribution(outcomes, shots, seed)), shown);
    } else {
      print_probabilities(in_program_bits(program, outcomes), shown);
    }
  });
  say_note(invocation, program, shown);
}

}  // namespace titrant::cli
