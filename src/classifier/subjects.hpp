#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "titrant/classifier/encoding.hpp"

namespace titrant::classifier {

/// The subjects of a list of examples, each once, in the order of their first appearance.
class Subjects {
 public:
  Subjects(const Encoding& encoding, std::span<const Example> examples);

  std::size_t size() const { return profiles_.size(); }
  const Profile& profile(std::size_t subject) const { return *profiles_[subject]; }
  const AuxiliaryStates& auxiliaries(std::size_t subject) const { return auxiliaries_[subject]; }

  /// The subject of an example.
  std::size_t of(std::size_t example) const { return subject_of_[example]; }

 private:
  std::vector<const Profile*> profiles_;
  std::vector<AuxiliaryStates> auxiliaries_;
  std::vector<std::size_t> subject_of_;
};

}  // namespace titrant::classifier
