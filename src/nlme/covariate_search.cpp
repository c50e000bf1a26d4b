#include "covariate_search.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_rounds = 12;         // of one step; each must improve the model
constexpr double worthwhile_bic = 0.1;  // a smaller gain is that of the optimiser's tolerance

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void erase(std::vector<std::string>& names, const std::string& name) {
  names.erase(std::remove(names.begin(), names.end(), name), names.end());
}

/// The etas in the order of the structure's parameters, so that equal shapes look equal.
void sort_etas(PdShape& shape) {
  std::vector<std::string> sorted;
  for (const std::string& name : parameter_names(shape.structure)) {
    if (has(shape.etas, name)) sorted.push_back(name);
  }
  shape.etas = sorted;
}

}  // namespace

double likelihood_ratio_p(double drop) {
  if (!(drop > 0.0)) return 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(1.0), drop));
}

CovariateSearch::CovariateSearch(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                                 FittedShape start, std::vector<PdCandidate>& tried)
    : ranks_(ranks), model_(model), options_(options), current_(std::move(start)), tried_(tried) {}

FittedShape CovariateSearch::run() {
  if (options_.search.variability) variability();
  if (options_.search.enabled) {
    forward();
    placement();
  }
  if (options_.search.variability) variability();
  if (options_.search.enabled) backward();
  return current_;
}

std::vector<FittedShape> CovariateSearch::fit(const std::vector<PdShape>& shapes, const std::string& step) {
  std::vector<ShapeStart> starts;
  for (const PdShape& shape : shapes) starts.push_back({shape, current_.population});
  std::vector<FittedShape> fitted = fit_shapes(ranks_, model_, starts, options_);
  for (const FittedShape& one : fitted) tried_.push_back(row(one, step));
  return fitted;
}

bool CovariateSearch::may_change(const std::string& parameter) const {
  return !options_.fixed.contains(parameter) && !options_.fixed.contains("omega." + parameter);
}

bool CovariateSearch::is_searched(const std::string& parameter, const std::string& covariate) const {
  const auto named = options_.covariates.find(parameter);
  return named == options_.covariates.end() || !named->second.contains(covariate);
}

std::vector<PdShape> CovariateSearch::other_variability() const {
  std::vector<PdShape> shapes;
  const PdShape& now = current_.shape;
  const auto add = [&](PdShape shape) {
    sort_etas(shape);
    shapes.push_back(std::move(shape));
  };
  const std::vector<std::string> names = parameter_names(now.structure);
  for (const std::string& name : names) {
    if (!may_change(name)) continue;
    const bool held = now.held.contains(name);
    PdShape other = now;
    if (has(now.etas, name)) {
      if (now.etas.size() > 1) {
        erase(other.etas, name);
        add(other);
      }
      for (const std::string& instead : names) {
        if (has(now.etas, instead) || now.held.contains(instead) || !may_change(instead)) continue;
        PdShape moved = now;
        erase(moved.etas, name);
        moved.etas.push_back(instead);
        add(moved);
      }
    } else if (!held) {
      other.etas.push_back(name);
      add(other);
    }
    // A sigmoid or its absence; an inhibition that is complete.
    const bool can_be_one = name == "hill" || (name == "effect" && pkpd::inhibits(now.structure));
    if (!can_be_one || has(now.etas, name) || now.effects.contains(name)) continue;
    PdShape shape = now;
    if (held) {
      shape.held.erase(name);
    } else {
      shape.held[name] = 1.0;
    }
    add(shape);
  }
  if (now.error == ErrorKind::combined) {
    PdShape simpler = now;
    for (const ErrorKind kind : {ErrorKind::additive, ErrorKind::proportional}) {
      simpler.error = kind;
      if (!options_.fixed.contains("error.additive") && !options_.fixed.contains("error.proportional")) add(simpler);
    }
  }
  return shapes;
}

void CovariateSearch::variability() {
  for (int round = 0; round < most_rounds; ++round) {
    const std::vector<FittedShape> fitted = fit(other_variability(), "variability");
    const auto best = std::min_element(fitted.begin(), fitted.end(),
                                       [](const FittedShape& a, const FittedShape& b) { return a.bic < b.bic; });
    if (best == fitted.end() || !(best->bic < current_.bic - worthwhile_bic)) return;
    current_ = *best;
  }
}

std::vector<PdShape> CovariateSearch::with_one_more_effect() const {
  std::vector<PdShape> shapes;
  const std::vector<std::string> names =
      options_.search.parameters.empty() ? parameter_names(current_.shape.structure) : options_.search.parameters;
  for (const std::string& name : names) {
    if (current_.shape.held.contains(name) || !has(parameter_names(current_.shape.structure), name)) continue;
    for (const std::string& covariate : options_.search.covariates) {
      const auto present = current_.shape.effects.find(name);
      if (present != current_.shape.effects.end() && present->second.contains(covariate)) continue;
      if (!varies(model_, covariate)) continue;
      PdShape shape = current_.shape;
      shape.effects[name][covariate] = usual_kind(model_, covariate);
      shapes.push_back(std::move(shape));
    }
  }
  return shapes;
}

void CovariateSearch::forward() {
  for (int round = 0; round < most_rounds; ++round) {
    const std::vector<FittedShape> fitted = fit(with_one_more_effect(), "forward");
    const auto best = std::min_element(fitted.begin(), fitted.end(), [](const FittedShape& a, const FittedShape& b) {
      return a.objective < b.objective;
    });
    if (best == fitted.end() || !(likelihood_ratio_p(current_.objective - best->objective) < options_.search.forward)) {
      return;
    }
    current_ = *best;
  }
}

void CovariateSearch::placement() {
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<PdShape> shapes;
    for (const auto& [name, of_parameter] : current_.shape.effects) {
      for (const auto& [covariate, setting] : of_parameter) {
        if (!is_searched(name, covariate)) continue;
        PdShape without = current_.shape;
        without.effects[name].erase(covariate);
        if (without.effects[name].empty()) without.effects.erase(name);
        for (const std::string& other : parameter_names(current_.shape.structure)) {
          const auto present = current_.shape.effects.find(other);
          const bool there = present != current_.shape.effects.end() && present->second.contains(covariate);
          if (other == name || there || current_.shape.held.contains(other)) continue;
          PdShape moved = without;
          moved.effects[other][covariate] = setting;
          shapes.push_back(std::move(moved));
        }
      }
    }
    const std::vector<FittedShape> fitted = fit(shapes, "placement");
    const auto best = std::min_element(fitted.begin(), fitted.end(),
                                       [](const FittedShape& a, const FittedShape& b) { return a.bic < b.bic; });
    if (best == fitted.end() || !(best->bic < current_.bic - worthwhile_bic)) return;
    current_ = *best;
  }
}

void CovariateSearch::backward() {
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<PdShape> shapes;
    for (const auto& [name, of_parameter] : current_.shape.effects) {
      for (const auto& [covariate, setting] : of_parameter) {
        if (!is_searched(name, covariate)) continue;
        PdShape without = current_.shape;
        without.effects[name].erase(covariate);
        if (without.effects[name].empty()) without.effects.erase(name);
        shapes.push_back(std::move(without));
      }
    }
    const std::vector<FittedShape> fitted = fit(shapes, "backward");
    const auto best = std::min_element(fitted.begin(), fitted.end(), [](const FittedShape& a, const FittedShape& b) {
      return a.objective < b.objective;
    });
    if (best == fitted.end() ||
        !(likelihood_ratio_p(best->objective - current_.objective) > options_.search.backward)) {
      return;
    }
    current_ = *best;
  }
}

}  // namespace titrant::nlme
