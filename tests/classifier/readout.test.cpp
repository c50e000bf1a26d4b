#include "titrant/classifier/readout.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace titrant::classifier {
namespace {

TEST(Readout, SigmoidOfThePolarisation) {
  const Readout readout{ReadoutKind::sigmoid, 6.0, 0.5};
  EXPECT_NEAR(readout.probability(0.8), 1.0 / (1.0 + std::exp(-(6.0 * 0.6 + 0.5))), 1e-15);
  EXPECT_NEAR(Readout{}.probability(0.5), 0.5, 1e-15);
}

TEST(Readout, RawIsTheProbabilityItself) {
  const Readout readout{ReadoutKind::raw, 6.0, 0.5};
  for (const double p : {0.0, 0.3, 1.0}) EXPECT_EQ(readout.probability(p), p);
  EXPECT_NEAR(sigmoid(readout.logit(0.3)), 0.3, 1e-15);
  EXPECT_TRUE(std::isfinite(readout.logit(0.0)) && std::isfinite(readout.logit(1.0)));
}

TEST(Readout, DerivativeIsThatOfTheLogit) {
  const double step = 1e-6;
  for (const ReadoutKind kind : {ReadoutKind::sigmoid, ReadoutKind::raw}) {
    const Readout readout{kind, 4.0, -0.3};
    for (const double p : {0.1, 0.5, 0.97}) {
      const double difference = (readout.logit(p + step) - readout.logit(p - step)) / (2.0 * step);
      EXPECT_NEAR(readout.derivative(p), difference, 1e-6);  // error of the difference: step^2 / 6 x third derivative
    }
  }
}

TEST(Sigmoid, NeitherOverflowsNorLosesItsTails) {
  EXPECT_EQ(sigmoid(1e4), 1.0);
  EXPECT_EQ(sigmoid(-1e4), 0.0);
  EXPECT_DOUBLE_EQ(sigmoid(-700.0), std::exp(-700.0));
}

}  // namespace
}  // namespace titrant::classifier
