#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/core/constants.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/pkpd/biomarker.hpp"
#include "titrant/run/results.hpp"
#include "titrant/trial/dosing_routes.hpp"

namespace titrant::run::exchange {

/// A covariate of the model as a column of the data set.
struct CovariateColumn {
  std::string name;
  std::string covariate;
  bool first = false;               ///< its value at a subject's first record, throughout
  bool varies = false;              ///< changes in time within a subject
  std::vector<double> values = {};  ///< that subjects have, ascending, each once
};

/// An observation as the likelihood of the fit has it.
struct Observed {
  double time = 0.0;   ///< h
  double value = 0.0;  ///< of a censored one its upper end, or the lower one where only that is known
  bool censored = false;
  double lower = -core::infinity;  ///< of a censored one
  double upper = core::infinity;
  std::size_t records_before = 0;  ///< doses that stand before it, or trial::Observation::after_all
  bool biomarker = false;

  bool between() const { return censored && lower > -core::infinity && upper < core::infinity; }
  bool above() const { return censored && upper == core::infinity; }
};

/// A subject whose observations entered a fit, and these observations.
struct FittedSubject {
  std::size_t place = 0;  ///< in the trial
  std::vector<Observed> observations;
};

/// A fitted model in the parts that every program's input is made of. It refers to the trial.
struct Parts {
  const trial::Trial* trial = nullptr;
  nlme::Population population;  ///< of concentrations and biomarker; its last error model is that of the latter
  pkpd::Structure structure = pkpd::Structure::one_compartment;
  std::optional<pkpd::BiomarkerStructure> biomarker;
  trial::Routes routes;                             ///< of all subjects
  std::optional<pkpd::DoseInto> modelled_rate;      ///< where doses of RATE -1 enter
  std::optional<pkpd::DoseInto> modelled_duration;  ///< of RATE -2
  std::size_t occasions = 0;                        ///< most of any subject; 0: nothing varies between them
  bool censored = false;
  bool between = false;  ///< some observation is known to lie between two values
  std::vector<CovariateColumn> columns;
  std::vector<std::vector<std::size_t>> effect_columns;  ///< [parameter][effect] its column
  std::vector<FittedSubject> subjects;
  nlme::MethodKind method = nlme::MethodKind::focei;  ///< whose objective the fit of `population` has
  std::vector<std::string> notes;                     ///< what a reader of the model must know, a sentence each

  /// Whether doses are absorbed from a depot.
  bool depot() const { return has("absorption_rate"); }
  bool zero_order() const { return population.absorption.kind == pkpd::AbsorptionKind::zero_order; }
  bool saturable() const { return has("maximum_elimination_rate"); }
  /// Whether the biomarker's values are 0 or 1.
  bool binary() const;
  bool transit() const { return population.absorption.kind == pkpd::AbsorptionKind::transit; }
  bool has(std::string_view parameter) const { return find(parameter) != nullptr; }
  /// A parameter by its name; null: the model has none.
  const nlme::Parameter* find(std::string_view parameter) const;
  /// Whether a parameter is the same number in everybody.
  static bool constant(const nlme::Parameter& one) {
    return one.omega == 0.0 && one.occasion_omega == 0.0 && one.effects.empty();
  }
  /// Whether the Hill coefficient is 1 in everybody, so that no power is to be taken.
  bool hill_is_one() const;
  /// Places of the parameters that stand in the equations: all but a Hill coefficient of 1.
  std::vector<std::size_t> written_parameters() const;
};

/// Throws DataError where the trial has something that no program's data set can say.
Parts parts_of(const Results& results);

/// The parts of an Omega matrix in the order that a program numbers random effects in: the members of each block side
/// by side, parameters without a block each by itself.
std::vector<std::vector<std::size_t>> eta_groups(const nlme::Population& population);

/// The block whose first member this is; null: none.
const nlme::OmegaBlock* block_of(const nlme::Population& population, std::size_t parameter);

/// Covariance of the etas of two members of a block, by their places in it.
double block_covariance(const nlme::Population& population, const nlme::OmegaBlock& block, std::size_t row,
                        std::size_t column);

/// Whether all that a block holds is fixed.
bool all_fixed(const nlme::Population& population, const nlme::OmegaBlock& block);

}  // namespace titrant::run::exchange
