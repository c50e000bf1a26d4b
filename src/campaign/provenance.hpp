#pragma once

#include <string>
#include <utility>
#include <vector>

#include "titrant/parallel/communicator.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

/// How a store came to be: all that may differ between two runs with the same results. Written to /provenance.
class Provenance {
 public:
  explicit Provenance(std::string command_line);
  void stage_took(const std::string& stage, double seconds);
  /// Collective.
  void write(const parallel::Communicator& ranks, store::Writer& out) const;

 private:
  std::string command_line_;
  std::string started_;
  std::vector<std::pair<std::string, double>> stages_;
};

}  // namespace titrant::campaign
