#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "equations.hpp"
#include "formats.hpp"
#include "names.hpp"
#include "records.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/error_kind.hpp"

/// \file
/// Monolix projects (Mlxtran of MonolixSuite 2024R1: data set, PK macros, individual and error models). Covariates that
/// change in time are regressors of the structural model, all others belong to the individual parameters.

namespace titrant::run::exchange {

namespace {

using nlme::Parameter;

/// A covariate as the individual parameters see it.
struct Transformed {
  std::size_t column = 0;
  pkpd::EffectKind kind = pkpd::EffectKind::power;
  double reference = 1.0;
  std::string name;
};

class Project {
 public:
  Project(const Parts& parts, const std::vector<std::filesystem::path>& paths) : parts_(parts), paths_(paths) {
    refuse_what_has_no_form();
  }

  std::vector<std::string> texts() {
    const std::vector<SubjectRecords> subjects = records_of(parts_, Carry::forward);
    const std::vector<DataColumn> columns = data_columns(subjects);
    for (const std::size_t place : parts_.written_parameters()) define(place);
    define_correlations();
    const std::string observations = observation_definitions();
    std::string text;
    for (const std::string& note : parts_.notes) text += wrapped(note + ".", "; ");
    if (has_steady_states(columns)) {
      text += wrapped(fmt::format("Monolix has a steady state as that of {} earlier doses.", steady_state_doses), "; ");
    }
    text += data_file(columns) + "\n<MODEL>\n" + covariate_section() + individual_section();
    text += fmt::format("\n[LONGITUDINAL]\ninput = {{{}}}\n\nfile = '{}'\n\nDEFINITION:\n{}",
                        fmt::join(error_inputs_, ", "), paths_[1].filename().string(), observations);
    text += parts_.biomarker ? "\n<FIT>\ndata = {'1', '2'}\nmodel = {y1, y2}\n" : "\n<FIT>\ndata = 'DV'\nmodel = DV\n";
    text += "\n<PARAMETER>\n" + values_ + tasks();
    return {text, structural_model(), csv(subjects, columns)};
  }

 private:
  static constexpr int steady_state_doses = 50;

  void refuse_what_has_no_form() const {
    core::Problems problems;
    const auto refuse = [&](const std::string& what, const std::string& remedy) {
      problems.add("--export monolix", fmt::format("Monolix has no form for {}; {}", what, remedy));
    };
    const std::string other = "export to nonmem or nlmixr2";
    if (parts_.modelled_rate) refuse("a dose whose rate the model has (RATE -1)", other);
    if (parts_.modelled_duration == pkpd::DoseInto::depot) {
      refuse("an infusion into the depot over a duration of the model (RATE -2)", other);
    }
    std::set<std::string> found;
    for (const FittedSubject& fitted : parts_.subjects) {
      for (const pkpd::Dose& dose : parts_.trial->subjects[fitted.place].doses) {
        if (dose.superposed) found.insert("a steady state that is added to what is there (SS 2)");
        if (dose.constant_infusion()) found.insert("an infusion that has been constant for ever (SS 1 with II 0)");
        if (dose.into == pkpd::DoseInto::depot && dose.rate > 0.0) found.insert("an infusion into the depot");
      }
    }
    for (const std::string& one : found) refuse(one, other);
    for (std::size_t column = 0; column < parts_.columns.size(); ++column) {
      if (is_categorical(column) && is_continuous(column)) {
        refuse(fmt::format("{} as a number and as a category", parts_.columns[column].covariate), other);
      }
    }
    problems.throw_if_any<DataError>();
  }

  template <class Wanted>
  bool any_effect(std::size_t column, const Wanted& wanted) const {
    for (std::size_t place = 0; place < parts_.effect_columns.size(); ++place) {
      for (std::size_t e = 0; e < parts_.effect_columns[place].size(); ++e) {
        const auto& effect = parts_.population.parameters[place].effects[e].effect;
        if (parts_.effect_columns[place][e] == column && wanted(effect.kind)) return true;
      }
    }
    return false;
  }
  bool is_categorical(std::size_t column) const {
    return any_effect(column, [](pkpd::EffectKind kind) { return kind == pkpd::EffectKind::categorical; });
  }
  bool is_continuous(std::size_t column) const {
    return any_effect(column, [](pkpd::EffectKind kind) { return kind != pkpd::EffectKind::categorical; });
  }

