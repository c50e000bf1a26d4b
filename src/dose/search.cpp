#include "titrant/dose/search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace titrant::dose {

namespace {

constexpr std::array<Rule, 2> rules = {Rule::mean, Rule::indicator};
constexpr std::size_t opening_doses = 5;  // ends and three between: shows most falling curves at once

/// Adds newly evaluated rates to those known.
void merge(std::vector<double>& known, const std::vector<double>& fresh) {
  for (std::size_t d = 0; d < known.size(); ++d) {
    if (!std::isnan(fresh[d])) known[d] = fresh[d];
  }
}

/// The next dose that a bracket needs: halfway between the highest dose known to fail and the lowest known to reach.
std::optional<std::size_t> next_dose(const std::vector<double>& rates, double target) {
  const std::optional<std::size_t> reaching = first_reaching(rates, target);
  if (!reaching || *reaching == 0) return std::nullopt;
  std::size_t failing = *reaching;
  while (failing > 0 && !(rates[failing] < target)) --failing;
  if (!(rates[failing] < target) || *reaching - failing <= 1) return std::nullopt;
  return (failing + *reaching) / 2;
}

/// Bisection over all panels in lockstep, so that every round is one batch of work for all ranks.
class Bisection {
 public:
  Bisection(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
            const DoseOptions& options)
      : ranks_(ranks), cohort_(cohort), panels_(panels), options_(options) {}

  SearchResult run() {
    std::vector<std::vector<std::size_t>> chosen = opening();
    while (std::any_of(chosen.begin(), chosen.end(), [](const auto& doses) { return !doses.empty(); })) {
      evaluate_chosen(chosen);
      chosen = next();
    }
    return result_;
  }

 private:
  std::vector<std::vector<std::size_t>> opening() const {
    std::vector<std::vector<std::size_t>> chosen;
    for (const Panel& panel : panels_) {
      std::set<std::size_t> doses;
      for (std::size_t k = 0; k < opening_doses; ++k) doses.insert(k * (panel.doses.size() - 1) / (opening_doses - 1));
      chosen.emplace_back(doses.begin(), doses.end());
    }
    return chosen;
  }

  void evaluate_chosen(const std::vector<std::vector<std::size_t>>& chosen) {
    const Evaluation fresh = evaluate(ranks_, cohort_, panels_, chosen, false);
    auto& rates = result_.evaluation.rates;
    if (rates.empty()) {
      rates = fresh.rates;
    } else {
      for (std::size_t p = 0; p < panels_.size(); ++p) {
        for (std::size_t c = 0; c < rates[p].size(); ++c) {
          merge(rates[p][c].mean, fresh.rates[p][c].mean);
          merge(rates[p][c].indicator, fresh.rates[p][c].indicator);
        }
      }
    }
    for (const auto& doses : chosen) result_.evaluated += doses.size();
  }

  std::vector<std::vector<std::size_t>> next() {
    std::vector<std::vector<std::size_t>> chosen(panels_.size());
    for (std::size_t p = 0; p < panels_.size(); ++p) {
      const std::string name = panels_[p].scenario + "/" + panels_[p].regimen.name;
      auto& fallen = result_.fallen_back;
      if (std::find(fallen.begin(), fallen.end(), name) != fallen.end()) continue;
      if (falls(p)) {
        fallen.push_back(name);
        chosen[p] = missing(p);
      } else {
        chosen[p] = brackets(p);
      }
    }
    return chosen;
  }

  bool falls(std::size_t panel) const {
    const auto& rates = result_.evaluation.rates[panel];
    return std::any_of(rates.begin(), rates.end(), [](const PassRates& of_predictor) {
      return !never_falls(of_predictor.mean) || !never_falls(of_predictor.indicator);
    });
  }

  std::vector<std::size_t> missing(std::size_t panel) const {
    std::vector<std::size_t> doses;
    for (std::size_t d = 0; d < panels_[panel].doses.size(); ++d) {
      if (std::isnan(result_.evaluation.rates[panel].front().mean[d])) doses.push_back(d);
    }
    return doses;
  }

  std::vector<std::size_t> brackets(std::size_t panel) const {
    std::set<std::size_t> doses;
    for (const PassRates& rates : result_.evaluation.rates[panel]) {
      for (const Rule rule : rules) {
        for (const double target : options_.targets) {
          if (const auto dose = next_dose(rates.by(rule), target)) doses.insert(*dose);
        }
      }
    }
    return {doses.begin(), doses.end()};
  }

  const parallel::Communicator& ranks_;
  const CohortView& cohort_;
  const std::vector<Panel>& panels_;
  const DoseOptions& options_;
  SearchResult result_;
};

}  // namespace

SearchResult search(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const DoseOptions& options, bool keep,
                    const std::function<void(std::size_t, std::size_t)>& progress) {
  SearchResult result;
  if (options.search == Search::bisection) {
    result = Bisection(ranks, cohort, panels, options).run();
    const std::vector<std::vector<std::size_t>> none(panels.size());
    if (keep) result.evaluation.local = evaluate(ranks, cohort, panels, none, true).local;
  } else {
    result.evaluation = evaluate(ranks, cohort, panels, all_doses(panels), keep, progress);
    for (const Panel& panel : panels) result.evaluated += panel.doses.size();
  }
  for (std::size_t p = 0; p < panels.size(); ++p) {
    for (const double target : options.targets) {
      for (std::size_t c = 0; c < cohort.predictors.size(); ++c) {
        const Predictor& predictor = cohort.predictors[c];
        for (const Rule rule : rules) {
          Decision decision = decide(panels[p], predictor.name, result.evaluation.rates[p][c], target, rule);
          decision.label = predictor.label;
          decision.window = predictor.window;
          result.decisions.push_back(std::move(decision));
        }
      }
    }
  }
  return result;
}

}  // namespace titrant::dose
