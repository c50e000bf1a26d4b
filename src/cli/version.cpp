#include "version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "titrant/core/build.hpp"
#include "titrant/quantum/isa.hpp"

namespace titrant::cli {

void print_version(bool json) {
  namespace build = core::build;
  std::vector<std::string> sets;
  for (const quantum::InstructionSet set : quantum::available_instruction_sets())
    sets.emplace_back(quantum::instruction_set_name(set));
  if (json) {
    const nlohmann::ordered_json facts = {{"version", build::version},   {"commit", build::commit},
                                          {"compiler", build::compiler}, {"build", build::build_type},
                                          {"flags", build::flags},       {"libraries", build::libraries},
                                          {"instruction_sets", sets}};
    fmt::print("{}\n", facts.dump(2));
    return;
  }
  fmt::print("titrant {}\ncommit {}\ncompiler {}\nbuild {}\nflags {}\nlibraries {}\n", build::version, build::commit,
             build::compiler, build::build_type, build::flags, build::libraries);
  fmt::print("instruction sets of this machine {}\n", fmt::join(sets, ", "));
}

}  // namespace titrant::cli