  std::string name(std::string_view parameter) const {
    static const std::map<std::string, std::string, std::less<>> names = {{"absorption_rate", "ka"},
                                                                          {"clearance", "Cl"},
                                                                          {"volume", "V"},
                                                                          {"intercompartmental_clearance", "Q"},
                                                                          {"peripheral_volume", "V2"},
                                                                          {"second_intercompartmental_clearance", "Q3"},
                                                                          {"second_peripheral_volume", "V3"},
                                                                          {"lag", "Tlag"},
                                                                          {"bioavailability", "F"},
                                                                          {"input_duration", "Tin"},
                                                                          {"absorption_duration", "Tk0"},
                                                                          {"mean_transit_time", "Mtt"},
                                                                          {"baseline", "R0"},
                                                                          {"kout", "kout"},
                                                                          {"imax", "Imax"},
                                                                          {"ic50", "IC50"},
                                                                          {"hill", "hill"},
                                                                          {"ke0", "ke0"},
                                                                          {"maximum_elimination_rate", "Vm"},
                                                                          {"michaelis_constant", "Km"},
                                                                          {"ktol", "ktol"},
                                                                          {"tol50", "TOL50"},
                                                                          {"kp", "kp"},
                                                                          {"baseline_slope", "slope"},
                                                                          {"baseline_amplitude", "amp"},
                                                                          {"baseline_phase", "phase"}};
    const bool stimulates = parts_.biomarker && !pkpd::inhibits(*parts_.biomarker);
    if (stimulates && parameter == "imax") return "Emax";
    if (stimulates && parameter == "ic50") return "EC50";
    const auto found = names.find(parameter);
    if (found == names.end()) throw DataError(fmt::format("Monolix: no name for the parameter {}", parameter));
    return found->second;
  }

  /// Whether a parameter follows a covariate in time.
  bool follows(std::size_t place) const {
    const auto& columns = parts_.effect_columns[place];
    return std::any_of(columns.begin(), columns.end(),
                       [this](std::size_t column) { return parts_.columns[column].varies; });
  }

  /// A parameter in the structural model: with what its regressors make of it, where it has any.
  std::string used(std::string_view parameter) const {
    const auto& parameters = parts_.population.parameters;
    for (std::size_t place = 0; place < parameters.size(); ++place) {
      if (parameters[place].name == parameter && follows(place)) return name(parameter) + "t";
    }
    return name(parameter);
  }

  /// What a state of the biomarker is called; R is what is observed, which a moving baseline makes another one.
  std::string state_name(std::string_view state) const {
    if (state == "effect") return "Ce";
    if (state == "moderator") return "M";
    if (state == "precursor") return "P";
    return parts_.population.baseline == pkpd::BaselineModel::constant ? "R" : "L";
  }

  Notation notation() const {
    return {.name = [this](std::string_view parameter) { return used(parameter); },
            .amount = [](std::size_t) { return std::string(); },
            .power = "^",
            .cosine = "cos",
            .exponential = "exp",
            .logarithm = "log",
            .effect_state = [this](std::string_view state) { return state_name(state); }};
  }

  void value(const std::string& called, double number, bool fixed) {
    population_inputs_.push_back(called);
    values_ += fmt::format("{} = {{value={}, method={}}}\n", called, real(number), fixed ? "FIXED" : "MLE");
  }

  /// The covariate that an effect of individual parameters is of; the same one for equal effects.
  std::string transformed(std::size_t column, const pkpd::CovariateEffect& effect) {
    for (const Transformed& one : transformed_) {
      if (one.column == column && one.kind == effect.kind && one.reference == effect.reference) return one.name;
    }
    const std::string ending = transformed_.empty() ? std::string() : fmt::format("{}", transformed_.size() + 1);
    transformed_.push_back({column, effect.kind, effect.reference, "t" + parts_.columns[column].name + ending});
    return transformed_.back().name;
  }

