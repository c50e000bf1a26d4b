#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/core/stream.hpp"

/// Profiles and examples for tests, without the pharmacokinetic models: one compartment, equation 2 of the proposal.
namespace titrant::classifier::testing {

struct Person {
  double absorption_rate = 1.0;  // 1/h
  double clearance = 20.0;       // L/h
  double volume = 300.0;         // L
  double body_weight = 70.0;     // kg
  double comed = 0.0;
};

inline Profile curve_of(const Person& person, double interval = 24.0) {
  const double ka = person.absorption_rate;
  const double ke = person.clearance / person.volume;
  const auto at = [&](double time) {
    return 1000.0 * ka / (person.volume * (ka - ke)) *
           (std::exp(-ke * time) / (1.0 - std::exp(-ke * interval)) -
            std::exp(-ka * time) / (1.0 - std::exp(-ka * interval)));
  };
  Profile profile;
  profile.interval = interval;
  const std::size_t points = interval <= 24.0 ? 64 : 128;
  for (std::size_t i = 0; i < points; ++i) {
    profile.curve.push_back(at((static_cast<double>(i) + 0.5) * interval / static_cast<double>(points)));
  }
  profile.per_mg.auc = 1000.0 / person.clearance;
  profile.per_mg.average = profile.per_mg.auc / interval;
  profile.per_mg.minimum = at(0.0);
  profile.per_mg.time_of_maximum =
      std::log(ka / ke * (1.0 - std::exp(-ke * interval)) / (1.0 - std::exp(-ka * interval))) / (ka - ke);
  profile.per_mg.maximum = at(profile.per_mg.time_of_maximum);
  profile.covariates = {{"body_weight", person.body_weight}, {"comed", person.comed}};
  return profile;
}

inline std::vector<double> random_angles(std::size_t count, std::uint64_t unit, double spread = 1.0) {
  core::Stream stream(7, core::Purpose::test, unit);
  std::vector<double> angles(count);
  for (double& angle : angles) angle = spread * stream.normal();
  return angles;
}

/// Persons of random pharmacokinetics, each at one dose of 1, 3 or 10 mg, successes where the average concentration
/// (with a benefit of co-medication and some noise) is high.
struct Toy {
  std::vector<Profile> profiles;
  LabelledExamples examples;

  explicit Toy(std::size_t persons, double noise = 0.3, std::uint64_t unit = 0) {
    core::Stream stream(11, core::Purpose::test, unit);
    for (std::size_t i = 0; i < persons; ++i) {
      Person person;
      person.clearance = 20.0 * std::exp(0.3 * stream.normal());
      person.volume = 300.0 * std::exp(0.2 * stream.normal());
      person.body_weight = stream.uniform(50.0, 100.0);
      person.comed = i % 2 == 0 ? 1.0 : 0.0;
      profiles.push_back(curve_of(person));
    }
    const std::vector<double> doses = {1.0, 3.0, 10.0};
    for (std::size_t i = 0; i < persons; ++i) {
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
