#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/pd_parts.hpp"
#include "titrant/nlme/pk_parts.hpp"
#include "titrant/nlme/random_effects.hpp"
#include "titrant/run/models.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

using nlme::Effect;
using nlme::OmegaBlock;
using nlme::Parameter;
using nlme::Population;
using nlme::ResponseError;

constexpr std::array<std::string_view, 3> effect_kinds = {"power", "exponential", "categorical"};
constexpr std::array<std::string_view, 3> transformations = {"log", "logit", "linear"};
constexpr std::array<std::string_view, 3> absorptions = {"first_order", "zero_order", "transit"};
constexpr std::array<std::string_view, 5> error_forms = {"variances", "deviations", "power", "log_normal", "binary"};
constexpr std::array<std::string_view, 3> pd_methods = {"individual", "population", "joint"};

/// The only response of a fit has no name of its own in Population, and a store has no empty names.
constexpr const char* only_response = "observed";

/// One covariate effect with the parameter that it acts on.
struct EffectRow {
  std::size_t parameter = 0;
  Effect effect;
};

std::vector<EffectRow> effects_of(const Population& population) {
  std::vector<EffectRow> rows;
  for (std::size_t i = 0; i < population.parameters.size(); ++i) {
    for (const Effect& effect : population.parameters[i].effects) rows.push_back({i, effect});
  }
  return rows;
}

void write_effects(const std::string& group, const Population& population, store::Writer& out) {
  const std::vector<EffectRow> rows = effects_of(population);
  if (rows.empty()) return;
  out.scale(group + "/effect", store::whole_numbers(rows.size()));
  store::Columns(out, group, rows)
      .integers("effect_parameter", [](const EffectRow& one) { return one.parameter; })
      .words("effect_covariate", [](const EffectRow& one) { return one.effect.effect.covariate; })
      .words("effect_kind",
             [](const EffectRow& one) {
               return std::string(effect_kinds.at(static_cast<std::size_t>(one.effect.effect.kind)));
             })
      .numbers("effect_coefficient", [](const EffectRow& one) { return one.effect.effect.coefficient; })
      .numbers("effect_reference", [](const EffectRow& one) { return one.effect.effect.reference; })
      .integers("effect_fixed", [](const EffectRow& one) { return one.effect.fixed; });
}

/// The correlation of the etas of two parameters.
struct CorrelationRow {
  std::size_t first = 0;
  std::size_t second = 0;
  double value = 0.0;
  bool fixed = false;
};

std::vector<CorrelationRow> correlations_of_blocks(const Population& population) {
  std::vector<CorrelationRow> rows;
  for (const OmegaBlock& block : population.blocks) {
    for (std::size_t row = 1; row < block.parameters.size(); ++row) {
      for (std::size_t column = 0; column < row; ++column) {
        rows.push_back({block.parameters[column], block.parameters[row],
                        block.correlations[OmegaBlock::pair(row, column)], block.fixed});
      }
    }
  }
  return rows;
}

void write_correlations(const std::string& group, const Population& population, store::Writer& out) {
  const std::vector<CorrelationRow> rows = correlations_of_blocks(population);
  if (rows.empty()) return;
  out.scale(group + "/correlation", store::whole_numbers(rows.size()));
  store::Columns(out, group, rows)
      .integers("correlation_first", [](const CorrelationRow& one) { return one.first; })
      .integers("correlation_second", [](const CorrelationRow& one) { return one.second; })
      .numbers("correlation_value", [](const CorrelationRow& one) { return one.value; })
      .integers("correlation_fixed", [](const CorrelationRow& one) { return one.fixed; });
}

void write_errors(const std::string& group, const Population& population, store::Writer& out) {
  std::vector<std::string> names;
  for (const ResponseError& error : population.errors) names.push_back(error.name.empty() ? only_response : error.name);
  out.scale(group + "/response", names);
  store::Columns(out, group, population.errors)
      .words("response_units", [](const ResponseError& one) { return one.units; })
      .numbers("additive", [](const ResponseError& one) { return one.model.additive; })
      .integers("additive_fixed", [](const ResponseError& one) { return one.additive_fixed; })
      .numbers("proportional", [](const ResponseError& one) { return one.model.proportional; })
      .integers("proportional_fixed", [](const ResponseError& one) { return one.proportional_fixed; })
      .words("error_form",
             [](const ResponseError& one) {
               return std::string(error_forms.at(static_cast<std::size_t>(one.model.form)));
             })
      .numbers("exponent", [](const ResponseError& one) { return one.model.exponent; })
      .integers("exponent_fixed", [](const ResponseError& one) { return one.exponent_fixed; })
      .numbers("error_omega", [](const ResponseError& one) { return one.model.omega; })
      .integers("error_omega_fixed", [](const ResponseError& one) { return one.omega_fixed; });
}

