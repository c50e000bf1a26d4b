#include "titrant/nlme/joint_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/nlme/pd_model.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::nlme {

JointModel::JointModel(const trial::Trial& trial, pkpd::Structure pk, bool lag, pkpd::BiomarkerStructure pd,
                       ErrorKind pk_error, const DoseForm& form, pkpd::BaselineModel baseline, bool binary,
                       std::string occasion)
    : trial_(trial),
      pk_structure_(pk),
      concentration_scale_(trial.units.concentration_of_amount_per_litre()),
      absorption_(form.absorption),
      elimination_(form.elimination),
      pd_structure_(pd),
      baseline_(baseline),
      binary_(binary),
      shortest_interval_(shortest_interval(trial)),
      pd_(pkpd::parameters_of(pd, baseline)) {
  const PkModel concentrations(trial, pk, lag, pk_error, form, occasion);  // which concentrations enter
  pk_ = concentrations.parameters();
  kinks_ = concentrations.has_kinks();
  const std::vector<std::size_t> with_concentrations = concentrations.places();
  for (std::size_t place = 0; place < trial.subjects.size(); ++place) {
    const trial::Subject& subject = trial.subjects[place];
    SubjectData data;
    data.place = place;
    data.occasions = trial::occasions_by(occasion, subject);
    data.covariates = with_baseline(subject);
    for (const trial::CovariateChange& change : subject.changes) {
      data.later.push_back(change.covariates);
      const auto measured = data.covariates.find(baseline_covariate);
      if (measured != data.covariates.end()) data.later.back().insert(*measured);
    }
    const auto found = std::find(with_concentrations.begin(), with_concentrations.end(), place);
    bool any_censored = false;
    bool any_interval = false;
    const auto append = [&](std::span<const double> times, std::span<const double> values,
                            std::span<const unsigned char> censored, std::span<const Interval> intervals,
                            pkpd::RecordsBefore records_before, unsigned char response) {
      data.records_before.insert(data.records_before.end(), records_before.begin(), records_before.end());
      data.times.insert(data.times.end(), times.begin(), times.end());
      data.values.insert(data.values.end(), values.begin(), values.end());
      data.responses.insert(data.responses.end(), values.size(), response);
      any_censored = any_censored || !censored.empty();
      if (censored.empty()) data.censored.insert(data.censored.end(), values.size(), 0);
      data.censored.insert(data.censored.end(), censored.begin(), censored.end());
      any_interval = any_interval || !intervals.empty();
      data.intervals.insert(data.intervals.end(), intervals.begin(), intervals.end());
      for (std::size_t j = intervals.size(); j < values.size(); ++j) data.intervals.push_back({.upper = values[j]});
    };
    if (found != with_concentrations.end()) {
      const auto s = static_cast<std::size_t>(found - with_concentrations.begin());
      append(concentrations.times(s), concentrations.observed(s), concentrations.censored(s),
             concentrations.intervals(s), concentrations.records_before(s), 0);
    }
    data.concentrations = data.values.size();
    const BiomarkerValues biomarkers = biomarker_values(trial, subject);
    append(biomarkers.times, biomarkers.values, biomarkers.censored, biomarkers.intervals, biomarkers.records_before,
           1);
    if (!any_censored) data.censored.clear();
    if (!any_interval) data.intervals.clear();
    if (!data.values.empty()) data_.push_back(std::move(data));
  }
}

JointModel::JointModel(const trial::Trial& trial, const PopulationFit& pk, const pkpd::BiomarkerPopulation& pd)
    : JointModel(trial, pk.model.structure, has_lag(pk), pd.structure, error_kind(pk.model.error), dose_form(pk),
                 pd.baseline, pd.error.form == pkpd::ErrorForm::binary, pk.population.occasion) {}

pkpd::Individual JointModel::individual_of(std::span<const double> parameters) const {
  pkpd::Individual individual;
  individual.structure = pk_structure_;
  individual.concentration_scale = concentration_scale_;
  individual.absorption = absorption_;
  individual.elimination = elimination_;
  for (std::size_t p = 0; p < pk_.size(); ++p) pkpd::parameter(individual, pk_[p]) = parameters[p];
  return individual;
}

