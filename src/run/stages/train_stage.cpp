#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "circuits/circuit_json.hpp"
#include "examples.hpp"
#include "tables/metrics_columns.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"
#include "trainings.hpp"

namespace titrant::run {

namespace {

class TrainStage : public Stage {
 public:
  std::string name() const override { return "train"; }
  std::string title() const override { return "Training"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    const Configuration& c = context.configuration;
    make_examples(c, results);
    const Models models = fitted_models(results);
    const VirtualSubjects drawn{population_models(models), &results.populations, &results.endpoints};
    std::vector<classifier::LabelledExamples> examples;
    for (const TrialExamples& of_endpoint : results.examples) examples.push_back(of_endpoint.labelled);
    const TrainingPlan plan{0, c.training_set.subjects, 0, nullptr};
    results.classifiers = train_all(context.ranks, c, drawn, examples, results.inputs, plan);
    std::vector<std::string> losses;
    std::string fault;
    for (TrainedClassifier& trained : results.classifiers) {
      if (trained.endpoint == 0) {
        losses.push_back(fmt::format("{} {:.3f}", trained.method.name, trained.history.loss.back()));
      }
      if (trained.method.training_set == "trial" || !results.endpoints[trained.endpoint].definition.labels_trial())
        continue;
      const TrialExamples& of_trial = results.examples[trained.endpoint];
      if (of_trial.fault.empty()) {
        trained.on_trial = classifier::validate_on(*trained.classifier, of_trial.labelled, c.seed);
      } else {
        fault = of_trial.fault;
      }
    }
    const std::string untested = fault.empty() ? "" : fmt::format("; not tested on the trial ({})", fault);
    const std::string seen = results.inputs.empty() ? "" : fmt::format("; covariates: {}", input_names(results));
    return fmt::format("on {}{}; loss: {}{}", learnt_from(c, results), seen, fmt::join(losses, ", "), untested);
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    for (const TrainedClassifier& trained : results.classifiers) {
      const std::string group = "/classifier/" + store_name(results, trained.method.name, trained.endpoint);
      const std::vector<std::string> names = trained.classifier->parameter_names();
      out.scale(group + "/parameter_name", names);
      out.dataset(group + "/parameter", trained.classifier->parameters());
      out.attribute(group, "learnt_from", trained.method.training_set);
      out.attribute(group, "endpoint", results.endpoints[trained.endpoint].name());
      out.scale(group + "/history/step", store::whole_numbers(trained.history.loss.size()));
      out.dataset(group + "/history/loss", trained.history.loss);
      out.dataset(group + "/history/gradient_norm", trained.history.gradient_norm);
      out.dataset(group + "/history/learning_rate", trained.history.learning_rate);
      if (trained.on_trial) {
        write_external(group + "/on_trial", *trained.on_trial, results.examples[trained.endpoint].labelled, out);
      }
      write_circuit(group, *trained.classifier, out);
    }
  }

 private:
  /// Of the classifiers that have one: the network of the shortest curves.
  static void write_circuit(const std::string& group, const classifier::Classifier& one, store::Writer& out) {
    const auto* qcnn = dynamic_cast<const classifier::Qcnn*>(&one);
    if (qcnn == nullptr) return;
    const classifier::Network& network = qcnn->network(classifier::curve_points(0.0));
    out.scalar(group + "/circuit", circuit_json(network, qcnn->feature_names()));
  }

  static std::string input_names(const Results& results) {
    std::vector<std::string> names;
    for (const classifier::CovariateInput& input : results.inputs) {
      if (names.empty() || names.back() != input.name) names.push_back(input.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
  }

  static std::string learnt_from(const Configuration& c, const Results& results) {
    std::vector<std::string> sets;
    const TrialExamples* observed = observed_examples(c, results);
    for (const std::string& set : c.training_set.on) {
      const bool all = c.training_set.regimens == std::vector<std::string>{"all"};
      sets.push_back(set == "trial"
                         ? fmt::format("{} subjects of the trial", observed == nullptr ? 0 : observed->labelled.size())
                         : fmt::format("{} virtual subjects{}", c.training_set.subjects,
                                       all ? "" : fmt::format(" on {}", fmt::join(c.training_set.regimens, ", "))));
    }
    return fmt::format("{}", fmt::join(sets, ", and "));
  }
};

}  // namespace

std::size_t endpoint_of(const Results& results, const std::string& name) {
  const auto found = std::find_if(results.endpoints.begin(), results.endpoints.end(),
                                  [&](const dose::ResolvedEndpoint& one) { return one.name() == name; });
  TITRANT_EXPECTS(found != results.endpoints.end());
  return static_cast<std::size_t>(found - results.endpoints.begin());
}

std::string store_name(const Results& results, const std::string& method, std::size_t endpoint) {
  return method + "/" + results.endpoints[endpoint].name();
}

std::unique_ptr<Stage> train_stage() { return std::make_unique<TrainStage>(); }

}  // namespace titrant::run
