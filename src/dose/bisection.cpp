#include "bisection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace titrant::dose {

namespace {

using protocol::Direction;

constexpr std::array<Rule, 2> rules = {Rule::mean, Rule::indicator};
constexpr std::size_t opening_doses = 5;  // ends and three between: shows most curves that turn at once

/// Adds newly evaluated attainment to what is known.
void merge(std::vector<double>& known, const std::vector<double>& fresh) {
  for (std::size_t d = 0; d < known.size(); ++d) {
    if (!std::isnan(fresh[d])) known[d] = fresh[d];
  }
}

/// The next dose that a bracket of rising attainment needs: halfway between the highest dose known to fail and the
/// lowest known to reach.
std::optional<std::size_t> next_rising(const std::vector<double>& attainment, double target) {
  const std::optional<std::size_t> reaching = doses_reaching(attainment, target, Direction::rising).lowest;
  if (!reaching || *reaching == 0) return std::nullopt;
  std::size_t failing = *reaching;
  while (failing > 0 && !(attainment[failing] < target)) --failing;
  if (!(attainment[failing] < target) || *reaching - failing <= 1) return std::nullopt;
  return (failing + *reaching) / 2;
}

/// The same where it rises or falls: falling attainment rises from the other end of the grid.
std::optional<std::size_t> next_dose(std::vector<double> attainment, double target, Direction direction) {
  if (direction == Direction::rising) return next_rising(attainment, target);
  std::reverse(attainment.begin(), attainment.end());
  const std::optional<std::size_t> mirrored = next_rising(attainment, target);
  return mirrored ? std::optional(attainment.size() - 1 - *mirrored) : std::nullopt;
}

/// What is sought on a panel: one target of one predictor.
struct Sought {
  std::size_t predictor;
  double target;
  Direction direction;
};

class Bisection {
 public:
  Bisection(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
            const std::vector<ResolvedEndpoint>& endpoints, const std::vector<protocol::Question>& questions)
      : ranks_(ranks), cohort_(cohort), panels_(panels), sought_(panels.size()), whole_(panels.size(), false) {
    for (const protocol::Question& question : questions) {
      const std::size_t panel = panel_of(question, panels);
      const Direction direction = endpoint_of(question, endpoints).direction;
      for (std::size_t c = 0; c < cohort.predictors.size(); ++c) {
        if (cohort.predictors[c].endpoint == question.endpoint) {
          sought_[panel].push_back({c, question.target, direction});
        }
      }
    }
  }

  SearchResult run() {
    std::vector<std::vector<std::size_t>> chosen = opening();
    do {
      evaluate_chosen(chosen);
      chosen = next();
    } while (std::any_of(chosen.begin(), chosen.end(), [](const auto& doses) { return !doses.empty(); }));
    return std::move(result_);
  }

 private:
  std::vector<std::vector<std::size_t>> opening() const {
    std::vector<std::vector<std::size_t>> chosen;
    for (std::size_t p = 0; p < panels_.size(); ++p) {
      std::set<std::size_t> doses;
      const std::size_t last = panels_[p].doses().size() - 1;
      for (std::size_t k = 0; k < opening_doses && !sought_[p].empty(); ++k) {
        doses.insert(k * last / (opening_doses - 1));
      }
      chosen.emplace_back(doses.begin(), doses.end());
    }
    return chosen;
  }

  void evaluate_chosen(const std::vector<std::vector<std::size_t>>& chosen) {
    Evaluation fresh = evaluate(ranks_, cohort_, panels_, chosen, false);
    auto& known = result_.evaluation.attainment;
    if (known.empty()) {
      known = std::move(fresh.attainment);
    } else {
      for (std::size_t p = 0; p < panels_.size(); ++p) {
        for (std::size_t c = 0; c < known[p].size(); ++c) {
          merge(known[p][c].mean, fresh.attainment[p][c].mean);
          merge(known[p][c].indicator, fresh.attainment[p][c].indicator);
        }
      }
    }
    for (const auto& doses : chosen) result_.evaluated += doses.size();
  }

  std::vector<std::vector<std::size_t>> next() {
    std::vector<std::vector<std::size_t>> chosen(panels_.size());
    for (std::size_t p = 0; p < panels_.size(); ++p) {
      if (whole_[p]) continue;
      if (needs_whole_grid(p)) {
        whole_[p] = true;
        result_.fallen_back.push_back(panels_[p].name());
        chosen[p] = missing(p);
      } else {
        chosen[p] = brackets(p);
      }
    }
    return chosen;
  }

  bool needs_whole_grid(std::size_t panel) const {
    return std::any_of(sought_[panel].begin(), sought_[panel].end(), [&](const Sought& one) {
      const Attainment& attainment = result_.evaluation.attainment[panel][one.predictor];
      return one.direction == Direction::window || !moves_as(attainment.mean, one.direction) ||
             !moves_as(attainment.indicator, one.direction);
    });
  }

  std::vector<std::size_t> missing(std::size_t panel) const {
    std::vector<std::size_t> doses;
    const std::vector<double>& known = result_.evaluation.attainment[panel].front().mean;
    for (std::size_t d = 0; d < known.size(); ++d) {
      if (std::isnan(known[d])) doses.push_back(d);
    }
    return doses;
  }

  std::vector<std::size_t> brackets(std::size_t panel) const {
    std::set<std::size_t> doses;
    for (const Sought& one : sought_[panel]) {
      for (const Rule rule : rules) {
        const Attainment& attainment = result_.evaluation.attainment[panel][one.predictor];
        if (const auto dose = next_dose(attainment.by(rule), one.target, one.direction)) doses.insert(*dose);
      }
    }
    return {doses.begin(), doses.end()};
  }

  const parallel::Communicator& ranks_;
  const CohortView& cohort_;
  const std::vector<Panel>& panels_;
  std::vector<std::vector<Sought>> sought_;  // [panel]
  std::vector<bool> whole_;                  // [panel] whether all doses are evaluated
  SearchResult result_;
};

}  // namespace

SearchResult bisect(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<ResolvedEndpoint>& endpoints, const std::vector<protocol::Question>& questions) {
  return Bisection(ranks, cohort, panels, endpoints, questions).run();
}

}  // namespace titrant::dose
