#pragma once

#include <optional>
#include <string>

#include "titrant/core/problems.hpp"

namespace YAML {  // NOLINT(readability-identifier-naming): the library's name
class Node;
}

/// \file
/// What every reader of YAML in titrant shares: configurations, values of --set, device files and plans of campaigns.
/// src/core/README.md states the rules and their reasons.

namespace titrant::core {

/// The one document of a YAML text. What YAML libraries pass over without a word is a fault here, added to `problems`
/// as `name`:line:column (or as the character of a text without a name): text that is not YAML, a key that one map has
/// twice (with both places), a second document or anything else behind the first, merge keys (<<) and tags of
/// applications. After a duplicate the node can still be read; after other faults it is null.
YAML::Node parse_yaml(const std::string& text, const std::string& name, Problems& problems);

/// A finite number of a node: decimal (-1.5, 1e3), or whole as 0x1F or 0o17 (YAML 1.2, core schema). Digits after a
/// leading zero are refused: YAML 1.1 reads 010 as 8, YAML 1.2 as 10. None where the node is anything else.
std::optional<double> yaml_number(const YAML::Node& node);

/// Why a node is no number, or no whole number, and what to write: "expected a number, found '010'; write 10".
std::string yaml_number_fault(const YAML::Node& node, bool whole = false);

}  // namespace titrant::core
