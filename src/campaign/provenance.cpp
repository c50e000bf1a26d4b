#include "provenance.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <set>

#include "columns.hpp"
#include "titrant/core/build.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/quantum/isa.hpp"

namespace titrant::campaign {

namespace {

std::string host() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts KiB
}

Provenance::Provenance(std::string command_line, std::string started)
    : command_line_(std::move(command_line)), started_(std::move(started)) {}

void Provenance::stage_took(const std::string& stage, double seconds) {
  stages_.emplace_back(stage, seconds);
  for (const parallel::LedgerRow& calls : parallel::take_ledger()) work_.push_back({stage, calls});
}

void Provenance::write(const parallel::Communicator& ranks, store::Writer& out) const {
  const std::vector<std::string> names = ranks.gather(host());
  const std::set<std::string> hosts(names.begin(), names.end());
  const auto text = [&](const std::string& name, std::string_view value, const std::string& meaning) {
    out.scalar("/provenance/" + name, ranks.broadcast(std::string(value)), {"1", meaning});
  };
  text("command", command_line_, "command line");
  text("started", started_, "start of the run, UTC");
  text("finished", core::time_now(), "end of the computation, UTC");
  text("hosts", fmt::format("{}", fmt::join(hosts, " ")), "host names");
  text("commit", core::build::commit, "source revision of the program");
  text("compiler", core::build::compiler, "compiler of the program");
  text("build_type", core::build::build_type, "build type of the program");
  text("instruction_set", quantum::instruction_set_name(quantum::selected_instruction_set()),
       "instruction set of the quantum kernels on the first rank; results have the same bits on each");
  text("libraries", core::build::libraries, "versions of the libraries");
  out.scalar("/provenance/resumed", static_cast<std::int64_t>(resumed_),
             {"1", "how often the run went on from a checkpoint; times are of the last part"});
  out.scalar("/provenance/ranks", static_cast<std::int64_t>(ranks.size()), {"1", "number of MPI ranks"});
  out.scalar("/provenance/peak_memory", static_cast<std::int64_t>(ranks.maximum(peak_memory())),
             {"byte", "most memory that any rank has held, before the store is complete"});

  std::vector<std::string> stages;
  std::vector<double> seconds;
  for (const auto& [stage, took] : stages_) {
    stages.push_back(stage);
    seconds.push_back(took);
  }
  ranks.broadcast(seconds);
  out.scale("/provenance/stage", stages, {"1", "stages of the run"});
  out.dataset("/provenance/seconds", {"/provenance/stage"}, seconds, {"s", "wall-clock time of each stage"});
  write_work(ranks, out);
}

void Provenance::write_work(const parallel::Communicator& ranks, store::Writer& out) const {
  std::vector<Work> rows = work_;
  rows.resize(ranks.maximum(ranks.root() ? rows.size() : 0));  // values are those of the first rank
  const std::string group = "/provenance/calls";
  out.scale(group + "/row", count_to(rows.size()), {"1", "work of one shape in one stage"});
  Columns(out, group, group + "/row", rows)
      .words("stage", "stage of the run", [](const Work& w) { return w.stage; })
      .numbers("units", "1", "units that ranks shared, in one call", [](const Work& w) { return w.calls.units; })
      .numbers("slot", "1", "values of a unit, which every rank gets", [](const Work& w) { return w.calls.slot; })
      .numbers("shares", "1", "ranks that may share one unit", [](const Work& w) { return w.calls.shares; })
      .numbers("calls", "1", "calls of this shape", [](const Work& w) { return w.calls.calls; })
      .numbers("seconds", "s", "time in them on the first rank", [](const Work& w) { return w.calls.seconds; });
}

}  // namespace titrant::campaign
