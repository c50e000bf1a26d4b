#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <limits>
#include <numeric>

#include "titrant/campaign/stage.hpp"

namespace titrant::campaign {

namespace {

std::vector<dose::Panel> make_panels(const Configuration& c) {
  std::vector<dose::Panel> panels;
  for (const auto& [name, population] : c.scenarios) {
    panels.push_back({name, population, dose::daily, c.dose.daily.values()});
    panels.push_back({name, population, dose::weekly, c.dose.weekly.values()});
  }
  return panels;
}

class SearchStage : public Stage {
 public:
  std::string name() const override { return "search"; }
  std::string title() const override { return "Dose search"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    results.panels = make_panels(c);
    const dose::CohortView cohort = cohort_of(c, results);
    const auto report = [&](std::size_t done, std::size_t of) { progress.update(done, of); };
    results.search = dose::search(context.ranks, cohort, results.panels, c.dose, c.output.trajectories, report);
    for (dose::Decision& decision : results.search.decisions) {
      decision.label = "measured";
      decision.window = "day_21";
    }
    std::string summary = fmt::format("{} questions answered over {} virtual subjects per scenario",
                                      results.panels.size() * c.dose.targets.size(), c.cohort.size);
    const auto& fallen = results.search.fallen_back;
    if (!fallen.empty()) {
      summary += fmt::format("; pass rates fall with the dose, so bisection fell back on the whole grid in {}",
                             fmt::join(fallen, ", "));
    }
    return summary;
  }

  void write(const Context& context, const Results& results, store::Writer& out) const override {
    for (std::size_t p = 0; p < results.panels.size(); ++p) write_panel(context, results, p, out);
    write_decisions(results, out);
  }

 private:
  static void write_panel(const Context& context, const Results& results, std::size_t p, store::Writer& out) {
    const Configuration& c = context.configuration;
    const dose::Panel& panel = results.panels[p];
    const std::string group = fmt::format("/scenario/{}/{}", panel.scenario, panel.regimen.name);
    const std::string doses = group + "/dose";
    out.scale(doses, panel.doses, {"mg", "dose of one administration"});
    if (c.output.trajectories) {
      std::vector<double> subjects(c.cohort.size);
      std::iota(subjects.begin(), subjects.end(), 0.0);
      const std::size_t points = classifier::curve_points(panel.regimen.interval);
      out.scale(group + "/subject", subjects, {"1", "virtual subject"});
      out.scale(group + "/time", pkpd::midpoint_grid(panel.regimen.interval, points), {"h", "time after a dose"});
      const dose::LocalPanel& local = results.search.evaluation.local[p];
      out.distributed(group + "/concentration", {group + "/subject", group + "/time"}, 0, local.subjects.begin,
                      local.curve, {"ng/mL/mg", "steady-state concentration per mg of dose"});
    }
    for (std::size_t k = 0; k < results.classifiers.size(); ++k) {
      const classifier::Classifier& classifier = *results.classifiers[k].classifier;
      const std::string of_classifier = group + "/" + classifier.name();
      const dose::PassRates& rates = results.search.evaluation.rates[p][k];
      out.dataset(of_classifier + "/pass_rate", {doses}, rates.mean,
                  {"1", "mean probability of success over the cohort"});
      out.dataset(of_classifier + "/pass_rate_indicator", {doses}, rates.indicator,
                  {"1", "share of the cohort with probability above 0.5"});
      if (c.output.trajectories && c.dose.search == dose::Search::grid) {
        const dose::LocalPanel& local = results.search.evaluation.local[p];
        out.distributed(of_classifier + "/probability", {doses, group + "/subject"}, 1, local.subjects.begin,
                        local.probability[k], {"1", "probability of success"});
        if (classifier.shots() > 0) {
          out.distributed(of_classifier + "/counts", {doses, group + "/subject"}, 1, local.subjects.begin,
                          local.counts[k], {"1", "ones among the shots behind each probability"});
        }
      }
      out.attribute(of_classifier, "shots", static_cast<double>(classifier.shots()));
    }
  }

  static void write_decisions(const Results& results, store::Writer& out) {
    const std::vector<dose::Decision>& decisions = results.search.decisions;
    std::vector<double> cells(decisions.size());
    std::iota(cells.begin(), cells.end(), 0.0);
    const std::string axis = "/decision/cell";
    out.scale(axis, cells, {"1", "row of the decision table"});
    const auto words = [&](const std::string& name, const std::string& meaning, const auto& value) {
      std::vector<std::string> column;
      column.reserve(decisions.size());
      for (const dose::Decision& decision : decisions) column.push_back(value(decision));
      out.dataset("/decision/" + name, {axis}, column, {"1", meaning});
    };
    const auto numbers = [&](const std::string& name, const std::string& unit, const std::string& meaning,
                             const auto& value) {
      std::vector<double> column;
      column.reserve(decisions.size());
      for (const dose::Decision& decision : decisions) column.push_back(value(decision));
      out.dataset("/decision/" + name, {axis}, column, {unit, meaning});
    };
    using dose::Decision;
    words("scenario", "population", [](const Decision& d) { return d.scenario; });
    words("regimen", "daily (24 h) or weekly (168 h)", [](const Decision& d) { return d.regimen; });
    words("classifier", "who predicted", [](const Decision& d) { return d.classifier; });
    words("rule", "mean of p, or share of subjects with p > 0.5",
          [](const Decision& d) { return std::string(d.rule == dose::Rule::mean ? "mean" : "indicator"); });
    words("label", "what counts as a success", [](const Decision& d) { return d.label; });
    words("window", "when it is judged", [](const Decision& d) { return d.window; });
    numbers("target", "1", "share of the population that must succeed", [](const Decision& d) { return d.target; });
    numbers("minimal_dose", "mg", "lowest dose that reaches the target; NaN: none on this grid",
            [](const Decision& d) { return d.minimal_dose.value_or(std::numeric_limits<double>::quiet_NaN()); });
    numbers("lower", "mg", "lower end of the 90 % bootstrap interval; infinite: above the grid; NaN: not computed",
            [](const Decision& d) { return d.lower; });
    numbers("upper", "mg", "upper end of the 90 % bootstrap interval; infinite: above the grid; NaN: not computed",
            [](const Decision& d) { return d.upper; });
    numbers("pass_rate", "1", "pass rate at the minimal dose (at the highest dose where there is none)",
            [](const Decision& d) { return d.pass_rate; });
    numbers("pass_rate_below", "1", "pass rate one step below", [](const Decision& d) { return d.pass_rate_below; });
  }
};

}  // namespace

dose::CohortView cohort_of(const Configuration& configuration, const Results& results) {
  dose::CohortView cohort{&results.pk.best.model, configuration.cohort.size, configuration.seed, {}};
  for (const TrainedClassifier& trained : results.classifiers) cohort.classifiers.push_back(trained.classifier.get());
  return cohort;
}

std::unique_ptr<Stage> search_stage() { return std::make_unique<SearchStage>(); }

}  // namespace titrant::campaign
