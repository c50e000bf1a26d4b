#pragma once

#include <optional>
#include <string>
#include <vector>

#include "titrant/run/answers.hpp"
#include "titrant/store/contract.hpp"

/// \file
/// The sections of the contract, one file each. A row: {name, axes, units, long name, type, when it is written}.

namespace titrant::run::contract {

using Groups = std::vector<store::GroupDescription>;
using Datasets = std::vector<store::DatasetDescription>;

constexpr store::Type number = store::Type::number;
constexpr store::Type integer = store::Type::integer;
constexpr store::Type text = store::Type::text;

Groups trial();           ///< /trial, /protocol
Groups fits();            ///< /pk, /pd
Groups diagnostics();     ///< residuals, covariates, predictive checks, bootstrap and profiles of the fits
Groups classifiers();     ///< /classifier
Groups doses();           ///< /population, /decision, /agreement
Groups investigations();  ///< /resources, /learning_curve, /ablation, /coverage
Groups provenance();      ///< /provenance, of runs and of indices

/// log_loss, accuracy, auc, brier, ece along axes. \param suffix  "_lower", "_upper" of their intervals, or nothing
Datasets metrics(const std::string& axes, const std::string& suffix = "");

/// The columns of /decision; \param role  only those that are this to an index
Datasets columns_of_answers(std::optional<AnswerColumn::Role> role = {});

Datasets joined(Datasets first, const Datasets& second);

Groups together(const std::vector<Groups>& sections);

}  // namespace titrant::run::contract