void write_uncertainty(const std::string& group, const nlme::FitSummary& fit, store::Writer& out) {
  if (fit.x.empty()) return;
  const nlme::Layout layout(fit.population);
  std::vector<std::string> names;
  for (const nlme::Coordinate& coordinate : layout.coordinates()) names.push_back(coordinate.name);
  out.scale(group + "/coordinate", names);
  out.dataset(group + "/optimum", fit.x);
  out.dataset(group + "/covariance", fit.covariance);
  if (fit.draws.empty()) return;
  std::vector<double> draws;
  for (const std::vector<double>& one : fit.draws) draws.insert(draws.end(), one.begin(), one.end());
  out.scale(group + "/draw", store::whole_numbers(fit.draws.size()));
  out.dataset(group + "/draws", draws);
}

/// Reads one model group; every fault names the file.
class ModelReader {
 public:
  ModelReader(const store::Reader& store, std::string group) : store_(store), group_(std::move(group)) {}

  nlme::FitSummary read() const {
    if (!store_.contains(group_ + "/model")) {
      refuse(
          fmt::format("a version of the program wrote it that kept no models ({}/model): fit again, with titrant fit "
                      "--config {} --output OTHER.h5",
                      group_, store_.file().string()));
    }
    nlme::FitSummary fit;
    fit.description = store_.text_attribute(group_, "structure");
    fit.method = store_.text_attribute(group_, "method");
    fit.standard_error_method = store_.text_attribute(group_, "standard_errors");
    fit.population.concentration_scale = units().concentration_of_amount_per_litre();
    read_parameters(fit.population);
    read_effects(fit.population);
    read_correlations(fit.population);
    read_errors(fit.population);
    fit.population.occasion = store_.text_attribute(group_ + "/model", "occasion");
    fit.population.absorption.kind = static_cast<pkpd::AbsorptionKind>(
        place_of_word(absorptions, store_.text_attribute(group_ + "/model", "absorption"), "absorption"));
    read_transit(fit.population.absorption);
    nlme::name_etas(fit);
    read_uncertainty(fit);
    return fit;
  }

  trial::Units units() const {
    return {store_.text_attribute(group_ + "/model", "amount"),
            store_.text_attribute(group_ + "/model", "concentration"),
            store_.text_attribute(group_ + "/model", "biomarker")};
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw StoreError(fmt::format("{}: {}", store_.file().string(), why));
  }

  std::string path(const char* name) const { return fmt::format("{}/model/{}", group_, name); }

  /// A column of as many values as its axis has.
  template <class Values>
  Values whole(Values values, const char* name, std::size_t rows) const {
    if (values.size() != rows) {
      refuse(fmt::format("{} has {} values where {} are expected", path(name), values.size(), rows));
    }
    return values;
  }
  std::vector<double> numbers(const char* name, std::size_t rows) const {
    return whole(store_.numbers(path(name)), name, rows);
  }
  std::vector<std::int64_t> integers(const char* name, std::size_t rows) const {
    return whole(store_.integers(path(name)), name, rows);
  }
  std::vector<std::string> strings(const char* name, std::size_t rows) const {
    return whole(store_.strings(path(name)), name, rows);
  }

