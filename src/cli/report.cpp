#include "report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <limits>

#include "analysis.hpp"
#include "command.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/stop.hpp"
#include "titrant/store/store.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

/// A job that has its results must not wait for a picture of them for long.
constexpr double longest_at_end = 120.0;  // s

void make_report(const std::filesystem::path& store, const std::filesystem::path& file, double seconds) {
  run_analysis(find_analysis(), {"report", store.string(), "--output", file.string()},
               {seconds, parallel::stop_requested});
}

void report_options(po::options_description& description) {
  description.add_options()("store", po::value<std::string>()->value_name("RUN.h5"), "the store")(
      "output,o", po::value<std::string>()->value_name("FILE.html"),
      "HTML file to write or replace (default: RUN.html beside RUN.h5)");
}

int run_report(const Invocation& invocation) {
  const parallel::StopSignals signals(exit_failed);
  parallel::on_root(invocation.ranks, [&] {
    const std::filesystem::path store = file_option(invocation, "store");
    if (store.empty()) throw ConfigError("report: missing argument RUN.h5; usage: titrant report RUN.h5");
    { const store::Reader whole(store); }  // says what is wrong with a file better than Python does
    std::filesystem::path file = text_option(invocation, "output");
    if (file.empty()) file = report_name(store);
    const auto start = std::chrono::steady_clock::now();
    try {
      make_report(store, file, std::numeric_limits<double>::infinity());
    } catch (const Error& error) {
      throw Error(fmt::format("no report of {}: {}", store.string(), error.what()));
    }
    fmt::print("{}: {:.2f} MB ({:.1f} s)\n", file.string(), static_cast<double>(std::filesystem::file_size(file)) / 1e6,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  });
  return exit_done;
}

}  // namespace

std::filesystem::path report_name(const std::filesystem::path& store) {
  std::filesystem::path name = store;
  return name.replace_extension(".html");
}

void report_at_end(const parallel::Communicator& ranks, const std::filesystem::path& store,
                   const core::Console& console) {
  if (ranks.root()) {
    core::Progress progress(console, "Report");
    const std::filesystem::path file = report_name(store);
    try {
      make_report(store, file, longest_at_end);
      progress.finish(file.string());
    } catch (const std::exception& error) {
      progress.finish("none");
      const std::string older =
          std::filesystem::exists(file) ? fmt::format(" ({} is of an earlier one)", file.string()) : "";
      print_warning(
          fmt::format("the store is complete, but there is no report of it{}: {}\nTo make it: titrant report {}", older,
                      error.what(), store.string()));
    }
  }
  ranks.barrier_asleep();
}

Command report_command() {
  return {"report",
          "write one HTML file with the answers, the pictures and how they came to be",
          "titrant report challenge.h5",
          report_options,
          run_report,
          {"store"},
          true};
}

}  // namespace titrant::cli
