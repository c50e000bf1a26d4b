#include "titrant/dose/bootstrap.hpp"

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::dose {

ReplicateRates bootstrap(const parallel::Communicator& ranks, const CohortView& cohort,
                         const std::vector<Panel>& panels, std::size_t replicates, const TrainReplicate& train,
                         const std::function<void(std::size_t, std::size_t)>& progress) {
  const std::size_t classifiers = cohort.classifiers.size();
  std::size_t slot = 0;
  for (const Panel& panel : panels) slot += classifiers * panel.doses.size() * 2;

  const parallel::Work work{replicates, slot,
                            [&](std::size_t replicate, std::span<double> out) {
                              const auto trained = train(replicate);
                              TITRANT_EXPECTS(trained.size() == classifiers);
                              CohortView view = cohort;
                              view.classifiers.clear();
                              for (const auto& one : trained) view.classifiers.push_back(one.get());
                              const Evaluation evaluation =
                                  evaluate(parallel::Communicator{}, view, panels, all_doses(panels), false);
                              auto position = out.begin();
                              for (const auto& panel : evaluation.rates) {
                                for (const PassRates& rates : panel) {
                                  position = std::copy(rates.mean.begin(), rates.mean.end(), position);
                                  position = std::copy(rates.indicator.begin(), rates.indicator.end(), position);
                                }
                              }
                            },
                            progress};
  const std::vector<double> slots = parallel::run(ranks, work);

  ReplicateRates all(replicates);
  auto position = slots.begin();
  for (auto& replicate : all) {
    for (const Panel& panel : panels) {
      const auto doses = static_cast<std::ptrdiff_t>(panel.doses.size());
      auto& rates = replicate.emplace_back(classifiers);
      for (PassRates& of_classifier : rates) {
        of_classifier.mean.assign(position, position + doses);
        position += doses;
        of_classifier.indicator.assign(position, position + doses);
        position += doses;
      }
    }
  }
  return all;
}

void add_intervals(std::vector<Decision>& decisions, const std::vector<Panel>& panels,
                   const std::vector<const classifier::Classifier*>& classifiers, const ReplicateRates& replicates) {
  const auto place = [](const auto& list, const auto& matches) {
    return static_cast<std::size_t>(std::find_if(list.begin(), list.end(), matches) - list.begin());
  };
  for (Decision& decision : decisions) {
    const std::size_t p = place(panels, [&](const Panel& panel) {
      return panel.scenario == decision.scenario && panel.regimen.name == decision.regimen;
    });
    const std::size_t c =
        place(classifiers, [&](const classifier::Classifier* one) { return one->name() == decision.classifier; });
    std::vector<std::optional<double>> doses;
    for (const auto& replicate : replicates) {
      const auto first = first_reaching(replicate.at(p).at(c).by(decision.rule), decision.target);
      doses.push_back(first ? std::optional(panels[p].doses[*first]) : std::nullopt);
    }
    const Interval found = interval(doses);
    decision.lower = found.lower;
    decision.upper = found.upper;
  }
}

Band band(const ReplicateRates& replicates, std::size_t panel, std::size_t classifier) {
  TITRANT_EXPECTS(!replicates.empty());
  const std::size_t doses = replicates.front()[panel][classifier].mean.size();
  Band result;
  std::vector<double> values(replicates.size());
  for (std::size_t d = 0; d < doses; ++d) {
    for (std::size_t r = 0; r < replicates.size(); ++r) values[r] = replicates[r][panel][classifier].mean[d];
    const Interval of_dose = interval(values);
    result.lower.push_back(of_dose.lower);
    result.upper.push_back(of_dose.upper);
  }
  return result;
}

}  // namespace titrant::dose
