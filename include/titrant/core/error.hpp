#pragma once

#include <stdexcept>
#include <string>

/// \file
/// The errors that titrant throws, and the check of what a caller must guarantee.

namespace titrant {

/// Base of all errors that carry a message for the user.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A command line or configuration that cannot be used (exit code 2).
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A data file that cannot be used (exit code 2).
class DataError : public Error {
 public:
  using Error::Error;
};

/// An output that cannot be written, or a store that cannot be read.
class StoreError : public Error {
 public:
  using Error::Error;
};

/// A store that could not be written and cannot be closed either: at the end of MPI, HDF5 would try to and some ranks
/// would wait for ever. After it only Communicator::abort ends the program.
class UnclosedStoreError : public StoreError {
 public:
  using StoreError::StoreError;
};

/// A computation that has no usable result: an integration that fails, a fit that does not converge.
class NumericalError : public Error {
 public:
  using Error::Error;
};

namespace core {
/// Reports a broken precondition: a programmer's error, never a user's.
[[noreturn]] void precondition_failed(const char* condition, const char* file, int line);
}  // namespace core

}  // namespace titrant

/// States what the caller must guarantee. Throws `std::logic_error` where it does not hold; not for user input.
#define TITRANT_EXPECTS(condition)                     \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::titrant::core::precondition_failed(#condition, __FILE__, __LINE__))
