#include "shared_values.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace titrant::store {

Cells cells_of_root(const parallel::Communicator& ranks, std::span<const std::string> texts) {
  TITRANT_EXPECTS(ranks.minimum(texts.size()) == ranks.maximum(texts.size()));
  Cells cells;
  if (texts.empty()) return cells;
  for (const std::string& text : texts) cells.width = std::max(cells.width, text.size());
  for (const std::string& text : texts) {
    cells.bytes += text;
    cells.bytes.append(cells.width - text.size(), '\0');
  }
  cells.bytes = ranks.broadcast(cells.bytes);
  cells.width = cells.bytes.size() / texts.size();
  return cells;
}

bool blocks_cover(const parallel::Communicator& ranks, std::size_t begin, std::size_t count, std::size_t extent) {
  const std::array<double, 2> mine = {static_cast<double>(begin), static_cast<double>(count)};  // exact below 2^53
  const std::vector<double> all = ranks.gather(mine);
  std::vector<std::pair<double, double>> blocks;
  for (std::size_t i = 0; i < all.size(); i += 2) {
    if (all[i + 1] > 0.0) blocks.emplace_back(all[i], all[i + 1]);
  }
  std::sort(blocks.begin(), blocks.end());
  double covered = 0.0;
  for (const auto& [start, length] : blocks) {
    if (start != covered) return false;
    covered += length;
  }
  return covered == static_cast<double>(extent);
}

}  // namespace titrant::store