  static std::string distribution(const Parameter& parameter) {
    if (parameter.scale.kind == pkpd::Scale::Kind::linear) return "distribution=normal";
    const bool bounded = parameter.scale.kind == pkpd::Scale::Kind::logit;
    const double lower = bounded ? parameter.scale.lower : 0.0;
    const bool inside = parameter.typical > lower && (!bounded || parameter.typical < parameter.scale.upper);
    if (!inside) return "distribution=normal";  // the same number in everybody, at the end of its range
    switch (parameter.scale.kind) {
      case pkpd::Scale::Kind::log:
        return "distribution=logNormal";
      case pkpd::Scale::Kind::linear:
      case pkpd::Scale::Kind::logit:
        break;
    }
    return fmt::format("distribution=logitNormal, min={}, max={}", real(lower), real(parameter.scale.upper));
  }

  /// The line of [INDIVIDUAL], the values, and the line of the structural model of one parameter.
  void define(std::size_t place) {
    const Parameter& parameter = parts_.population.parameters[place];
    const std::string symbol = name(parameter.name);
    value(symbol + "_pop", parameter.typical, parameter.typical_fixed);
    std::vector<std::string> covariates;
    std::vector<std::string> coefficients;
    std::string followed;
    for (std::size_t e = 0; e < parameter.effects.size(); ++e) {
      const nlme::Effect& effect = parameter.effects[e];
      const std::size_t column = parts_.effect_columns[place][e];
      const std::string ending = fmt::format("{}_{}", symbol, parts_.columns[column].name);
      if (parts_.columns[column].varies) {
        followed += regressor_effect(effect, parts_.columns[column].name, ending);
        continue;
      }
      const std::string coefficient = "beta_" + ending;
      value(coefficient, unit_of(parameter) * pkpd::effect_slope(effect.effect), effect.fixed);
      covariates.push_back(transformed(column, effect.effect));
      individual_inputs_.insert(covariates.back());
      const bool category = effect.effect.kind == pkpd::EffectKind::categorical;
      coefficients.push_back(category ? fmt::format("{{{}, 0}}", coefficient) : coefficient);
    }
    std::string line = fmt::format("{} = {{{}, typical={}_pop", symbol, distribution(parameter), symbol);
    if (covariates.size() == 1) {
      line += fmt::format(", covariate={}, coefficient={}", covariates.front(), coefficients.front());
    } else if (!covariates.empty()) {
      line += fmt::format(", covariate={{{}}}, coefficient={{{}}}", fmt::join(covariates, ", "),
                          fmt::join(coefficients, ", "));
    }
    definitions_ += line + variability(parameter, symbol) + "}\n";
    structural_inputs_.push_back(symbol);
    if (!followed.empty()) followed_ += followed_parameter(parameter, symbol, followed);
  }

  /// What an eta or an effect of 1 adds to a parameter that may be negative; of others 1.
  static double unit_of(const Parameter& parameter) {
    if (parameter.scale.kind != pkpd::Scale::Kind::linear) return 1.0;
    return parameter.scale.upper - parameter.scale.lower;
  }

  std::string variability(const Parameter& parameter, const std::string& symbol) {
    const bool between = parameter.omega > 0.0;
    const bool within = parameter.occasion_omega > 0.0;
    if (between) value("omega_" + symbol, unit_of(parameter) * parameter.omega, parameter.omega_fixed);
    if (within) value("gamma_" + symbol, parameter.occasion_omega, parameter.occasion_omega_fixed);
    if (between && within) return fmt::format(", varlevel={{id, id*occ}}, sd={{omega_{0}, gamma_{0}}}", symbol);
    if (within) return fmt::format(", varlevel=id*occ, sd=gamma_{}", symbol);
    return between ? fmt::format(", sd=omega_{}", symbol) : std::string(", no-variability");
  }

