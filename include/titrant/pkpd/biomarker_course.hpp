#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// A dose history of one subject, prepared for many biomarker predictions with the same pharmacokinetics, as estimation
/// needs them: C(t) is tabulated once at the nodes of panels, and R follows by exact variation of constants (relative
/// error below 1e-8 for ic50 above 1e-4 of the usual C; typically 1e-11).
///
///     const BiomarkerCourse course(individual, doses, times);
///     course.predict(biomarker, values);
class BiomarkerCourse {
 public:
  /// \param times           h, ascending
  /// \param records_before  [time], ascending among equal times, or empty: see RecordsBefore
  BiomarkerCourse(const Individual& individual, std::span<const Dose> doses, std::span<const double> times,
                  RecordsBefore records_before = {});
  /// The same of a subject whose pharmacokinetics change in time.
  BiomarkerCourse(const VaryingIndividual& individual, std::span<const Dose> doses, std::span<const double> times,
                  RecordsBefore records_before = {});

  ~BiomarkerCourse();
  BiomarkerCourse(BiomarkerCourse&& other) noexcept;
  BiomarkerCourse& operator=(BiomarkerCourse&& other) noexcept;

  std::size_t size() const;  ///< number of times

  /// C at the times, ng/mL.
  std::span<const double> concentrations() const;

  /// R at the times, ng/mL: [time]. Throws NumericalError where a parameter is not positive and finite, or rate or
  /// hill so large that panels would become too many.
  void predict(const Biomarker& biomarker, std::span<double> value) const;

  /// The same with its exact derivatives on natural scales: [time][biomarker_parameter_count], row-major; 0 for
  /// parameters that the structure does not use.
  void predict(const Biomarker& biomarker, std::span<double> value, std::span<double> gradient) const;

 private:
  struct Table;
  std::unique_ptr<const Table> table_;
};

/// R at `times` with its derivatives with respect to the biomarker and the PK parameters, for fits that estimate both:
/// [time][biomarker_parameter_count + pk_parameter_count], row-major, natural scales. Errors as BiomarkerCourse.
/// \param by  the PK parameters that are wanted; derivatives by the others are 0
void biomarker_and_gradient(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                            std::span<const double> times, std::span<double> value, std::span<double> gradient,
                            RecordsBefore records_before = {}, std::span<const PkParameter> by = all_pk_parameters());

/// The same of a subject whose pharmacokinetics change in time, by the parameters of each segment:
/// [time][biomarker_parameter_count + segments * pk_parameter_count], those of the PK as [segment][pk_parameter_count].
void biomarker_and_gradient(const Biomarker& biomarker, const VaryingIndividual& individual,
                            std::span<const Dose> doses, std::span<const double> times, std::span<double> value,
                            std::span<double> gradient, RecordsBefore records_before = {},
                            std::span<const PkParameter> by = all_pk_parameters());

}  // namespace titrant::pkpd
