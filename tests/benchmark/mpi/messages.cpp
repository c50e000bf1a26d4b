// How long an exchange of results between all ranks takes: "latency <s> bandwidth <bytes/s>", for
// tools/scaling_model.py.
//   mpiexec -n 4 benchmark_messages
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "titrant/parallel/communicator.hpp"

namespace {

using titrant::parallel::Communicator;

/// Seconds of one exchange after which every rank has `values` values; the fastest of some rounds.
double seconds_of_exchange(const Communicator& ranks, std::size_t values, int calls) {
  using Clock = std::chrono::steady_clock;
  const std::vector<double> mine(values / ranks.size(), 1.0);
  const std::vector<std::size_t> counts(ranks.size(), mine.size());
  constexpr int rounds = 5;
  double fastest = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    ranks.barrier();
    const Clock::time_point begin = Clock::now();
    for (int call = 0; call < calls; ++call) ranks.gather(mine, counts);
    fastest = std::min(fastest, std::chrono::duration<double>(Clock::now() - begin).count() / calls);
  }
  return fastest;
}

}  // namespace

int main(int argc, char** argv) {
  const titrant::parallel::Environment environment(argc, argv);
  const Communicator& ranks = environment.world();
  constexpr std::size_t many = std::size_t{1} << 20U;
  const double small = seconds_of_exchange(ranks, ranks.size(), 2000);
  const double large = seconds_of_exchange(ranks, many, 10);
  const double steps = std::max(1.0, std::ceil(std::log2(static_cast<double>(ranks.size()))));
  const auto bytes = static_cast<double>(many * sizeof(double));
  if (ranks.root()) fmt::print("latency {:.3g} bandwidth {:.3g}\n", small / steps, bytes / (large - small));
  return 0;
}
