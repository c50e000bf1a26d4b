#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>

#include "equations.hpp"
#include "formats.hpp"
#include "names.hpp"
#include "records.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/error_kind.hpp"

/// \file
/// Model functions of nlmixr2 (https://nlmixr2.org; rxode2's language for the model). linCmt() where it has a closed
/// form, else differential equations.

namespace titrant::run::exchange {

namespace {

using nlme::Parameter;

const std::map<std::string, std::string, std::less<>>& nlmixr2_names() {
  static const std::map<std::string, std::string, std::less<>> names = {{"absorption_rate", "ka"},
                                                                        {"clearance", "cl"},
                                                                        {"volume", "v"},
                                                                        {"intercompartmental_clearance", "q"},
                                                                        {"peripheral_volume", "vp"},
                                                                        {"second_intercompartmental_clearance", "q2"},
                                                                        {"second_peripheral_volume", "vp2"},
                                                                        {"lag", "tlag"},
                                                                        {"bioavailability", "fabs"},
                                                                        {"input_rate", "rin"},
                                                                        {"input_duration", "din"},
                                                                        {"absorption_duration", "tk0"},
                                                                        {"mean_transit_time", "mtt"},
                                                                        {"baseline", "base"},
                                                                        {"kout", "kout"},
                                                                        {"imax", "imax"},
                                                                        {"ic50", "ic50"},
                                                                        {"hill", "hill"},
                                                                        {"ke0", "ke0"},
                                                                        {"maximum_elimination_rate", "vm"},
                                                                        {"michaelis_constant", "km"},
                                                                        {"ktol", "ktol"},
                                                                        {"tol50", "tol50"},
                                                                        {"kp", "kp"},
                                                                        {"baseline_slope", "bslope"},
                                                                        {"baseline_amplitude", "bamp"},
                                                                        {"baseline_phase", "bphase"}};
  return names;
}

class ModelFunction {
 public:
  ModelFunction(const Parts& parts, const std::vector<std::filesystem::path>& paths) : parts_(parts), paths_(paths) {}

  std::vector<std::string> texts() {
    const std::vector<SubjectRecords> subjects = records_of(parts_, Carry::forward);
    std::string model;
    for (const std::size_t place : parts_.written_parameters()) model += parameter_line(place);
    model += structure_lines() + dose_lines() + biomarker_lines();
    model += fmt::format("    conc ~ {}\n", error_terms(parts_.population.errors.front(), ""));
    if (parts_.binary()) {
      model += "    ll(response) ~ DV*log(response) + (1 - DV)*log(1 - response)\n";
    } else if (parts_.biomarker) {
      model += fmt::format("    response ~ {}\n", error_terms(parts_.population.errors.back(), ".response"));
    }
    std::string text;
    for (const std::string& note : parts_.notes) text += wrapped(note + ".", "# ");
    text += fmt::format("# Data: read.csv(\"{}\", na.strings = \".\")\n", paths_.back().filename().string());
    text += fmt::format("{} <- function() {{\n  ini({{\n{}{}  }})\n  model({{\n{}  }})\n}}\n", function_name(), thetas_,
                        omega_lines(), model);
    return {text, csv(subjects, data_columns(subjects))};
  }

 private:
  std::string function_name() const {
    std::string name = paths_.front().stem().string();
    for (char& c : name) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    }
    return std::isalpha(static_cast<unsigned char>(name.front())) == 0 ? "model_" + name : name;
  }

  static std::string name(std::string_view parameter) {
    const auto found = nlmixr2_names().find(parameter);
    if (found == nlmixr2_names().end())
      throw DataError(fmt::format("nlmixr2: no name for the parameter {}", parameter));
    return found->second;
  }

  static std::string compartment_name(std::size_t place, const std::vector<Compartment>& all) {
    return all.at(place - 1).name;
  }

  /// Names of the compartments in their order, for the notation of their own rates.
  Notation notation() const {
    std::vector<std::string> names;
    if (parts_.transit()) {
      for (int stage = 0; stage <= parts_.population.absorption.transit_compartments; ++stage) {
        names.push_back(fmt::format("stage{}", stage + 1));
      }
    }
    if (parts_.depot()) names.emplace_back("depot");
    for (const char* const one : {"central", "peripheral1", "peripheral2"}) names.emplace_back(one);
    return {.name = [](std::string_view parameter) { return name(parameter); },
            .amount = [names](std::size_t compartment) { return names.at(compartment - 1); },
            .power = "^",
            .cosine = "cos",
            .exponential = "exp",
            .logarithm = "log",
            .effect_state = [this](std::string_view state) { return state_name(state); }};
  }

