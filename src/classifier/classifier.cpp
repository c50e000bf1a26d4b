#include "titrant/classifier/classifier.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

#include "titrant/classifier/cnn.hpp"
#include "titrant/classifier/logistic.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

using Options = ClassifierOptions;

template <Preset preset>
std::unique_ptr<Classifier> network(const std::string& name, const Options& options, const QuantumOptions& quantum) {
  Options chosen = options;
  chosen.preset = preset;
  return std::make_unique<Qcnn>(name, chosen, quantum);
}

std::unique_ptr<Classifier> logistic(const std::string&, const Options& options, const QuantumOptions&) {
  return std::make_unique<LogisticRegression>(options.reference_concentration, options.ridge, options.covariates);
}

std::unique_ptr<Classifier> cnn(const std::string&, const Options& options, const QuantumOptions&) {
  return std::make_unique<Cnn>(options.reference_concentration, options.covariates);
}

/// A kind of classifier that can be compared with the QCNN of the configuration.
struct Kind {
  std::string_view word;  ///< in classifier.compare
  std::string_view name;  ///< in tables and stores
  std::unique_ptr<Classifier> (*make)(const std::string& name, const Options& options, const QuantumOptions& quantum);
};
constexpr std::array kinds = {
    Kind{"exposure", "qcnn_exposure", network<Preset::exposure>},
    Kind{"homogeneous", "qcnn_homogeneous", network<Preset::homogeneous>},
    Kind{"proposal", "qcnn_proposal", network<Preset::proposal>},
    Kind{"logistic", "logistic", logistic},
    Kind{"cnn", "cnn", cnn},
};

}  // namespace

std::vector<std::string> compared_words() {
  std::vector<std::string> words;
  words.reserve(kinds.size());
  for (const Kind& kind : kinds) words.emplace_back(kind.word);
  return words;
}

std::string compared_name(const std::string& word) {
  for (const Kind& kind : kinds) {
    if (kind.word == word) return std::string(kind.name);
  }
  throw ConfigError(
      fmt::format("there is no classifier \"{}\"; there are {}", word, fmt::join(compared_words(), ", ")));
}

std::unique_ptr<Classifier> make_classifier(const std::string& name, const ClassifierOptions& options,
                                            const QuantumOptions& quantum) {
  if (name == "qcnn") return std::make_unique<Qcnn>(name, options, quantum);
  std::vector<std::string_view> names = {"qcnn"};
  names.reserve(kinds.size() + 1);
  for (const Kind& kind : kinds) {
    if (kind.name == name) return kind.make(name, options, quantum);
    names.push_back(kind.name);
  }
  throw ConfigError(fmt::format("there is no classifier \"{}\"; there are {}", name, fmt::join(names, ", ")));
}

}  // namespace titrant::classifier
