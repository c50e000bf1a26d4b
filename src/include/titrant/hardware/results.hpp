#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "titrant/hardware/counts.hpp"
#include "titrant/hardware/manifest.hpp"

namespace titrant::hardware {

/// Counts that were imported for one circuit at once.
struct HeldCounts {
  std::string sha256;  ///< of outcomes and counts
  std::string source;  ///< the file that they came from
  std::uint64_t shots = 0;
  std::uint64_t ones = 0;  ///< of the answer's bit
};

/// All counts of a folder's circuits so far: what `import` keeps between calls.
struct ImportedCounts {
  std::string manifest_sha256;
  std::map<std::string, std::vector<HeldCounts>> circuits;  ///< by name

  /// Shots and ones of each circuit of a scheme, [circuit].
  std::vector<Counted> counted(const Scheme& scheme) const;
};

/// As JSON, with a checksum; and back. Reading throws DataError where it is none or was edited.
std::string write_imported(const ImportedCounts& counts);
ImportedCounts parse_imported(const std::string& text, const std::string& file);

/// What adding a file's counts did.
struct Added {
  std::size_t circuits = 0;  ///< whose counts are new
  std::size_t repeated = 0;  ///< whose counts were there already, outcome by outcome: not counted twice
  std::uint64_t shots = 0;   ///< that are new
};

/// How the counts of a file are to be taken.
struct ImportOptions {
  bool reversed = false;   ///< the lowest classical bit first
  std::string first = {};  ///< circuit of the first counts of files that name none; empty: the first of the manifest
};

/// Adds the counts of a file. Counts that equal ones that are held already, outcome by outcome, are the same ones; all
/// others are further shots. Faults go to `problems`: circuits that the manifest has not, counts without names that are
/// more than its circuits, markers that read otherwise than they must, which is how another order of bits is found.
/// \param remarks  what was decided, one sentence each
Added add_counts(ImportedCounts& held, const CountsFile& file, const Manifest& manifest, const ImportOptions& options,
                 core::Problems& problems, std::vector<std::string>& remarks);

}  // namespace titrant::hardware
