#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "parts.hpp"

/// \file
/// Rates of change and responses in the notation that Fortran, R and Mlxtran share but for the power.

namespace titrant::run::exchange {

/// How a program writes the names of a model's parameters, amounts, and powers.
struct Notation {
  std::function<std::string(std::string_view parameter)> name;
  std::function<std::string(std::size_t compartment)> amount;  ///< by its number, from 1
  std::string power;                                           ///< "**" or "^"
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
enum class BiomarkerForm { turnover, direct, effect_compartment };
BiomarkerForm form_of(pkpd::BiomarkerStructure structure);

/// The share u of the full effect at a concentration, to be used where it is above 0.
std::string saturation(const Parts& parts, const Notation& notation, const std::string& concentration);

/// The factor 1 -+ effect u that multiplies production, loss or baseline.
std::string effect_factor(const Parts& parts, const Notation& notation, const std::string& u);

/// dR/dt of a turnover.
std::string turnover_rate(const Parts& parts, const Notation& notation, const std::string& u,
                          const std::string& response);

}  // namespace titrant::run::exchange
