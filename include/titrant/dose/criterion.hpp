#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "titrant/pkpd/biomarker_response.hpp"

namespace titrant::dose {

/// Which values of the biomarker must stay below the threshold.
enum class Label {
  latent,   ///< those of the model, at every instant of the window
  measured  ///< those that would be measured at the sampling times, with residual error
};

/// When a success is judged.
enum class Window {
  steady_state,  ///< over one dosing interval at periodic steady state
  day_21         ///< over [from, to] of a course of doses that starts at the baseline
};

std::string_view word(Label label);    ///< "latent", "measured"
std::string_view word(Window window);  ///< "steady_state", "day_21"

/// What counts as a success: the biomarker stays below the threshold. Label and window make four questions, whose
/// answers differ by several grid steps, so every answer names both.
struct Criterion {
  Label label = Label::measured;
  Window window = Window::day_21;
  double threshold = 3.3;  ///< ng/mL, > 0
  double from = 480.0;     ///< h since the first dose
  double to = 504.0;       ///< h since the first dose
  std::vector<double>
      sampling;  ///< h since the first dose, ascending, within [from, to]; `measured` needs at least one

  std::string name() const;  ///< "latent_steady_state", "measured_day_21", ...
};

/// The window in the terms of the biomarker's response to a regimen.
pkpd::ResponseWindow response_window(const Criterion& criterion);

/// The sampling times in the same terms, ascending; empty for `latent`. At steady state they are those clock times of
/// the dosing interval: time t is taken at t - to + interval (plus whole intervals where that lies before the dose), so
/// that a weekly regimen is sampled on the last day of the week, as a course on day 21 is.
std::vector<double> response_times(const Criterion& criterion, double interval);

}  // namespace titrant::dose
