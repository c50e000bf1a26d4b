#include "titrant/classifier/mechanistic.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "curves.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;

pkpd::BiomarkerPopulation population(double omega) {
  pkpd::BiomarkerPopulation model;
  model.parameters = {{"baseline", 10.0, 0.0, {{"comed", pkpd::EffectKind::categorical, -0.25, 0.0}}},
                      {"ic50", 2.0, omega, {}}};
  return model;
}

// A rule with a closed form: the dose exceeds the subject's ic50 (in mg), less an error of 0.5 mg.
bool rule(const pkpd::Individual& individual, const pkpd::Biomarker& biomarker, const pkpd::Course& course, double dose,
          std::span<const double> errors) {
  EXPECT_EQ(individual.clearance, 17.0);
  EXPECT_EQ(course, (pkpd::Course{24.0, {2.0, 1}}));
  return dose > biomarker.ic50 + (errors.empty() ? 0.0 : 0.5 * errors[0]);
}

Profile profile() {
  Profile subject = curve_of({.comed = 1.0});
  subject.individual.clearance = 17.0;
  subject.course.loading = {2.0, 1};
  return subject;
}

// P(ic50 < dose) = Phi(log(dose / 2) / 0.4); 20,000 draws have a standard error of at most 0.0035.
TEST(Mechanistic, AveragesOverThePopulation) {
  const Profile subject = profile();
  const Mechanistic mechanistic(population(0.4), rule, {20000, 0});
  const boost::math::normal normal;
  for (const double dose : {1.5, 2.0, 3.0}) {
    const Example example{&subject, dose, 0};
    EXPECT_NEAR(mechanistic.probabilities({&example, 1}, 1)[0], boost::math::cdf(normal, std::log(dose / 2.0) / 0.4),
                0.015);
  }
}

// Without variability of the biomarker the errors are all there is: P = Phi((dose - 2) / 0.5).
TEST(Mechanistic, DrawsResidualErrors) {
  const Profile subject = profile();
  const Mechanistic mechanistic(population(0.0), rule, {20000, 1});
  const Example example{&subject, 2.4, 0};
  EXPECT_NEAR(mechanistic.probabilities({&example, 1}, 1)[0], boost::math::cdf(boost::math::normal(), 0.8), 0.015);
}

// Common random numbers: p never falls with the dose, and all subjects meet the same draws.
TEST(Mechanistic, HasTheSameDrawsForAll) {
  const Profile subject = profile();
  const Profile other = profile();
  const Mechanistic mechanistic(population(0.4), rule, {50, 1});
  std::vector<Example> examples;
  examples.reserve(30);
  for (int i = 0; i < 30; ++i) examples.push_back({i % 2 == 0 ? &subject : &other, 0.2 * i, 7});
  const std::vector<double> p = mechanistic.probabilities(examples, 1);
  for (std::size_t i = 1; i < p.size(); ++i) EXPECT_GE(p[i], p[i - 1]);
  EXPECT_EQ(mechanistic.probabilities({&examples[11], 1}, 1)[0], p[11]);
  EXPECT_NE(mechanistic.probabilities(examples, 2), p);
}

TEST(Mechanistic, HasNothingToTrain) {
  Mechanistic mechanistic(population(0.4), rule, {50, 0});
  EXPECT_TRUE(mechanistic.train({}, {}, {}, 1, 0).loss.empty());
  EXPECT_TRUE(mechanistic.parameters().empty());
  EXPECT_TRUE(mechanistic.parameter_names().empty());
  EXPECT_EQ(mechanistic.clone()->name(), "mechanistic");
  EXPECT_THROW(mechanistic.set_parameters(std::vector<double>{1.0}), std::logic_error);
  EXPECT_THROW(Mechanistic(population(0.4), rule, {0, 0}), std::logic_error);
}

}  // namespace
}  // namespace titrant::classifier
