#pragma once

#include "whole_run.hpp"

namespace titrant::cli {

/// --dry-run: what a run would answer, its stages, how long they would take, and how large its memory and store would
/// be, found by running a small piece of each. Nothing stays written. Collective; returns the exit code.
int dry_run(const Invocation& invocation, const WholeRun& run);

}  // namespace titrant::cli
