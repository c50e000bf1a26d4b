#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/ledger.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

/// The most memory that this process has held, in bytes.
std::uint64_t peak_memory();

/// How a store came to be: all that may differ between two runs with the same results. Written to /provenance.
class Provenance {
 public:
  Provenance(std::string command_line, std::string started);
  /// With the work of the stage, which is what the ledger holds now.
  void stage_took(const std::string& stage, double seconds);
  void was_resumed(std::uint64_t times) { resumed_ = times; }
  /// Collective.
  void write(const parallel::Communicator& ranks, store::Writer& out) const;

 private:
  /// Calls of one shape in one stage.
  struct Work {
    std::string stage;
    parallel::LedgerRow calls;
  };
  void write_work(const parallel::Communicator& ranks, store::Writer& out) const;

  std::string command_line_;
  std::string started_;
  std::uint64_t resumed_ = 0;
  std::vector<std::pair<std::string, double>> stages_;
  std::vector<Work> work_;
};

}  // namespace titrant::run
