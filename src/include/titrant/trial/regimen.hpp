#pragma once

#include <string>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// The regimen that a subject's dose records are counted as where one is needed (tables by dose, strata of resampling,
/// the scale of its exposure): the commonest amount and the median interval of the doses given before a time.
struct NominalRegimen {
  pkpd::Regimen regimen;  ///< dose 0 and 24 h where there is no dose
  bool repeated = false;  ///< given more than once, so that the interval is that of the records; else it is 24 h
  bool followed = true;   ///< every amount is that dose and every interval within a quarter of that interval
};

/// A constant infusion counts as the amount of a day, every 24 h. Counted are amounts above 0, additional doses (ADDL)
/// one by one, doses of one time together; resets and amounts of 0 are no doses. Compartment and duration are those of
/// the last dose. Of two equally common doses it is the one given last; of an even number of intervals the shorter of
/// the middle two. A steady-state record counts its interval. Where nothing was given before the time, all doses count.
/// \param before  h: the end of the window in which the subject is judged; what is given later cannot matter
NominalRegimen nominal_regimen(const Subject& subject, double before);

/// When treatment begins on the clock of a trial (h): the commonest time of a subject's first dose, the earliest of
/// equally common ones; 0 where nobody has a dose.
double start_of_treatment(const Trial& trial);

/// Sets Subject::dose of everybody to the dose of the nominal regimen. Returns a sentence that names the subjects who
/// did not follow theirs; empty where all did.
std::string assign_nominal_doses(Trial& trial, double before);

}  // namespace titrant::trial
