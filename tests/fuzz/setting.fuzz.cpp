#include <sstream>

#include "fuzz.hpp"
#include "titrant/run/configuration.hpp"

/// \file
/// Settings of the command line, each line of the input one `--set key.path=value`; the lines together also as
/// `--noise`.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  const std::string text(fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] { run::read_noise(text); });
  return fuzz::read_or_refuse([&] {
    std::vector<std::string> sets;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) sets.push_back(line);
    run::to_yaml(run::load_configuration({"", sets}), true);
  });
}
