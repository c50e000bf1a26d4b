#include "titrant/classifier/classifier.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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
    Kind{"device", "qcnn_device", network<Preset::device>},
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

namespace {

/// The options with the covariates that a preset sees: `proposal` all of them, continuous ones first as in the
/// proposal, others those that are not for it alone.
ClassifierOptions seen_by(Preset preset, ClassifierOptions options) {
  std::vector<CovariateInput>& covariates = options.covariates;
  if (preset == Preset::proposal) {
    std::stable_partition(covariates.begin(), covariates.end(),
                          [](const CovariateInput& one) { return one.kind == CovariateInput::Kind::continuous; });
  } else {
    std::erase_if(covariates, [](const CovariateInput& one) { return one.proposal_only; });
  }
  return options;
}

}  // namespace

std::unique_ptr<Classifier> make_classifier(const std::string& name, const ClassifierOptions& options,
                                            const QuantumOptions& quantum) {
  if (name == "qcnn") return std::make_unique<Qcnn>(name, seen_by(options.preset, options), quantum);
  std::vector<std::string_view> names = {"qcnn"};
  names.reserve(kinds.size() + 1);
  for (const Kind& kind : kinds) {
    const Preset preset = kind.word == "proposal" ? Preset::proposal : Preset::exposure;
    if (kind.name == name) return kind.make(name, seen_by(preset, options), quantum);
    names.push_back(kind.name);
  }
  throw ConfigError(fmt::format("there is no classifier \"{}\"; there are {}", name, fmt::join(names, ", ")));
}

}  // namespace titrant::classifier
