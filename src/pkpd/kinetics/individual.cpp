#include "titrant/pkpd/individual.hpp"

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

constexpr std::array<double Individual::*, pk_parameter_count> members = {&Individual::absorption_rate,
                                                                          &Individual::clearance,
                                                                          &Individual::volume,
                                                                          &Individual::intercompartmental_clearance,
                                                                          &Individual::peripheral_volume,
                                                                          &Individual::lag};

double Individual::*member(PkParameter which) {
  const auto index = static_cast<std::size_t>(which);
  TITRANT_EXPECTS(index < members.size());
  return members[index];
}

}  // namespace

double& parameter(Individual& individual, PkParameter which) { return individual.*member(which); }

double parameter(const Individual& individual, PkParameter which) { return individual.*member(which); }

}  // namespace titrant::pkpd
