// C of closed forms beside that of saturable elimination, of the same subject and doses.

#include <benchmark/benchmark.h>

#include <vector>

#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/concentration_response.hpp"

namespace {

using namespace titrant::pkpd;

Individual subject(benchmark::State& state, bool saturable) {
  Individual one{.absorption_rate = 0.9,
                 .clearance = 6.0,
                 .volume = 50.0,
                 .intercompartmental_clearance = 8.0,
                 .peripheral_volume = 70.0};
  if (state.range(0) == 2) one.structure = Structure::two_compartment;
  if (saturable) one.elimination = Elimination::michaelis_menten;
  one.maximum_elimination_rate = 8.0;
  one.michaelis_constant = 400.0;
  return one;
}

/// 21 doses, one a day, and 25 times: C and its derivatives by the parameters of the disposition.
void course(benchmark::State& state, bool saturable) {
  const Individual one = subject(state, saturable);
  const std::vector<Dose> doses = {{.time = 0.0, .amount = 80.0, .interval = 24.0, .additional = 20}};
  std::vector<double> times;
  for (int i = 0; i < 25; ++i) times.push_back(1.0 + 20.0 * i);
  std::vector<PkParameter> by = {PkParameter::absorption_rate, PkParameter::volume};
  if (saturable) {
    by.insert(by.end(), {PkParameter::maximum_elimination_rate, PkParameter::michaelis_constant});
  } else {
    by.push_back(PkParameter::clearance);
  }
  if (state.range(0) == 2) {
    by.insert(by.end(), {PkParameter::intercompartmental_clearance, PkParameter::peripheral_volume});
  }
  std::vector<double> value(times.size());
  std::vector<double> gradient(times.size() * pk_parameter_count);
  while (state.KeepRunning()) {
    concentration_and_gradient(one, doses, times, value, gradient, {}, by);
    benchmark::DoNotOptimize(value.data());
  }
}

/// The largest C at steady state on one dose.
void steady_maximum(benchmark::State& state, bool saturable) {
  const Individual one = on_dose(subject(state, saturable), 60.0);
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(ConcentrationResponse(one, {.interval = 12.0}, {.steady_state = true}).maximum());
  }
}

void course_closed_form(benchmark::State& state) { course(state, false); }
void course_saturable(benchmark::State& state) { course(state, true); }
void steady_maximum_closed_form(benchmark::State& state) { steady_maximum(state, false); }
void steady_maximum_saturable(benchmark::State& state) { steady_maximum(state, true); }
BENCHMARK(course_closed_form)->Arg(1)->Arg(2);
BENCHMARK(course_saturable)->Arg(1)->Arg(2);
BENCHMARK(steady_maximum_closed_form)->Arg(1)->Arg(2);
BENCHMARK(steady_maximum_saturable)->Arg(1)->Arg(2);

}  // namespace
