#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "analytic_models.hpp"
#include "titrant/nlme/fit_summary.hpp"
#include "titrant/nlme/saem.hpp"

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::Population;

struct UptonSubject {
  double weight;  ///< kg
  double dose;    ///< mg/kg, by mouth at 0 h
  std::array<double, 11> times;
  std::array<double, 11> values;  ///< mg/L
};

// Theophylline in twelve subjects, from R. Upton's study as printed by Boeckmann, Sheiner and Beal (1994), NONMEM Users
// Guide part V; "Theoph" of R.
const std::array<UptonSubject, 12> subjects_of_upton = {{
    {79.6,
     4.02,
     {0, 0.25, 0.57, 1.12, 2.02, 3.82, 5.1, 7.03, 9.05, 12.12, 24.37},
     {0.74, 2.84, 6.57, 10.5, 9.66, 8.58, 8.36, 7.47, 6.89, 5.94, 3.28}},
    {72.4,
     4.4,
     {0, 0.27, 0.52, 1, 1.92, 3.5, 5.02, 7.03, 9, 12, 24.3},
     {0, 1.72, 7.91, 8.31, 8.33, 6.85, 6.08, 5.4, 4.55, 3.01, 0.9}},
    {70.5,
     4.53,
     {0, 0.27, 0.58, 1.02, 2.02, 3.62, 5.08, 7.07, 9, 12.15, 24.17},
     {0, 4.4, 6.9, 8.2, 7.8, 7.5, 6.2, 5.3, 4.9, 3.7, 1.05}},
    {72.7,
     4.4,
     {0, 0.35, 0.6, 1.07, 2.13, 3.5, 5.02, 7.02, 9.02, 11.98, 24.65},
     {0, 1.89, 4.6, 8.6, 8.38, 7.54, 6.88, 5.78, 5.33, 4.19, 1.15}},
    {54.6,
     5.86,
     {0, 0.3, 0.52, 1, 2.02, 3.5, 5.02, 7.02, 9.1, 12, 24.35},
     {0, 2.02, 5.63, 11.4, 9.33, 8.74, 7.56, 7.09, 5.9, 4.37, 1.57}},
    {80,
     4,
     {0, 0.27, 0.58, 1.15, 2.03, 3.57, 5, 7, 9.22, 12.1, 23.85},
     {0, 1.29, 3.08, 6.44, 6.32, 5.53, 4.94, 4.02, 3.46, 2.78, 0.92}},
    {64.6,
     4.95,
     {0, 0.25, 0.5, 1.02, 2.02, 3.48, 5, 6.98, 9, 12.05, 24.22},
     {0.15, 0.85, 2.35, 5.02, 6.58, 7.09, 6.66, 5.25, 4.39, 3.53, 1.15}},
    {70.5,
     4.53,
     {0, 0.25, 0.52, 0.98, 2.02, 3.53, 5.05, 7.15, 9.07, 12.1, 24.12},
     {0, 3.05, 3.05, 7.31, 7.56, 6.59, 5.88, 4.73, 4.57, 3, 1.25}},
    {86.4,
     3.1,
     {0, 0.3, 0.63, 1.05, 2.02, 3.53, 5.02, 7.17, 8.8, 11.6, 24.43},
     {0, 7.37, 9.03, 7.14, 6.33, 5.66, 5.67, 4.24, 4.11, 3.16, 1.12}},
    {58.2,
     5.5,
     {0, 0.37, 0.77, 1.02, 2.05, 3.55, 5.05, 7.08, 9.38, 12.1, 23.7},
     {0.24, 2.89, 5.22, 6.41, 7.83, 10.21, 9.18, 8.02, 7.14, 5.68, 2.42}},
    {65,
     4.92,
     {0, 0.25, 0.5, 0.98, 1.98, 3.6, 5.02, 7.03, 9.03, 12.12, 24.08},
     {0, 4.86, 7.24, 8, 6.81, 5.87, 5.22, 4.45, 3.62, 2.69, 0.86}},
    {60.5,
     5.3,
     {0, 0.25, 0.5, 1, 2, 3.52, 5.07, 7.07, 9.03, 12.05, 24.15},
     {0, 1.25, 3.96, 7.82, 9.72, 9.75, 8.57, 6.59, 6.11, 4.57, 1.17}},
}};

