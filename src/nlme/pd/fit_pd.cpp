#include "titrant/nlme/fit_pd.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "blocks.hpp"
#include "covariate_search.hpp"
#include "pd_estimate.hpp"
#include "pd_initial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/draw.hpp"
#include "titrant/nlme/joint_blocks.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace titrant::nlme {

namespace {

constexpr std::size_t named_rivals = 3;
constexpr double close_bic = 6.0;  // rivals within so many points are named

/// The best shape of the search, and what there is to say about it.
struct Found {
  FittedShape shape;
  std::vector<std::string> notes;
};

/// Fits shapes of several structures side by side, each from the data's initial values; the best by BIC.
FittedShape best_structure(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                           const std::vector<PdShape>& shapes, std::vector<PdCandidate>& tried) {
  std::vector<ShapeStart> starts;
  starts.reserve(shapes.size());
  for (const PdShape& shape : shapes) {
    starts.push_back({shape, pd_initial_values(PdModel(model, shape.structure, shape.baseline), options)});
  }
  const std::vector<FittedShape> fitted = fit_shapes(ranks, model, starts, options);
  for (const FittedShape& one : fitted) add_row(tried, row(one, "structure"));
  return *std::min_element(fitted.begin(), fitted.end(),
                           [](const FittedShape& a, const FittedShape& b) { return a.bic < b.bic; });
}

FittedShape first_shape(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                        std::vector<PdCandidate>& tried) {
  std::vector<PdShape> shapes;
  for (const pkpd::BiomarkerStructure structure : structures_tried(options)) {
    shapes.push_back(plain_shape(options, structure));
  }
  FittedShape best = best_structure(ranks, model, options, shapes, tried);
  if (!std::isfinite(best.bic)) {
    throw NumericalError(
        "the biomarker model cannot be fitted: no structure has a finite objective from its initial values; see "
        "pd.structure and pd.fixed");
  }
  return best;
}

/// The shape that a search ended with, for the structures not searched yet.
std::vector<PdShape> in_other_structures(const PdShape& found, const PdOptions& options,
                                         const std::vector<pkpd::BiomarkerStructure>& searched) {
  std::vector<PdShape> shapes;
  for (const pkpd::BiomarkerStructure structure : structures_tried(options)) {
    if (std::find(searched.begin(), searched.end(), structure) != searched.end()) continue;
    const PdShape translated = translate(found, plain_shape(options, structure));
    if (!translated.etas.empty()) shapes.push_back(translated);
  }
  return shapes;
}

/// Searches from the best plain structure; as long as another structure is better in the shape found, from that, too.
Found search(const parallel::Communicator& ranks, const PdModel& any, const PdOptions& options,
             std::vector<PdCandidate>& tried) {
  FittedShape start = first_shape(ranks, any, options, tried);
  std::vector<pkpd::BiomarkerStructure> searched;
  std::optional<Found> best;
  while (true) {
    const PdModel model(any, start.shape.structure, start.shape.baseline);
    CovariateSearch steps(ranks, model, options, start, tried);
    Found found{steps.run(), steps.notes()};
    searched.push_back(start.shape.structure);
    const std::vector<PdShape> others = in_other_structures(found.shape.shape, options, searched);
    if (!best || found.shape.bic < best->shape.bic) best = std::move(found);
    const bool searches = options.search.variability || options.search.enabled;
    if (!options.automatic || !searches || others.empty()) return *best;
    start = best_structure(ranks, any, options, others, tried);
    if (!(start.bic < best->shape.bic)) return *best;
  }
}

/// One subject tells nothing of how subjects differ, nor of covariates.
PdOptions without_impossible_variability(const PdModel& model, PdOptions options, std::vector<std::string>& remarks) {
  if (model.subjects() > 1) return options;
  remarks.emplace_back(
      "one subject alone has biomarker values: the fit is without variability between subjects and "
      "without a search");
  options.variability.clear();
  options.blocks.clear();
  options.joint_blocks.clear();
  std::erase_if(options.fixed, [](const auto& one) {
    return one.first.starts_with("omega.") || one.first.starts_with("correlation.");
  });
  options.search.enabled = false;
  options.search.variability = false;
  return options;
}

/// Why the final model, and which others are close.
std::string reason_for(const Found& found, const std::vector<PdCandidate>& tried) {
  const FittedShape& best = found.shape;
  const std::string name = best.shape.description();
  std::vector<PdCandidate> rivals;
  for (const PdCandidate& other : tried) {
    if (other.description != name && other.bic < best.bic + close_bic) rivals.push_back(other);
  }
  std::stable_sort(rivals.begin(), rivals.end(), [](const auto& a, const auto& b) { return a.bic < b.bic; });
  std::string text = fmt::format("{}: BIC {:.1f}, the answer of {} models tried", name, best.bic, tried.size());
  for (const std::string& note : found.notes) text += "; " + note;
  text += rivals.empty() ? fmt::format("; no other within {:g} BIC points", close_bic)
                         : fmt::format("; {} within {:g} BIC points", rivals.size(), close_bic);
  if (rivals.size() > named_rivals) rivals.resize(named_rivals);
  for (const PdCandidate& rival : rivals) {
    text += fmt::format("{} [{}] ({:+.1f}, objective {:.3f})", &rival == rivals.data() ? ":" : ",", rival.description,
                        rival.bic - best.bic, rival.objective);
  }
  return text;
}

}  // namespace

