#pragma once

#include <string>
#include <vector>

#include "hdf5.hpp"

/// \file
/// Links and values that HDF5 would look for in other files. A file that somebody else made must not choose what else
/// is opened: an index store may name files in its own folder and below it, a run store none. All functions throw
/// Hdf5Failure.

namespace titrant::store {

/// An external link: its path in the store, and the file that it names.
struct ExternalLink {
  std::string path;
  std::string file;
};

/// Whether a file name stays in the folder of the store: relative, and without "..".
bool stays_inside(const std::string& file);

/// All external links of a file, sorted by path. Fails where one leads outside the folder, or where a link is of a kind
/// that this library does not know.
std::vector<ExternalLink> external_links(const Handle& file);

/// Fails where a dataset keeps its values in other files.
void check_storage(const Handle& dataset);

}  // namespace titrant::store
