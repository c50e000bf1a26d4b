#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "panels.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

void find_agreements(const Configuration& c, Results& results) {
  for (std::size_t k = 0; k < results.classifiers.size(); ++k) {
    const TrainedClassifier& one = results.classifiers[k];
    std::vector<dose::Attainment> method;
    std::vector<dose::Attainment> reference;
    for (std::size_t p = 0; p < results.panels.size(); ++p) {
      method.push_back(results.search.evaluation.attainment[p][k]);
      reference.push_back(results.mechanistic.attainment[p][one.endpoint]);
    }
    results.agreements.push_back(
        {one.method.name, one.endpoint,
         dose::agreement(results.panels, method, reference, results.endpoints[one.endpoint], c.protocol.questions())});
  }
}

/// [dose][subject] as [subject][dose], in which rows of smooth probabilities are packed best.
template <class Value>
std::vector<Value> by_subject(const std::vector<double>& by_dose, std::size_t subjects) {
  std::vector<Value> values(by_dose.size());
  const std::size_t doses = subjects == 0 ? 0 : by_dose.size() / subjects;
  for (std::size_t d = 0; d < doses; ++d) {
    for (std::size_t i = 0; i < subjects; ++i) values[i * doses + d] = static_cast<Value>(by_dose[d * subjects + i]);
  }
  return values;
}

/// Virtual subjects whose curves and predictions are written.
std::size_t stored_subjects(const Configuration& c) { return std::min(c.output.trajectories, c.cohort.size); }

/// The covariates that a population supplies to its subjects.
std::vector<std::string> covariate_names(const dose::VirtualPopulation& population) {
  std::vector<std::string> names;
  for (const auto& [name, distribution] : population.definition.covariates) names.push_back(name);
  if (!population.rows.empty()) {
    for (const auto& [name, value] : population.rows.front()) names.push_back(name);
  }
  return names;
}

/// R of some subjects at steady state on every dose of a regimen, at these times after a dose: [subject][dose][time].
std::vector<double> biomarker_courses(const std::vector<dose::VirtualSubject>& subjects,
                                      const protocol::Regimen& regimen, const std::vector<double>& times) {
  std::vector<double> all(subjects.size() * regimen.doses.size() * times.size());
  auto next = all.begin();
  for (const dose::VirtualSubject& subject : subjects) {
    const pkpd::BiomarkerResponse response(dose::per_unit_dose(subject, regimen), regimen.course(),
                                           {.steady_state = true}, times);
    for (const double dose : regimen.doses) {
      response.at_samples(subject.biomarker, dose, {next, times.size()});
      next += static_cast<std::ptrdiff_t>(times.size());
    }
  }
  return all;
}

class SearchStage : public Stage {
 public:
  std::string name() const override { return "search"; }
  std::string title() const override { return "Dose search"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    results.panels = make_panels(c, results);
    const Models models = fitted_models(results);
    const dose::CohortView cohort = cohort_of(c, results, models);
    const auto report = [&](std::size_t done, std::size_t of) { progress.update(done, of); };
    const std::vector<protocol::Question> questions = c.protocol.questions();
    results.search =
        dose::search(context.ranks, cohort, results.panels, results.endpoints, questions, c.dose.search, false, report);
    std::string summary;
    if (can_answer(models, results.endpoints)) {
      results.mechanistic = dose::mechanistic(context.ranks, cohort, results.panels, results.endpoints, false, report);
      const std::vector<dose::Decision> decisions =
          dose::mechanistic_decisions(results.panels, results.endpoints, results.mechanistic, questions);
      results.search.decisions.insert(results.search.decisions.end(), decisions.begin(), decisions.end());
      if (models.pk.model.kappa_count() > 0) answer_without_occasions(context, cohort, results, report);
      dose::add_without_steady_state(results.search.decisions, results.panels, results.endpoints, results.mechanistic);
      find_agreements(c, results);
      summary = monotonicity_text(results) + unsteady_text(c, results);
    }
    const auto& fallen = results.search.fallen_back;
    if (!fallen.empty()) {
      summary += fmt::format("; target attainment is not monotone in the dose, so the whole grid was evaluated in {}",
                             fmt::join(fallen, ", "));
    }
    return fmt::format("{} questions over {} virtual subjects of each population{}", questions.size(), c.cohort.size,
                       summary);
  }

  void write(const Context& context, const Results& results, store::Writer& out) const override {
    for (std::size_t p = 0; p < results.panels.size(); ++p) {
      write_panel(results.panels[p], out);
      for (std::size_t k = 0; k < results.classifiers.size(); ++k) write_method(results, p, k, out);
      write_mechanistic(dose::mechanistic_method, results.mechanistic, results, p, out);
      write_mechanistic(dose::no_occasions_method, results.no_occasions, results, p, out);
      if (stored_subjects(context.configuration) > 0) write_subjects(context, results, p, out);
    }
    write_agreements(results, out);
  }

