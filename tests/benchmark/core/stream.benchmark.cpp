#include "titrant/core/stream.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

using titrant::core::Purpose;
using titrant::core::Stream;

namespace {

// A stream is made anew for every unit of work, so making one and drawing the first number is the usual case.
void first_normal_of_a_stream(benchmark::State& state) {
  std::uint64_t unit = 0;
  while (state.KeepRunning()) {
    Stream stream(1, Purpose::test, unit++);
    benchmark::DoNotOptimize(stream.normal());
  }
}
BENCHMARK(first_normal_of_a_stream);

void next_uniform(benchmark::State& state) {
  Stream stream(1, Purpose::test, 0);
  while (state.KeepRunning()) benchmark::DoNotOptimize(stream.uniform());
}
BENCHMARK(next_uniform);

void binomial_of_1024_trials(benchmark::State& state) {
  Stream stream(1, Purpose::test, 0);
  while (state.KeepRunning()) benchmark::DoNotOptimize(stream.binomial(1024, 0.3));
}
BENCHMARK(binomial_of_1024_trials);

}  // namespace
