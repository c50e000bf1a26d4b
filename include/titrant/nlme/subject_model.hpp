#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "titrant/nlme/censored.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// The structural model and the data of a population fit, subject by subject. The engine knows nothing else of drugs: a
/// new kind of fit (a biomarker, say) is a new SubjectModel.
///
///     const MonoExponential model(data);  // derived from SubjectModel
///     const Estimation estimation = estimate(ranks, model, population, options, seed);
class SubjectModel {
 public:
  SubjectModel() = default;
  SubjectModel(const SubjectModel&) = delete;
  SubjectModel& operator=(const SubjectModel&) = delete;
  virtual ~SubjectModel() = default;

  virtual std::size_t subjects() const = 0;

  /// Measured values of one subject, at least one.
  virtual std::span<const double> observed(std::size_t subject) const = 0;

  /// [observation] the kind of measurement, its place in Population::errors; empty: all of kind 0.
  virtual std::span<const unsigned char> responses(std::size_t /*subject*/) const { return {}; }

  /// [observation] 1 where all that is known is that the truth is below `observed`, the limit of quantification (method
  /// M3 of Beal 2001, J Pharmacokinet Pharmacodyn 28:481), or in its interval where there are `intervals`; empty: none.
  virtual std::span<const unsigned char> censored(std::size_t /*subject*/) const { return {}; }

  /// [observation] where the truth of a censored one lies; others are not read. Empty: all censored ones are below
  /// `observed`.
  virtual std::span<const Interval> intervals(std::size_t /*subject*/) const { return {}; }

  virtual const pkpd::Covariates& covariates(std::size_t subject) const = 0;

  /// Stretches of a subject's time with covariates of their own: 1 where they stay, else the first is that of
  /// `covariates` above.
  virtual std::size_t segments(std::size_t /*subject*/) const { return 1; }
  virtual const pkpd::Covariates& covariates(std::size_t subject, std::size_t /*segment*/) const {
    return covariates(subject);
  }

  /// [segment] the occasion it belongs to, counted from 0 without gaps; empty: one occasion alone. Parameters with an
  /// occasion_omega differ between occasions.
  virtual std::span<const std::size_t> occasions(std::size_t /*subject*/) const { return {}; }

  /// Predictions at the observations of one subject and their derivatives.
  /// \param parameters  [parameter], individual values on their natural scale, in the order of Population::parameters
  /// \param value       [observation]
  /// \param gradient    [observation][parameter], row-major: d value / d parameter
  /// May throw NumericalError: such parameters then count as impossible.
  virtual void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                       std::span<double> gradient) const = 0;

  /// The same where parameters change with the covariates.
  /// \param parameters  [segment][parameter]
  /// \param gradient    [observation][segment][parameter]
  virtual void predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                                std::span<double> gradient) const {
    predict(subject, parameters, value, gradient);
  }

  /// One observation in words, for messages: "subject 12 at 24 h".
  virtual std::string describe(std::size_t subject, std::size_t observation) const = 0;
};

}  // namespace titrant::nlme
