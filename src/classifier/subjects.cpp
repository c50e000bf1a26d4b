#include "subjects.hpp"

#include "titrant/core/error.hpp"

namespace titrant::classifier {

Subjects::Subjects(const Encoding& encoding, std::span<const Example> examples) {
  subject_of_.reserve(examples.size());
  std::unordered_map<const Profile*, std::size_t> known;
  std::size_t last = 0;
  for (const Example& example : examples) {
    TITRANT_EXPECTS(example.profile != nullptr && example.dose >= 0.0);
    // Lists go through subjects dose by dose, or through doses subject by subject: the subject of the example before,
    // or the next one, is looked at first.
    const std::size_t next = last + 1 < profiles_.size() ? last + 1 : 0;
    if (!profiles_.empty() && profiles_[next] == example.profile) {
      last = next;
    } else if (profiles_.empty() || profiles_[last] != example.profile) {
      const auto [entry, is_new] = known.try_emplace(example.profile, profiles_.size());
      if (is_new) {
        profiles_.push_back(example.profile);
        auxiliaries_.emplace_back(encoding, *example.profile);
      }
      last = entry->second;
    }
    subject_of_.push_back(last);
  }
}

}  // namespace titrant::classifier
