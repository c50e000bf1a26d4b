#pragma once

#include "command.hpp"

/// \file
/// The actions of `titrant device`, one file each.

namespace titrant::cli {

/// Which circuits answer a question on a device, how many shots, and whether that keeps its promise.
int plan_device(const Invocation& invocation);

/// Writes these circuits into a folder, with a manifest.
int export_device(const Invocation& invocation);

/// Reads counts of these circuits and answers.
int import_device(const Invocation& invocation);

}  // namespace titrant::cli