  template <std::size_t count>
  std::size_t place_of_word(const std::array<std::string_view, count>& words, const std::string& word,
                            const char* name) const {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) refuse(fmt::format("{} is '{}', which this version does not know", path(name), word));
    return static_cast<std::size_t>(found - words.begin());
  }

  void read_parameters(Population& population) const {
    const std::vector<std::string> names = store_.strings(path("parameter"));
    const std::size_t rows = names.size();
    const auto units = strings("units", rows);
    const auto typical = numbers("typical", rows);
    const auto typical_fixed = integers("typical_fixed", rows);
    const auto omega = numbers("omega", rows);
    const auto omega_fixed = integers("omega_fixed", rows);
    const auto occasion_omega = numbers("occasion_omega", rows);
    const auto occasion_omega_fixed = integers("occasion_omega_fixed", rows);
    const auto transformation = strings("transformation", rows);
    const auto lower = numbers("lower", rows);
    const auto upper = numbers("upper", rows);
    for (std::size_t i = 0; i < rows; ++i) {
      Parameter parameter;
      parameter.name = names[i];
      parameter.units = units[i];
      parameter.scale.kind =
          static_cast<pkpd::Scale::Kind>(place_of_word(transformations, transformation[i], "transformation"));
      parameter.scale.lower = lower[i];
      parameter.scale.upper = upper[i];
      parameter.typical = typical[i];
      parameter.typical_fixed = typical_fixed[i] != 0;
      parameter.omega = omega[i];
      parameter.omega_fixed = omega_fixed[i] != 0;
      parameter.occasion_omega = occasion_omega[i];
      parameter.occasion_omega_fixed = occasion_omega_fixed[i] != 0;
      population.parameters.push_back(std::move(parameter));
    }
  }

  void read_effects(Population& population) const {
    if (!store_.contains(path("effect"))) return;
    const std::size_t rows = store::rows_of(store_, path("effect"));
    const auto parameter = integers("effect_parameter", rows);
    const auto covariate = strings("effect_covariate", rows);
    const auto kind = strings("effect_kind", rows);
    const auto coefficient = numbers("effect_coefficient", rows);
    const auto reference = numbers("effect_reference", rows);
    const auto fixed = integers("effect_fixed", rows);
    for (std::size_t i = 0; i < rows; ++i) {
      if (parameter[i] < 0 || static_cast<std::size_t>(parameter[i]) >= population.parameters.size()) {
        refuse(fmt::format("{} is {}, which is no place in {}", path("effect_parameter"), parameter[i],
                           path("parameter")));
      }
      Effect effect;
      effect.effect.covariate = covariate[i];
      effect.effect.kind = static_cast<pkpd::EffectKind>(place_of_word(effect_kinds, kind[i], "effect_kind"));
      effect.effect.coefficient = coefficient[i];
      effect.effect.reference = reference[i];
      effect.fixed = fixed[i] != 0;
      population.parameters[static_cast<std::size_t>(parameter[i])].effects.push_back(std::move(effect));
    }
  }

  void read_transit(pkpd::Absorption& absorption) const {
    const double count = store_.number_attribute(group_ + "/model", "transit_compartments");
    const bool transit = absorption.kind == pkpd::AbsorptionKind::transit;
    if (!(transit ? count >= 1.0 && count <= 100.0 : count == 0.0) || count != std::floor(count)) {
      refuse(fmt::format("{}/model has {} transit compartments, which its absorption cannot have", group_, count));
    }
    absorption.transit_compartments = static_cast<int>(count);
  }

  /// Blocks are written pair by pair, each block as a whole: a row whose column is the block's first begins a member.
  void read_correlations(Population& population) const {
    if (!store_.contains(path("correlation"))) return;
    const std::size_t rows = store::rows_of(store_, path("correlation"));
    const auto first = integers("correlation_first", rows);
    const auto second = integers("correlation_second", rows);
    const auto value = numbers("correlation_value", rows);
    const auto fixed = integers("correlation_fixed", rows);
    for (std::size_t i = 0; i < rows; ++i) {
      for (const std::int64_t place : {first[i], second[i]}) {
        const bool varies = place >= 0 && static_cast<std::size_t>(place) < population.parameters.size() &&
                            population.parameters[static_cast<std::size_t>(place)].omega > 0.0;
        if (!varies) refuse(fmt::format("{} has a pair with {}, no parameter that varies", path("correlation"), place));
      }
      const auto column = static_cast<std::size_t>(first[i]);
      const auto row = static_cast<std::size_t>(second[i]);
      std::vector<OmegaBlock>& blocks = population.blocks;
      if (blocks.empty() || blocks.back().parameters.front() != column || blocks.back().parameters.back() >= row) {
        const bool further = !blocks.empty() && blocks.back().parameters.back() == row;  // a further pair of a member
        if (!further) blocks.push_back({.parameters = {column}, .correlations = {}, .fixed = fixed[i] != 0});
      }
      OmegaBlock& block = blocks.back();
      if (block.parameters.back() != row) block.parameters.push_back(row);
      block.correlations.push_back(value[i]);
    }
    for (const OmegaBlock& block : population.blocks) {
      const std::size_t members = block.parameters.size();
      const bool ascending = std::is_sorted(block.parameters.begin(), block.parameters.end());
      const bool possible = std::all_of(block.correlations.begin(), block.correlations.end(),
                                        [](double one) { return std::abs(one) < 1.0; });
      if (!ascending || !possible || block.correlations.size() != members * (members - 1) / 2) {
        refuse(fmt::format("{} holds no blocks of correlated parameters", path("correlation")));
      }
      try {
        nlme::partial_coordinates(block);
      } catch (const NumericalError& error) {
        refuse(fmt::format("{}: {}", path("correlation"), error.what()));
      }
    }
  }

  void read_errors(Population& population) const {
    const std::vector<std::string> names = store_.strings(path("response"));
    const std::size_t rows = names.size();
    if (rows == 0 || rows > nlme::max_responses) refuse(fmt::format("{} has {} kinds", path("response"), rows));
    const auto units = strings("response_units", rows);
    const auto additive = numbers("additive", rows);
    const auto additive_fixed = integers("additive_fixed", rows);
    const auto proportional = numbers("proportional", rows);
    const auto proportional_fixed = integers("proportional_fixed", rows);
    const bool one_form = !store_.contains(path("error_form"));  // stores of earlier versions
    const auto forms = one_form ? std::vector<std::string>(rows, "variances") : strings("error_form", rows);
    const auto exponent = one_form ? std::vector<double>(rows, 0.0) : numbers("exponent", rows);
    const auto exponent_fixed = one_form ? std::vector<std::int64_t>(rows, 0) : integers("exponent_fixed", rows);
    const bool same_in_all = !store_.contains(path("error_omega"));  // stores of earlier versions
    const auto omega = same_in_all ? std::vector<double>(rows, 0.0) : numbers("error_omega", rows);
    const auto omega_fixed = same_in_all ? std::vector<std::int64_t>(rows, 0) : integers("error_omega_fixed", rows);
    population.errors.clear();
    for (std::size_t i = 0; i < rows; ++i) {
      ResponseError error;
      if (rows > 1) error.name = names[i];
      error.units = units[i];
      error.model = {.additive = additive[i],
                     .proportional = proportional[i],
                     .form = static_cast<pkpd::ErrorForm>(place_of_word(error_forms, forms[i], "error_form")),
                     .exponent = exponent[i],
                     .omega = omega[i]};
      error.omega_fixed = omega_fixed[i] != 0;
      error.exponent_fixed = exponent_fixed[i] != 0;
      error.additive_fixed = additive_fixed[i] != 0;
      error.proportional_fixed = proportional_fixed[i] != 0;
      population.errors.push_back(std::move(error));
    }
  }

  /// The coordinates must be those that this version makes of the population: a model with parts that it does not know
  /// would be simulated without them.
  void read_uncertainty(nlme::FitSummary& fit) const {
    std::vector<std::string> expected;
    const nlme::Layout layout(fit.population);
    for (const nlme::Coordinate& coordinate : layout.coordinates()) expected.push_back(coordinate.name);
    std::vector<std::string> names;
    if (store_.contains(path("coordinate"))) names = store_.strings(path("coordinate"));
    if (names != expected) {
      refuse(
          fmt::format("the model of {} has estimated numbers that this version of the program does not know", group_));
    }
    if (names.empty()) return;
    fit.estimated = names.size();
    fit.x = numbers("optimum", names.size());
    fit.covariance = numbers("covariance", names.size() * names.size());
    if (!store_.contains(path("draws"))) return;
    const std::vector<double> draws = store_.numbers(path("draws"));
    if (draws.empty() || draws.size() % names.size() != 0) {
      refuse(
          fmt::format("{} has {} values, which are no draws of {} numbers", path("draws"), draws.size(), names.size()));
    }
    for (auto first = draws.begin(); first != draws.end(); first += static_cast<std::ptrdiff_t>(names.size())) {
      fit.draws.emplace_back(first, first + static_cast<std::ptrdiff_t>(names.size()));
    }
  }

  const store::Reader& store_;
  std::string group_;
};

