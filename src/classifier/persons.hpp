#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "titrant/classifier/encoding.hpp"

namespace titrant::classifier {

/// The persons of a list of examples, each once, in the order of their first appearance.
class Persons {
 public:
  Persons(const Encoding& encoding, std::span<const Example> examples);

  std::size_t size() const { return profiles_.size(); }
  const Profile& profile(std::size_t person) const { return *profiles_[person]; }
  const PersonSides& sides(std::size_t person) const { return sides_[person]; }

  /// The person of an example.
  std::size_t of(std::size_t example) const { return person_of_[example]; }

 private:
  std::vector<const Profile*> profiles_;
  std::vector<PersonSides> sides_;
  std::vector<std::size_t> person_of_;
};

}  // namespace titrant::classifier
