#pragma once

#include <filesystem>

/// \file
/// The last line of a store: a checksum of all bytes before it. HDF5 ignores what follows its own end of file.
///
/// HDF5 1.10 protects its structures by checksums of their own, all but one: the heap that holds texts of variable
/// length, in which a single flipped bit lets the library crash. So a file is checked before HDF5 sees it.

namespace titrant::store {

/// Appends the checksum to a file that nobody writes any more, and syncs it. Throws StoreError.
void seal(const std::filesystem::path& file);

/// Throws StoreError where the file does not have the content it was sealed with. A file without a seal passes: other
/// programs drop it when they change a file.
void check_seal(const std::filesystem::path& file);

}  // namespace titrant::store
