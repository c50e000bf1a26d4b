#include "documentation.hpp"
#include "titrant/run/contract.hpp"

/// \file
/// The tables of src/store/README.md, in Markdown.

namespace titrant::cli {

std::string store_reference() {
  return "## What a run store holds\n\n" + store::to_markdown(run::run_contract()) +
         "\n## What an index of a campaign holds\n\n" + store::to_markdown(run::index_contract());
}

}  // namespace titrant::cli
