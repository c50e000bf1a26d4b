#pragma once

#include "titrant/run/results.hpp"
#include "titrant/store/contract.hpp"

namespace titrant::run {

/// What a run store holds: the table that stages write by. src/store/README.md has it as text, by
/// `titrant documentation store`. To add a dataset: one row in src/run/contract, one call where it is written.
const store::Contract& run_contract();

/// What the index store of a campaign holds.
const store::Contract& index_contract();

/// Units of a run: `amount`, `concentration` and `biomarker` of its trial; `response` of /pd/diagnostics, which holds
/// concentrations and biomarker values side by side where both were fitted at once ("see response": two units).
store::UnitSymbols unit_symbols(const Results& results);

}  // namespace titrant::run
