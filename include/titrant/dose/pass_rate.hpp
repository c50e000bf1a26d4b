#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/dose/options.hpp"
#include "titrant/dose/scenario.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/partition.hpp"

namespace titrant::dose {

/// One population on one regimen: a panel of the dose search.
struct Panel {
  std::string scenario;
  ScenarioOptions population;
  RegimenKind regimen;
  std::vector<double> doses;  ///< mg, ascending
};

/// Pass rates of one panel by one method, [dose]; NaN where a dose was not evaluated.
struct PassRates {
  std::vector<double> mean;       ///< mean of p
  std::vector<double> indicator;  ///< share with p > 0.5
  const std::vector<double>& by(Rule rule) const { return rule == Rule::mean ? mean : indicator; }
};

/// The subjects of one panel that this rank evaluated, for the store.
struct LocalPanel {
  parallel::Block subjects;
  std::vector<double> curve;                     ///< [subject][time], ng/mL per mg
  std::vector<std::vector<double>> probability;  ///< [predictor] of [dose][subject]; empty unless all doses were chosen
  std::vector<std::vector<double>> counts;       ///< the same of ones among the shots; empty for exact classifiers
};

/// A trained classifier, how answers call it, and which question it answers.
struct Predictor {
  const classifier::Classifier* classifier = nullptr;
  std::string name;                    ///< qcnn, logistic, qcnn_trial, ...
  std::string label;                   ///< word of its Criterion's label
  std::string window;                  ///< and of its window
  pkpd::ResponseWindow exposure = {};  ///< what of a person's C(t) the classifier sees
};

/// What a cohort looks like and who predicts for it.
struct CohortView {
  PopulationModels models;
  std::size_t size = 0;  ///< virtual subjects in each scenario
  std::uint64_t seed = 0;
  std::vector<Predictor> predictors;
  std::size_t first = 0;  ///< number of the first virtual subject
};

struct Evaluation {
  std::vector<std::vector<PassRates>> rates;  ///< [panel][predictor]; the same on all ranks
  std::vector<LocalPanel> local;              ///< [panel]; empty unless kept
};

/// Evaluates chosen doses of several panels. Work units are (block of subjects, panel); a unit makes its subjects'
/// exposure once and predicts all their doses, so every unit is independent of all others. Memory is bounded by the
/// number of units (see units.hpp), not by the cohort, unless `keep` asks for the curves.
/// \param chosen  [panel], places in the panel's doses
/// \param keep    also returns this rank's curves and probabilities (all doses must then be chosen)
Evaluation evaluate(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<std::vector<std::size_t>>& chosen, bool keep,
                    const std::function<void(std::size_t, std::size_t)>& progress = {});

/// Every dose of every panel.
std::vector<std::vector<std::size_t>> all_doses(const std::vector<Panel>& panels);

}  // namespace titrant::dose
