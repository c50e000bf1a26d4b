#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "parts.hpp"

/// \file
/// Rates of change and responses in the notation that Fortran, R and Mlxtran share but for powers and functions.

namespace titrant::run::exchange {

/// How a program writes the names of a model's parameters, amounts, and powers.
struct Notation {
  std::function<std::string(std::string_view parameter)> name;
  std::function<std::string(std::size_t compartment)> amount;  ///< by its number, from 1
  std::string power;                                           ///< "**" or "^"
  std::string cosine;                                          ///< "COS" or "cos"
  std::string exponential;                                     ///< "EXP" or "exp"
  std::string logarithm;                                       ///< "LOG" or "log"
  /// A state of the biomarker by its name in EffectState.
  std::function<std::string(std::string_view state)> effect_state;
};

/// A compartment of the model as a system of differential equations.
struct Compartment {
  std::string name;  ///< "stage1", "depot", "central", "peripheral1", "peripheral2"
  std::string rate;  ///< of change of its amount
};

/// What doses into the depot enter first, then what follows, with the central compartment and its peripheral ones at
/// the end (README of pkpd, "Equations"). The rate of transit is called `transit_rate`.
std::vector<Compartment> compartments(const Parts& parts, const Notation& notation, const std::string& transit_rate);

/// Number of the central compartment among them, from 1.
std::size_t central_compartment(const Parts& parts);

/// How the biomarker is made of a concentration.
enum class BiomarkerForm { turnover, direct, effect_compartment, tolerance, precursor };
BiomarkerForm form_of(pkpd::BiomarkerStructure structure);

/// Whether the biomarker is a state that the effect drives; else it is a function of the concentration seen.
bool has_response_state(BiomarkerForm form);

/// One differential equation of the biomarker model.
struct EffectState {
  std::string name;     ///< "response", "effect", "moderator", "precursor"
  std::string initial;  ///< before any dose
  std::string rate;     ///< of change
};

/// The equations in their order, the response last. \param concentration, u  names of C and of the share of the full
/// effect
std::vector<EffectState> effect_states(const Parts& parts, const Notation& notation, const std::string& concentration,
                                       const std::string& u);

/// The concentration that the effect follows: C itself, that of the effect compartment, or C beside its antagonist.
std::string seen_concentration(const Parts& parts, const Notation& notation, const std::string& concentration);

/// What the model predicts with a constant baseline; of binary values the probability of 1.
std::string response(const Parts& parts, const Notation& notation, const std::string& u);

/// What a moving baseline multiplies that by, as a function of time; empty: the baseline is constant. That of a linear
/// trend counts as 0 where it is negative.
std::string moving_baseline(const Parts& parts, const Notation& notation, const std::string& time);

/// The share u of the full effect at a concentration, to be used where it is above 0.
std::string saturation(const Parts& parts, const Notation& notation, const std::string& concentration);

}  // namespace titrant::run::exchange
