#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// The measured baseline as a covariate: the mean of a subject's biomarker values at or before the first dose (the
/// first value where there is no dose).
inline constexpr const char* baseline_covariate = "baseline_biomarker";

/// The biomarker values of a trial, with everybody's exposure fixed at their own PK estimates. Its parameters are those
/// of structure and baseline, in the order of pkpd::BiomarkerParameter.
///
/// Subjects without doses have no exposure and inform the baseline. A subject on drug without PK estimates of its own
/// has the exposure of the typical subject with its covariates; typical_exposure() names them.
///
/// Parameters of a turnover or an effect compartment too fast for the samples to tell it from a direct effect count as
/// impossible (see expect_slow).
class PdModel : public SubjectModel {
 public:
  /// Refers to the trial, which must outlive it. Throws DataError where nobody has a biomarker value, or a value cannot
  /// be used.
  PdModel(const trial::Trial& trial, const PopulationFit& pk, pkpd::BiomarkerStructure structure,
          pkpd::BaselineModel baseline = pkpd::BaselineModel::constant, bool binary = false);

  /// The same subjects and exposures under another structure and baseline.
  PdModel(const PdModel& other, pkpd::BiomarkerStructure structure,
          pkpd::BaselineModel baseline = pkpd::BaselineModel::constant);

  std::size_t subjects() const override { return data_->size(); }
  std::span<const double> observed(std::size_t subject) const override { return (*data_)[subject].values; }
  std::span<const unsigned char> censored(std::size_t subject) const override { return (*data_)[subject].censored; }
  std::span<const Interval> intervals(std::size_t subject) const override { return (*data_)[subject].intervals; }
  const pkpd::Covariates& covariates(std::size_t subject) const override { return (*data_)[subject].covariates; }
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override;
  std::string describe(std::size_t subject, std::size_t observation) const override;

  pkpd::BiomarkerStructure structure() const { return structure_; }
  pkpd::BaselineModel baseline() const { return baseline_; }
  /// Whether predictions are probabilities, of values 0 and 1.
  bool binary() const { return binary_; }
  const std::vector<pkpd::BiomarkerParameter>& parameters() const { return parameters_; }

  /// Places in the trial of the subjects that entered, and times of their observations, h.
  std::vector<std::size_t> places() const;
  std::span<const double> times(std::size_t subject) const { return (*data_)[subject].times; }
  /// C at these times, ng/mL.
  std::span<const double> concentrations(std::size_t subject) const;
  const trial::Units& units() const { return trial_.units; }
  const trial::Subject& trial_subject(std::size_t subject) const { return trial_.subjects[(*data_)[subject].place]; }

  /// Ids of the subjects on drug whose exposure is that of the typical subject.
  const std::vector<std::string>& typical_exposure() const { return typical_exposure_; }

 private:
  struct SubjectData {
    std::size_t place;
    pkpd::Covariates covariates;
    std::vector<double> times;
    std::vector<double> values;
    std::vector<unsigned char> censored;
    std::vector<Interval> intervals;
    pkpd::BiomarkerCourse course;
  };

  const trial::Trial& trial_;
  pkpd::BiomarkerStructure structure_;
  pkpd::BaselineModel baseline_;
  bool binary_;
  std::vector<pkpd::BiomarkerParameter> parameters_;
  std::shared_ptr<const std::vector<SubjectData>> data_;
  double shortest_interval_;
  std::vector<std::string> typical_exposure_;
};

/// Biomarker observations of one subject that a fit can use. Throws DataError as PdModel.
struct BiomarkerValues {
  std::vector<double> times;
  std::vector<double> values;
  std::vector<unsigned char> censored;  ///< empty: none
  std::vector<Interval> intervals;      ///< empty: all censored ones are below their value
  std::vector<std::size_t> records_before;
};
BiomarkerValues biomarker_values(const trial::Trial& trial, const trial::Subject& subject);

/// A subject's covariates, with the measured baseline where there is one.
pkpd::Covariates with_baseline(const trial::Subject& subject);

/// The shortest time between two biomarker values of a subject, h; infinite where nobody has two.
double shortest_interval(const trial::Trial& trial);

/// Throws NumericalError for a biomarker that has forgotten its past within such an interval to less than e^-10: data
/// cannot tell how fast it is, a direct effect describes them as well, and its equations become dear to solve.
void expect_slow(const pkpd::Biomarker& biomarker, double interval);

/// The empirical Bayes estimates of the etas of a subject by its place in the trial; zeros where it did not enter.
std::vector<double> etas_of(const FitSummary& fit, std::size_t place);

}  // namespace titrant::nlme
