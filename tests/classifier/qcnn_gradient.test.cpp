#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "curves.hpp"
#include "random_qcnn.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::random_qcnn;
using testing::Toy;
using testing::with;

struct GradientCase {
  ClassifierOptions options;
  Gradient gradient;
};
class LossGradient : public ::testing::TestWithParam<GradientCase> {};

// The whole chain: circuit, readout, cross-entropy and penalty, against central differences (error about step^2 =
// 1e-10).
TEST_P(LossGradient, AgreesWithDifferences) {
  const auto& [options, rule] = GetParam();
  Toy toy(5);
  const Profile weekly = curve_of({.comed = 1.0}, 168.0);
  toy.examples.examples.push_back({&weekly, 20.0, 5});
  toy.examples.labels.push_back(1);
  const Qcnn qcnn = random_qcnn(options, {Backend::exact, 1024, rule}, 6);
  const TrainingSet set = training_set(toy.examples, {5.0, {"dose", "auc"}}, options.covariates);
  const LogitModel model = qcnn.logit_model(set.examples, 1);
  std::vector<std::size_t> places(set.examples.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  const auto batch = std::span(places).first(set.labelled());
  std::vector<double> logit(places.size());
  std::vector<double> rows(places.size() * model.parameters);
  std::vector<double> derivative(places.size());
  std::vector<double> ignored(places.size());
  std::vector<double> x = qcnn.parameters();
  model.evaluate(x, places, 0, logit, rows);
  training_loss(set, batch, logit, derivative);
  std::vector<double> other_rows(rows.size());
  const auto loss = [&] {
    model.evaluate(x, places, 0, logit, other_rows);
    return training_loss(set, batch, logit, ignored);
  };
  const double step = 1e-5;
  double largest = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    double gradient = 0.0;
    for (std::size_t i = 0; i < places.size(); ++i) gradient += derivative[i] * rows[i * model.parameters + k];
    const double here = x[k];
    x[k] = here + step;
    const double up = loss();
    x[k] = here - step;
    const double down = loss();
    x[k] = here;
    EXPECT_NEAR(gradient, (up - down) / (2.0 * step), 2e-8) << k;
    largest = std::max(largest, std::abs(gradient));
  }
  EXPECT_GT(largest, 1e-2);
}

ClassifierOptions variant() {
  ClassifierOptions options = with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true});
  options.gate = Gate::so4;
  options.depth = 1;
  options.qubits = 7;
  options.reuploading = true;
  return options;
}

// Two covariates, one of them continuous.
ClassifierOptions two_covariates(Preset preset, bool reuploading) {
  ClassifierOptions options = with(preset);
  options.covariates = {testing::weight_input(), testing::comed_input()};
  options.reuploading = reuploading;
  return options;
}

INSTANTIATE_TEST_SUITE_P(
    Networks, LossGradient,
    ::testing::Values(GradientCase{with(Preset::exposure), Gradient::adjoint},
                      GradientCase{with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true}), Gradient::adjoint},
                      GradientCase{with(Preset::exposure, {ReadoutKind::raw, 6.0, false}), Gradient::adjoint},
                      GradientCase{with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true}),
                                   Gradient::parameter_shift},
                      GradientCase{with(Preset::homogeneous, {ReadoutKind::sigmoid, 6.0, true}), Gradient::adjoint},
                      GradientCase{with(Preset::proposal), Gradient::adjoint},
                      GradientCase{with(Preset::proposal), Gradient::parameter_shift},
                      GradientCase{variant(), Gradient::adjoint}, GradientCase{variant(), Gradient::parameter_shift},
                      GradientCase{two_covariates(Preset::exposure, false), Gradient::adjoint},
                      GradientCase{two_covariates(Preset::exposure, true), Gradient::adjoint},
                      GradientCase{two_covariates(Preset::homogeneous, true), Gradient::parameter_shift}));

