#include "titrant/run/checkpoint.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "titrant/core/build.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/run/configuration_difference.hpp"
#include "titrant/run/provenance.hpp"
#include "titrant/store/checkpoint_file.hpp"

namespace titrant::run {

namespace {

/// The first line of a checkpoint; the journal follows.
std::string to_line(const CheckpointFacts& facts) {
  const nlohmann::json json = {{"version", facts.version},
                               {"commit", facts.commit},
                               {"command", facts.command},
                               {"command_line", facts.command_line},
                               {"configuration", facts.configuration},
                               {"data_sha256", facts.data_digest},
                               {"device_sha256", facts.device_digest},
                               {"started", facts.started},
                               {"written", facts.written},
                               {"stage", facts.stage},
                               {"seconds", facts.seconds},
                               {"resumed", facts.resumed}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

struct Read {
  CheckpointFacts facts;
  std::string journal;
};

Read read(const std::filesystem::path& store) {
  store::Checkpoint checkpoint = store::read_checkpoint(store);
  const std::size_t end = checkpoint.content.find('\n');
  Read result;
  try {
    const nlohmann::json json = nlohmann::json::parse(checkpoint.content.substr(0, end));
    CheckpointFacts& facts = result.facts;
    json.at("version").get_to(facts.version);
    json.at("commit").get_to(facts.commit);
    json.at("command").get_to(facts.command);
    json.at("command_line").get_to(facts.command_line);
    json.at("configuration").get_to(facts.configuration);
    json.at("data_sha256").get_to(facts.data_digest);
    json.at("device_sha256").get_to(facts.device_digest);
    json.at("started").get_to(facts.started);
    json.at("written").get_to(facts.written);
    json.at("stage").get_to(facts.stage);
    json.at("seconds").get_to(facts.seconds);
    json.at("resumed").get_to(facts.resumed);
  } catch (const nlohmann::json::exception&) {
    throw StoreError(fmt::format("{}: is no checkpoint of this titrant", store::checkpoint_name(store).string()));
  }
  result.journal = checkpoint.content.substr(end + 1);
  result.facts.warning = std::move(checkpoint.warning);
  return result;
}

}  // namespace

CheckpointFacts facts_of(const Configuration& configuration, const std::string& command,
                         const std::string& command_line) {
  CheckpointFacts facts;
  facts.version = core::build::version;
  facts.commit = core::build::commit;
  facts.command = command;
  facts.command_line = command_line;
  facts.configuration = to_yaml(configuration, false);
  facts.data_digest = configuration.data.digest;
  if (!configuration.noise.text.empty()) facts.device_digest = core::sha256(configuration.noise.text);
  facts.started = core::time_now();
  return facts;
}

std::optional<CheckpointFacts> checkpoint_facts(const std::filesystem::path& store) {
  if (!store::has_checkpoint(store)) return std::nullopt;
  return read(store).facts;
}

std::string differences(const CheckpointFacts& checkpoint, const CheckpointFacts& now) {
  std::string lines;
  const auto compare = [&](const std::string& what, const std::string& then, const std::string& here) {
    const auto shown = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
    if (then != here) lines += fmt::format("  {}: {} in the checkpoint, {} now\n", what, shown(then), shown(here));
  };
  compare("program", checkpoint.version + " (" + checkpoint.commit + ")", now.version + " (" + now.commit + ")");
  compare("command", checkpoint.command, now.command);
  compare("SHA-256 of the data", checkpoint.data_digest, now.data_digest);
  compare("SHA-256 of the device file", checkpoint.device_digest, now.device_digest);
  for (const auto& [key, then, here] : configuration_differences(checkpoint.configuration, now.configuration)) {
    if (!key.starts_with("output.")) compare(key, then, here);
  }
  return lines;
}

Checkpointing::Checkpointing(const parallel::Communicator& ranks, std::filesystem::path store, CheckpointFacts facts,
                             const CheckpointOptions& options, const core::Console& console, bool resume)
    : store_(std::move(store)), facts_(std::move(facts)) {
  parallel::Journal::Options journal;
  journal.interval = options.interval;
  journal.seconds = options.seconds;
  journal.save = [this](std::string_view results) { store::write_checkpoint(store_, text(results)); };
  journal.warn = [console](const std::string& message) {
    console.say("The checkpoint could not be written, the one before it stays: " + message);
  };
  journal_ = std::make_shared<parallel::Journal>(std::move(journal));
  ranks_ = ranks.with(journal_);
  if (!resume) return;
  Read found;
  parallel::on_root(ranks, [&] {
    found = read(store_);
    if (!found.facts.warning.empty()) {
      console.say("WARNING: " + found.facts.warning);
      store::restore_previous_checkpoint(store_);
    }
    facts_.started = found.facts.started;
    facts_.command_line = found.facts.command_line;
    facts_.resumed = found.facts.resumed + 1;
    seconds_before_ = found.facts.seconds;
    console.say(fmt::format("Going on from a checkpoint of {}, after {:.0f} s of work; it was at: {}",
                            found.facts.written, found.facts.seconds, found.facts.stage));
  });
  journal_->load(ranks, found.journal);
}

void Checkpointing::begin_stage(const std::string& title) { facts_.stage = title; }

void Checkpointing::save() const {
  parallel::on_root(ranks_, [&] { journal_->save(); });
}

void Checkpointing::before_writing() const {
  constexpr double worth = 5.0;  // s
  parallel::on_root(ranks_, [&] {
    if (journal_->unsaved_seconds() < worth) return;
    try {
      journal_->save();
    } catch (const StoreError& error) {  // the store may still find room
      journal_->warn(error.what());
    }
  });
}

void Checkpointing::remove() const {
  parallel::on_root(ranks_, [&] { store::remove_checkpoints(store_); });
}

std::string Checkpointing::text(std::string_view journal) const {
  CheckpointFacts facts = facts_;
  facts.written = core::time_now();
  facts.seconds = seconds_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return to_line(facts).append(journal);
}

}  // namespace titrant::run