/// One compartment with first-order absorption: C = D ka / (V (ka - k)) (exp(-k t) - exp(-ka t)), k = CL / V.
class Theophylline : public titrant::tests::ToyModel {
 public:
  Theophylline() {
    for (const UptonSubject& subject : subjects_of_upton) {
      data.push_back({.times = {subject.times.begin(), subject.times.end()},
                      .values = {subject.values.begin(), subject.values.end()},
                      .covariates = {{"dose", subject.dose * subject.weight}}});
    }
  }

  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    const double dose = data[subject].covariates.at("dose");
    const double ka = parameters[0];
    const double v = parameters[2];
    const double k = parameters[1] / v;
    const double factor = dose * ka / (v * (ka - k));
    for (std::size_t j = 0; j < value.size(); ++j) {
      const double t = data[subject].times[j];
      const double slow = std::exp(-k * t);
      const double fast = std::exp(-ka * t);
      value[j] = factor * (slow - fast);
      const double by_k = value[j] / (ka - k) - factor * t * slow;
      gradient[3 * j] = value[j] * (1.0 / ka - 1.0 / (ka - k)) + factor * t * fast;
      gradient[3 * j + 1] = by_k / v;
      gradient[3 * j + 2] = -value[j] / v - by_k * k / v;
    }
  }
};

/// The same by its elimination rate: V = CL / k.
class TheophyllineByRate : public Theophylline {
 public:
  TheophyllineByRate() {
    for (std::size_t s = 0; s < data.size(); ++s) data[s].covariates["weight"] = subjects_of_upton.at(s).weight;
  }

  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    const double k = parameters[1];
    const double cl = parameters[2];
    const std::vector<double> own = {parameters[0], cl, cl / k};
    Theophylline::predict(subject, own, value, gradient);
    for (std::size_t j = 0; j < value.size(); ++j) {
      const double by_cl = gradient[3 * j + 1];
      const double by_v = gradient[3 * j + 2];
      gradient[3 * j + 1] = -by_v * cl / (k * k);
      gradient[3 * j + 2] = by_cl + by_v / k;
    }
  }
};

Population initial() {
  const auto parameter = [](const char* name, const char* units, double typical) {
    return titrant::nlme::Parameter{
        .name = name, .units = units, .scale = {}, .typical = typical, .omega = 0.5, .effects = {}};
  };
  return {.parameters = {parameter("ka", "1/h", 1.5), parameter("cl", "L/h", 2.7), parameter("v", "L", 31.0)},
          .errors = {{.model = {.additive = 0.7, .proportional = 0.0}, .units = "mg/L"}}};
}

}  // namespace

// What nlmixr2 prints for FOCEI with log-normal etas on all three and an additive error (its vignette "Running PK
// models with nlmixr2", theo_sd): objective 116.8035, log ka 0.464, log CL 1.01, log V 3.46, additive error 0.695,
// variability 70.4, 26.8 and 13.9 %CV, shrinkage of the etas 1.81, 3.87 and 10.3 %; AIC 373.4, BIC 393.6.
TEST(Theophylline, IsWhatOtherProgramsFind) {
  const Theophylline model;
  const Estimation fit =
      titrant::nlme::estimate(titrant::parallel::Communicator{}, model, initial(), {.starts = 2, .optimiser = {}}, 1);
  EXPECT_TRUE(fit.converged);
  EXPECT_TRUE(fit.verdict.empty());
  EXPECT_NEAR(fit.objective, 116.8035, 1e-3);
  const auto& parameters = fit.population.parameters;
  EXPECT_NEAR(std::log(parameters[0].typical), 0.464, 5.1e-4);  // half of the last digit
  EXPECT_NEAR(std::log(parameters[1].typical), 1.01, 5.1e-3);
  EXPECT_NEAR(std::log(parameters[2].typical), 3.46, 5.1e-3);
  EXPECT_NEAR(fit.population.errors[0].model.additive, 0.695, 1e-3);
  const std::array<double, 3> variability = {70.4, 26.8, 13.9};
  const std::array<double, 3> shrinkage = {0.0181, 0.0387, 0.103};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(100.0 * std::sqrt(std::expm1(std::pow(parameters[k].omega, 2))), variability[k], 0.1);
    EXPECT_NEAR(fit.shrinkage[k], shrinkage[k], 1e-3);
  }
  const titrant::nlme::FitSummary summary =
      titrant::nlme::summarise(fit, std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  EXPECT_NEAR(summary.aic, 373.4, 0.051);
  EXPECT_NEAR(summary.bic, 393.6, 0.051);
}

