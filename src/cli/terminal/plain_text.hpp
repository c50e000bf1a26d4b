#pragma once

#include "inspect/inspection.hpp"
#include "titrant/run/checkpoint.hpp"

namespace titrant::cli {

/// Makes all texts such as a terminal prints and does not obey, as a file may come from anywhere: control characters
/// become question marks. The configuration, which is only printed as JSON, keeps its lines.
void make_plain(Inspection& found);
void make_plain(run::CheckpointFacts& facts);

}  // namespace titrant::cli
