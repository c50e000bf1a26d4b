#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/varying.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// Concentrations (response 0) and biomarker values (response 1) of a trial together. Its parameters are those of the
/// PK structure, in the order of pkpd::PkParameter, then those of the biomarker's, in the order of
/// pkpd::BiomarkerParameter.
///
/// Everybody with an observation of either kind enters, placebo subjects with their biomarker alone. Where covariates
/// change in time, or there are occasions, the PK parameters follow them; those of the biomarker stay as they are at
/// first, as in PdModel.
class JointModel : public SubjectModel {
 public:
  /// Refers to the trial, which must outlive it. Throws DataError where nobody has a concentration, or a value cannot
  /// be used. \param pk_error  decides which concentrations enter, see PkModel
  /// \param occasion  as PkModel's
  JointModel(const trial::Trial& trial, pkpd::Structure pk, bool lag, pkpd::BiomarkerStructure pd,
             ErrorKind pk_error = ErrorKind::combined, const DoseForm& form = {},
             pkpd::BaselineModel baseline = pkpd::BaselineModel::constant, bool binary = false,
             std::string occasion = {});

  /// The model of a fit to this trial, given the PK fit and what the biomarker's is of.
  JointModel(const trial::Trial& trial, const PopulationFit& pk, const pkpd::BiomarkerPopulation& pd);

  std::size_t subjects() const override { return data_.size(); }
  std::span<const double> observed(std::size_t subject) const override { return data_[subject].values; }
  std::span<const unsigned char> responses(std::size_t subject) const override { return data_[subject].responses; }
  std::span<const unsigned char> censored(std::size_t subject) const override { return data_[subject].censored; }
  std::span<const Interval> intervals(std::size_t subject) const override { return data_[subject].intervals; }
  const pkpd::Covariates& covariates(std::size_t subject) const override { return data_[subject].covariates; }
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override;
  std::size_t segments(std::size_t subject) const override { return 1 + data_[subject].later.size(); }
  const pkpd::Covariates& covariates(std::size_t subject, std::size_t segment) const override;
  std::span<const std::size_t> occasions(std::size_t subject) const override { return data_[subject].occasions; }
  /// Throws DataError where absorption is through transit compartments, which follow no change.
  void predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                        std::span<double> gradient) const override;
  std::string describe(std::size_t subject, std::size_t observation) const override;

  /// As PkModel::has_kinks.
  bool has_kinks() const { return kinks_; }

  std::vector<std::size_t> places() const;
  std::span<const double> times(std::size_t subject) const { return data_[subject].times; }

 private:
  struct SubjectData {
    std::size_t place = 0;
    pkpd::Covariates covariates;
    std::vector<pkpd::Covariates> later;  ///< where they change in time
    std::size_t concentrations = 0;       ///< the first so many observations
    std::vector<double> times;
    std::vector<std::size_t> records_before;
    std::vector<double> values;
    std::vector<unsigned char> responses;
    std::vector<unsigned char> censored;
    std::vector<Interval> intervals;
    std::vector<std::size_t> occasions;  ///< [segment]
  };

  pkpd::Individual individual_of(std::span<const double> parameters) const;
  pkpd::Biomarker biomarker_of(std::span<const double> parameters) const;
  void predict_varying(std::size_t subject, const pkpd::VaryingIndividual& individual, const pkpd::Biomarker& biomarker,
                       std::span<double> value, std::span<double> gradient) const;

  const trial::Trial& trial_;
  pkpd::Structure pk_structure_;
  double concentration_scale_;
  pkpd::Absorption absorption_;
  pkpd::Elimination elimination_;
  pkpd::BiomarkerStructure pd_structure_;
  pkpd::BaselineModel baseline_;
  bool binary_;
  double shortest_interval_;
  bool kinks_;
  std::vector<pkpd::PkParameter> pk_;
  std::vector<pkpd::BiomarkerParameter> pd_;
  std::vector<SubjectData> data_;
};

}  // namespace titrant::nlme
