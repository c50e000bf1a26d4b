#include "hdf5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "titrant/core/error.hpp"

namespace titrant::store {

namespace {

/// What HDF5 wraps the message of the operating system in: "file write failed: ..., error message = '...', ...".
std::string system_message(const std::string& description) {
  constexpr std::string_view before = "error message = '";
  const std::size_t begin = description.find(before);
  if (begin == std::string::npos) return description;
  const std::size_t message = begin + before.size();
  return description.substr(message, description.find('\'', message) - message);
}

/// A lock that is refused is held by somebody; any other failure means that there are no locks to be had here.
std::string advice_on_locks(const std::string& description) {
  const bool held = description.find(fmt::format("errno = {},", EWOULDBLOCK)) != std::string::npos;
  return held ? ": another program has locked the file; wait until it is done"
              : " (this folder has no file locks: set HDF5_USE_FILE_LOCKING=FALSE in the environment)";
}

extern "C" herr_t keep_first(unsigned depth, const H5E_error2_t* error, void* kept) {
  if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(kept) = error->desc;
  return 0;
}

}  // namespace

void throw_hdf5_failure() {
  std::string description;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &description);
  std::string message = description.empty() ? "HDF5 gives no reason" : system_message(description);
  if (description.find("lock file") != std::string::npos) message += advice_on_locks(description);
  throw Hdf5Failure(message);
}

void attempt(const std::string& what, const std::function<void()>& action) {
  try {
    action();
  } catch (const Hdf5Failure& failure) {
    throw StoreError(fmt::format("{}: {}", what, failure.what()));
  }
}

void silence_hdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

ValueType number_type() { return {H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE}; }

ValueType integer_type() { return {H5T_STD_I64LE, H5T_NATIVE_INT64}; }

ValueType float_type() { return {H5T_IEEE_F32LE, H5T_NATIVE_FLOAT}; }

H5T_cset_t character_set(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8;
}

Handle text_type(std::size_t bytes, H5T_cset_t characters) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  ok(H5Tset_size(type.id(), bytes));
  ok(H5Tset_cset(type.id(), characters));
  ok(H5Tset_strpad(type.id(), H5T_STR_NULLPAD));
  return type;
}

}  // namespace titrant::store
