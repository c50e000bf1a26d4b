#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/dose/cohort.hpp"
#include "titrant/dose/options.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/partition.hpp"
#include "titrant/protocol/protocol.hpp"

namespace titrant::dose {

/// One population on one regimen: a panel of the dose search. Its doses are those of the regimen.
struct Panel {
  VirtualPopulation population;
  protocol::Regimen regimen;

  const std::vector<double>& doses() const { return regimen.doses; }
  std::string name() const { return population.definition.name + "/" + regimen.name; }
};

/// Whether a question is about a panel.
inline bool asks(const protocol::Question& question, const Panel& panel) {
  return question.population == panel.population.definition.name && question.regimen == panel.regimen.name;
}

/// The panel that a question is about, as a place; the number of panels where there is none.
std::size_t panel_of(const protocol::Question& question, const std::vector<Panel>& panels);

/// Target attainment on one panel by one method, [dose]; NaN where a dose was not evaluated.
struct Attainment {
  std::vector<double> mean;       ///< mean of p
  std::vector<double> indicator;  ///< share with p > 0.5
  const std::vector<double>& by(Rule rule) const { return rule == Rule::mean ? mean : indicator; }
};

/// The subjects of one panel that this rank evaluated, for the store.
struct LocalPanel {
  parallel::Block subjects;
  std::vector<double> curve;                     ///< [subject][time], at steady state, ng/mL per unit of dose
  std::vector<std::vector<double>> probability;  ///< [predictor] of [dose][subject]; empty unless all doses were chosen
  std::vector<std::vector<double>> counts;       ///< the same of ones among the shots; empty for exact classifiers
};

/// A trained classifier, how answers call it, and which endpoint it answers.
struct Predictor {
  const classifier::Classifier* classifier = nullptr;
  std::string name;                    ///< the method: qcnn, logistic, qcnn_trial, ...
  std::string endpoint;                ///< by name
  pkpd::ResponseWindow exposure = {};  ///< what of a subject's C(t) the classifier sees
};

/// What a cohort looks like and who predicts for it.
struct CohortView {
  PopulationModels models;
  std::size_t size = 0;  ///< virtual subjects of each population
  std::uint64_t seed = 0;
  std::vector<Predictor> predictors = {};
  std::size_t first = 0;        ///< number of the first virtual subject
  std::size_t first_panel = 0;  ///< number of the first panel, which keys shots
  std::size_t points = 0;       ///< of a curve C(t); 0: by the length of the window
};

struct Evaluation {
  std::vector<std::vector<Attainment>> attainment;  ///< [panel][predictor]; the same on all ranks
  std::vector<LocalPanel> local;                    ///< [panel]; empty unless kept
};

/// Evaluates chosen doses of several panels. Work units are (block of subjects, panel); a unit makes its subjects'
/// exposure once and predicts all their doses, so every unit is independent of all others. Memory is bounded by the
/// number of units (see units.hpp), not by the cohort, unless `keep` asks for the curves. Throws as Cohort does, and
/// ConfigError where panels or doses are too many to be numbered.
/// \param chosen  [panel], places in the panel's doses
/// \param keep    also returns this rank's curves and, of panels all of whose doses are chosen, probabilities
Evaluation evaluate(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<std::vector<std::size_t>>& chosen, bool keep,
                    const std::function<void(std::size_t, std::size_t)>& progress = {});

/// Every dose of every panel.
std::vector<std::vector<std::size_t>> all_doses(const std::vector<Panel>& panels);

}  // namespace titrant::dose