  /// A term on the log or logit scale of an effect of a regressor, " + b*log(WEIGHT/70)". Its coefficient is a
  /// parameter without variability.
  std::string regressor_effect(const nlme::Effect& effect, const std::string& column, const std::string& ending) {
    const std::string coefficient = "b_" + ending;
    const double slope = pkpd::effect_slope(effect.effect);
    value(coefficient + "_pop", slope, effect.fixed);
    definitions_ += fmt::format("{0} = {{distribution=normal, typical={0}_pop, no-variability}}\n", coefficient);
    structural_inputs_.push_back(coefficient);
    regressors_.insert(column);
    const std::string reference = real(effect.effect.reference);
    switch (effect.effect.kind) {
      case pkpd::EffectKind::power:
        return fmt::format(" + {}*log({}/{})", coefficient, column, reference);
      case pkpd::EffectKind::exponential:
        return fmt::format(" + {}*({} - ({}))", coefficient, column, reference);
      case pkpd::EffectKind::categorical:
        break;
    }
    const std::string factor = fmt::format("x_{}", ending);
    followed_ +=
        fmt::format("if {} == {}\n  {} = 0\nelse\n  {} = {}\nend\n", column, reference, factor, factor, coefficient);
    return " + " + factor;
  }

  static std::string followed_parameter(const Parameter& parameter, const std::string& symbol,
                                        const std::string& followed) {
    switch (parameter.scale.kind) {
      case pkpd::Scale::Kind::log:
        return fmt::format("{0}t = {0}*exp(0{1})\n", symbol, followed);
      case pkpd::Scale::Kind::linear:  // belongs to the biomarker, whose covariates are those of the first record
      case pkpd::Scale::Kind::logit:
        break;
    }
    const std::string lower = real(parameter.scale.lower);
    const std::string upper = real(parameter.scale.upper);
    return fmt::format("{0}t = {1} + ({2} - {1})/(1 + exp(-(log(({0} - {1})/({2} - {0})){3})))\n", symbol, lower, upper,
                       followed);
  }

  void define_correlations() {
    const nlme::Population& population = parts_.population;
    std::vector<std::string> pairs;
    for (const nlme::OmegaBlock& block : population.blocks) {
      for (std::size_t row = 1; row < block.parameters.size(); ++row) {
        for (std::size_t column = 0; column < row; ++column) {
          const std::string first = name(population.parameters[block.parameters[column]].name);
          const std::string second = name(population.parameters[block.parameters[row]].name);
          const std::string called = fmt::format("corr_{}_{}", first, second);
          value(called, block.correlations[nlme::OmegaBlock::pair(row, column)], block.fixed);
          pairs.push_back(fmt::format("r({}, {})={}", first, second, called));
        }
      }
    }
    if (!pairs.empty()) definitions_ += fmt::format("correlation = {{level=id, {}}}\n", fmt::join(pairs, ", "));
  }

  std::string observation_definitions() {
    const auto define_one = [this](const char* called, const char* prediction, const nlme::ResponseError& error,
                                   const char* number) {
      const bool logarithm = nlme::error_kind(error.model) == nlme::ErrorKind::log_normal;
      return fmt::format("{} = {{distribution={}, prediction={}, errorModel={}}}\n", called,
                         logarithm ? "logNormal" : "normal", prediction, error_model(error, number));
    };
    const auto& errors = parts_.population.errors;
    if (!parts_.biomarker) return define_one("DV", "Conc", errors.front(), "");
    const std::string concentrations = define_one("y1", "Conc", errors.front(), "1");
    return parts_.binary() ? concentrations : concentrations + define_one("y2", "R", errors.back(), "2");
  }

  std::string error_model(const nlme::ResponseError& error, const std::string& number) {
    const auto term = [&](const char* letter, double size, bool fixed) {
      const std::string called = letter + number;
      error_inputs_.push_back(called);
      values_ += fmt::format("{} = {{value={}, method={}}}\n", called, real(size), fixed ? "FIXED" : "MLE");
      return called;
    };
    const auto additive = [&] { return term("a", error.model.additive, error.additive_fixed); };
    const auto proportional = [&] { return term("b", error.model.proportional, error.proportional_fixed); };
    switch (nlme::error_kind(error.model)) {
      case nlme::ErrorKind::additive:
        return fmt::format("constant({})", additive());
      case nlme::ErrorKind::proportional:
        return fmt::format("proportional({})", proportional());
      case nlme::ErrorKind::combined: {
        const std::string first = additive();
        return fmt::format("combined2({}, {})", first, proportional());
      }
      case nlme::ErrorKind::combined_sd: {
        const std::string first = additive();
        return fmt::format("combined1({}, {})", first, proportional());
      }
      case nlme::ErrorKind::power: {
        const std::string none = term("a", 0.0, true);
        const std::string factor = proportional();
        return fmt::format("combined1c({}, {}, {})", none, factor,
                           term("c", error.model.exponent, error.exponent_fixed));
      }
      case nlme::ErrorKind::binary:  // has none
      case nlme::ErrorKind::log_normal:
        break;
    }
    return fmt::format("constant({})", term("a", error.model.proportional, error.proportional_fixed));
  }