// Shifting all uses of a parameter at once is another direction (qcnn.md: the proposal's rule is not the gradient).
TEST(QcnnGradient, SharedShiftIsNotTheGradient) {
  const Toy toy(4);
  const std::vector<std::size_t> places = {0, 1, 2, 3};
  const auto gradient_by = [&](Gradient rule) {
    const Qcnn qcnn = random_qcnn(with(Preset::exposure), {Backend::exact, 1024, rule}, 8);
    std::vector<double> logit(4);
    std::vector<double> rows(std::size_t{4} * 45);
    qcnn.logit_model(toy.examples.examples, 1).evaluate(qcnn.parameters(), places, 0, logit, rows);
    return rows;
  };
  const std::vector<double> exact = gradient_by(Gradient::adjoint);
  const std::vector<double> shared = gradient_by(Gradient::shared_shift);
  double difference = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k < 45; ++k) {
      const double here = std::abs(exact[i * 45 + k] - shared[i * 45 + k]);
      EXPECT_LT(k >= 30 ? here : 0.0, 1e-11) << k;  // the dense block is used once: there the rule is exact
      difference = std::max(difference, here);
    }
  }
  EXPECT_GT(difference, 0.1);
}

// The last R_z of the measured qubit and the exit rotations of the other one come after everything that P(1) sees.
TEST(QcnnGradient, FourParametersCannotMatter) {
  const Toy toy(4);
  const Qcnn qcnn = random_qcnn(with(Preset::exposure), {}, 4);
  const LogitModel model = qcnn.logit_model(toy.examples.examples, 1);
  std::vector<double> logit(4);
  std::vector<double> rows(std::size_t{4} * 45);
  model.evaluate(qcnn.parameters(), std::vector<std::size_t>{0, 1, 2, 3}, 0, logit, rows);
  std::vector<std::string> dead;
  for (std::size_t k = 0; k < 45; ++k) {
    double largest = 0.0;
    for (std::size_t i = 0; i < 4; ++i) largest = std::max(largest, std::abs(rows[i * 45 + k]));
    if (largest < 1e-12) dead.push_back(qcnn.parameter_names()[k]);
  }
  EXPECT_THAT(dead, ::testing::ElementsAre("dense.exit.first.rz_2", "dense.exit.second.rz_1", "dense.exit.second.ry",
                                           "dense.exit.second.rz_2"));
}

// Ranks cut the examples of a training as they like: rows must not depend on the company they are computed in.
TEST(QcnnGradient, GradientsDoNotDependOnHowTheyAreGrouped) {
  Toy toy(13);
  const Profile weekly = curve_of({.comed = 1.0}, 168.0);
  toy.examples.examples.insert(toy.examples.examples.begin() + 3, {&weekly, 30.0, 90});
  const auto noise = std::make_shared<const quantum::NoiseModel>(quantum::UniformNoise{.two_qubit = 0.01});
  for (const QuantumOptions& quantum : {QuantumOptions{Backend::exact, 64, Gradient::adjoint},
                                        QuantumOptions{Backend::exact, 64, Gradient::parameter_shift},
                                        QuantumOptions{Backend::exact, 64, Gradient::spsa},
                                        QuantumOptions{Backend::sampled, 64, Gradient::parameter_shift},
                                        QuantumOptions{Backend::sampled, 64, Gradient::shared_shift},
                                        QuantumOptions{Backend::density_matrix, 64, Gradient::adjoint, {}, noise},
                                        QuantumOptions{Backend::sampled, 64, Gradient::parameter_shift, {}, noise},
                                        QuantumOptions{Backend::trajectory, 64, Gradient::spsa, {0.1, 2}, noise}}) {
    const Qcnn qcnn = random_qcnn(with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true}), quantum, 1);
    const LogitModel model = qcnn.logit_model(toy.examples.examples, 3);
    std::vector<std::size_t> places(toy.examples.examples.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::vector<double> logit(places.size());
    std::vector<double> rows(places.size() * 47);
    model.evaluate(qcnn.parameters(), places, 5, logit, rows);
    for (const std::size_t place : {std::size_t{0}, std::size_t{3}, std::size_t{12}}) {
      double alone = 0.0;
      std::vector<double> row(47);
      model.evaluate(qcnn.parameters(), {&place, 1}, 5, {&alone, 1}, row);
      EXPECT_EQ(alone, logit[place]);
      EXPECT_TRUE(std::equal(row.begin(), row.end(), rows.begin() + static_cast<std::ptrdiff_t>(place * 47)));
    }
  }
}

}  // namespace
}  // namespace titrant::classifier
