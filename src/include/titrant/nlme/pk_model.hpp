#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/nlme/covariance_kind.hpp"
#include "titrant/nlme/error_kind.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/pkpd/individual.hpp"
#include "titrant/trial/dosing_routes.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

struct PopulationFit;

/// Whether a fit has an absorption lag among its parameters.
bool has_lag(const PopulationFit& fit);

/// How doses enter, and how the central compartment is emptied.
struct DoseForm {
  pkpd::Absorption absorption = {};
  bool bioavailability = false;  ///< as a parameter; else all of an absorbed dose enters
  pkpd::Elimination elimination = pkpd::Elimination::linear;
};

/// That of a fit.
DoseForm dose_form(const PopulationFit& fit);

/// The concentrations of a trial under a PK structure, for estimation. Its parameters are those the structure uses, in
/// the order of pkpd::PkParameter; those of absorption only where a dose of a subject that enters is absorbed, the rate
/// or duration of an infusion only where such a dose leaves it to the model.
///
/// Left out are subjects without concentrations or without a dose. Where every parameter value predicts exactly 0 (at
/// or before a first dose, after a reset), concentrations enter as the residual error allows:
///
/// - additive: all of them;
/// - combined: all of them, unless every uncensored one is exactly 0: the model then describes them without error, and
///   the likelihood has no maximum as the additive error goes to 0;
/// - proportional, power, log-normal: none, since they have no variance at 0.
///
/// What is left out is counted and named in remarks().
class PkModel : public SubjectModel {
 public:
  /// Refers to the trial, which must outlive it. Throws DataError where no subject is left, a time or value is
  /// not finite, a censored concentration has no limit above 0 or no interval, or an infusion enters a depot that
  /// zero-order absorption does not have.
  /// \param occasion  the covariate whose values tell occasions apart; empty: each subject has one
  PkModel(const trial::Trial& trial, pkpd::Structure structure, bool lag, ErrorKind error = ErrorKind::combined,
          const DoseForm& form = {}, std::string occasion = {});

  /// The model of a fit to this trial.
  PkModel(const trial::Trial& trial, const PopulationFit& fit);

  std::size_t subjects() const override { return data_.size(); }
  std::span<const double> observed(std::size_t subject) const override { return data_[subject].values; }
  std::span<const unsigned char> censored(std::size_t subject) const override { return data_[subject].censored; }
  std::span<const Interval> intervals(std::size_t subject) const override { return data_[subject].intervals; }
  const pkpd::Covariates& covariates(std::size_t subject) const override;
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override;
  std::size_t segments(std::size_t subject) const override { return 1 + trial_subject(subject).changes.size(); }
  const pkpd::Covariates& covariates(std::size_t subject, std::size_t segment) const override {
    return segment == 0 ? covariates(subject) : trial_subject(subject).changes[segment - 1].covariates;
  }
  std::span<const std::size_t> occasions(std::size_t subject) const override { return data_[subject].occasions; }
  void predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                        std::span<double> gradient) const override;
  std::string describe(std::size_t subject, std::size_t observation) const override;

  /// The PK parameters that are estimated.
  const std::vector<pkpd::PkParameter>& parameters() const { return parameters_; }

  /// By which routes the subjects that enter have doses.
  const trial::Routes& routes() const { return routes_; }
  bool absorbed() const { return routes_.absorbed; }
  bool intravenous() const { return routes_.intravenous; }
  /// Whether any dose is absorbed from a depot.
  bool has_depot() const;
  const pkpd::Absorption& absorption() const { return form_.absorption; }
  pkpd::Elimination elimination() const { return form_.elimination; }
  /// Whether elimination is saturable: its concentrations are not proportional to doses, and are integrated.
  bool saturable() const { return form_.elimination != pkpd::Elimination::linear; }
  /// The median amount of a dose in the trial; 0: there are none but constant infusions.
  double median_amount() const;
  /// Whether infusions end at times that are estimated. Where these pass sampling times the objective has kinks, at
  /// which differences of its gradient are no second derivatives.
  bool has_kinks() const;
  /// The median amount of the doses that leave their rate to the model; 0: there are none.
  double amount_at_modelled_rate() const;

  const trial::Units& units() const { return trial_.units; }
  /// Concentration of one unit of amount in one litre, in the trial's unit.
  double concentration_scale() const { return concentration_scale_; }
  const std::string& occasion() const { return occasion_; }

  /// Times of the observations of a subject, h.
  std::span<const double> times(std::size_t subject) const { return data_[subject].times; }
  /// Places of these observations among the subject's dose records.
  pkpd::RecordsBefore records_before(std::size_t subject) const { return data_[subject].records_before; }
  const trial::Subject& trial_subject(std::size_t subject) const;

  /// Concentrations of a subject on each of its occasions.
  std::vector<std::size_t> observations_by_occasion(std::size_t subject) const;

  /// Whether every parameter value predicts exactly 0 at an observation.
  bool always_zero(std::size_t subject, std::size_t observation) const {
    return data_[subject].always_zero[observation] != 0;
  }

  /// Places in the trial of the subjects that entered.
  std::vector<std::size_t> places() const;

  /// Concentrations of the trial that did not enter, and why, a sentence each.
  std::size_t left_out() const { return left_out_; }
  const std::vector<std::string>& remarks() const { return remarks_; }

  /// Throws DataError naming subjects and times of values that a purely proportional error gives to none: those that
  /// are not above 0.
  void expect_positive_values(ErrorKind error) const;

 private:
  struct SubjectData {
    std::size_t place = 0;  ///< in the trial
    std::vector<double> times;
    std::vector<double> values;
    std::vector<unsigned char> censored;  ///< empty: none
    std::vector<Interval> intervals;      ///< empty: all censored ones are below their value
    std::vector<std::size_t> records_before;
    std::vector<unsigned char> always_zero;  ///< 1 where every parameter value predicts 0
    std::vector<std::size_t> occasions;      ///< [segment]
  };

  static bool censored_at(const SubjectData& data, std::size_t j) {
    return !data.censored.empty() && data.censored[j] != 0;
  }
  void read();
  void find_routes();
  void expect_compartments() const;
  void expect_no_superposition() const;
  void find_zero_predictions(std::size_t subject);
  void leave_out_zero_predictions(ErrorKind error);

  /// The first parameters of a list as a subject.
  pkpd::Individual individual_of(std::span<const double> parameters) const;

  const trial::Trial& trial_;
  pkpd::Structure structure_;
  double concentration_scale_;
  DoseForm form_;
  std::string occasion_;
  trial::Routes routes_;
  std::vector<pkpd::PkParameter> parameters_;
  std::vector<SubjectData> data_;
  std::size_t left_out_ = 0;
  std::vector<std::string> remarks_;
};

/// How to estimate the covariance of a fit: where `automatic` is asked and the objective has kinks, from gradients
/// alone.
CovarianceKind covariance_kind(bool kinks, CovarianceKind asked);

}  // namespace titrant::nlme
