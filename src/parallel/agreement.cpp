#include "agreement.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <string>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::parallel {

namespace {

// The kinds of error that keep their type on their way to other ranks. The first character of an encoded failure.
constexpr char config_error = 'C';
constexpr char data_error = 'D';
constexpr char store_error = 'S';
constexpr char numerical_error = 'N';
constexpr char plain_error = 'E';
constexpr char other_error = 'X';

}  // namespace

std::string encode(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const ConfigError& error) {
    return config_error + std::string(error.what());
  } catch (const DataError& error) {
    return data_error + std::string(error.what());
  } catch (const StoreError& error) {
    return store_error + std::string(error.what());
  } catch (const NumericalError& error) {
    return numerical_error + std::string(error.what());
  } catch (const Error& error) {
    return plain_error + std::string(error.what());
  } catch (const std::exception& error) {
    return other_error + std::string(error.what());
  } catch (...) {
    return other_error + std::string("an error of unknown type");
  }
}

void throw_encoded(const std::string& failure) {
  const std::string message = failure.substr(1);
  switch (failure.front()) {
    case config_error:
      throw ConfigError(message);
    case data_error:
      throw DataError(message);
    case store_error:
      throw StoreError(message);
    case numerical_error:
      throw NumericalError(message);
    case plain_error:
      throw Error(message);
    default:
      throw std::runtime_error(message);
  }
}

void agree(const Communicator& ranks, std::uint64_t failed_unit, const std::string& failure) {
  const std::uint64_t first = ranks.minimum(failed_unit);
  if (first == no_failure) return;
  // Several ranks may have failed at the same number (collectively on all): the lowest of them speaks.
  const std::uint64_t speaker = ranks.minimum(failed_unit == first ? ranks.rank() : no_failure);
  throw_encoded(ranks.broadcast(failure, static_cast<std::size_t>(speaker)));
}

void collectively(const Communicator& ranks, const std::function<void()>& action) {
  std::string failure;
  try {
    action();
  } catch (...) {
    failure = encode(std::current_exception());
  }
  agree(ranks, failure.empty() ? no_failure : 0, failure);
}

void on_root(const Communicator& ranks, const std::function<void()>& action) {
  collectively(ranks, [&] {
    if (ranks.root()) action();
  });
}

}  // namespace titrant::parallel
