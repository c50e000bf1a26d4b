#include <fmt/format.h>

#include "device.hpp"
#include "planning.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/core/error.hpp"
#include "titrant/hardware/folder.hpp"

/// \file
/// titrant device export: the circuits of a plan in a folder, with a manifest.

namespace titrant::cli {

int export_device(const Invocation& invocation) {
  const std::string folder = text_option(invocation, "output");
  if (folder.empty()) throw ConfigError("device export: missing option --output FOLDER");
  const Planning planning = planned(invocation);
  parallel::on_root(invocation.ranks, [&] {
    const core::Console messages = console(false);
    core::Progress progress(messages, "Writing");
    const hardware::Manifest manifest =
        hardware::write_folder(folder, *planning.model, planning.plan, *planning.examples, *planning.maker,
                               {planning.store, planning.device_file}, invocation.values.contains("force"),
                               [&](std::size_t done, std::size_t of) { progress.update(done, of); });
    progress.finish(folder);
    fmt::print("{}: {} circuits, {} shots", folder, manifest.circuits.size(), planning.plan.total_shots());
    if (planning.maker->machine().device)
      fmt::print(", about {} of the device", core::duration_text(planning.plan.device_time()));
    fmt::print("\nRun each circuit as often as {}/{} says, then: titrant device import COUNTS.json --manifest {}\n",
               folder, hardware::manifest_name, folder);
  });
  return exit_done;
}

}  // namespace titrant::cli
