#include "faults.hpp"

#include "text.hpp"
#include "titrant/core/error.hpp"

namespace titrant::trial {

std::string Faults::where(const Place& place) const {
  return fmt::format("{}:{}:{}", file_, place.number, character_count(place.line.substr(0, place.offset)) + 1);
}

void Faults::throw_if_any() const {
  if (count_ == 0) return;
  std::string text = problems_.text(kept);
  if (count_ > kept) text += fmt::format("\n... and {} more", count_ - kept);
  throw DataError(text);
}

}  // namespace titrant::trial
