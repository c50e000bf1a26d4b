#pragma once

#include <filesystem>

#include "titrant/core/console.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::cli {

/// Where the report of a store goes unless somebody says otherwise: run.h5 has run.html beside it.
std::filesystem::path report_name(const std::filesystem::path& store);

/// The report at the end of a run, made by the first rank while the others wait asleep. The store is complete: whatever
/// keeps the report from being made (no Python, a signal, too long a time) is said on standard error and no error.
/// Collective.
void report_at_end(const parallel::Communicator& ranks, const std::filesystem::path& store,
                   const core::Console& console);

}  // namespace titrant::cli
