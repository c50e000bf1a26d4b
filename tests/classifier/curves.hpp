#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "titrant/classifier/covariate_input.hpp"
#include "titrant/classifier/example.hpp"
#include "titrant/core/stream.hpp"

/// Profiles and examples for tests, without the pharmacokinetic models: one compartment, equation 2 of the proposal.
namespace titrant::classifier::testing {

struct Subject {
  double absorption_rate = 1.0;  // 1/h
  double clearance = 20.0;       // L/h
  double volume = 300.0;         // L
  double body_weight = 70.0;     // kg
  double comed = 0.0;
};

inline Profile curve_of(const Subject& subject, double interval = 24.0) {
  const double ka = subject.absorption_rate;
  const double ke = subject.clearance / subject.volume;
  const auto at = [&](double time) {
    return 1000.0 * ka / (subject.volume * (ka - ke)) *
           (std::exp(-ke * time) / (1.0 - std::exp(-ke * interval)) -
            std::exp(-ka * time) / (1.0 - std::exp(-ka * interval)));
  };
  Profile profile;
  profile.course.interval = interval;
  const std::size_t points = interval <= 48.0 ? 64 : 128;
  for (std::size_t i = 0; i < points; ++i) {
    profile.curve.push_back(at((static_cast<double>(i) + 0.5) * interval / static_cast<double>(points)));
  }
  profile.per_mg.auc = 1000.0 / subject.clearance;
  profile.per_mg.average = profile.per_mg.auc / interval;
  profile.per_mg.minimum = at(0.0);
  profile.per_mg.time_of_maximum =
      std::log(ka / ke * (1.0 - std::exp(-ke * interval)) / (1.0 - std::exp(-ka * interval))) / (ka - ke);
  profile.per_mg.maximum = at(profile.per_mg.time_of_maximum);
  profile.covariates = {{"body_weight", subject.body_weight}, {"comed", subject.comed}};
  return profile;
}

/// Co-medication, 0 or 1.
inline CovariateInput comed_input() { return {.name = "comed"}; }

/// Body weight, continuous.
inline CovariateInput weight_input() {
  return {.name = "body_weight", .kind = CovariateInput::Kind::continuous, .value = 70.0, .low = 50.0, .high = 100.0};
}

inline std::vector<double> random_angles(std::size_t count, std::uint64_t unit, double spread = 1.0) {
  core::Stream stream(7, core::Purpose::test, unit);
  std::vector<double> angles(count);
  for (double& angle : angles) angle = spread * stream.normal();
  return angles;
}

/// Subjects of random pharmacokinetics, each at one dose of 1, 3 or 10 mg, successes where the average concentration
/// (with a benefit of co-medication and some noise) is high.
struct Toy {
  std::vector<Profile> profiles;
  LabelledExamples examples;

  explicit Toy(std::size_t subjects, double noise = 0.3, std::uint64_t unit = 0) {
    core::Stream stream(11, core::Purpose::test, unit);
    for (std::size_t i = 0; i < subjects; ++i) {
      Subject subject;
      subject.clearance = 20.0 * std::exp(0.3 * stream.normal());
      subject.volume = 300.0 * std::exp(0.2 * stream.normal());
      subject.body_weight = stream.uniform(50.0, 100.0);
      subject.comed = i % 2 == 0 ? 1.0 : 0.0;
      profiles.push_back(curve_of(subject));
    }
    const std::vector<double> doses = {1.0, 3.0, 10.0};
    for (std::size_t i = 0; i < subjects; ++i) {
      const double dose = doses[i % doses.size()];
      const double exposure = std::log(dose * profiles[i].per_mg.average / 6.0);
      examples.examples.push_back({&profiles[i], dose, i});
      examples.labels.push_back(exposure + 0.3 * profiles[i].covariates["comed"] + noise * stream.normal() > 0.0 ? 1
                                                                                                                 : 0);
      examples.group.push_back(i);
    }
  }
};

}  // namespace titrant::classifier::testing
