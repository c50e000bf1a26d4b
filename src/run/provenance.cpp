#include "titrant/run/provenance.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <set>

#include "titrant/core/build.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/quantum/isa.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

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
  const auto text = [&](const std::string& name, std::string_view value) {
    out.scalar("/provenance/" + name, ranks.broadcast(std::string(value)));
  };
  text("command", command_line_);
  text("started", started_);
  text("finished", core::time_now());
  text("hosts", fmt::format("{}", fmt::join(hosts, " ")));
  text("commit", core::build::commit);
  text("compiler", core::build::compiler);
  text("build_type", core::build::build_type);
  text("instruction_set", quantum::instruction_set_name(quantum::selected_instruction_set()));
  text("libraries", core::build::libraries);
  out.scalar("/provenance/resumed", static_cast<std::int64_t>(resumed_));
  out.scalar("/provenance/ranks", static_cast<std::int64_t>(ranks.size()));
  out.scalar("/provenance/peak_memory", static_cast<std::int64_t>(ranks.maximum(peak_memory())));

  std::vector<std::string> stages;
  std::vector<double> seconds;
  for (const auto& [stage, took] : stages_) {
    stages.push_back(stage);
    seconds.push_back(took);
  }
  ranks.broadcast(seconds);
  out.scale("/provenance/stage", stages);
  out.dataset("/provenance/seconds", seconds);
  write_work(ranks, out);
}

void Provenance::write_work(const parallel::Communicator& ranks, store::Writer& out) const {
  std::vector<Work> rows = work_;
  rows.resize(ranks.maximum(ranks.root() ? rows.size() : 0));  // values are those of the first rank
  const std::string group = "/provenance/calls";
  out.scale(group + "/row", store::whole_numbers(rows.size()));
  store::Columns(out, group, rows)
      .words("stage", [](const Work& w) { return w.stage; })
      .integers("units", [](const Work& w) { return w.calls.units; })
      .integers("slot", [](const Work& w) { return w.calls.slot; })
      .integers("shares", [](const Work& w) { return w.calls.shares; })
      .integers("calls", [](const Work& w) { return w.calls.calls; })
      .numbers("seconds", [](const Work& w) { return w.calls.seconds; });
}

}  // namespace titrant::run
