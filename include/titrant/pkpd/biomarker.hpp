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
enum class BiomarkerStructure {
  turnover_inhibition,  ///< of production
  turnover_inhibition_of_loss,
  turnover_stimulation,  ///< of production
  turnover_stimulation_of_loss,
  direct_inhibition,
  direct_stimulation,
  effect_compartment_inhibition,
  effect_compartment_stimulation
};
inline constexpr std::array<BiomarkerStructure, 8> all_biomarker_structures = {
    BiomarkerStructure::turnover_inhibition,
    BiomarkerStructure::turnover_inhibition_of_loss,
    BiomarkerStructure::turnover_stimulation,
    BiomarkerStructure::turnover_stimulation_of_loss,
    BiomarkerStructure::direct_inhibition,
    BiomarkerStructure::direct_stimulation,
    BiomarkerStructure::effect_compartment_inhibition,
    BiomarkerStructure::effect_compartment_stimulation};

/// "turnover_inhibition", ...: the word of the configuration.
std::string_view name(BiomarkerStructure structure);

/// Whether a higher concentration lowers the biomarker.
bool lowers(BiomarkerStructure structure);

/// Whether `imax` is an inhibition, between 0 and 1.
bool inhibits(BiomarkerStructure structure);

enum class BiomarkerParameter : std::size_t { baseline, kout, imax, ic50, hill, ke0 };
inline constexpr std::size_t biomarker_parameter_count = 6;
inline constexpr std::array<std::string_view, biomarker_parameter_count> biomarker_parameter_names = {
    "baseline", "kout", "imax", "ic50", "hill", "ke0"};
inline constexpr std::array<std::string_view, biomarker_parameter_count> biomarker_parameter_units = {
    "ng/mL", "1/h", "1", "ng/mL", "1", "1/h"};

/// The parameters that a structure uses, in the order of BiomarkerParameter.
std::vector<BiomarkerParameter> parameters_of(BiomarkerStructure structure);

/// The biomarker of one subject, on natural scales.
struct Biomarker {
  BiomarkerStructure structure = BiomarkerStructure::turnover_inhibition;
  double baseline = 1.0;  ///< ng/mL (R0 = kin / kout), > 0
  double kout = 1.0;      ///< 1/h, of the loss of the biomarker, > 0
  double imax = 1.0;      ///< Imax in (0, 1], or Emax > 0 where it stimulates
  double ic50 = 1.0;      ///< ng/mL, IC50, or EC50 where it stimulates, > 0
  double hill = 1.0;      ///< sigmoidicity, > 0
  double ke0 = 1.0;       ///< 1/h, equilibration of the effect compartment, > 0
};

/// One parameter by its place in BiomarkerParameter.
double& parameter(Biomarker& biomarker, BiomarkerParameter which);
double parameter(const Biomarker& biomarker, BiomarkerParameter which);

/// R(t) in ng/mL at `times` (h, ascending) after a dose history, from the baseline before the first dose. A reset puts
/// R back to the baseline, a steady-state dose record puts it at its periodic steady state; a superposed one (SS = 2)
/// leaves it where it is, since effects of steady states do not add. Turnover and effect compartment are integrated
/// step by step with error control (relative 1e-8): the slow reference for biomarker_course.hpp. Throws NumericalError
/// where the integration fails.
std::vector<double> biomarker(const Biomarker& biomarker, const Individual& individual, std::span<const Dose> doses,
                              std::span<const double> times, RecordsBefore records_before = {});

}  // namespace titrant::pkpd
