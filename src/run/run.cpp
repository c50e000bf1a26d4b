#include "titrant/run/run.hpp"

#include <algorithm>
#include <utility>

#include "titrant/core/build.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/parallel/stop.hpp"
#include "titrant/run/check.hpp"
#include "titrant/run/contract.hpp"
#include "titrant/run/provenance.hpp"
#include "titrant/store/target.hpp"

namespace titrant::run {

namespace {

void write_configuration(const Configuration& configuration, store::Writer& out) {
  const std::string yaml = to_yaml(configuration, false);
  out.scalar("/config/resolved", yaml);
  out.attribute("/config/resolved", "sha256", core::sha256(yaml));
  if (!configuration.data.digest.empty()) {
    out.scalar("/config/data_sha256", configuration.data.digest);
  }
  if (!configuration.noise.text.empty()) {
    out.scalar("/config/device", configuration.noise.text);
  }
}

}  // namespace

std::vector<std::unique_ptr<Stage>> all_stages() {
  std::vector<std::unique_ptr<Stage>> stages;
#define TITRANT_ADD_STAGE(stage) stages.push_back(stage##_stage());
  TITRANT_STAGES(TITRANT_ADD_STAGE)
#undef TITRANT_ADD_STAGE
  return stages;
}

std::vector<std::unique_ptr<Stage>> stages_for(const std::string& command) {
  if (command == "run") return all_stages();
  const std::vector<std::pair<std::string, std::vector<std::string>>> wanted = {
      {"fit", {"data", "fit", "pd", "diagnostics"}},
      {"evaluate", {"data", "fit", "evaluate"}},
      {"train", {"data", "fit", "pd", "train"}},
      {"search", {"data", "fit", "pd", "train", "search", "intervals"}},
      {"variant", {"data", "fit", "pd", "evaluate", "train", "search"}}};
  const auto found =
      std::find_if(wanted.begin(), wanted.end(), [&](const auto& entry) { return entry.first == command; });
  TITRANT_EXPECTS(found != wanted.end());
  std::vector<std::unique_ptr<Stage>> stages = all_stages();
  std::erase_if(stages, [&](const std::unique_ptr<Stage>& stage) {
    return std::find(found->second.begin(), found->second.end(), stage->name()) == found->second.end();
  });
  return stages;
}

namespace {

Results compute(const Context& context, const std::vector<std::unique_ptr<Stage>>& stages, Provenance& provenance,
                Checkpointing* checkpointing) {
  Results results;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::unique_ptr<Stage>& stage = stages[i];
    if (checkpointing != nullptr) checkpointing->begin_stage(stage->title());
    core::Progress progress(context.console, stage->title(), {i + 1, stages.size()});
    const std::string summary = stage->compute(context, results, progress);
    progress.finish(summary);
    provenance.stage_took(stage->name(), progress.seconds());
    if (stage->name() == "data") {
      std::vector<std::string> remarks;
      parallel::collectively(context.ranks,
                             [&] { remarks = expect_usable(context.configuration, results.trial, stages); });
      for (const std::string& remark : remarks) context.console.say(remark);
    }
  }
  return results;
}

}  // namespace

Results run(const Context& context, const std::vector<std::unique_ptr<Stage>>& stages,
            const std::filesystem::path& output, const std::string& command_line, Checkpointing* checkpointing) {
  Provenance provenance = checkpointing != nullptr
                              ? Provenance(checkpointing->facts().command_line, checkpointing->facts().started)
                              : Provenance(command_line, core::time_now());
  Results results;
  try {
    results = compute(context, stages, provenance, checkpointing);
    if (checkpointing != nullptr) checkpointing->before_writing();
  } catch (const parallel::Interrupted&) {
    if (checkpointing != nullptr) checkpointing->save();
    throw;
  }
  if (output.empty()) return results;

  core::Progress progress(context.console, "Writing");
  store::Writer out(context.ranks, output, run_contract(), unit_symbols(results));
  out.attribute("/", "titrant_version", std::string(core::build::version));
  write_configuration(context.configuration, out);
  for (const std::unique_ptr<Stage>& stage : stages) stage->write(context, results, out);
  if (checkpointing != nullptr) {
    provenance.stage_took("checkpoint", checkpointing->saving_seconds());
    provenance.was_resumed(checkpointing->facts().resumed);
  }
  provenance.stage_took("write", progress.seconds());
  provenance.write(context.ranks, out);
  out.commit();
  if (checkpointing != nullptr) checkpointing->remove();
  progress.finish(output.string());
  return results;
}

}  // namespace titrant::run
