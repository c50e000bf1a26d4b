#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "examples.hpp"
#include "titrant/campaign/stage.hpp"

namespace titrant::campaign {

namespace {

class TrainStage : public Stage {
 public:
  std::string name() const override { return "train"; }
  std::string title() const override { return "Training"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    require_examples(c, results);
    const std::vector<std::string> names = classifier_names(c);
    std::vector<std::string> losses;
    for (const std::string& name : names) {
      auto classifier = classifier::make_classifier(name, c.classifier, c.quantum);
      classifier::History history = classifier->train(context.ranks, results.examples.labelled, c.training, c.seed, 0);
      losses.push_back(fmt::format("{} {:.3f}", name, history.loss.back()));
      results.classifiers.push_back({std::move(classifier), std::move(history)});
      progress.update(results.classifiers.size(), names.size());
    }
    return fmt::format("on {} subjects; loss: {}", results.examples.labelled.size(), fmt::join(losses, ", "));
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    for (const TrainedClassifier& trained : results.classifiers) {
      const std::string group = "/classifier/" + trained.classifier->name();
      const std::vector<std::string> names = trained.classifier->parameter_names();
      const std::vector<double> values = trained.classifier->parameters();
      out.scale(group + "/parameter_name", names, {"1", "names of the trained parameters"});
      out.dataset(group + "/parameter", {group + "/parameter_name"}, values,
                  {"1", "trained parameters; angles in rad"});

      std::vector<double> steps(trained.history.loss.size());
      std::iota(steps.begin(), steps.end(), 0.0);
      const std::string axis = group + "/history/step";
      out.scale(axis, steps, {"1", "step of the optimiser"});
      out.dataset(group + "/history/loss", {axis}, trained.history.loss, {"1", "mean cross-entropy with penalties"});
      out.dataset(group + "/history/gradient_norm", {axis}, trained.history.gradient_norm,
                  {"1", "norm of the gradient"});
      out.dataset(group + "/history/learning_rate", {axis}, trained.history.learning_rate, {"1", "learning rate"});
    }
  }
};

}  // namespace

std::unique_ptr<Stage> train_stage() { return std::make_unique<TrainStage>(); }

}  // namespace titrant::campaign
