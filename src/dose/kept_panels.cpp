#include "kept_panels.hpp"

#include <algorithm>

namespace titrant::dose {

std::vector<LocalPanel> room_for_units(const std::vector<Panel>& panels,
                                       const std::vector<std::vector<std::size_t>>& chosen, const Units& units,
                                       parallel::Block mine, const CohortView& cohort) {
  std::vector<LocalPanel> local(panels.size());
  for (std::size_t p = 0; p < panels.size(); ++p) {
    local[p].subjects = units.subjects_of(mine, p);
    const std::size_t subjects = local[p].subjects.size();
    const std::size_t points = cohort.points > 0 ? cohort.points : classifier::curve_points(panels[p].regimen.interval);
    local[p].curve.resize(subjects * points);
    if (chosen[p].size() != panels[p].doses().size()) continue;
    const std::size_t pairs = panels[p].doses().size() * subjects;
    for (const Predictor& predictor : cohort.predictors) {
      local[p].probability.emplace_back(pairs);
      local[p].counts.emplace_back(predictor.classifier->shots() > 0 ? pairs : 0);
    }
  }
  return local;
}

void place_chunk(std::vector<double>& all, std::span<const double> values, parallel::Block chunk,
                 parallel::Block of_rank) {
  const std::size_t first = chunk.begin - of_rank.begin;
  for (std::size_t d = 0; d * chunk.size() < values.size(); ++d) {
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      all[d * of_rank.size() + first + i] = values[d * chunk.size() + i];
    }
  }
}

void place_curves(LocalPanel& local, const std::vector<classifier::Profile>& profiles, parallel::Block chunk) {
  auto position = local.curve.begin();
  if (!profiles.empty()) {
    position += static_cast<std::ptrdiff_t>((chunk.begin - local.subjects.begin) * profiles.front().curve.size());
  }
  for (const classifier::Profile& profile : profiles) {
    position = std::copy(profile.curve.begin(), profile.curve.end(), position);
  }
}

}  // namespace titrant::dose
