#include "sections.hpp"

namespace titrant::run::contract {

namespace {

Groups resources() {
  return {
      {{"/resources"},
       "What the cross-validation and the dose search would ask of a quantum computer, state preparation not counted",
       "by stage `evaluate`",
       {{"qubits", "", "1", "qubits of the network for curves of 64 points", integer},
        {"parameters", "", "1", "trained angles of the network", integer},
        {"rotations", "", "1", "rotations of the network by a trained angle", integer},
        {"two_qubit_gates", "", "1", "gates on two qubits in the network, without state preparation", integer},
        {"measurements", "", "1", "measurements in the network, that of the answer included", integer},
        {"shots", "", "1", "shots of one circuit on a device", integer},
        {"subjects", "", "1", "subjects of the trial with an outcome", integer},
        {"trained_on", "", "1", "subjects in the largest training of a fold", integer},
        {"trainings", "", "1", "trainings of the cross-validation: folds times replicates", integer},
        {"steps", "", "1", "steps of one training", integer},
        {"circuits_per_gradient", "", "1", "shifted circuits behind the gradient of one subject", integer},
        {"training_circuits", "", "1", "circuits of the trainings of the cross-validation"},
        {"prediction_circuits", "", "1", "circuits of its held-out predictions"},
        {"search_circuits", "", "1", "circuits of the dose search: every virtual subject at every dose"},
        {"training_shots", "", "1", "shots of the trainings of the cross-validation"},
        {"training_two_qubit_gates", "", "1", "gates on two qubits in them, without state preparation"}}}};
}

Datasets ablation_columns() {
  return {{"variant", "scale", "1", "variants of the run", text},
          {"settings", "variant", "1", "what the variant changes", text},
          {"parameters", "variant", "1", "trained parameters of the classifier", integer},
          {"training_loss", "variant", "1", "loss at the end of the training"},
          {"log_loss", "variant", "1", "held-out log-loss on the trial's subjects"},
          {"accuracy", "variant", "1", "held-out accuracy"},
          {"auc", "variant", "1", "held-out area under the ROC curve"},
          {"brier", "variant", "1", "held-out Brier score"},
          {"ece", "variant", "1", "held-out expected calibration error"},
          {"dose", "variant", "see /protocol/regimen/dose_unit",
           "answer to the headline question, mean rule; NaN: none of the doses"},
          {"dose_indicator", "variant", "see /protocol/regimen/dose_unit", "the same by the indicator rule"},
          {"monotone", "variant", "1", "1: target attainment moves in the expected direction alone", integer},
          {"dose_error", "variant", "1", "mean distance from the mechanistic doses, steps of the doses"},
          {"attainment_error", "variant", "1", "mean distance from the mechanistic target attainment"}};
}

}  // namespace

Groups investigations() {
  Groups groups = resources();
  const std::string axes = "test_set size replicate";
  groups.push_back({{"/learning_curve/<name>/<source>"},
                    "Metrics by the number of subjects learnt from, of the trial (`trial`) or virtual (`virtual`)",
                    "by stage `learning`, where `learning` asks for it",
                    joined({{"size", "scale", "1", "subjects learnt from", integer},
                            {"replicate", "scale", "1", "training", integer},
                            {"test_set", "scale", "1", "subjects tested on, none of whom was learnt from", text}},
                           metrics(axes))});
  groups.push_back({{"/ablation"},
                    "Variants of the run side by side",
                    "by stage `ablation`, where `ablation` asks for it",
                    ablation_columns()});
  groups.push_back({{"/coverage"},
                    "How often intervals hold the true dose of simulated trials",
                    "by stage `coverage`, where `coverage.trials` asks for it",
                    {{"row", "scale", "1", "question and method", integer},
                     {"population", "row", "1", "population", text},
                     {"regimen", "row", "1", "regimen", text},
                     {"endpoint", "row", "1", "endpoint", text},
                     {"target", "row", "1", "share that must succeed"},
                     {"method", "row", "1", "who answers", text},
                     {"true_dose", "row", "see /protocol/regimen/dose_unit", "true dose; infinite: none of the doses"},
                     {"trials", "row", "1", "simulated trials that were answered", integer},
                     {"covered", "row", "1", "of these, with the true dose in the 90 % interval", integer}}});
  return groups;
}

}  // namespace titrant::run::contract