pkpd::Biomarker JointModel::biomarker_of(std::span<const double> parameters) const {
  pkpd::Biomarker biomarker;
  biomarker.structure = pd_structure_;
  biomarker.baseline_model = baseline_;
  biomarker.binary = binary_;
  for (std::size_t p = 0; p < pd_.size(); ++p) pkpd::parameter(biomarker, pd_[p]) = parameters[pk_.size() + p];
  return biomarker;
}

void JointModel::predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                         std::span<double> gradient) const {
  predict_varying(subject, {individual_of(parameters), {}}, biomarker_of(parameters), value, gradient);
}

void JointModel::predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                                  std::span<double> gradient) const {
  const trial::Subject& of_trial = trial_.subjects[data_[subject].place];
  if (absorption_.kind == pkpd::AbsorptionKind::transit) {
    throw DataError(
        fmt::format("{}: subject {} has covariates that change in time and that the model depends on; transit "
                    "compartments do not follow them: expected another pk.absorption, or covariate effects without "
                    "these",
                    trial_.source, of_trial.id));
  }
  const std::size_t width = pk_.size() + pd_.size();
  pkpd::VaryingIndividual varying{individual_of(parameters), {}};
  for (std::size_t s = 0; s < of_trial.changes.size(); ++s) {
    varying.changes.push_back({of_trial.changes[s].time, individual_of(parameters.subspan((s + 1) * width))});
  }
  predict_varying(subject, varying, biomarker_of(parameters), value, gradient);
}

void JointModel::predict_varying(std::size_t subject, const pkpd::VaryingIndividual& individual,
                                 const pkpd::Biomarker& biomarker, std::span<double> value,
                                 std::span<double> gradient) const {
  const SubjectData& data = data_[subject];
  const std::span<const pkpd::Dose> doses = trial_.subjects[data.place].doses;
  expect_slow(biomarker, shortest_interval_);
  const std::size_t segments = individual.segments();
  const std::size_t width = pk_.size() + pd_.size();
  const std::size_t first = data.concentrations;
  const std::size_t biomarkers = value.size() - first;
  const std::span<const double> times(data.times);
  const pkpd::RecordsBefore places(data.records_before);
  std::fill(gradient.begin(), gradient.end(), 0.0);

  std::vector<double> by_pk(first * segments * pkpd::pk_parameter_count);
  pkpd::concentration_and_gradient(individual, doses, times.first(first), value.first(first), by_pk,
                                   places.first(first), pk_);
  for (std::size_t row = 0; row < first * segments; ++row) {
    for (std::size_t p = 0; p < pk_.size(); ++p) {
      gradient[row * width + p] = by_pk[row * pkpd::pk_parameter_count + static_cast<std::size_t>(pk_[p])];
    }
  }
  const std::size_t both = pkpd::biomarker_parameter_count + segments * pkpd::pk_parameter_count;
  std::vector<double> by_both(biomarkers * both);
  pkpd::biomarker_and_gradient(biomarker, individual, doses, times.subspan(first), value.subspan(first), by_both,
                               places.subspan(first), pk_);
  for (std::size_t j = 0; j < biomarkers; ++j) {
    const double* from = &by_both[j * both];
    double* row = &gradient[(first + j) * segments * width];
    for (std::size_t p = 0; p < pd_.size(); ++p) row[pk_.size() + p] = from[static_cast<std::size_t>(pd_[p])];
    from += pkpd::biomarker_parameter_count;
    for (std::size_t s = 0; s < segments; ++s) {
      for (std::size_t p = 0; p < pk_.size(); ++p) {
        row[s * width + p] = from[s * pkpd::pk_parameter_count + static_cast<std::size_t>(pk_[p])];
      }
    }
  }
}

const pkpd::Covariates& JointModel::covariates(std::size_t subject, std::size_t segment) const {
  return segment == 0 ? covariates(subject) : data_[subject].later[segment - 1];
}

std::string JointModel::describe(std::size_t subject, std::size_t observation) const {
  const SubjectData& data = data_[subject];
  return fmt::format("{}: {} of subject {} at {} h", trial_.source,
                     observation < data.concentrations ? "concentration" : "biomarker", trial_.subjects[data.place].id,
                     data.times[observation]);
}

std::vector<std::size_t> JointModel::places() const {
  std::vector<std::size_t> places;
  for (const SubjectData& one : data_) places.push_back(one.place);
  return places;
}

}  // namespace titrant::nlme
