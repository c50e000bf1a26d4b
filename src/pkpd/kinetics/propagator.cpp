#include "propagator.hpp"

namespace titrant::pkpd {

namespace {

/// Of three compartments, from the rate constants in numbers of type T. `number` makes one from a value and its
/// derivatives.
template <class T, class Parameter, class Number>
Rates<T> rates_of_three(const ThreeCompartments& known, const ThreeCompartmentsGradient& by, const Parameter& parameter,
                        const Number& number) {
  Rates<T> r;
  r.structure = Structure::three_compartment;
  r.absorption = parameter(PkParameter::absorption_rate);
  const T volume = parameter(PkParameter::volume);
  r.elimination = parameter(PkParameter::clearance) / volume;
  const std::array<T, 2> flow = {parameter(PkParameter::intercompartmental_clearance),
                                 parameter(PkParameter::second_intercompartmental_clearance)};
  const std::array<T, 2> peripheral = {parameter(PkParameter::peripheral_volume),
                                       parameter(PkParameter::second_peripheral_volume)};
  for (std::size_t i = 0; i < ThreeCompartments::size; ++i) {
    r.three.rate[i] = number(known.rate[i], by.rate[i]);
    for (std::size_t c = 0; c < ThreeCompartments::size; ++c) {
      r.three.share[c][i] = number(known.share[c][i], by.share[c][i]);
    }
  }
  for (std::size_t p = 0; p < 2; ++p) {
    r.three.out[p] = flow[p] / volume;
    r.three.back[p] = flow[p] / peripheral[p];
    r.three.back_less_slowest[p] = r.three.back[p] - r.three.rate[2];
    set_value(r.three.back_less_slowest[p], known.back_less_rate[p][2]);
  }
  return r;
}

}  // namespace

Rates<double> rates_of(const Individual& individual) {
  const auto value = [&](PkParameter which) { return parameter(individual, which); };
  if (individual.structure == Structure::three_compartment) {
    return rates_of_three<double>(ThreeCompartments(individual), {}, value,
                                  [](double at, const ThreeCompartmentsGradient::ByParameter& /*by*/) { return at; });
  }
  return rates_of<double>(individual.structure, [&](std::size_t p) { return value(static_cast<PkParameter>(p)); });
}

Rates<RateDual> rates_with_derivatives(const Individual& individual) {
  return rates_of<RateDual>(individual.structure, [&](std::size_t p) {
    return RateDual::parameter(parameter(individual, static_cast<PkParameter>(p)), p);
  });
}

Rates<RateDualOfThree> rates_of_three_with_derivatives(const Individual& individual) {
  const ThreeCompartments known(individual);
  return rates_of_three<RateDualOfThree>(
      known, gradient(known, individual, ThreeCompartments::size),
      [&](PkParameter which) {
        return RateDualOfThree::parameter(parameter(individual, which), static_cast<std::size_t>(which));
      },
      [](double at, const ThreeCompartmentsGradient::ByParameter& by) {
        RateDualOfThree result(at);
        std::copy_n(by.begin(), result.by.size(), result.by.begin());
        return result;
      });
}

}  // namespace titrant::pkpd
