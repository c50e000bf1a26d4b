#include "parameter_bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

using core::not_available;

void write(const std::string& group, std::size_t parameters, const std::vector<double>& estimates, store::Writer& out) {
  const std::size_t replicates = estimates.size() / parameters;
  out.scale(group + "/bootstrap/replicate", store::whole_numbers(replicates));
  out.dataset(group + "/bootstrap/estimate", estimates);
  std::vector<double> lower;
  std::vector<double> upper;
  for (std::size_t p = 0; p < parameters; ++p) {
    std::vector<double> of_parameter;
    for (std::size_t r = 0; r < replicates; ++r) of_parameter.push_back(estimates[r * parameters + p]);
    lower.push_back(core::nearest_rank(core::without_nan(of_parameter), 0.025));
    upper.push_back(core::nearest_rank(core::without_nan(of_parameter), 0.975));
  }
  out.dataset(group + "/bootstrap/ci_lower", lower);
  out.dataset(group + "/bootstrap/ci_upper", upper);
}

}  // namespace

ParameterBootstrap bootstrap_parameters(const parallel::Communicator& ranks, const Configuration& configuration,
                                        const Results& results) {
  const std::size_t pk = results.pk.best.estimates.size();
  const std::size_t pd = results.pd ? results.pd->best.estimates.size() : 0;
  const auto compute = [&](std::size_t replicate, std::span<double> slot) {
    const std::span<double> estimates = slot.subspan(parallel::reason_slot);
    std::fill(estimates.begin(), estimates.end(), not_available);  // and so they stay where a fit fails
    try {
      const trial::Trial sample = resample(results.trial, configuration.seed, replicate);
      const Models models = refit(configuration, sample, results, false);
      if (models.pk.estimates.size() != pk) {
        throw NumericalError("the drawn subjects do not have doses by all routes of the trial");
      }
      for (std::size_t p = 0; p < pk; ++p) estimates[p] = models.pk.estimates.at(p).value;
      for (std::size_t p = 0; p < pd; ++p) estimates[pk + p] = models.pd->estimates.at(p).value;
    } catch (const NumericalError& error) {
      parallel::write_reason(error.what(), slot);
    } catch (const DataError& error) {
      parallel::write_reason(error.what(), slot);
    }
  };
  const std::size_t width = parallel::reason_slot + pk + pd;
  const std::vector<double> slots = parallel::run(
      ranks, {.units = configuration.uncertainty.replicates, .slot = width, .compute = compute, .progress = {}});
  ParameterBootstrap found;
  for (std::size_t replicate = 0; replicate < configuration.uncertainty.replicates; ++replicate) {
    found.left_out.add(replicate, parallel::read_reason(std::span(slots).subspan(replicate * width, width)));
    const auto first = slots.begin() + static_cast<std::ptrdiff_t>(replicate * width + parallel::reason_slot);
    found.pk.insert(found.pk.end(), first, first + static_cast<std::ptrdiff_t>(pk));
    found.pd.insert(found.pd.end(), first + static_cast<std::ptrdiff_t>(pk),
                    first + static_cast<std::ptrdiff_t>(pk + pd));
  }
  return found;
}

void write_bootstrap(const Results& results, store::Writer& out) {
  const ParameterBootstrap& found = results.parameter_bootstrap;
  if (!found.pk.empty()) write("/pk", results.pk.best.estimates.size(), found.pk, out);
  if (!found.pd.empty()) write("/pd", results.pd->best.estimates.size(), found.pd, out);
}

}  // namespace titrant::run