 private:
  /// The answers of the same subjects with the same parameters on all occasions.
  static void answer_without_occasions(const Context& context, dose::CohortView cohort, Results& results,
                                       const std::function<void(std::size_t, std::size_t)>& report) {
    const pkpd::PopulationModel same = dose::without_occasions(*cohort.models.pk);
    cohort.models.pk = &same;
    results.no_occasions = dose::mechanistic(context.ranks, cohort, results.panels, results.endpoints, false, report);
    const std::vector<dose::Decision> decisions =
        dose::mechanistic_decisions(results.panels, results.endpoints, results.no_occasions,
                                    context.configuration.protocol.questions(), dose::no_occasions_method);
    results.search.decisions.insert(results.search.decisions.end(), decisions.begin(), decisions.end());
  }

  /// Where a dose that answers leaves subjects without a steady state.
  static std::string unsteady_text(const Configuration& c, const Results& results) {
    std::string text;
    for (const dose::Decision& decision : results.search.decisions) {
      if (decision.rule != c.dose.rule) continue;
      if (!(decision.without_steady_state > 0.0)) continue;
      constexpr double percent = 100.0;
      text +=
          fmt::format("; {:.2g} % of {} have no steady state on the dose of {} that answers {} for {:g} % by {}",
                      percent * decision.without_steady_state, decision.question.population, decision.question.regimen,
                      decision.question.endpoint, percent * decision.question.target, decision.method);
    }
    return text;
  }

  static std::string monotonicity_text(const Results& results) {
    dose::MonotonicityCheck all;
    for (const auto& of_panel : results.mechanistic.check) {
      for (const dose::MonotonicityCheck& check : of_panel) {
        all.outcomes += check.outcomes;
        all.violations += check.violations;
      }
    }
    return all.violations == 0
               ? fmt::format("; individual dose ranges held in all {} outcomes looked at", all.outcomes)
               : fmt::format(
                     "; individual dose ranges failed in {} of {} outcomes looked at: response is not monotone "
                     "in the dose",
                     all.violations, all.outcomes);
  }

  static std::string method_group(const Results& results, std::size_t p, const std::string& method,
                                  std::size_t endpoint) {
    return group_of(results.panels[p]) + "/" + store_name(results, method, endpoint);
  }

  static void write_panel(const dose::Panel& panel, store::Writer& out) {
    out.scale(group_of(panel) + "/dose", panel.regimen.doses);
  }

  static void write_attainment(const std::string& group, const dose::Attainment& attainment, store::Writer& out) {
    out.dataset(group + "/target_attainment", attainment.mean);
    out.dataset(group + "/target_attainment_indicator", attainment.indicator);
  }

  static void write_method(const Results& results, std::size_t p, std::size_t k, store::Writer& out) {
    const TrainedClassifier& trained = results.classifiers[k];
    const std::string group = method_group(results, p, trained.method.name, trained.endpoint);
    write_attainment(group, results.search.evaluation.attainment[p][k], out);
    out.attribute(group, "endpoint", results.endpoints[trained.endpoint].name());
    out.attribute(group, "shots", static_cast<std::int64_t>(trained.classifier->shots()));
  }

