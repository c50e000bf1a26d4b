#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "tables/protocol_columns.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"
#include "titrant/trial/outcome.hpp"
#include "titrant/trial/regimen.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

namespace {

using core::not_available;

/// The end of the last window in which the trial's subjects are judged, h; infinite where there is none.
double judged_until(const protocol::Protocol& protocol) {
  double end = 0.0;
  for (const protocol::Endpoint& endpoint : protocol.endpoints) {
    if (endpoint.labels_trial()) end = std::max(end, endpoint.to);
  }
  return end == 0.0 ? core::infinity : end;
}

class DataStage : public Stage {
 public:
  std::string name() const override { return "data"; }
  std::string title() const override { return "Trial data"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    const DataOptions& data = context.configuration.data;
    parallel::collectively(context.ranks, [&] { results.trial = load_trial(context.configuration); });
    for (const std::string& remark : results.trial.remarks) context.console.say(remark);
    const auto& subjects = results.trial.subjects;
    const auto active = std::count_if(subjects.begin(), subjects.end(), [](const auto& s) { return s.active(); });
    return fmt::format("{} subjects, {} on active treatment, from {}", subjects.size(), active,
                       data.file.empty() ? "the embedded synthetic trial" : data.file);
  }

  void write(const Context& context, const Results& results, store::Writer& out) const override {
    const auto& subjects = results.trial.subjects;
    std::vector<std::string> ids;
    std::vector<double> dose;
    std::vector<double> interval;
    const double end = judged_until(context.configuration.protocol);
    for (const trial::Subject& subject : subjects) {
      ids.push_back(subject.id);
      dose.push_back(subject.dose);
      const trial::NominalRegimen nominal = trial::nominal_regimen(subject, end);
      interval.push_back(nominal.repeated ? nominal.regimen.interval : not_available);
    }
    out.scale("/trial/subject", store::whole_numbers(subjects.size()));
    out.dataset("/trial/id", ids);
    for (const protocol::CovariateSpec& covariate : results.trial.covariates) {
      std::vector<double> values;
      for (const trial::Subject& subject : subjects) {
        const auto found = subject.covariates.find(covariate.name);
        values.push_back(found == subject.covariates.end() ? not_available : found->second);
      }
      out.dataset("/trial/" + covariate.name, values);
      std::string levels;
      for (const auto& [code, level] : covariate.levels) levels += (levels.empty() ? "" : ", ") + level;
      out.attribute("/trial/" + covariate.name, "levels", levels);
    }
    out.dataset("/trial/dose", dose);
    out.dataset("/trial/interval", interval);
    for (const protocol::Endpoint& endpoint : context.configuration.protocol.endpoints) {
      if (!endpoint.labels_trial()) continue;
      std::vector<double> outcomes;
      for (const trial::Subject& subject : subjects) {
        const auto success = trial::outcome(subject, endpoint);
        outcomes.push_back(success ? static_cast<double>(*success) : not_available);
      }
      out.dataset("/trial/outcome/" + endpoint.name, outcomes);
    }
    write_protocol(context.configuration.protocol, results.trial.units, out);
  }
};

}  // namespace

trial::Trial load_trial(const Configuration& configuration) {
  const DataOptions& data = configuration.data;
  const trial::Units units;
  const trial::Units& wanted = data.format.units;
  if (data.file.empty() && (wanted.amount != units.amount || wanted.concentration != units.concentration ||
                            wanted.biomarker != units.biomarker)) {
    throw ConfigError(
        "data.units: the embedded synthetic trial is in mg and ng/mL; expected data.file, or no such key");
  }
  trial::Trial trial =
      data.file.empty() ? trial::synthetic_trial(configuration.seed) : trial::read_nonmem(data.file, data.format);
  // What a subject counts with is what it was given before it is judged.
  std::string remark = trial::assign_nominal_doses(trial, judged_until(configuration.protocol));
  if (!remark.empty()) trial.remarks.push_back(std::move(remark));
  return trial;
}

std::unique_ptr<Stage> data_stage() { return std::make_unique<DataStage>(); }

}  // namespace titrant::run
