#include "titrant/store/compare.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/configuration_difference.hpp"
#include "titrant/store/store.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void compare_options(po::options_description& description) {
  description.add_options()("first", po::value<std::string>()->value_name("A.h5"), "a store")(
      "second", po::value<std::string>()->value_name("B.h5"), "another")(
      "tolerance", po::value<double>()->default_value(0.0, "0")->value_name("RATIO"),
      "relative difference of two numbers that is still equal")("json", "print JSON");
}

std::vector<run::ConfigurationDifference> settings_that_differ(const store::Reader& first,
                                                               const store::Reader& second) {
  const std::string path = "/config/resolved";
  if (!first.contains(path) || !second.contains(path)) return {};
  return run::configuration_differences(first.text(path), second.text(path));
}

void print_json(const store::Comparison& c, const std::vector<run::ConfigurationDifference>& settings) {
  nlohmann::json json = {{"verdict", c.same_bits() ? "same bits"
                                     : c.equal()   ? "equal within tolerance"
                                                   : "different"},
                         {"datasets", c.datasets},
                         {"values", c.values},
                         {"inexact", c.inexact},
                         {"different", c.different},
                         {"greatest_relative_difference", c.greatest},
                         {"where", c.greatest_where},
                         {"findings", c.findings},
                         {"provenance", c.provenance},
                         {"settings", nlohmann::json::array()}};
  for (const auto& [key, first, second] : settings) {
    json["settings"].push_back({{"key", key}, {"first", first}, {"second", second}});
  }
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_text(const store::Comparison& c, const std::vector<run::ConfigurationDifference>& settings) {
  if (c.same_bits()) {
    fmt::print("{}: {} datasets with {} numbers\n", verdict("The same bits", Tone::good), c.datasets, c.values);
  } else if (c.equal()) {
    fmt::print("{}: {} of {} numbers are not the same bits; the greatest relative difference is {:.3g}, at {}\n",
               verdict("Equal within the tolerance", Tone::good), c.inexact, c.values, c.greatest, c.greatest_where);
  } else {
    fmt::print("{}", verdict(fmt::format("Different in {} places", c.different), Tone::bad));
    if (!c.greatest_where.empty()) {
      fmt::print("; the greatest relative difference of two numbers is {:.3g}, at {}", c.greatest, c.greatest_where);
    }
    fmt::print("\n");
    for (const std::string& line : c.findings) fmt::print("  {}\n", line);
    if (c.different > c.findings.size()) fmt::print("  and {} more\n", c.different - c.findings.size());
  }
  if (!settings.empty()) fmt::print("Settings\n");
  const auto shown = [](const std::string& value) { return value.empty() ? std::string("nothing") : value; };
  for (const auto& [key, first, second] : settings) fmt::print("  {}: {} and {}\n", key, shown(first), shown(second));
  if (!c.provenance.empty()) fmt::print("How they were made (never counts as a difference)\n");
  for (const std::string& line : c.provenance) fmt::print("  {}\n", line);
}

int run_compare(const Invocation& invocation) {
  int code = exit_done;
  parallel::on_root(invocation.ranks, [&] {
    const std::string first = text_option(invocation, "first");
    const std::string second = text_option(invocation, "second");
    if (second.empty()) throw ConfigError("compare: missing argument; usage: titrant compare A.h5 B.h5");
    const double tolerance = invocation.values["tolerance"].as<double>();
    if (!(tolerance >= 0.0)) throw ConfigError("--tolerance: expected 0 or more");
    try {
      const store::Reader a(first, {store::Kind::run, store::Kind::campaign});
      const store::Reader b(second, {store::Kind::run, store::Kind::campaign});
      const store::Comparison comparison = store::compare(a, b, tolerance);
      const std::vector<run::ConfigurationDifference> settings = settings_that_differ(a, b);
      invocation.values.contains("json") ? print_json(comparison, settings) : print_text(comparison, settings);
      code = comparison.equal() ? exit_done : exit_failed;
    } catch (const StoreError& error) {
      throw DataError(error.what());  // 1 means: they differ
    }
  });
  return static_cast<int>(invocation.ranks.maximum(static_cast<std::uint64_t>(code)));
}

}  // namespace

Command compare_command() {
  return {"compare",
          "say whether two stores hold the same: exit code 0 if so, 1 if not, 2 where one cannot be read",
          "titrant compare a.h5 b.h5 --tolerance 1e-9",
          compare_options,
          run_compare,
          {"first", "second"}};
}

}  // namespace titrant::cli
