#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/biomarker_response.hpp"

namespace titrant::protocol {

/// What an endpoint is about.
enum class Quantity { biomarker, concentration };

/// Which values decide.
enum class Values {
  latent,   ///< those of the model, at every instant of the window
  measured  ///< those that would be measured at the sampling times, with residual error
};

/// Which way the share of successes moves as the dose rises.
enum class Direction {
  rising,   ///< answer: the lowest dose that reaches the target
  falling,  ///< answer: the highest
  window    ///< up and down again; answer: the doses between
};
std::string_view word(Direction direction);  ///< "rising", "falling", "window"

/// Limits of an endpoint; those that are given all hold.
struct Limits {
  std::optional<double> below;  ///< success: values < below, in the unit of the quantity
  std::optional<double> above;  ///< success: values > above
  /// The same of a change from the subject's model baseline, as a fraction of it: -0.5 is half the baseline. Biomarker
  /// only.
  std::optional<double> change_below;
  std::optional<double> change_above;
};

/// What counts as a success of a subject on a regimen.
struct Endpoint {
  std::string name;
  Quantity of = Quantity::biomarker;
  Values values = Values::latent;
  bool steady_state = false;  ///< over one dosing interval at periodic steady state; else from .. to
  bool at_trough = false;     ///< concentrations at the end of the interval alone; latent, at steady state
  double from = 0.0;          ///< h, ends included
  double to = 0.0;            ///< h
  bool hours_given = false;   ///< whether from and to are meant: at steady state they name the trial's sampling times
  std::vector<double> times;  ///< h, ascending; of measured values; empty: the trial's sampling times in from .. to
  Limits limits;
  std::vector<std::string> all;  ///< names of endpoints that must all be met; this endpoint then has no limits itself

  bool is_combined() const { return !all.empty(); }
  /// Whether outcomes of trial subjects answer it: measured values in hours of the trial, against limits that need no
  /// model.
  bool labels_trial() const {
    return !is_combined() && values == Values::measured && !steady_state && hours_given && !limits.change_below &&
           !limits.change_above;
  }
  /// The window in the terms of responses.
  pkpd::ResponseWindow window() const { return {steady_state, from, to}; }
};

/// Which way the share of successes of an endpoint without parts moves.
/// \param lowers  whether a higher concentration lowers the biomarker
Direction direction(const Endpoint& endpoint, bool lowers);

/// The same of any endpoint; `endpoints` holds the parts of a combined one. Throws ConfigError naming a part that is
/// not there.
Direction direction(const Endpoint& endpoint, const std::vector<Endpoint>& endpoints, bool lowers);

/// Sampling times of a regimen, ascending: `times` as they are in a course. At steady state those that were taken from
/// the trial's window (`hours_given`) are clock times of the dosing interval: time t is taken at t - to + interval
/// (plus whole intervals where that lies before the dose), so that long intervals are sampled at their end, as a course
/// is, and each clock time once; others are hours after a dose.
std::vector<double> sampling_times(const Endpoint& endpoint, double interval);

/// "biomarker below 3.3 ng/mL, measured values, 480 to 504 h after the first dose", ...
std::string describe(const Endpoint& endpoint, const std::string& biomarker_unit,
                     const std::string& concentration_unit);

}  // namespace titrant::protocol
