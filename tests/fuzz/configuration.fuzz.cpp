#include "titrant/run/configuration.hpp"

#include "fuzz.hpp"
#include "memory_file.hpp"

/// \file
/// YAML configurations, read and validated as by `titrant run --config`. A store keeps the resolved configuration for
/// runs that repeat it, so reading that again must give the same.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  return fuzz::read_or_refuse([&] {
    const fuzz::MemoryFile file(fuzz::text_of(data, size));
    const std::string once = run::to_yaml(run::load_configuration({file.name(), {}}), false);
    std::string twice;
    try {
      const fuzz::MemoryFile resolved(once);
      twice = run::to_yaml(run::load_configuration({resolved.name(), {}}), false);
    } catch (const Error& error) {
      fuzz::require(false, "a resolved configuration can be read: " + std::string(error.what()));
    }
    fuzz::require(once == twice, "a resolved configuration that is read again is the same");
  });
}