  static std::string quoted_values(const std::vector<double>& values) {
    std::vector<std::string> words;
    for (const double one : values) words.push_back(fmt::format("'{}'", one));
    return fmt::format("{}", fmt::join(words, ", "));
  }

  /// The covariates of individual parameters: columns that do not change in time.
  std::string covariate_section() const {
    if (transformed_.empty()) return {};
    std::set<std::size_t> used;
    for (const Transformed& one : transformed_) used.insert(one.column);
    std::vector<std::string> names;
    std::string categories;
    for (const std::size_t column : used) {
      names.push_back(parts_.columns[column].name);
      if (!is_categorical(column)) continue;
      categories += fmt::format("{} = {{type=categorical, categories={{{}}}}}\n", names.back(),
                                quoted_values(parts_.columns[column].values));
    }
    std::string equations;
    std::string groups;
    for (const Transformed& one : transformed_) {
      const CovariateColumn& column = parts_.columns[one.column];
      switch (one.kind) {
        case pkpd::EffectKind::power:
          equations += fmt::format("{} = log({}/{})\n", one.name, column.name, real(one.reference));
          break;
        case pkpd::EffectKind::exponential:
          equations += fmt::format("{} = {} - ({})\n", one.name, column.name, real(one.reference));
          break;
        case pkpd::EffectKind::categorical: {
          std::vector<double> others = column.values;
          std::erase(others, one.reference);
          groups += fmt::format(
              "{} =\n{{\n  transform = {},\n  categories = {{\n  'other' = {{{}}},\n  'reference' = {{'{}'}} }},\n"
              "  reference = 'reference'\n}}\n",
              one.name, column.name, quoted_values(others), one.reference);
          break;
        }
      }
    }
    std::string text = fmt::format("\n[COVARIATE]\ninput = {{{}}}\n", fmt::join(names, ", "));
    if (!categories.empty()) text += "\n" + categories;
    if (!equations.empty()) text += "\nEQUATION:\n" + equations;
    if (!groups.empty()) text += "\nDEFINITION:\n" + groups;
    return text;
  }

  std::string individual_section() const {
    std::vector<std::string> inputs = population_inputs_;
    inputs.insert(inputs.end(), individual_inputs_.begin(), individual_inputs_.end());
    std::string text = fmt::format("\n[INDIVIDUAL]\ninput = {{{}}}\n", fmt::join(inputs, ", "));
    std::string categories;
    for (const Transformed& one : transformed_) {
      if (one.kind != pkpd::EffectKind::categorical) continue;
      categories += fmt::format("{} = {{type=categorical, categories={{'other', 'reference'}}}}\n", one.name);
    }
    if (!categories.empty()) text += "\n" + categories;
    return text + "\nDEFINITION:\n" + definitions_;
  }

  /// Absorbed doses are of administration 1, those into the central compartment of 2, or of 3 where the model has their
  /// duration.
  std::vector<DataColumn> data_columns(const std::vector<SubjectRecords>& subjects) const {
    std::vector<DataColumn> columns = shared_columns(parts_, subjects, false);
    std::erase_if(columns, [](const DataColumn& one) { return one.name == "MDV"; });
    for (DataColumn& column : columns) {
      if (column.name != "RATE") continue;
      column.text = [shared = column.text](const Record& record) {
        const bool modelled = record.dose != nullptr && record.dose->modelled();
        return modelled ? std::string(1, '.') : shared(record);
      };
    }
    columns.push_back({"ADM", [](const Record& record) {
                         if (record.dose == nullptr) return std::string(1, '.');
                         if (record.dose->modelled()) return std::string(1, '3');
                         return std::string(record.absorbed() ? "1" : "2");
                       }});
    if (parts_.biomarker) {
      columns.push_back({"YTYPE", [](const Record& record) {
                           if (record.observed == nullptr) return std::string(1, '.');
                           return std::string(record.observed->biomarker ? "2" : "1");
                         }});
    }
    return columns;
  }