  bool moves() const { return parts_.population.baseline != pkpd::BaselineModel::constant; }

  /// What a state of the biomarker is called; `response` is what is observed, which a moving baseline makes another
  /// one.
  std::string state_name(std::string_view state) const {
    if (state == "effect") return "ce";
    if (state == "response" && moves()) return "level";
    return std::string(state);
  }

  bool closed_form() const {
    if (parts_.transit() || parts_.saturable()) return false;
    return !parts_.biomarker || form_of(*parts_.biomarker) == BiomarkerForm::direct;
  }

  /// A line of ini() and the name that it gives. \param bounds  "0, {}": around the value where it is estimated
  std::string theta(const std::string& called, double value, const char* bounds, const std::string& label, bool fixed) {
    const std::string number = real(value);
    const std::string within =
        bounds == nullptr ? number : fmt::format("c({})", fmt::format(fmt::runtime(bounds), number));
    thetas_ +=
        fmt::format("    {} <- {}; label(\"{}\")\n", called, fixed ? fmt::format("fix({})", number) : within, label);
    return called;
  }

  std::string parameter_line(std::size_t place) {
    const Parameter& parameter = parts_.population.parameters[place];
    const std::string symbol = name(parameter.name);
    const std::string label = fmt::format("{}, {}", parameter.name, parameter.units);
    const bool log_scale = parameter.scale.kind == pkpd::Scale::Kind::log;
    if (parameter.scale.kind == pkpd::Scale::Kind::linear) return linear_line(place, label);
    if (Parts::constant(parameter) && !(log_scale && parameter.typical > 0.0)) {
      const std::string bounds =
          log_scale ? std::string("0, {}")
                    : fmt::format("{}, {{}}, {}", real(parameter.scale.lower), real(parameter.scale.upper));
      const std::string typical =
          theta("tv" + symbol, parameter.typical, bounds.c_str(), label, parameter.typical_fixed);
      return fmt::format("    {} <- {}\n", symbol, typical);
    }
    const double transformed = parameter.scale.transform(parameter.typical);
    std::string sum = theta((log_scale ? "l" : "lg") + symbol, transformed, nullptr,
                            fmt::format("{} of {}", log_scale ? "log" : "logit", label), parameter.typical_fixed);
    if (parameter.omega > 0.0) sum += " + eta." + symbol;
    if (parameter.occasion_omega > 0.0) sum += " + iov." + symbol;
    std::string factors;
    sum += effect_terms(place, log_scale ? &factors : nullptr);
    if (log_scale) return fmt::format("    {} <- exp({}){}\n", symbol, sum, factors);
    return fmt::format("    {} <- expit({}, {}, {})\n", symbol, sum, real(parameter.scale.lower),
                       real(parameter.scale.upper));
  }

  /// A parameter that may be negative: etas and effects in the unit of its scale.
  std::string linear_line(std::size_t place, const std::string& label) {
    const Parameter& parameter = parts_.population.parameters[place];
    const std::string symbol = name(parameter.name);
    std::string line = fmt::format("    {} <- {}", symbol,
                                   theta("tv" + symbol, parameter.typical, nullptr, label, parameter.typical_fixed));
    std::string shifts;
    if (parameter.omega > 0.0) shifts += " + eta." + symbol;
    shifts += effect_terms(place, nullptr);
    if (!shifts.empty()) {
      line += fmt::format(" + {}*({})", real(parameter.scale.upper - parameter.scale.lower), shifts.substr(3));
    }
    return line + "\n";
  }

  /// Covariate effects as terms of a sum. \param factors  receives those of categories as factors, where given
  std::string effect_terms(std::size_t place, std::string* factors) {
    const Parameter& parameter = parts_.population.parameters[place];
    std::string sum;
    for (std::size_t e = 0; e < parameter.effects.size(); ++e) {
      const pkpd::CovariateEffect& effect = parameter.effects[e].effect;
      const bool fixed = parameter.effects[e].fixed;
      const std::string column = parts_.columns[parts_.effect_columns[place][e]].name;
      const std::string reference = real(effect.reference);
      const std::string called = fmt::format("b{}.{}", ++coefficient_count_, name(parameter.name));
      const std::string about = fmt::format("{} on {}", effect.covariate, parameter.name);
      switch (effect.kind) {
        case pkpd::EffectKind::power:
          sum += fmt::format(" + {}*log({}/{})", theta(called, effect.coefficient, nullptr, about, fixed), column,
                             reference);
          break;
        case pkpd::EffectKind::exponential:
          sum += fmt::format(" + {}*({} - ({}))", theta(called, effect.coefficient, nullptr, about, fixed), column,
                             reference);
          break;
        case pkpd::EffectKind::categorical: {
          const std::string factor = fmt::format(
              "(1 + {}*({} != {}))", theta(called, effect.coefficient, "-1, {}", about, fixed), column, reference);
          if (factors != nullptr) *factors += "*" + factor;
          if (factors == nullptr) sum += fmt::format(" + log({})", factor);
          break;
        }
      }
    }
    return sum;
  }

