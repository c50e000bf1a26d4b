#include "analysis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/core/process.hpp"

namespace titrant::cli {

namespace {

using Reason = core::ProcessEnd::Reason;

/// Prints which of its arguments cannot be imported, without importing them, which would take a second.
constexpr const char* tell_missing =
    "import importlib.util, sys\n"
    "print(' '.join(m for m in sys.argv[1:] if importlib.util.find_spec(m) is None))\n"
    "sys.exit(0 if sys.version_info >= (3, 9) else 'is older than Python 3.9')";
constexpr std::array needed = {"h5py", "numpy", "matplotlib", "jinja2"};
constexpr double longest_question = 30.0;  // s: the first start from a network file system takes its time

constexpr const char* how_to_install =
    "Debian, Ubuntu: apt-get install python3-h5py python3-matplotlib python3-jinja2; elsewhere: pip install h5py numpy "
    "matplotlib jinja2; or name a Python that has them in TITRANT_PYTHON";

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread
  return value == nullptr ? "" : value;
}

/// A child that believes to be a rank of this job would start MPI (h5py may be built with it) and disturb it.
bool tells_of_mpi(std::string_view variable_text) {
  constexpr std::array<std::string_view, 6> prefixes = {"OMPI_", "PMIX_", "PMI_", "PRTE_", "MPI_", "HYDI_"};
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return variable_text.starts_with(prefix); });
}

std::vector<std::string> environment_for(const std::filesystem::path& package) {
  std::vector<std::string> environment = core::current_environment();
  const auto is_replaced = [](const std::string& text) {
    return tells_of_mpi(text) || text.starts_with("PYTHONPATH=") || text.starts_with("MPLBACKEND=");
  };
  std::erase_if(environment, is_replaced);
  const std::string path = variable("PYTHONPATH");
  environment.push_back("PYTHONPATH=" + package.string() + (path.empty() ? "" : ":" + path));
  environment.emplace_back("MPLBACKEND=Agg");             // no window, whatever the user's own setting
  environment.emplace_back("PYTHONDONTWRITEBYTECODE=1");  // an installed tree stays as it was installed
  environment.emplace_back("PYTHONSAFEPATH=1");  // no module of the working folder stands in for one of Python's
  return environment;
}

std::filesystem::path find_package() {
  std::filesystem::path folder = variable("TITRANT_ANALYSIS");
  const bool named = !folder.empty();
  if (!named) {
    std::error_code unknown;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    folder = program.parent_path().parent_path() / "share" / "titrant" / "titrant_analysis";
  }
  if (std::filesystem::exists(folder / "titrant_analysis" / "__main__.py")) return folder;
  throw Error(fmt::format("{}: there is no Python package titrant_analysis in it{}", folder.string(),
                          named ? " (TITRANT_ANALYSIS)"
                                : "; TITRANT_ANALYSIS can name another folder (tools/titrant_analysis of the source)"));
}

/// Empty: this interpreter will do. Otherwise what is the matter with it.
std::string fault_of(const std::string& python, const std::vector<std::string>& environment) {
  std::vector<std::string> question = {python, "-c", tell_missing};
  question.insert(question.end(), needed.begin(), needed.end());
  const core::ProcessEnd end = core::run({question, environment, longest_question});
  if (end.reason == Reason::not_found) return fmt::format("{} cannot be started", python);
  if (!end.well()) return fmt::format("{} is no Python that can be used", python);
  std::string missing = end.output;
  while (!missing.empty() && missing.back() == '\n') missing.pop_back();
  return missing.empty() ? "" : fmt::format("{} has no {}", python, missing);
}

std::string find_python(const std::vector<std::string>& environment) {
  const std::string named = variable("TITRANT_PYTHON");
  const std::vector<std::string> candidates =
      named.empty() ? std::vector<std::string>{"python3", "/usr/bin/python3"} : std::vector<std::string>{named};
  std::vector<std::string> faults;
  for (const std::string& python : candidates) {
    const std::string fault = fault_of(python, environment);
    if (fault.empty()) return python;
    faults.push_back(fault);
  }
  throw Error(fmt::format("it takes Python with {}: {}{}. {}", fmt::join(needed, ", "), fmt::join(faults, "; "),
                          named.empty() ? "" : " (TITRANT_PYTHON)", how_to_install));
}

}  // namespace

Analysis find_analysis() {
  Analysis analysis;
  analysis.package = find_package();
  analysis.python = find_python(environment_for(analysis.package));
  return analysis;
}

void run_analysis(const Analysis& analysis, const std::vector<std::string>& arguments, const AnalysisLimits& limits) {
  core::Process process{{analysis.python, "-m", "titrant_analysis"}, environment_for(analysis.package)};
  process.command.insert(process.command.end(), arguments.begin(), arguments.end());
  process.seconds = limits.seconds;
  process.give_up = limits.give_up;
  const core::ProcessEnd end = core::run(process);
  if (end.well()) return;
  std::string reason;
  switch (end.reason) {
    case Reason::exited:
      reason = fmt::format("{} failed", fmt::join(process.command, " "));
      break;
    case Reason::signal:
      reason = fmt::format("{} was ended by signal {}", fmt::join(process.command, " "), end.code);
      break;
    case Reason::time:
      reason = fmt::format("it took more than {:g} s", limits.seconds);
      break;
    case Reason::given_up:
      reason = "stopped";
      break;
    case Reason::not_found:
      reason = fmt::format("{} cannot be started", analysis.python);
      break;
  }
  std::string said = end.output;
  while (!said.empty() && said.back() == '\n') said.pop_back();
  throw Error(reason + (said.empty() ? "" : ":\n" + said));
}

}  // namespace titrant::cli