  static bool has_steady_states(const std::vector<DataColumn>& columns) {
    return std::any_of(columns.begin(), columns.end(), [](const DataColumn& one) { return one.name == "SS"; });
  }

  std::string use_of(const std::string& column) const {
    static const std::map<std::string, std::string> uses = {{"ID", "identifier"},        {"TIME", "time"},
                                                            {"AMT", "amount"},           {"RATE", "rate"},
                                                            {"ADDL", "additionaldose"},  {"II", "interdoseinterval"},
                                                            {"EVID", "eventidentifier"}, {"CENS", "censored"},
                                                            {"LIMIT", "limit"},          {"OCC", "occasion"},
                                                            {"ADM", "administration"},   {"YTYPE", "observationtype"}};
    if (column == "SS") return fmt::format("steadystate, nbdoses={}", steady_state_doses);
    if (column == "DV" && parts_.biomarker) {
      return fmt::format("observation, yname={{'1', '2'}}, type={{continuous, {}}}",
                         parts_.binary() ? "categorical" : "continuous");
    }
    if (column == "DV") return "observation, name=DV, type=continuous";
    const auto found = uses.find(column);
    if (found != uses.end()) return found->second;
    if (regressors_.contains(column)) return "regressor";
    for (std::size_t i = 0; i < parts_.columns.size(); ++i) {
      if (parts_.columns[i].name == column && is_categorical(i)) return "covariate, type=categorical";
    }
    return "covariate, type=continuous";
  }

  std::string data_file(const std::vector<DataColumn>& columns) const {
    const std::vector<std::string> names = names_of(columns);
    std::string text =
        fmt::format("<DATAFILE>\n\n[FILEINFO]\nfile = '{}'\ndelimiter = comma\nheader = {{{}}}\n\n[CONTENT]\n",
                    paths_.back().filename().string(), fmt::join(names, ", "));
    for (const std::string& one : names) text += fmt::format("{} = {{use={}}}\n", one, use_of(one));
    return text;
  }

  std::string macros() const {
    std::string text;
    const auto rates = [&](const char* out, const char* back, std::string_view clearance, std::string_view volume) {
      text += fmt::format("{} = {}/{}\n{} = {}/{}\n", out, used(clearance), used("volume"), back, used(clearance),
                          used(volume));
    };
    const bool peripheral = parts_.structure != pkpd::Structure::one_compartment;
    const bool second = parts_.structure == pkpd::Structure::three_compartment;
    if (parts_.has("clearance")) text += fmt::format("k = {}/{}\n", used("clearance"), used("volume"));
    if (parts_.saturable()) {
      text += fmt::format("Kmc = {}/{}\n", used("michaelis_constant"), real(parts_.population.concentration_scale));
    }
    if (peripheral) rates("k12", "k21", "intercompartmental_clearance", "peripheral_volume");
    if (second) rates("k13", "k31", "second_intercompartmental_clearance", "second_peripheral_volume");
    if (parts_.transit()) {
      text += fmt::format("Ktr = {}/{}\n", real(parts_.population.absorption.transit_compartments + 1),
                          used("mean_transit_time"));
    }
    text += fmt::format("compartment(cmt=1, volume={}, concentration=Cc)\n", used("volume"));
    if (parts_.routes.absorbed) {
      std::vector<std::string> arguments = {"adm=1", "cmt=1"};
      const auto argument = [&](const char* called, std::string_view parameter) {
        if (parts_.has(parameter)) arguments.push_back(fmt::format("{}={}", called, used(parameter)));
      };
      argument("Tlag", "lag");
      argument("ka", "absorption_rate");
      argument("Tk0", "absorption_duration");
      argument("Mtt", "mean_transit_time");
      if (parts_.transit()) arguments.emplace_back("Ktr=Ktr");
      argument("p", "bioavailability");
      text += fmt::format("absorption({})\n", fmt::join(arguments, ", "));
    }
    if (parts_.routes.intravenous) text += "iv(adm=2, cmt=1)\n";
    if (parts_.modelled_duration) text += fmt::format("absorption(adm=3, cmt=1, Tk0={})\n", used("input_duration"));
    if (peripheral) text += "peripheral(k12, k21)\n";
    if (second) text += "peripheral(k13, k31)\n";
    if (parts_.has("clearance")) text += "elimination(cmt=1, k)\n";
    if (parts_.saturable()) {
      text += fmt::format("elimination(cmt=1, Vm={}, Km=Kmc)\n", used("maximum_elimination_rate"));
    }
    return text;
  }

