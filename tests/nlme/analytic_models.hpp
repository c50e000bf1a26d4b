#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "titrant/nlme/subject_model.hpp"

namespace titrant::tests {

/// One subject of a toy trial.
struct ToySubject {
  std::vector<double> times;
  std::vector<double> values;
  pkpd::Covariates covariates;
};

/// What all toy models share: their data.
class ToyModel : public nlme::SubjectModel {
 public:
  std::size_t subjects() const override { return data.size(); }
  std::span<const double> observed(std::size_t subject) const override { return data[subject].values; }
  const pkpd::Covariates& covariates(std::size_t subject) const override { return data[subject].covariates; }
  std::string describe(std::size_t subject, std::size_t observation) const override {
    return "subject " + std::to_string(subject) + " at " + std::to_string(data[subject].times[observation]) + " h";
  }

  std::vector<ToySubject> data;
};

/// f = dose exp(-k t), one parameter k.
class MonoExponential : public ToyModel {
 public:
  explicit MonoExponential(double dose) : dose_(dose) {}
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    for (std::size_t j = 0; j < value.size(); ++j) {
      const double t = data[subject].times[j];
      value[j] = dose_ * std::exp(-parameters[0] * t);
      gradient[j] = -t * value[j];
    }
  }

 private:
  double dose_;
};

/// f = log(c)^2 at all times: two values of c fit equally well.
class SquaredLog : public ToyModel {
 public:
  void predict(std::size_t /*subject*/, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    const double logarithm = std::log(parameters[0]);
    for (std::size_t j = 0; j < value.size(); ++j) {
      value[j] = logarithm * logarithm;
      gradient[j] = 2.0 * logarithm / parameters[0];
    }
  }
};

/// f = log(a) + t log(b): linear in the etas of the log-normal parameters a and b.
class LogLinear : public ToyModel {
 public:
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    for (std::size_t j = 0; j < value.size(); ++j) {
      const double t = data[subject].times[j];
      value[j] = std::log(parameters[0]) + t * std::log(parameters[1]);
      gradient[2 * j] = 1.0 / parameters[0];
      gradient[2 * j + 1] = t / parameters[1];
    }
  }
};

/// f = top t^shape / (half^shape + t^shape): strongly nonlinear; parameters top, half, shape.
class Saturation : public ToyModel {
 public:
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    const double top = parameters[0];
    const double half = parameters[1];
    const double shape = parameters[2];
    for (std::size_t j = 0; j < value.size(); ++j) {
      const double ratio = data[subject].times[j] / half;
      const double share = 1.0 / (1.0 + std::pow(ratio, -shape));
      const double spread = share * (1.0 - share);
      value[j] = top * share;
      gradient[3 * j] = share;
      gradient[3 * j + 1] = -top * spread * shape / half;
      gradient[3 * j + 2] = top * spread * std::log(ratio);
    }
  }
};

}  // namespace titrant::tests