pkpd::Structure pk_structure_named(const std::string& word) {
  for (const pkpd::Structure one :
       {pkpd::Structure::one_compartment, pkpd::Structure::two_compartment, pkpd::Structure::three_compartment}) {
    if (pkpd::name(one) == word) return one;
  }
  throw StoreError(fmt::format("/pk has the structure '{}', which this version does not know", word));
}

pkpd::BiomarkerStructure pd_structure_named(const std::string& word) {
  for (const pkpd::BiomarkerStructure one : pkpd::all_biomarker_structures) {
    if (pkpd::name(one) == word) return one;
  }
  throw StoreError(fmt::format("/pd has the structure '{}', which this version does not know", word));
}

pkpd::BaselineModel baseline_named(const std::string& word) {
  for (const pkpd::BaselineModel one : pkpd::all_baseline_models) {
    if (pkpd::name(one) == word) return one;
  }
  throw StoreError(fmt::format("/pd/model has the baseline '{}', which this version does not know", word));
}

}  // namespace

std::string_view name_of(nlme::PdMethod method) { return pd_methods.at(static_cast<std::size_t>(method)); }

void write_model(const std::string& group, const nlme::FitSummary& fit, const trial::Units& units, store::Writer& out) {
  const Population& population = fit.population;
  std::vector<std::string> names;
  for (const Parameter& parameter : population.parameters) names.push_back(parameter.name);
  out.scale(group + "/parameter", names);
  store::Columns(out, group, population.parameters)
      .words("units", [](const Parameter& one) { return one.units; })
      .numbers("typical", [](const Parameter& one) { return one.typical; })
      .integers("typical_fixed", [](const Parameter& one) { return one.typical_fixed; })
      .numbers("omega", [](const Parameter& one) { return one.omega; })
      .integers("omega_fixed", [](const Parameter& one) { return one.omega_fixed; })
      .numbers("occasion_omega", [](const Parameter& one) { return one.occasion_omega; })
      .integers("occasion_omega_fixed", [](const Parameter& one) { return one.occasion_omega_fixed; })
      .words("transformation",
             [](const Parameter& one) {
               return std::string(transformations.at(static_cast<std::size_t>(one.scale.kind)));
             })
      .numbers("lower", [](const Parameter& one) { return one.scale.lower; })
      .numbers("upper", [](const Parameter& one) { return one.scale.upper; });
  write_effects(group, population, out);
  write_correlations(group, population, out);
  write_errors(group, population, out);
  write_uncertainty(group, fit, out);
  out.attribute(group, "occasion", population.occasion);
  out.attribute(group, "absorption", std::string(absorptions.at(static_cast<std::size_t>(population.absorption.kind))));
  out.attribute(group, "transit_compartments", static_cast<std::int64_t>(population.absorption.transit_compartments));
  out.attribute(group, "amount", units.amount);
  out.attribute(group, "concentration", units.concentration);
  out.attribute(group, "biomarker", units.biomarker);
}

