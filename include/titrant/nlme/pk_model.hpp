#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/nlme/subject_model.hpp"
#include "titrant/pkpd/individual.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// The concentrations of a trial under a PK structure, for estimation. Its parameters are those the structure uses, in
/// the order of pkpd::PkParameter.
///
/// Left out are subjects without concentrations, and concentrations of exactly 0 at or before a person's first dose:
/// every model predicts these without error, and a likelihood of them would have no maximum. For the same reason,
/// censored concentrations at or before the first dose; all other censored ones are known to be below their limit.
class PkModel : public SubjectModel {
 public:
  /// Refers to the trial, which must outlive it. Throws DataError where no subject is left, a time or value is
  /// not finite, or a censored concentration has no limit above 0 (Observation::limit, else its value).
  PkModel(const trial::Trial& trial, pkpd::Structure structure, bool lag);

  std::size_t subjects() const override { return people_.size(); }
  std::span<const double> observed(std::size_t subject) const override { return people_[subject].values; }
  std::span<const unsigned char> censored(std::size_t subject) const override { return people_[subject].censored; }
  const pkpd::Covariates& covariates(std::size_t subject) const override;
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override;
  std::size_t segments(std::size_t subject) const override { return 1 + person(subject).changes.size(); }
  const pkpd::Covariates& covariates(std::size_t subject, std::size_t segment) const override {
    return segment == 0 ? covariates(subject) : person(subject).changes[segment - 1].covariates;
  }
  void predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                        std::span<double> gradient) const override;
  std::string describe(std::size_t subject, std::size_t observation) const override;

  /// The PK parameters that are estimated.
  const std::vector<pkpd::PkParameter>& parameters() const { return parameters_; }

  /// Times of the observations of a subject, h.
  std::span<const double> times(std::size_t subject) const { return people_[subject].times; }
  /// Places of these observations among the subject's dose records.
  pkpd::RecordsBefore records_before(std::size_t subject) const { return people_[subject].records_before; }
  const trial::Subject& person(std::size_t subject) const;

  /// Places in the trial of the subjects that entered.
  std::vector<std::size_t> places() const;

  /// Throws DataError naming subjects and times of values that a purely proportional error cannot describe: those at or
  /// before the first dose, where its variance is 0, and those that are not above 0, which it gives to none.
  void expect_proportional_error() const;

 private:
  struct Person {
    std::size_t place = 0;  ///< in the trial
    std::vector<double> times;
    std::vector<double> values;
    std::vector<unsigned char> censored;  ///< empty: none
    std::vector<std::size_t> records_before;
  };

  /// The first parameters of a list as a person.
  pkpd::Individual individual_of(std::span<const double> parameters) const;

  const trial::Trial& trial_;
  pkpd::Structure structure_;
  std::vector<pkpd::PkParameter> parameters_;
  std::vector<Person> people_;
};

}  // namespace titrant::nlme
