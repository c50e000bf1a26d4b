#include "sections.hpp"

namespace titrant::run::contract {

Datasets metrics(const std::string& axes, const std::string& suffix) {
  const std::string what = suffix.empty()       ? ""
                           : suffix == "_lower" ? ", lower end of its 90 % interval"
                                                : ", upper end of its 90 % interval";
  return {{"log_loss" + suffix, axes, "1", "mean cross-entropy" + what},
          {"accuracy" + suffix, axes, "1", "share classified correctly at 0.5" + what},
          {"auc" + suffix, axes, "1", "area under the ROC curve; NaN: one outcome only" + what},
          {"brier" + suffix, axes, "1", "mean squared error of the probability" + what},
          {"ece" + suffix, axes, "1", "expected calibration error, 10 bins" + what}};
}

namespace {

Datasets metrics_with_intervals(const std::string& axes) {
  return joined(joined(metrics(axes), metrics(axes, "_lower")), metrics(axes, "_upper"));
}

/// Of a method, for each endpoint.
std::vector<std::string> of_classifier(const std::string& group) { return {"/classifier/<name>/<endpoint>" + group}; }

Groups trained() {
  return {{of_classifier(""),
           "A trained classifier",
           "by stage `train`",
           {{"parameter_name", "scale", "1", "names of the trained parameters", text},
            {"parameter", "parameter_name", "1", "trained parameters; angles in rad"},
            {"circuit", "", "1", "the network for curves of 64 points, JSON", text, "for quantum classifiers"}},
           {{"", "learnt_from", "trial or virtual: whose outcomes it learnt"}, {"", "endpoint", "the endpoint"}}},
          {of_classifier("/history"),
           "The training, a row for each step",
           "by stage `train`",
           {{"step", "scale", "1", "step of the optimiser", integer},
            {"loss", "step", "1", "mean cross-entropy with penalties"},
            {"gradient_norm", "step", "1", "norm of the gradient"},
            {"learning_rate", "step", "1", "learning rate"}}}};
}

Groups evaluated() {
  const std::string group = "/classifier/<name>/evaluation";
  const std::string written = "by stage `evaluate`";
  return {{{group},
           "Cross-validation: learnt from some of the trial's subjects, tried on the others",
           written,
           joined(joined({{"fold", "scale", "1", "fold, over all replicates", integer},
                          {"fold_replicate", "fold", "1", "replicate of the fold", integer}},
                         metrics("fold")),
                  {{"replicate", "scale", "1", "repeat of the cross-validation", integer},
                   {"subject", "scale", "1", "place in /trial/subject", integer},
                   {"label", "subject", "1", "observed outcome", integer},
                   {"out_of_fold", "replicate subject", "1", "probability predicted while the subject was held out"}}),
           {{"", "endpoint", "the endpoint that labels the subjects"}}},
          {{group + "/pooled"},
           "The metrics over all folds of a repeat, with intervals by bootstrap over subjects",
           written,
           metrics_with_intervals("replicate")},
          {{group + "/holdout"},
           "The metrics on a stratified share of the subjects that is set aside in each repeat, by a classifier that "
           "learnt from the rest",
           written,
           metrics("replicate"),
           {{"", "test_fraction", "the share that is set aside (`training.test_fraction`)", number}}}};
}

}  // namespace

Groups classifiers() {
  Groups groups = trained();
  for (const store::GroupDescription& group : evaluated()) groups.push_back(group);
  std::vector<std::string> reliability = {"/classifier/<name>/evaluation/reliability"};
  for (const std::string& path : of_classifier("/on_trial/reliability")) reliability.push_back(path);
  groups.push_back({reliability,
                    "Reliability diagram: predictions of the first repeat, or of `on_trial`, by tenths",
                    "with the group above it",
                    {{"bin", "scale", "1", "middle of the bin of predicted probability"},
                     {"count", "bin", "1", "predictions in the bin", integer},
                     {"predicted", "bin", "1", "their mean; NaN: none"},
                     {"observed", "bin", "1", "share of successes; NaN: none"}}});
  groups.push_back(
      {of_classifier("/on_trial"),
       "How a classifier that never saw the trial's subjects does on them, with intervals by bootstrap over subjects",
       "by stage `train` for classifiers that learn from virtual subjects and for endpoints that "
       "label them",
       joined(joined({{"set", "scale", "1", "one set of subjects: those of the trial that have an outcome", integer}},
                     metrics_with_intervals("set")),
              {{"subject", "scale", "1", "place in /trial/subject", integer},
               {"label", "subject", "1", "observed outcome", integer},
               {"probability", "subject", "1",
                "probability of success, predicted by a classifier that never saw the subject"}})});
  return groups;
}

}  // namespace titrant::run::contract
