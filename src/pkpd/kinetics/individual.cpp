#include "titrant/pkpd/individual.hpp"

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

constexpr std::array<double Individual::*, pk_parameter_count> members = {
    &Individual::absorption_rate,
    &Individual::clearance,
    &Individual::volume,
    &Individual::intercompartmental_clearance,
    &Individual::peripheral_volume,
    &Individual::second_intercompartmental_clearance,
    &Individual::second_peripheral_volume,
    &Individual::lag,
    &Individual::bioavailability,
    &Individual::input_rate,
    &Individual::input_duration,
    &Individual::absorption_duration,
    &Individual::mean_transit_time,
    &Individual::maximum_elimination_rate,
    &Individual::michaelis_constant};

constexpr std::array<PkParameter, 4> of_one_compartment = {PkParameter::absorption_rate, PkParameter::clearance,
                                                           PkParameter::volume, PkParameter::lag};
constexpr std::array<PkParameter, 6> of_two_compartments = {PkParameter::absorption_rate,
                                                            PkParameter::clearance,
                                                            PkParameter::volume,
                                                            PkParameter::intercompartmental_clearance,
                                                            PkParameter::peripheral_volume,
                                                            PkParameter::lag};
constexpr std::array<PkParameter, 8> of_three_compartments = {PkParameter::absorption_rate,
                                                              PkParameter::clearance,
                                                              PkParameter::volume,
                                                              PkParameter::intercompartmental_clearance,
                                                              PkParameter::peripheral_volume,
                                                              PkParameter::second_intercompartmental_clearance,
                                                              PkParameter::second_peripheral_volume,
                                                              PkParameter::lag};

constexpr std::array<PkParameter, pk_parameter_count> all = [] {
  std::array<PkParameter, pk_parameter_count> list{};
  for (std::size_t p = 0; p < list.size(); ++p) list[p] = static_cast<PkParameter>(p);
  return list;
}();

double Individual::*member(PkParameter which) {
  const auto index = static_cast<std::size_t>(which);
  TITRANT_EXPECTS(index < members.size());
  return members[index];
}

}  // namespace

std::string_view name(Structure structure) {
  constexpr std::array<std::string_view, 3> names = {"one_compartment", "two_compartment", "three_compartment"};
  return names.at(static_cast<std::size_t>(structure));
}

std::string_view name(Elimination elimination) {
  constexpr std::array<std::string_view, 3> names = {"linear", "michaelis_menten", "both"};
  return names.at(static_cast<std::size_t>(elimination));
}

Individual on_dose(const Individual& individual, double dose) {
  TITRANT_EXPECTS(dose >= 0.0);
  if (!individual.saturable()) return individual;
  Individual result = individual;
  if (dose > 0.0) {
    result.maximum_elimination_rate /= dose;
    result.michaelis_constant /= dose;
    return result;
  }
  if (individual.elimination == Elimination::michaelis_menten) result.clearance = 0.0;
  result.clearance +=
      individual.maximum_elimination_rate * individual.concentration_scale / individual.michaelis_constant;
  result.elimination = Elimination::linear;
  return result;
}

std::span<const PkParameter> parameters_of(Structure structure) {
  switch (structure) {
    case Structure::one_compartment:
      return of_one_compartment;
    case Structure::two_compartment:
      return of_two_compartments;
    case Structure::three_compartment:
      break;
  }
  return of_three_compartments;
}

std::span<const PkParameter> all_pk_parameters() { return all; }

double& parameter(Individual& individual, PkParameter which) { return individual.*member(which); }

double parameter(const Individual& individual, PkParameter which) { return individual.*member(which); }

}  // namespace titrant::pkpd
