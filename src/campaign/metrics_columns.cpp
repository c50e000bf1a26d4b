#include "metrics_columns.hpp"

#include <utility>

#include "columns.hpp"

namespace titrant::campaign {

using classifier::Metrics;

void write_metrics(const std::string& group, const std::string& axis, const std::vector<Metrics>& rows,
                   store::Writer& out, const std::string& suffix) {
  const std::string what = suffix.empty()       ? ""
                           : suffix == "_lower" ? ", lower end of its 90 % interval"
                                                : ", upper end of its 90 % interval";
  Columns(out, group, axis, rows)
      .numbers("log_loss" + suffix, "1", "mean cross-entropy" + what, [](const Metrics& m) { return m.log_loss; })
      .numbers("accuracy" + suffix, "1", "share classified correctly at 0.5" + what,
               [](const Metrics& m) { return m.accuracy; })
      .numbers("auc" + suffix, "1", "area under the ROC curve; NaN: one outcome only" + what,
               [](const Metrics& m) { return m.auc; })
      .numbers("brier" + suffix, "1", "mean squared error of the probability" + what,
               [](const Metrics& m) { return m.brier; })
      .numbers("ece" + suffix, "1", "expected calibration error, 10 bins" + what,
               [](const Metrics& m) { return m.ece; });
}

void write_reliability(const std::string& group, const classifier::Reliability& reliability, store::Writer& out) {
  using classifier::ReliabilityBin;
  const std::vector<ReliabilityBin> bins(reliability.begin(), reliability.end());
  std::vector<double> middles;
  for (const double number : count_to(bins.size())) {
    middles.push_back((number + 0.5) / static_cast<double>(bins.size()));
  }
  const std::string axis = group + "/bin";
  out.scale(axis, middles, {"1", "middle of the bin of predicted probability"});
  Columns(out, group, axis, bins)
      .numbers("count", "1", "predictions in the bin", [](const ReliabilityBin& b) { return b.count; })
      .numbers("predicted", "1", "their mean; NaN: none", [](const ReliabilityBin& b) { return b.predicted; })
      .numbers("observed", "1", "share of successes; NaN: none", [](const ReliabilityBin& b) { return b.observed; });
}

void write_labels(const std::string& group, const classifier::LabelledExamples& examples, store::Writer& out) {
  const std::vector<double> persons(examples.group.begin(), examples.group.end());
  const std::vector<double> labels(examples.labels.begin(), examples.labels.end());
  out.scale(group + "/subject", persons, {"1", "place in /trial/subject"});
  out.dataset(group + "/label", {group + "/subject"}, labels, {"1", "observed outcome"});
}

void write_external(const std::string& group, const classifier::ExternalValidation& validation,
                    const classifier::LabelledExamples& examples, store::Writer& out) {
  const std::string axis = group + "/set";
  out.scale(axis, std::vector<double>{0.0}, {"1", "one set of subjects: those of the trial that have a label"});
  write_metrics(group, axis, {validation.metrics}, out);
  write_metrics(group, axis, {validation.interval.lower}, out, "_lower");
  write_metrics(group, axis, {validation.interval.upper}, out, "_upper");
  write_reliability(group + "/reliability", validation.reliability, out);
  write_labels(group, examples, out);
  out.dataset(group + "/probability", {group + "/subject"}, validation.predicted,
              {"1", "probability of success, predicted by a classifier that never saw the subject"});
}

}  // namespace titrant::campaign