// What NONMEM prints for FO: the example that its installation is tested with (CONTROL5 of the Users Guides), objective
// 104.561. ka, k and clearance (weight x theta) have additive, correlated etas, the error is additive. The estimates
// printed: 2.77 1/h, 0.0781 1/h, 0.0363 L/h/kg; Omega 5.55; 0.00524, 0.00024; -0.128, 0.00911, 0.515; Sigma 0.388.
TEST(Theophylline, ByFoIsWhatNonmemPrints) {
  const titrant::nlme::Scale linear{.kind = titrant::nlme::Scale::Kind::linear, .lower = 0.0, .upper = 1.0};
  const auto parameter = [&](const char* name, double typical, double variance) {
    return titrant::nlme::Parameter{
        .name = name, .units = "1", .scale = linear, .typical = typical, .omega = std::sqrt(variance), .effects = {}};
  };
  Population start{.parameters = {parameter("ka", 3.0, 6.0), parameter("k", 0.08, 0.0002), parameter("cl", 0.0, 0.4)},
                   .errors = {{.model = {.additive = std::sqrt(0.4), .proportional = 0.0}, .units = "mg/L"}}};
  start.parameters[2].typical_fixed = true;
  start.parameters[2].effects = {{.effect = {.covariate = "weight",
                                             .kind = titrant::pkpd::EffectKind::exponential,
                                             .coefficient = 0.04,
                                             .reference = 0.0},
                                  .fixed = false}};
  start.blocks = {{.parameters = {0, 1, 2}, .correlations = {0.0, 0.0, 0.0}}};
  const TheophyllineByRate model;
  titrant::nlme::EstimationOptions options;
  options.starts = 1;
  options.methods = {titrant::nlme::MethodKind::fo};
  const Estimation fit = titrant::nlme::estimate(titrant::parallel::Communicator{}, model, start, options, 1);
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_NEAR(fit.objective, 104.561, 5.1e-4);  // half of the last digit
  const auto& parameters = fit.population.parameters;
  EXPECT_NEAR(parameters[0].typical, 2.77, 0.0051);
  EXPECT_NEAR(parameters[1].typical, 0.0781, 5.1e-5);
  EXPECT_NEAR(parameters[2].effects[0].effect.coefficient, 0.0363, 5.1e-5);
  EXPECT_NEAR(std::pow(parameters[0].omega, 2), 5.55, 0.0051);
  EXPECT_NEAR(std::pow(parameters[1].omega, 2), 0.00024, 5.1e-6);
  EXPECT_NEAR(std::pow(parameters[2].omega, 2), 0.515, 5.1e-4);
  EXPECT_NEAR(std::pow(fit.population.errors[0].model.additive, 2), 0.388, 5.1e-4);
}

// What nlmixr2 prints for SAEM with the same model and data (the README of nlmixr2est): log ka 0.464, log CL 1.01, log
// V 3.46, additive error 0.696, variability 71.1, 27.4 and 13.1 %CV. Both ends are random; tolerances are a tenth of
// the standard errors (0.195, 0.085 and 0.045 of the typical values, some 20 % of the omegas) and half a last digit.
TEST(Theophylline, BySaemIsWhatNlmixr2Finds) {
  const Theophylline model;
  const titrant::nlme::Saem end = titrant::nlme::saem(titrant::parallel::Communicator{}, model, initial(), {}, 1);
  EXPECT_TRUE(end.settled) << end.message;
  const auto& parameters = end.population.parameters;
  EXPECT_NEAR(std::log(parameters[0].typical), 0.464, 0.02);
  EXPECT_NEAR(std::log(parameters[1].typical), 1.01, 0.0085 + 0.005);
  EXPECT_NEAR(std::log(parameters[2].typical), 3.46, 0.0045 + 0.005);
  EXPECT_NEAR(end.population.errors[0].model.additive, 0.696, 0.007);
  const std::array<double, 3> variability = {71.1, 27.4, 13.1};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(100.0 * std::sqrt(std::expm1(std::pow(parameters[k].omega, 2))) / variability[k], 1.0, 0.04) << k;
  }
}