StoredModels read_models(const store::Reader& store) {
  const std::string file = store.file().string();
  if (!store.contains("/pk")) {
    throw StoreError(fmt::format("{}: holds no fitted model; expected a store of titrant fit or titrant run", file));
  }
  StoredModels stored;
  stored.source = file;
  const ModelReader pk(store, "/pk");
  nlme::PopulationFit& of_pk = stored.models.pk;
  static_cast<nlme::FitSummary&>(of_pk) = pk.read();
  of_pk.model = nlme::pk_model_of(of_pk.population, pk_structure_named(of_pk.description));
  stored.units = pk.units();
  const std::string routes = store.text_attribute("/pk/model", "routes");
  const auto named = [&](const char* word) { return routes.find(word) != std::string::npos; };
  stored.routes = {.intravenous = named("intravenous"),
                   .absorbed = named("absorbed"),
                   .modelled_rate = named("modelled rate"),
                   .modelled_duration = named("modelled duration")};
  if (!store.contains("/pd")) return stored;
  nlme::BiomarkerFit& of_pd = stored.models.pd.emplace();
  static_cast<nlme::FitSummary&>(of_pd) = ModelReader(store, "/pd").read();
  of_pd.population.baseline = baseline_named(store.text_attribute("/pd/model", "baseline"));
  of_pd.model = nlme::biomarker_model_of(of_pd.population, pd_structure_named(of_pd.description));
  const std::string method = store.text_attribute("/pd/model", "estimated_with");
  const auto found = std::find(pd_methods.begin(), pd_methods.end(), method);
  if (found == pd_methods.end()) {
    throw StoreError(
        fmt::format("{}: /pd/model was estimated with '{}', which this version does not know", file, method));
  }
  of_pd.how = static_cast<nlme::PdMethod>(found - pd_methods.begin());
  if (of_pd.how == nlme::PdMethod::joint) {
    of_pd.pk = nlme::pk_model_of(of_pd.population, of_pk.model.structure);
    of_pk.model = *of_pd.pk;
  }
  return stored;
}

}  // namespace titrant::run
