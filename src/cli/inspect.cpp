#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "command.hpp"
#include "titrant/campaign/gather.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void options(po::options_description& description) {
  description.add_options()("store", po::value<std::string>()->value_name("RUN.h5"), "the store");
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  return shape.empty() ? "scalar" : fmt::format("[{}]", fmt::join(shape, ", "));
}

void print_answers(const store::Reader& reader) {
  const std::vector<std::string> scenario = reader.strings("/decision/scenario");
  const std::vector<std::string> regimen = reader.strings("/decision/regimen");
  const std::vector<std::string> classifier = reader.strings("/decision/classifier");
  const std::vector<std::string> rule = reader.strings("/decision/rule");
  const std::vector<std::string> label = reader.strings("/decision/label");
  const std::vector<std::string> window = reader.strings("/decision/window");
  const std::vector<double> target = reader.numbers("/decision/target");
  const std::vector<double> dose = reader.numbers("/decision/minimal_dose");
  fmt::print("\nAnswers: lowest dose, mg\n");
  for (std::size_t i = 0; i < dose.size(); ++i) {
    fmt::print("  {:<10} {:<7} {:>5g}  {:<22} {:<9} {:<8} {:<12} {}\n", scenario.at(i), regimen.at(i), target.at(i),
               classifier.at(i), rule.at(i), label.at(i), window.at(i),
               std::isnan(dose[i]) ? "none on this grid" : fmt::format("{:g}", dose[i]));
  }
}

/// What the index of a campaign says of its members.
void print_spreads(const store::Reader& reader) {
  fmt::print("  {:<9} {} of {}\n\n{}", "members", reader.shape("/campaign/member").front(),
             reader.number_attribute("/", "planned_members"), campaign::spread_table(campaign::read_index(reader)));
}

int run(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const std::string file = text_option(invocation, "store");
    if (file.empty()) throw ConfigError("inspect: which store? titrant inspect RUN.h5");
    const store::Reader reader(file, {store::Kind::run, store::Kind::campaign});
    fmt::print("{}: {}, {}, made by titrant {}\n", file, reader.text_attribute("/", "filetype"),
               reader.complete() ? "complete" : "not complete", reader.text_attribute("/", "titrant_version"));
    for (const std::string fact : {"command", "started", "finished", "hosts"}) {
      const std::string path = "/provenance/" + fact;
      if (reader.contains(path)) fmt::print("  {:<9} {}\n", fact, reader.text(path));
    }
    if (reader.kind() == store::Kind::campaign) {
      print_spreads(reader);
    } else if (reader.contains("/decision/minimal_dose")) {
      print_answers(reader);
    }
    fmt::print("\nContents\n");
    for (const store::Entry& entry : reader.entries()) {
      fmt::print("  {:<52} {:<14} {:<9} {}\n", entry.path, shape_text(entry.shape), entry.units, entry.long_name);
    }
  });
  return exit_done;
}

}  // namespace

Command inspect_command() {
  return {"inspect", "say what a store holds", "titrant inspect challenge.h5", options, run, {"store"}};
}

}  // namespace titrant::cli
