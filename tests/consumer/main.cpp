#include <cmath>
#include <cstdio>
#include <span>
#include <titrant/core/build.hpp>
#include <titrant/core/error.hpp>
#include <titrant/nlme/estimate.hpp>
#include <titrant/parallel/work.hpp>
#include <titrant/pkpd/exposure.hpp>
#include <titrant/store/store.hpp>
#include <vector>

/// \file
/// What a program outside of titrant may do with it: the public headers alone, and parts that stand on MPI, HDF5 and
/// Eigen.

int main() {
  const titrant::pkpd::Individual person{.absorption_rate = 1.0, .clearance = 10.0, .volume = 100.0};
  const titrant::parallel::Work work{3,
                                     1,
                                     [&](std::size_t unit, std::span<double> slot) {
                                       const double dose = 10.0 * static_cast<double>(unit + 1);
                                       slot[0] = titrant::pkpd::exposure(person, {dose, 24.0}).metrics().average;
                                     },
                                     {}};
  const std::vector<double> total = titrant::parallel::run_sum(titrant::parallel::Communicator(), work);
  // Cavg = dose / (CL tau): 10 + 20 + 30 mg, 10 L/h, 24 h; in ng/mL.
  const double expected = 60.0 / (10.0 * 24.0) * 1000.0;
  bool store_refused = false;
  try {
    titrant::store::Reader reader("no such store.h5");
  } catch (const titrant::StoreError&) {
    store_refused = true;
  }
  std::printf("titrant %s: average concentrations add to %.6f ng/mL\n", titrant::core::build::version.data(), total[0]);
  return std::abs(total[0] - expected) < 1e-9 * expected && store_refused ? 0 : 1;
}