  std::string structure_lines() const {
    const std::string scale = real(parts_.population.concentration_scale);
    if (closed_form()) return fmt::format("    cp <- linCmt()\n    conc <- {}*cp\n", scale);
    std::string lines;
    if (parts_.transit()) {
      lines += fmt::format("    ktr <- {}/{}\n", real(parts_.population.absorption.transit_compartments + 1),
                           name("mean_transit_time"));
    }
    for (const Compartment& one : compartments(parts_, notation(), "ktr")) {
      lines += fmt::format("    d/dt({}) <- {}\n", one.name, one.rate);
    }
    return lines + fmt::format("    conc <- {}*central/{}\n", scale, name("volume"));
  }

  std::string absorbed_compartment() const {
    return parts_.transit() ? "stage1" : parts_.depot() ? "depot" : "central";
  }

  std::string dose_lines() const {
    std::string lines;
    const std::string absorbed = absorbed_compartment();
    const auto set = [&](const char* item, const std::string& compartment, const std::string& value) {
      lines += fmt::format("    {}({}) <- {}\n", item, compartment, value);
    };
    const auto compartment_of = [&](pkpd::DoseInto into) {
      return into == pkpd::DoseInto::depot ? absorbed : std::string("central");
    };
    if (parts_.zero_order() && parts_.routes.intravenous) {
      const auto of_absorbed = [](const std::string& value, const std::string& other) {
        return fmt::format("{}*(ADM == 1) + {}*(ADM != 1)", value, other);
      };
      const std::string other = parts_.modelled_duration ? name("input_duration") : std::string("0.0");
      set("dur", absorbed, of_absorbed(name("absorption_duration"), other));
      if (parts_.has("lag")) set("alag", absorbed, of_absorbed(name("lag"), "0.0"));
      if (parts_.has("bioavailability")) set("f", absorbed, of_absorbed(name("bioavailability"), "1.0"));
      if (parts_.modelled_rate) set("rate", absorbed, name("input_rate"));
      return lines;
    }
    if (parts_.has("lag")) set("alag", absorbed, name("lag"));
    if (parts_.has("bioavailability")) set("f", absorbed, name("bioavailability"));
    if (parts_.zero_order()) set("dur", absorbed, name("absorption_duration"));
    if (parts_.modelled_rate) set("rate", compartment_of(*parts_.modelled_rate), name("input_rate"));
    if (parts_.modelled_duration) set("dur", compartment_of(*parts_.modelled_duration), name("input_duration"));
    return lines;
  }

  std::string biomarker_lines() const {
    if (!parts_.biomarker) return {};
    const bool of_state = has_response_state(form_of(*parts_.biomarker));
    const std::string seen = of_state ? "conc" : seen_concentration(parts_, notation(), "conc");
    const std::string concentration = seen == "conc" || seen == "ce" ? seen : "seen";
    std::string share = concentration == "seen" ? fmt::format("    seen <- {}\n", seen) : std::string();
    share += fmt::format("    u <- 0\n    if ({0} > 0) {{\n      u <- {1}\n    }}\n", concentration,
                         saturation(parts_, notation(), concentration));
    std::string equations;
    for (const EffectState& state : effect_states(parts_, notation(), "conc", "u")) {
      const std::string called = state_name(state.name);
      equations += fmt::format("    d/dt({}) <- {}\n", called, state.rate);
      if (state.initial != "0.0") equations += fmt::format("    {}(0) <- {}\n", called, state.initial);
    }
    const std::string lines = of_state ? share + equations : equations + share;
    const std::string factor = moving_baseline(parts_, notation(), "t");
    if (of_state && factor.empty()) return lines;
    const std::string predicted = response(parts_, notation(), "u");
    if (factor.empty()) return lines + fmt::format("    response <- {}\n", predicted);
    return lines + fmt::format("    bt <- {}\n    if (bt < 0) {{\n      bt <- 0\n    }}\n    response <- {}*bt\n",
                               factor, predicted);
  }