PdFit fit_pd(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
             const PdOptions& asked, std::uint64_t seed) {
  check_names(asked);
  expect_joint_blocks(asked, pk.population);
  expect_joint_subjects(asked, trial);
  PdFit result;
  const PdModel any(trial, pk, asked.structure, asked.baselines.front(), asked.error == ErrorKind::binary);
  expect_fittable_values(any, asked);
  std::vector<std::string> remarks;
  const PdOptions options = without_impossible_variability(any, asked, remarks);
  const Found found = search(ranks, any, options, result.candidates);
  const PdModel model(any, found.shape.shape.structure, found.shape.shape.baseline);
  result.reason = reason_for(found, result.candidates);

  PdOptions last = options;
  Population initial = found.shape.population;
  if (options.method != PdMethod::individual) {
    // The individual fit, cheap from several starts, is where the dear ones start.
    last.method = PdMethod::individual;
    last.covariance = CovarianceKind::none;
    initial = fit_biomarker(ranks, trial, pk, model, initial, last, seed).population;
    last = options;
    last.starts = 1;
  }
  result.best = fit_biomarker(ranks, trial, pk, model, initial, last, seed);
  result.best.description = found.shape.shape.description();
  result.best.remarks.insert(result.best.remarks.end(), remarks.begin(), remarks.end());
  // By `individual` the final fit is of the model that the search found, to its end: one row, the last.
  if (options.method == PdMethod::individual) {
    std::erase_if(result.candidates,
                  [&](const PdCandidate& one) { return one.description == result.best.description; });
  }
  result.candidates.push_back({result.best.description, "final", model.structure(), result.best.objective,
                               result.best.aic, result.best.bic, result.best.estimated, result.best.converged,
                               model.baseline()});
  return result;
}

BiomarkerFit refit_pd(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                      const BiomarkerFit& like, const PdOptions& options, std::uint64_t seed) {
  const PdModel model(trial, pk, like.model.structure, like.model.baseline,
                      like.model.error.form == pkpd::ErrorForm::binary);
  PdOptions once = options;
  once.starts = 1;
  once.method = like.how;
  if (!once.joint_blocks.empty()) add_correlations(like.population, once.initial);
  BiomarkerFit fit =
      fit_biomarker(ranks, trial, pk, model, biomarker_part(like.population, like.model.structure), once, seed);
  fit.description = like.description;
  return fit;
}

DrawnModels draw_model(const BiomarkerFit& fit, core::Stream& stream) {
  const Population population = draw_population(fit, stream);
  DrawnModels drawn{biomarker_model_of(population, fit.model.structure), std::nullopt};
  if (fit.pk) drawn.pk = pk_model_of(population, fit.pk->structure);
  return drawn;
}

}  // namespace titrant::nlme
