#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "titrant/campaign/plan.hpp"

namespace titrant::campaign {

/// Tells by the content of a store which member of a campaign it is.
class Recogniser {
 public:
  explicit Recogniser(const Plan& plan);

  enum class Kind { member, index, foreign, damaged };
  struct Finding {
    Kind kind = Kind::damaged;
    std::size_t member = 0;     ///< place in the plan, of a member
    double core_seconds = 0.0;  ///< of a member
    std::string reason;         ///< why it is foreign or damaged
  };

  /// Reads the whole file. \param expected  whose name the file has, for the reason
  Finding look(const std::filesystem::path& file, std::optional<std::size_t> expected) const;

  /// The member with this resolved configuration.
  std::optional<std::size_t> member_of(const std::string& configuration) const;

 private:
  std::string difference(const std::string& configuration, std::size_t expected) const;

  std::vector<std::string> texts_;  ///< resolved configurations, in the order of the plan
  std::map<std::string, std::size_t> by_text_;
};

}  // namespace titrant::campaign