  /// The residual error of an endpoint; `ending` makes names of the second one differ.
  std::string error_terms(const nlme::ResponseError& error, const std::string& ending) {
    const auto additive = [&] {
      return fmt::format("add({})", theta(fmt::format("add.sd{}", ending), error.model.additive, "0, {}",
                                          fmt::format("additive error, {}", error.units), error.additive_fixed));
    };
    const auto proportional = [&] {
      return fmt::format("prop({})", theta(fmt::format("prop.sd{}", ending), error.model.proportional, "0, {}",
                                           "proportional error", error.proportional_fixed));
    };
    switch (nlme::error_kind(error.model)) {
      case nlme::ErrorKind::additive:
        return additive();
      case nlme::ErrorKind::proportional:
        return proportional();
      case nlme::ErrorKind::combined: {
        const std::string first = additive();
        return fmt::format("{} + {} + combined2()", first, proportional());
      }
      case nlme::ErrorKind::combined_sd: {
        const std::string first = additive();
        return fmt::format("{} + {} + combined1()", first, proportional());
      }
      case nlme::ErrorKind::power: {
        const std::string factor = theta(fmt::format("pow.sd{}", ending), error.model.proportional, "0, {}",
                                         "factor of the power error", error.proportional_fixed);
        return fmt::format("pow({}, {})", factor,
                           theta(fmt::format("pow.exponent{}", ending), error.model.exponent, "0, {}",
                                 "exponent of the power error", error.exponent_fixed));
      }
      case nlme::ErrorKind::binary:  // has none
      case nlme::ErrorKind::log_normal:
        break;
    }
    return fmt::format("lnorm({})", theta(fmt::format("log.sd{}", ending), error.model.proportional, "0, {}",
                                          "error of the logarithm", error.proportional_fixed));
  }

  std::string omega_lines() const {
    const nlme::Population& population = parts_.population;
    std::string lines;
    const auto eta = [&](std::size_t place) { return "eta." + name(population.parameters[place].name); };
    for (const std::vector<std::size_t>& group : eta_groups(population)) {
      const nlme::OmegaBlock* block = block_of(population, group.front());
      std::vector<std::string> names;
      std::vector<std::string> values;
      for (std::size_t row = 0; row < group.size(); ++row) {
        const double omega = population.parameters[group[row]].omega;
        names.push_back(eta(group[row]));
        if (block == nullptr) values.push_back(real(omega * omega));
        for (std::size_t column = 0; block != nullptr && column <= row; ++column) {
          values.push_back(real(block_covariance(population, *block, row, column)));
        }
      }
      const bool fixed =
          block == nullptr ? population.parameters[group.front()].omega_fixed : all_fixed(population, *block);
      const std::string matrix = fmt::format("{}", fmt::join(values, ", "));
      lines += fmt::format("    {} ~ {}\n", fmt::join(names, " + "),
                           fixed              ? fmt::format("fix({})", matrix)
                           : block == nullptr ? matrix
                                              : fmt::format("c({})", matrix));
    }
    for (const std::size_t place : population.occasion_parameters()) {
      const Parameter& one = population.parameters[place];
      const std::string variance = real(one.occasion_omega * one.occasion_omega);
      lines += fmt::format("    iov.{} ~ {} | OCC\n", name(one.name),
                           one.occasion_omega_fixed ? fmt::format("fix({})", variance) : variance);
    }
    return lines;
  }

  std::vector<DataColumn> data_columns(const std::vector<SubjectRecords>& subjects) const {
    std::vector<DataColumn> columns = shared_columns(parts_, subjects, true);
    columns.push_back({"CMT", [this, absorbed = absorbed_compartment()](const Record& record) {
                         if (record.dose != nullptr) return record.absorbed() ? absorbed : std::string("central");
                         if (record.observed == nullptr || !parts_.biomarker) return std::string("central");
                         return std::string(record.observed->biomarker ? "response" : "conc");
                       }});
    if (parts_.zero_order() && parts_.routes.intravenous) {
      columns.push_back({"ADM", [](const Record& record) {
                           if (record.dose == nullptr) return std::string(1, '0');
                           return std::string(record.absorbed() ? "1" : "2");
                         }});
    }
    return columns;
  }

  const Parts& parts_;
  const std::vector<std::filesystem::path>& paths_;
  std::string thetas_;
  std::size_t coefficient_count_ = 0;
};

}  // namespace

std::vector<std::string> nlmixr2_texts(const Parts& parts, const std::vector<std::filesystem::path>& paths) {
  return ModelFunction(parts, paths).texts();
}

}  // namespace titrant::run::exchange
