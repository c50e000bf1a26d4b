#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// How a concentration C moves a biomarker R away from its baseline R0. With u = C^hill / (ic50^hill + C^hill):
///
/// - turnover (indirect response; Dayneka, Garzone and Jusko 1993): dR/dt = kin f - kout g R with kin = kout R0.
///   Inhibition makes the production f or the loss g 1 - imax u, stimulation 1 + imax u.
/// - direct: R = R0 (1 -+ imax u).
/// - effect compartment (Sheiner et al. 1979): the same with the concentration Ce of a compartment that follows C,
///   dCe/dt = ke0 (C - Ce).
/// - tolerance (Porchet, Benowitz and Sheiner 1988, J Pharmacol Exp Ther 244:231, with competitive antagonism): direct,
///   with C / (1 + M / tol50) in place of C, where M follows C, dM/dt = ktol (C - M): a lasting exposure wears off.
/// - precursor (Sharma, Ebling and Jusko 1998, J Pharm Sci 87:1577): the biomarker is made from a precursor P and the
///   drug acts on that, dP/dt = kin - kp f P, dR/dt = kp f P - kout R, f = 1 -+ imax u. What the drug holds back (or
///   spends) is there (or missing) later: under lasting exposure R returns to R0, and after it R rebounds.
enum class BiomarkerStructure {
  turnover_inhibition,  ///< of production
  turnover_inhibition_of_loss,
  turnover_stimulation,  ///< of production
  turnover_stimulation_of_loss,
  direct_inhibition,
  direct_stimulation,
  effect_compartment_inhibition,
  effect_compartment_stimulation,
  tolerance_inhibition,
  tolerance_stimulation,
  precursor_inhibition,
  precursor_stimulation
};
inline constexpr std::array<BiomarkerStructure, 12> all_biomarker_structures = {
    BiomarkerStructure::turnover_inhibition,
    BiomarkerStructure::turnover_inhibition_of_loss,
    BiomarkerStructure::turnover_stimulation,
    BiomarkerStructure::turnover_stimulation_of_loss,
    BiomarkerStructure::direct_inhibition,
    BiomarkerStructure::direct_stimulation,
    BiomarkerStructure::effect_compartment_inhibition,
    BiomarkerStructure::effect_compartment_stimulation,
    BiomarkerStructure::tolerance_inhibition,
    BiomarkerStructure::tolerance_stimulation,
    BiomarkerStructure::precursor_inhibition,
    BiomarkerStructure::precursor_stimulation};

/// "turnover_inhibition", ...: the word of the configuration.
std::string_view name(BiomarkerStructure structure);

/// Whether a higher concentration lowers the biomarker; where it rebounds, at first.
bool lowers(BiomarkerStructure structure);

/// Whether `imax` is an inhibition, between 0 and 1.
bool inhibits(BiomarkerStructure structure);

/// Whether R may pass its baseline on the way back, so that at some instants more drug means less effect.
bool rebounds(BiomarkerStructure structure);

/// Whether R can be the probability p of an event, of which 0 or 1 is measured: logit p = logit R0 -+ imax u, with imax
/// > 0 in units of the logit, without an upper end. Not for turnover, whose R has none either, nor where the baseline
/// moves.
bool can_be_binary(BiomarkerStructure structure);

/// What a biomarker would be without drug: R0 b(t), t in h on the clock of the records (0: the first dose of a course).
///
/// - constant: b = 1
/// - linear: b = 1 + slope t, or 0 where that is negative
/// - exponential: b = exp(slope t)
/// - circadian: b = 1 + amplitude cos(2 pi (t - phase) / 24): highest at `phase`
///
/// R is b(t) times what the structure makes of the constant baseline R0, so that the drug leaves the same share of what
/// R would be at any time. Of a turnover that is dR/dt = kout R0 b f - (kout g - b'/b) R; of the others R0 b(t) (1 -+
/// imax u), disease progress with a proportional drug effect (Chan and Holford 2001, Annu Rev Pharmacol Toxicol
/// 41:625).
enum class BaselineModel { constant, linear, exponential, circadian };
inline constexpr std::array<BaselineModel, 4> all_baseline_models = {
    BaselineModel::constant, BaselineModel::linear, BaselineModel::exponential, BaselineModel::circadian};

