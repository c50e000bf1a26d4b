#include "metrics_columns.hpp"

#include <utility>

#include "titrant/store/columns.hpp"

namespace titrant::run {

using classifier::Metrics;

void write_metrics(const std::string& group, const std::vector<Metrics>& rows, store::Writer& out,
                   const std::string& suffix) {
  store::Columns(out, group, rows)
      .numbers("log_loss" + suffix, [](const Metrics& m) { return m.log_loss; })
      .numbers("accuracy" + suffix, [](const Metrics& m) { return m.accuracy; })
      .numbers("auc" + suffix, [](const Metrics& m) { return m.auc; })
      .numbers("brier" + suffix, [](const Metrics& m) { return m.brier; })
      .numbers("ece" + suffix, [](const Metrics& m) { return m.ece; });
}

void write_reliability(const std::string& group, const classifier::Reliability& reliability, store::Writer& out) {
  using classifier::ReliabilityBin;
  const std::vector<ReliabilityBin> bins(reliability.begin(), reliability.end());
  std::vector<double> middles;
  for (std::size_t number = 0; number < bins.size(); ++number) {
    middles.push_back((static_cast<double>(number) + 0.5) / static_cast<double>(bins.size()));
  }
  out.scale(group + "/bin", middles);
  store::Columns(out, group, bins)
      .integers("count", [](const ReliabilityBin& b) { return b.count; })
      .numbers("predicted", [](const ReliabilityBin& b) { return b.predicted; })
      .numbers("observed", [](const ReliabilityBin& b) { return b.observed; });
}

void write_labels(const std::string& group, const classifier::LabelledExamples& examples, store::Writer& out) {
  const std::vector<std::int64_t> subjects(examples.group.begin(), examples.group.end());
  const std::vector<std::int64_t> labels(examples.labels.begin(), examples.labels.end());
  out.scale(group + "/subject", subjects);
  out.dataset(group + "/label", labels);
}

void write_external(const std::string& group, const classifier::ExternalValidation& validation,
                    const classifier::LabelledExamples& examples, store::Writer& out) {
  out.scale(group + "/set", std::vector<std::int64_t>{0});
  write_metrics(group, {validation.metrics}, out);
  write_metrics(group, {validation.interval.lower}, out, "_lower");
  write_metrics(group, {validation.interval.upper}, out, "_upper");
  write_reliability(group + "/reliability", validation.reliability, out);
  write_labels(group, examples, out);
  out.dataset(group + "/probability", validation.predicted);
}

}  // namespace titrant::run
