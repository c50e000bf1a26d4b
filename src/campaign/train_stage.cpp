#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "circuit_json.hpp"
#include "columns.hpp"
#include "examples.hpp"
#include "metrics_columns.hpp"
#include "titrant/campaign/stage.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"
#include "trainings.hpp"

namespace titrant::campaign {

namespace {

class TrainStage : public Stage {
 public:
  std::string name() const override { return "train"; }
  std::string title() const override { return "Training"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    const Configuration& c = context.configuration;
    make_examples(c, results);
    results.criteria = criteria(c, results.trial);
    const Models models = fitted_models(results);
    const TrainingPlan plan{0, c.source.subjects, 0, nullptr};
    results.classifiers = train_all(context.ranks, c, results.criteria, population_models(models, results.trial),
                                    results.examples.labelled, plan);
    std::vector<std::string> losses;
    for (TrainedClassifier& trained : results.classifiers) {
      if (trained.criterion == 0) {
        losses.push_back(fmt::format("{} {:.3f}", trained.method.name, trained.history.loss.back()));
      }
      if (trained.method.source != "trial" && is_observed(results.criteria[trained.criterion]) &&
          results.examples.fault.empty()) {
        trained.on_trial = classifier::validate_on(*trained.classifier, results.examples.labelled, c.seed);
      }
    }
    const std::string untested =
        results.examples.fault.empty() ? "" : fmt::format("; not tested on the trial ({})", results.examples.fault);
    return fmt::format("on {}; loss: {}{}", learnt_from(c, results), fmt::join(losses, ", "), untested);
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    for (const TrainedClassifier& trained : results.classifiers) {
      const std::string group = "/classifier/" + store_name(results, trained.method.name, trained.criterion);
      const std::vector<std::string> names = trained.classifier->parameter_names();
      out.scale(group + "/parameter_name", names);
      out.dataset(group + "/parameter", trained.classifier->parameters());
      out.attribute(group, "learnt_from", trained.method.source);
      out.attribute(group, "question", results.criteria[trained.criterion].name());
      out.scale(group + "/history/step", count_to(trained.history.loss.size()));
      out.dataset(group + "/history/loss", trained.history.loss);
      out.dataset(group + "/history/gradient_norm", trained.history.gradient_norm);
      out.dataset(group + "/history/learning_rate", trained.history.learning_rate);
      if (trained.on_trial) write_external(group + "/on_trial", *trained.on_trial, results.examples.labelled, out);
      write_circuit(group, *trained.classifier, out);
    }
  }

 private:
  /// Of the kinds that have one.
  static void write_circuit(const std::string& group, const classifier::Classifier& kind, store::Writer& out) {
    const auto* qcnn = dynamic_cast<const classifier::Qcnn*>(&kind);
    if (qcnn == nullptr) return;
    const classifier::Network& network = qcnn->network(classifier::curve_points(dose::daily.interval));
    out.scalar(group + "/circuit", circuit_json(network, qcnn->feature_names()));
  }

  static std::string learnt_from(const Configuration& c, const Results& results) {
    std::vector<std::string> sources;
    for (const std::string& source : c.source.on) {
      sources.push_back(source == "trial" ? fmt::format("{} subjects of the trial", results.examples.labelled.size())
                                          : fmt::format("{} virtual subjects{}", c.source.subjects,
                                                        source == "virtual" ? "" : " on daily doses"));
    }
    return fmt::format("{}", fmt::join(sources, ", and "));
  }
};

}  // namespace

std::size_t criterion_of(const Results& results, const std::string& label, const std::string& window) {
  const auto found = std::find_if(results.criteria.begin(), results.criteria.end(), [&](const dose::Criterion& one) {
    return dose::word(one.label) == label && dose::word(one.window) == window;
  });
  TITRANT_EXPECTS(found != results.criteria.end());
  return static_cast<std::size_t>(found - results.criteria.begin());
}

std::string store_name(const Results& results, const std::string& method, std::size_t criterion) {
  return criterion == 0 ? method : method + "/" + results.criteria[criterion].name();
}

std::unique_ptr<Stage> train_stage() { return std::make_unique<TrainStage>(); }

}  // namespace titrant::campaign
