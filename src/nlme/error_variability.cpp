#include "error_variability.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

void expect_error_variability(const SubjectModel& model, const Population& population, const std::string& key) {
  for (const std::size_t response : population.error_etas()) {
    bool several = false;
    for (std::size_t subject = 0; subject < model.subjects() && !several; ++subject) {
      const auto responses = model.responses(subject);
      const auto count = responses.empty() ? std::ssize(model.observed(subject))
                                           : std::count(responses.begin(), responses.end(), response);
      several = count > 1;
    }
    if (several) continue;
    throw ConfigError(fmt::format(
        "{}: error varies between subjects, and no subject has two values: one does not tell a subject's own residual "
        "error from the common one; leave error out",
        key));
  }
}

}  // namespace titrant::nlme
