#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "titrant/classifier/qcnn.hpp"
#include "titrant/dose/cohort.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/run/models.hpp"

namespace titrant::hardware {

/// Which question is put to a device; what is left empty is that of the run's headline.
struct QuestionChoice {
  std::string population;
  std::string regimen;
  std::string endpoint;
  std::optional<double> target;
  std::string classifier = "qcnn";  ///< a method of the run
};

/// What a store holds to answer one question with a quantum computer.
struct QuestionModel {
  run::Configuration configuration;
  protocol::Question question;
  std::string classifier;
  protocol::Regimen regimen;
  dose::ResolvedEndpoint endpoint;
  dose::VirtualPopulation population;
  run::StoredModels models;
  classifier::Qcnn network;
};

/// Reads a run's store. A network that was trained for a noise model keeps it (training.noise aware or refit: its
/// readout is that of the noisy P(1)); any other answers without noise. Throws ConfigError for names that the run has
/// not, a target outside (0, 1), a classifier that is no quantum network, and where the answer is a window of doses;
/// StoreError where the store lacks models or parameters.
QuestionModel read_question(const std::string& store, const QuestionChoice& choice);

/// Subjects of the run's cohort on doses, as examples; their profiles are owned.
class Subjects {
 public:
  /// \param numbers  of virtual subjects of the cohort
  Subjects(const QuestionModel& model, const std::vector<std::uint64_t>& numbers);

  /// One subject, by its place, on one dose.
  classifier::Example example(std::size_t place, double dose) const;
  std::size_t size() const { return virtual_.size(); }

 private:
  const QuestionModel& model_;
  std::vector<dose::VirtualSubject> virtual_;
  mutable std::vector<std::pair<double, std::vector<std::unique_ptr<classifier::Profile>>>> profiles_;  ///< by dose
};

/// Numbers of so many different subjects of a cohort, at random (stream device_subjects). Throws ConfigError
/// where the cohort has fewer.
std::vector<std::uint64_t> drawn_subjects(std::size_t cohort, std::size_t count, std::uint64_t seed);

/// Exact target attainment of these subjects on every dose of the regimen, by the mean of p: [dose].
std::vector<double> exact_attainment(const QuestionModel& model, const Subjects& subjects);

}  // namespace titrant::hardware
