#pragma once

#include <optional>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/optimise.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace titrant::nlme {

/// Absorption and disposition enter the concentrations after an oral dose alike: as rates of exponentials. The typical
/// concentrations of a model are those of another one whose absorption has the terminal rate and whose disposition has
/// the absorption rate in its place (Gibaldi and Perrier 1982, Pharmacokinetics, p. 34). Clearance stays; volumes
/// change: with the sum over rates written as (ka / V) (s + k21) / ((s + ka) (s + alpha) (s + beta)), k21 and ka / V
/// are the same.

/// Typical absorption and terminal rate of disposition, 1/h.
struct TypicalRates {
  double absorption = 0.0;
  double terminal = 0.0;
  bool flip_flop() const { return absorption < terminal; }
};
TypicalRates typical_rates(const Population& population, pkpd::Structure structure);

/// Whether absorption is kept faster than elimination; where nothing is absorbed from a depot there is nothing to keep.
/// Of saturable elimination there are no rates to exchange.
inline bool refuses_flip_flop(const PkOptions& options, const PkModel& model) {
  return options.flip_flop == FlipFlop::refuse && model.has_depot() && !model.saturable();
}

/// Which rate of the disposition changes places with absorption.
enum class Exchange { terminal, distribution };

/// The population with the same typical concentrations in which absorption has that rate; none where no volumes give
/// them (two compartments: k21 must lie between the rates of the disposition; one has no distribution) or where a
/// typical value that would change is fixed.
std::optional<Population> other_branch(const Population& population, pkpd::Structure structure, Exchange exchange);

/// Absorption at least as fast as the terminal rate: log(terminal rate) - log(absorption rate) <= 0.
Constraint absorption_not_slower(const Layout& layout, pkpd::Structure structure);

}  // namespace titrant::nlme
