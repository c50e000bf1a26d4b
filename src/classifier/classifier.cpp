#include "titrant/classifier/classifier.hpp"

#include "titrant/classifier/cnn.hpp"
#include "titrant/classifier/logistic.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

std::unique_ptr<Classifier> make_classifier(const std::string& name, const ClassifierOptions& options,
                                            const QuantumOptions& quantum) {
  const auto qcnn = [&](Preset preset) {
    ClassifierOptions chosen = options;
    chosen.preset = preset;
    return std::make_unique<Qcnn>(name, chosen, quantum);
  };
  if (name == "qcnn") return qcnn(options.preset);
  if (name == "qcnn_exposure") return qcnn(Preset::exposure);
  if (name == "qcnn_homogeneous") return qcnn(Preset::homogeneous);
  if (name == "qcnn_proposal") return qcnn(Preset::proposal);
  if (name == "logistic") return std::make_unique<LogisticRegression>(options.reference_concentration, options.ridge);
  if (name == "cnn") return std::make_unique<Cnn>(options.reference_concentration);
  throw ConfigError("there is no classifier \"" + name +
                    "\"; there are qcnn, qcnn_exposure, qcnn_homogeneous, qcnn_proposal, logistic and cnn");
}

}  // namespace titrant::classifier