  static void write_mechanistic(std::string_view method, const dose::MechanisticAttainment& found,
                                const Results& results, std::size_t p, store::Writer& out) {
    if (found.attainment.empty()) return;
    for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
      const std::string group = method_group(results, p, std::string(method), k);
      write_attainment(group, found.attainment[p][k], out);
      out.attribute(group, "endpoint", results.endpoints[k].name());
      const dose::MonotonicityCheck& check = found.check[p][k];
      out.attribute(group, "outcomes_checked", static_cast<std::int64_t>(check.outcomes));
      out.attribute(group, "outcomes_against_monotonicity", static_cast<std::int64_t>(check.violations));
    }
  }

  /// Curves, predictions and individual dose ranges of the first subjects, found once more panel by panel, so that no
  /// more than one panel is in memory.
  static void write_subjects(const Context& context, const Results& results, std::size_t p, store::Writer& out) {
    const Configuration& c = context.configuration;
    const dose::Panel& panel = results.panels[p];
    const std::string group = group_of(panel);
    const Models models = fitted_models(results);
    dose::CohortView cohort = cohort_of(c, results, models);
    cohort.size = stored_subjects(c);
    cohort.first_panel = p;
    const bool grid = c.dose.search == dose::Search::grid;
    const std::vector<std::vector<std::size_t>> none(1);
    const parallel::Communicator ranks = context.ranks.with(nullptr);  // nothing of this is worth a checkpoint
    const dose::LocalPanel local =
        dose::evaluate(ranks, cohort, {panel}, grid ? dose::all_doses({panel}) : none, true).local.front();
    const std::size_t points = classifier::curve_points(panel.regimen.interval, c.classifier.curve_points);
    out.scale(group + "/subject", store::whole_numbers(cohort.size));
    out.scale(group + "/time", pkpd::midpoint_grid(panel.regimen.interval, points));
    out.distributed(group + "/concentration", 0, local.subjects.begin, local.curve);
    write_drawn(c, cohort, panel, local.subjects, out);
    for (std::size_t k = 0; k < results.classifiers.size() && grid; ++k) {
      const TrainedClassifier& trained = results.classifiers[k];
      const std::string of_method = method_group(results, p, trained.method.name, trained.endpoint);
      const std::size_t subjects = local.subjects.size();
      out.distributed(of_method + "/probability", 0, local.subjects.begin,
                      by_subject<double>(local.probability[k], subjects));
      if (trained.classifier->shots() == 0) continue;
      out.distributed(of_method + "/counts", 0, local.subjects.begin,
                      by_subject<std::int64_t>(local.counts[k], subjects));
    }
    if (!models.pd) return;
    const auto write_ranges = [&](std::string_view method) {
      const dose::LocalSuccessRanges found =
          dose::mechanistic(ranks, cohort, {panel}, results.endpoints, true).local.front();
      for (std::size_t k = 0; k < results.endpoints.size(); ++k) {
        const std::string of_method = method_group(results, p, std::string(method), k);
        out.distributed(of_method + "/success_from", 0, found.subjects.begin, found.from[k]);
        out.distributed(of_method + "/success_to", 0, found.subjects.begin, found.to[k]);
      }
    };
    write_ranges(dose::mechanistic_method);
    if (models.pk.model.kappa_count() == 0) return;
    const pkpd::PopulationModel same = dose::without_occasions(models.pk.model);
    cohort.models.pk = &same;
    write_ranges(dose::no_occasions_method);
  }

  /// Covariates of the subjects of this rank, and R(t) of the first ones of all.
  static void write_drawn(const Configuration& c, const dose::CohortView& cohort, const dose::Panel& panel,
                          const parallel::Block& block, store::Writer& out) {
    const std::string group = group_of(panel);
    const dose::Cohort draws(panel.population, cohort.models, cohort.seed);
    std::vector<dose::VirtualSubject> subjects;
    for (std::size_t i = block.begin; i < block.end; ++i) subjects.push_back(draws.subject(i));
    for (const std::string& name : covariate_names(panel.population)) {
      std::vector<double> values;
      for (const dose::VirtualSubject& subject : subjects) values.push_back(subject.covariates.find(name)->second);
      out.distributed(group + "/covariate/" + name, 0, block.begin, values);
    }
    const std::size_t followed = std::min(c.output.biomarker_courses, cohort.size);
    if (followed == 0 || cohort.models.biomarker == nullptr) return;
    if (!pkpd::has_steady_state(cohort.models.biomarker->baseline, panel.regimen.interval)) return;
    const std::size_t points = classifier::curve_points(panel.regimen.interval, c.classifier.curve_points);
    const std::size_t begin = std::min(block.begin, followed);
    subjects.resize(std::min(block.end, followed) - begin);
    out.scale(group + "/biomarker_subject", store::whole_numbers(followed));
    out.distributed(group + "/biomarker", 0, begin,
                    biomarker_courses(subjects, panel.regimen, pkpd::midpoint_grid(panel.regimen.interval, points)));
  }

  static void write_agreements(const Results& results, store::Writer& out) {
    if (results.agreements.empty()) return;
    out.scale("/agreement/row", store::whole_numbers(results.agreements.size()));
    using Row = NamedAgreement;
    store::Columns(out, "/agreement", results.agreements)
        .words("method", [](const Row& r) { return r.name; })
        .words("endpoint", [&](const Row& r) { return results.endpoints[r.endpoint].name(); })
        .numbers("grid_steps", [](const Row& r) { return r.agreement.grid_steps; })
        .numbers("target_attainment", [](const Row& r) { return r.agreement.attainment; })
        .integers("unanswered", [](const Row& r) { return r.agreement.unanswered; });
  }
};

}  // namespace

std::vector<dose::Panel> make_panels(const Configuration& configuration, const Results& results) {
  const std::vector<protocol::Question> questions = configuration.protocol.questions();
  std::vector<dose::Panel> panels;
  for (const dose::VirtualPopulation& population : results.populations) {
    for (const protocol::Regimen& regimen : configuration.protocol.regimens) {
      const bool asked = std::any_of(questions.begin(), questions.end(), [&](const protocol::Question& one) {
        return one.population == population.definition.name && one.regimen == regimen.name;
      });
      if (!asked) continue;
      dose::require_supplied(population, regimen);
      panels.push_back({population, regimen});
    }
  }
  return panels;
}

std::string group_of(const dose::Panel& panel) {
  return fmt::format("/population/{}/{}", panel.population.definition.name, panel.regimen.name);
}

dose::CohortView cohort_of(const Configuration& configuration, const Results& results, const Models& models) {
  dose::CohortView cohort;
  cohort.models = population_models(models);
  cohort.size = configuration.cohort.size;
  cohort.seed = configuration.seed;
  cohort.points = configuration.classifier.curve_points;
  for (const TrainedClassifier& trained : results.classifiers) {
    const dose::ResolvedEndpoint& endpoint = results.endpoints[trained.endpoint];
    cohort.predictors.push_back(
        {trained.classifier.get(), trained.method.name, endpoint.name(), dose::exposure_window(endpoint)});
  }
  return cohort;
}

std::unique_ptr<Stage> search_stage() { return std::make_unique<SearchStage>(); }

}  // namespace titrant::run
