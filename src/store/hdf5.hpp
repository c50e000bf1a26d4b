#pragma once

#include <hdf5.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#ifndef H5_HAVE_PARALLEL
#error "titrant needs an HDF5 built with MPI (Debian: libhdf5-openmpi-dev)"
#endif

/// \file
/// A thin layer over the HDF5 C API: identifiers that close themselves, and status codes turned into exceptions.

namespace titrant::store {

/// A failed HDF5 call, with the innermost message of HDF5's error stack. `attempt` turns it into a StoreError.
class Hdf5Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws what HDF5 has just complained about.
[[noreturn]] void throw_hdf5_failure();

/// The value of an HDF5 call (status, count or truth) where it succeeded.
template <class Value>
Value ok(Value value) {
  if (value < 0) throw_hdf5_failure();
  return value;
}

/// Runs an action on a file; a failed HDF5 call in it becomes StoreError "`what`: reason".
void attempt(const std::string& what, const std::function<void()>& action);

/// Keeps HDF5 from printing its error stack; for the whole process, as nothing else in it uses HDF5.
void silence_hdf5();

/// Owns an identifier.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  /// Throws Hdf5Failure where `id` is not valid.
  Handle(hid_t id, Close close) : id_(ok(id)), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(other.release()), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  hid_t id() const { return id_; }
  bool open() const { return id_ >= 0; }

  /// Gives up the identifier without closing it.
  hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// How values lie in the file and in memory; HDF5 converts from the one to the other.
struct ValueType {
  hid_t file;
  hid_t memory;
};

/// Doubles, 64-bit integers and floats, little-endian in the file.
ValueType number_type();
ValueType integer_type();
ValueType float_type();

/// H5T_CSET_ASCII for bytes that are all ASCII: Octave 7 reads no file further than its first text of a fixed length in
/// UTF-8. H5T_CSET_UTF8 for others.
H5T_cset_t character_set(std::string_view text);

/// Text of a fixed number of bytes, padded with zero bytes (`H5T_VARIABLE`: of any length).
Handle text_type(std::size_t bytes, H5T_cset_t characters);

}  // namespace titrant::store