  std::string biomarker_equations() const {
    if (!parts_.biomarker) return {};
    const bool of_state = has_response_state(form_of(*parts_.biomarker));
    const std::string seen = of_state ? "Conc" : seen_concentration(parts_, notation(), "Conc");
    const std::string concentration = seen == "Conc" || seen == "Ce" ? seen : "Cs";
    std::string share = concentration == "Cs" ? fmt::format("Cs = {}\n", seen) : std::string();
    share += fmt::format("if {0} > 0\n  u = {1}\nelse\n  u = 0\nend\n", concentration,
                         saturation(parts_, notation(), concentration));
    std::string equations;
    for (const EffectState& state : effect_states(parts_, notation(), "Conc", "u")) {
      const std::string called = state_name(state.name);
      equations += fmt::format("{0}_0 = {1}\nddt_{0} = {2}\n", called, state.initial, state.rate);
    }
    const std::string text = of_state ? share + equations : equations + share;
    const std::string factor = moving_baseline(parts_, notation(), "t");
    if (of_state && factor.empty()) return text;
    const std::string predicted = response(parts_, notation(), "u");
    if (factor.empty()) return text + fmt::format("R = {}\n", predicted);
    return text + fmt::format("bt = {}\nif bt < 0\n  bt = 0\nend\nR = {}*bt\n", factor, predicted);
  }

  std::string structural_model() const {
    std::vector<std::string> inputs = structural_inputs_;
    inputs.insert(inputs.end(), regressors_.begin(), regressors_.end());
    std::string text = fmt::format("DESCRIPTION:\nStructural model of {}\n\n[LONGITUDINAL]\ninput = {{{}}}\n",
                                   paths_.front().filename().string(), fmt::join(inputs, ", "));
    for (const std::string& one : regressors_) text += fmt::format("{} = {{use=regressor}}\n", one);
    text += "\nPK:\n" + followed_ + macros();
    text += fmt::format("\nEQUATION:\nConc = {}*Cc\n", real(parts_.population.concentration_scale));
    text += biomarker_equations();
    if (parts_.binary()) {
      text += "\nDEFINITION:\ny2 = {type=categorical, categories={0, 1}, P(y2=1)=R}\n";
      return text + "\nOUTPUT:\noutput = {Conc, y2}\n";
    }
    return text + fmt::format("\nOUTPUT:\noutput = {}\n", parts_.biomarker ? "{Conc, R}" : "{Conc}");
  }

  std::string tasks() const {
    return fmt::format(
        "\n<MONOLIX>\n\n[TASKS]\npopulationParameters()\nindividualParameters(method = {{conditionalMean, "
        "conditionalMode}})\nfim(method = StochasticApproximation)\nlogLikelihood(method = ImportanceSampling)\n"
        "\n[SETTINGS]\nGLOBAL:\nexportpath = '{}'\n",
        paths_.front().stem().string());
  }

  const Parts& parts_;
  const std::vector<std::filesystem::path>& paths_;
  std::vector<Transformed> transformed_;
  std::vector<std::string> population_inputs_;
  std::set<std::string> individual_inputs_;
  std::vector<std::string> structural_inputs_;
  std::vector<std::string> error_inputs_;
  std::set<std::string> regressors_;
  std::string definitions_;  ///< of [INDIVIDUAL]
  std::string values_;       ///< of <PARAMETER>
  std::string followed_;     ///< parameters that follow regressors, in the structural model
};

}  // namespace

std::vector<std::string> monolix_texts(const Parts& parts, const std::vector<std::filesystem::path>& paths) {
  return Project(parts, paths).texts();
}

}  // namespace titrant::run::exchange