/// "constant", "linear", ...: the word of the configuration.
std::string_view name(BaselineModel baseline);

/// The period of a circadian baseline, h.
inline constexpr double circadian_period = 24.0;

/// Whether R has a periodic steady state on doses at this interval, h: a trend has none, a circadian baseline where the
/// interval is a whole number of days.
bool has_steady_state(BaselineModel baseline, double interval);

enum class BiomarkerParameter : std::size_t {
  baseline,
  kout,
  imax,
  ic50,
  hill,
  ke0,
  ktol,
  tol50,
  kp,
  baseline_slope,
  baseline_amplitude,
  baseline_phase
};
inline constexpr std::size_t biomarker_parameter_count = 12;
inline constexpr std::array<std::string_view, biomarker_parameter_count> biomarker_parameter_names = {
    "baseline",           "kout",          "imax", "ic50", "hill", "ke0", "ktol", "tol50", "kp", "baseline_slope",
    "baseline_amplitude", "baseline_phase"};
inline constexpr std::array<std::string_view, biomarker_parameter_count> biomarker_parameter_units = {
    "ng/mL", "1/h", "1", "ng/mL", "1", "1/h", "1/h", "ng/mL", "1/h", "1/h", "1", "h"};

/// The parameters that a model uses, in the order of BiomarkerParameter.
std::vector<BiomarkerParameter> parameters_of(BiomarkerStructure structure,
                                              BaselineModel model = BaselineModel::constant);

/// Whether a parameter may have either sign; all others are positive.
bool may_be_negative(BiomarkerParameter which);

/// The biomarker of one subject, on natural scales.
struct Biomarker {
  BiomarkerStructure structure = BiomarkerStructure::turnover_inhibition;
  double baseline = 1.0;  ///< ng/mL (R0 = kin / kout), of time 0 where the baseline has a trend, > 0
  double kout = 1.0;      ///< 1/h, of the loss of the biomarker, > 0
  double imax = 1.0;      ///< Imax in (0, 1], or Emax > 0 where it stimulates
  double ic50 = 1.0;      ///< ng/mL, IC50, or EC50 where it stimulates, > 0
  double hill = 1.0;      ///< sigmoidicity, > 0
  double ke0 = 1.0;       ///< 1/h, equilibration of the effect compartment, > 0
  BaselineModel baseline_model = BaselineModel::constant;
  double baseline_slope = 0.0;      ///< 1/h, of a linear or exponential baseline
  double baseline_amplitude = 0.1;  ///< of a circadian baseline, in (0, 1)
  double baseline_phase = 0.0;      ///< h, when a circadian baseline is highest
  double ktol = 1.0;                ///< 1/h, onset of tolerance, > 0
  double tol50 = 1.0;               ///< ng/mL, M at which twice the concentration is needed, > 0
  double kp = 1.0;                  ///< 1/h, turnover of the precursor, > 0
  bool binary = false;              ///< R is the probability of an event, see can_be_binary
};

/// One parameter by its place in BiomarkerParameter.
double& parameter(Biomarker& biomarker, BiomarkerParameter which);
double parameter(const Biomarker& biomarker, BiomarkerParameter which);

/// R(t) in ng/mL at `times` (h, ascending) after a dose history, from the baseline before the first dose. A reset puts
/// R back to the baseline of its time, a steady-state dose record puts it at its periodic steady state (times b of its
/// time); a superposed one (SS = 2) leaves it where it is, since effects of steady states do not add. All but direct
/// effects are integrated step by step with error control (relative 1e-8): the slow reference for biomarker_course.hpp.
/// Throws NumericalError where the integration fails.
std::vector<double> biomarker(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                              std::span<const double> times, RecordsBefore records_before = {});

}  // namespace titrant::pkpd
