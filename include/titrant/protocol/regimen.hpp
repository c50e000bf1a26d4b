#pragma once

#include <limits>
#include <string>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::protocol {

/// Doses by bands of a covariate: the factor of the first band whose upper end is not below the subject's value.
struct Bands {
  struct Band {
    double up_to = std::numeric_limits<double>::infinity();  ///< in the covariate's unit, ends included; ascending
    double factor = 1.0;                                     ///< of the dose, > 0
  };
  std::string covariate;  ///< empty: no bands
  std::vector<Band> bands;
};

/// How doses are given: absorbed from the gut, or intravenously at once or over some hours.
enum class Route { oral, bolus, infusion };

/// How often and how a dose is given, and the doses among which answers are sought.
struct Regimen {
  std::string name;
  double interval = 24.0;     ///< h between doses (tau), > 0
  std::vector<double> doses;  ///< ascending, > 0; in the trial's unit of amount, or per unit of `per`
  pkpd::Loading loading;      ///< the first doses, where they are larger
  std::string per;            ///< covariate whose value multiplies the dose (mg/kg: weight); empty: none
  Bands bands;
  Route route = Route::oral;
  double duration = 0.0;  ///< h, > 0: of an infusion

  /// Amount that a subject is given for a dose of 1. Throws DataError naming a covariate that is missing, or a value
  /// that lies above all bands.
  double dose_factor(const pkpd::Covariates& covariates) const;

  /// Whether subjects are given different amounts for the same dose.
  bool individual_amounts() const { return !per.empty() || !bands.covariate.empty(); }

  /// "mg", or "mg/kg" where doses are given by weight.
  std::string dose_unit(const std::string& amount) const;

  /// How the doses follow one another.
  pkpd::Course course() const {
    return {interval, loading, route == Route::oral ? pkpd::DoseInto::depot : pkpd::DoseInto::central, duration};
  }
};

/// Doses in equal steps: from, from + step, ... up to and including `to`, without accumulated rounding.
/// Expects step > 0 and to >= from.
std::vector<double> even_doses(double from, double to, double step);

}  // namespace titrant::protocol
