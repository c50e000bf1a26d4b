#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "equations.hpp"
#include "formats.hpp"
#include "names.hpp"
#include "records.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/error_kind.hpp"
#include "titrant/nlme/layout.hpp"

/// \file
/// NONMEM control streams (NONMEM Users Guides, Parts IV and VIII; PREDPP: Part VI). Closed forms where PREDPP has them
/// (ADVAN1 to 4, 11, 12), else ADVAN13 with $DES. Residual errors are THETAs with one $SIGMA of 1, so that censored
/// values can use them too (method M3); of binary values Y is the likelihood (F_FLAG).

namespace titrant::run::exchange {

namespace {

using nlme::Parameter;

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// A THETA with its bounds.
struct Theta {
  std::string record;  ///< "(0, 5.2)"
  std::string comment;
};

class ControlStream {
 public:
  ControlStream(const Parts& parts, const std::vector<std::filesystem::path>& paths)
      : parts_(parts), paths_(paths), central_(central_compartment(parts)) {
    name_parameters();
    number_etas();
  }

  std::vector<std::string> texts() {
    const std::vector<SubjectRecords> subjects = records_of(parts_, Carry::backward);
    const std::vector<DataColumn> columns = data_columns(subjects);
    const std::string pk = pk_block();
    const std::string error = error_block();
    std::string text;
    for (const std::string& note : parts_.notes) text += wrapped(note + ".", "; ");
    if (any_logarithm()) {
      text += wrapped(
          "Where the residual error is log-normal, DV is the logarithm of what was measured, PRED and residuals are on "
          "that scale, and the objective is lower than Titrant's by twice the sum of DV.",
          "; ");
    }
    text += fmt::format("$PROBLEM {}\n", paths_.front().stem().string());
    text += wrapped(fmt::format("{}", fmt::join(names_of(columns), " ")), "$INPUT ", line_width);
    const std::string data = paths_.back().filename().string();
    const bool plain = data.find_first_of(" ,;()=") == std::string::npos;
    text += fmt::format("$DATA {} IGNORE=@\n", plain ? data : fmt::format("'{}'", data));
    text += subroutines() + pk + differential_equations() + error;
    for (const Theta& theta : thetas_) text += fmt::format("$THETA {} ; {}\n", theta.record, theta.comment);
    text += omega_records();
    text += "$SIGMA 1 FIX\n";
    text += fmt::format("$ESTIMATION {}{} MAXEVAL=9999 PRINT=5\n", method(),
                        parts_.censored || parts_.binary() ? " LAPLACE NUMERICAL SLOW" : "");
    text += "$COVARIANCE PRINT=E\n";
    text += fmt::format("$TABLE ID TIME{} DV MDV PRED IPRED CWRES ONEHEADER NOPRINT FILE={}.tab\n",
                        parts_.biomarker ? " DVID" : "", paths_.front().stem().string());
    return {text, csv(subjects, columns)};
  }

 private:
  static constexpr std::size_t line_width = 150;  // NM-TRAN reads 160 characters

  std::string method() const {
    if (parts_.method == nlme::MethodKind::fo) return "METHOD=0 POSTHOC";
    return parts_.method == nlme::MethodKind::foce ? "METHOD=1" : "METHOD=1 INTERACTION";
  }

  bool closed_form() const {
    if (parts_.transit() || parts_.saturable()) return false;
    return !parts_.biomarker || form_of(*parts_.biomarker) == BiomarkerForm::direct;
  }

  std::size_t peripheral_count() const { return static_cast<std::size_t>(parts_.structure); }

  /// The first compartment after those of the drug, and the last one: the biomarker, where it has an equation.
  std::size_t first_effect_compartment() const { return central_ + peripheral_count() + 1; }
  std::size_t last_compartment() const {
    const bool two = parts_.biomarker && form_of(*parts_.biomarker) == BiomarkerForm::precursor;
    return first_effect_compartment() + (two ? 1 : 0);
  }

  /// Names that TRANS2 and TRANS4 ask for: V or V1 where the central compartment is the first, V2 where it follows a
  /// depot, and on from there.
  void name_parameters() {
    const std::size_t first = parts_.depot() ? 2 : 1;
    const bool one = parts_.structure == pkpd::Structure::one_compartment;
    const bool three = parts_.structure == pkpd::Structure::three_compartment;
    names_ = {{"absorption_rate", "KA"},
              {"clearance", "CL"},
              {"volume", one ? "V" : fmt::format("V{}", first)},
              {"intercompartmental_clearance", three ? fmt::format("Q{}", first + 1) : "Q"},
              {"peripheral_volume", fmt::format("V{}", first + 1)},
              {"second_intercompartmental_clearance", fmt::format("Q{}", first + 2)},
              {"second_peripheral_volume", fmt::format("V{}", first + 2)},
              {"lag", "TLAG"},
              {"bioavailability", "FABS"},
              {"input_rate", "RIN"},
              {"input_duration", "DIN"},
              {"absorption_duration", "TK0"},
              {"mean_transit_time", "MTT"},
              {"baseline", "BASE"},
              {"kout", "KOUT"},
              {"imax", "IMAX"},
              {"ic50", "IC50"},
              {"hill", "HILL"},
              {"ke0", "KE0"},
              {"maximum_elimination_rate", "VM"},
              {"michaelis_constant", "KM"},
              {"ktol", "KTOL"},
              {"tol50", "TOL50"},
              {"kp", "KP"},
              {"baseline_slope", "BSLP"},
              {"baseline_amplitude", "BAMP"},
              {"baseline_phase", "BPHASE"}};
    if (parts_.biomarker && !pkpd::inhibits(*parts_.biomarker)) {
      names_["imax"] = "EMAX";
      names_["ic50"] = "EC50";
    }
  }

  std::string name(std::string_view parameter) const {
    const auto found = names_.find(parameter);
    if (found == names_.end()) throw DataError(fmt::format("NONMEM: no name for the parameter {}", parameter));
    return found->second;
  }

  Notation notation() const {
    return {.name = [this](std::string_view parameter) { return name(parameter); },
            .amount = [](std::size_t compartment) { return fmt::format("A({})", compartment); },
            .power = "**",
            .cosine = "COS",
            .exponential = "EXP",
            .logarithm = "LOG",
            .effect_state =
                [this](std::string_view state) {
                  return fmt::format("A({})", state == "response" ? last_compartment() : first_effect_compartment());
                }};
  }

  void number_etas() {
    for (const std::vector<std::size_t>& group : eta_groups(parts_.population)) {
      for (const std::size_t parameter : group) etas_[parameter] = ++eta_count_;
    }
    for (const std::size_t response : parts_.population.error_etas()) error_etas_[response] = ++eta_count_;
    for (const std::size_t parameter : parts_.population.occasion_parameters()) {
      kappas_[parameter] = eta_count_ + 1;
      eta_count_ += parts_.occasions;
    }
  }

  std::string theta(const std::string& record, const std::string& comment, bool fixed) {
    thetas_.push_back({fixed ? record + " FIX" : record, comment});
    return fmt::format("THETA({})", thetas_.size());
  }

  /// A typical value within the bounds of its scale.
  std::string typical_theta(const Parameter& parameter) {
    const std::string comment = fmt::format("{}, {}", parameter.name, parameter.units);
    const std::string value = real(parameter.typical);
    if (parameter.typical_fixed) return theta(value, comment, true);
    switch (parameter.scale.kind) {
      case pkpd::Scale::Kind::log:
        return theta(fmt::format("(0, {})", value), comment, false);
      case pkpd::Scale::Kind::linear:
        return theta(value, comment, false);
      case pkpd::Scale::Kind::logit:
        break;
    }
    return theta(fmt::format("({}, {}, {})", real(parameter.scale.lower), value, real(parameter.scale.upper)), comment,
                 false);
  }

  std::string coefficient_theta(const Parameter& parameter, const nlme::Effect& effect) {
    const std::string comment = fmt::format("{} on {}", effect.effect.covariate, parameter.name);
    const std::string value = real(effect.effect.coefficient);
    const bool bounded = effect.effect.kind == pkpd::EffectKind::categorical && !effect.fixed;
    return theta(bounded ? fmt::format("(-1, {})", value) : value, comment, effect.fixed);
  }

  /// The random effects of a parameter, "ETA(1)+KAPPACL"; empty: none.
  std::string random_effects(std::size_t place, const std::string& symbol) const {
    std::vector<std::string> terms;
    if (etas_.contains(place)) terms.push_back(fmt::format("ETA({})", etas_.at(place)));
    if (kappas_.contains(place)) terms.push_back("KAPPA" + symbol);
    return fmt::format("{}", fmt::join(terms, "+"));
  }

  std::string parameter_lines(std::size_t place) {
    const Parameter& parameter = parts_.population.parameters[place];
    const std::string symbol = name(parameter.name);
    const std::string typical = typical_theta(parameter);
    if (Parts::constant(parameter)) return fmt::format("{} = {}\n", symbol, typical);
    std::string lines;
    std::string factors;  // of log scale
    std::string shifts;   // of logit and linear scale
    for (std::size_t e = 0; e < parameter.effects.size(); ++e) {
      const pkpd::CovariateEffect& effect = parameter.effects[e].effect;
      const std::string column = parts_.columns[parts_.effect_columns[place][e]].name;
      const std::string coefficient = coefficient_theta(parameter, parameter.effects[e]);
      const std::string reference = real(effect.reference);
      switch (effect.kind) {
        case pkpd::EffectKind::power:
          factors += fmt::format("*({}/{})**{}", column, reference, coefficient);
          shifts += fmt::format(" + {}*LOG({}/{})", coefficient, column, reference);
          break;
        case pkpd::EffectKind::exponential:
          factors += fmt::format("*EXP({}*({}-({})))", coefficient, column, reference);
          shifts += fmt::format(" + {}*({}-({}))", coefficient, column, reference);
          break;
        case pkpd::EffectKind::categorical: {
          const std::string factor = fmt::format("FACTOR{}", ++factor_count_);
          lines += fmt::format("{0} = 1.0\nIF ({1}.NE.{2}) {0} = 1.0 + {3}\n", factor, column, reference, coefficient);
          factors += "*" + factor;
          shifts += fmt::format(" + LOG({})", factor);
          break;
        }
      }
    }
    if (kappas_.contains(place)) {
      lines += fmt::format("KAPPA{} = 0.0\n", symbol);
      for (std::size_t occasion = 0; occasion < parts_.occasions; ++occasion) {
        lines += fmt::format("IF (OCC.EQ.{}) KAPPA{} = ETA({})\n", occasion + 1, symbol, kappas_.at(place) + occasion);
      }
    }
    const std::string random = random_effects(place, symbol);
    switch (parameter.scale.kind) {
      case pkpd::Scale::Kind::log:
        lines += fmt::format("TV{} = {}{}\n", symbol, typical, factors);
        lines += random.empty() ? fmt::format("{0} = TV{0}\n", symbol)
                                : fmt::format("{0} = TV{0}*EXP({1})\n", symbol, random);
        break;
      case pkpd::Scale::Kind::linear: {
        if (!random.empty()) shifts += " + " + random;
        const std::string unit = real(parameter.scale.upper - parameter.scale.lower);
        lines += fmt::format("{} = {} + {}*({})\n", symbol, typical, unit, shifts.substr(3));
        break;
      }
      case pkpd::Scale::Kind::logit: {
        const std::string lower = real(parameter.scale.lower);
        const std::string upper = real(parameter.scale.upper);
        lines += fmt::format("LG{} = LOG(({}-{})/({}-{})){}\n", symbol, typical, lower, upper, typical, shifts);
        const std::string moved = random.empty() ? "LG" + symbol : fmt::format("(LG{}+{})", symbol, random);
        lines += fmt::format("{} = {} + ({}-{})/(1.0+EXP(-{}))\n", symbol, lower, upper, lower, moved);
        break;
      }
    }
    return lines;
  }

  /// Lag, bioavailability, rates and durations of doses.
  std::string dose_lines() const {
    std::string lines;
    const std::size_t absorbed = 1;
    const auto set = [&](const char* item, std::size_t compartment, const std::string& value) {
      lines += fmt::format("{}{} = {}\n", item, compartment, value);
    };
    const auto compartment_of = [&](pkpd::DoseInto into) {
      return into == pkpd::DoseInto::depot ? absorbed : central_;
    };
    const bool both = parts_.zero_order() && parts_.routes.intravenous;
    if (both) {
      if (parts_.has("lag")) set("ALAG", central_, "0.0");
      if (parts_.has("bioavailability")) set("F", central_, "1.0");
    }
    if (parts_.modelled_rate) set("R", compartment_of(*parts_.modelled_rate), name("input_rate"));
    if (parts_.modelled_duration) set("D", compartment_of(*parts_.modelled_duration), name("input_duration"));
    if (both) lines += "IF (ADM.EQ.1) THEN\n";
    if (parts_.has("lag")) set("ALAG", absorbed, name("lag"));
    if (parts_.has("bioavailability")) set("F", absorbed, name("bioavailability"));
    if (parts_.zero_order()) set("D", absorbed, name("absorption_duration"));
    if (both) lines += "ENDIF\n";
    return lines;
  }

  std::string pk_block() {
    std::string text = "$PK\n";
    for (const std::size_t place : parts_.written_parameters()) text += parameter_lines(place);
    text += dose_lines();
    if (parts_.transit()) {
      text += fmt::format("KTR = {}/{}\n", real(parts_.population.absorption.transit_compartments + 1),
                          name("mean_transit_time"));
    }
    text += fmt::format("S{} = {}/{}\n", central_, name("volume"), real(parts_.population.concentration_scale));
    if (!parts_.biomarker) return text;
    std::size_t compartment = first_effect_compartment();
    for (const EffectState& state : states()) {
      if (state.initial != "0.0") text += fmt::format("A_0({}) = {}\n", compartment, state.initial);
      ++compartment;
    }
    return text;
  }

  std::string subroutines() const {
    if (closed_form()) {
      const bool depot = parts_.depot();
      switch (parts_.structure) {
        case pkpd::Structure::one_compartment:
          return fmt::format("$SUBROUTINES ADVAN{} TRANS2\n", depot ? 2 : 1);
        case pkpd::Structure::two_compartment:
          return fmt::format("$SUBROUTINES ADVAN{} TRANS4\n", depot ? 4 : 3);
        case pkpd::Structure::three_compartment:
          break;
      }
      return fmt::format("$SUBROUTINES ADVAN{} TRANS4\n", depot ? 12 : 11);
    }
    std::string text = "$SUBROUTINES ADVAN13 TOL=10\n$MODEL\n";
    for (const Compartment& one : compartments(parts_, notation(), "KTR")) {
      const std::string upper = upper_case(one.name);
      text += fmt::format("COMP=({}{})\n", upper.substr(0, 5) == "PERIP" ? "PERI" + upper.substr(10) : upper,
                          one.name == "central" ? ",DEFOBS" : "");
    }
    if (!parts_.biomarker) return text;
    for (const EffectState& state : states()) text += fmt::format("COMP=({})\n", upper_case(state.name).substr(0, 8));
    return text;
  }

  /// The equations of the biomarker, as functions of CONCD and URD.
  std::vector<EffectState> states() const { return effect_states(parts_, notation(), "CONCD", "URD"); }

  /// Lines that set UR, or what it is called, to the saturation at a concentration.
  std::string saturation_lines(const char* called, const std::string& concentration) const {
    return fmt::format("{0} = 0.0\nIF ({1}.GT.0.0) {0} = {2}\n", called, concentration,
                       saturation(parts_, notation(), concentration));
  }

  std::string differential_equations() const {
    if (closed_form()) return {};
    std::string text = "$DES\n";
    std::size_t number = 0;
    for (const Compartment& one : compartments(parts_, notation(), "KTR")) {
      text += fmt::format("DADT({}) = {}\n", ++number, one.rate);
    }
    if (!parts_.biomarker) return text;
    text += fmt::format("CONCD = A({0})/S{0}\n", central_);
    if (has_response_state(form_of(*parts_.biomarker))) text += saturation_lines("URD", "CONCD");
    std::size_t compartment = first_effect_compartment();
    for (const EffectState& state : states()) text += fmt::format("DADT({}) = {}\n", compartment++, state.rate);
    return text;
  }

  /// The standard deviation of a residual error at IPRED, on the scale of DV.
  std::string deviation(const nlme::ResponseError& error) {
    const std::string of = error.name.empty() ? std::string() : fmt::format("{}, ", error.name);
    const auto size = [&](double value, const std::string& comment, bool fixed) {
      return theta(fixed ? real(value) : fmt::format("(0, {})", real(value)), of + comment, fixed);
    };
    const auto additive = [&] {
      return size(error.model.additive, fmt::format("additive error, {}", error.units), error.additive_fixed);
    };
    const auto proportional = [&] {
      return size(error.model.proportional, "proportional error", error.proportional_fixed);
    };
    switch (nlme::error_kind(error.model)) {
      case nlme::ErrorKind::additive:
        return additive();
      case nlme::ErrorKind::proportional:
        return fmt::format("{}*IPRED", proportional());
      case nlme::ErrorKind::combined: {
        const std::string first = additive();
        return fmt::format("SQRT({}**2 + ({}*IPRED)**2)", first, proportional());
      }
      case nlme::ErrorKind::combined_sd: {
        const std::string first = additive();
        return fmt::format("{} + {}*IPRED", first, proportional());
      }
      case nlme::ErrorKind::power: {
        const std::string factor =
            size(error.model.proportional, "factor of the power error", error.proportional_fixed);
        return fmt::format("{}*IPRED**{}", factor,
                           size(error.model.exponent, "exponent of the power error", error.exponent_fixed));
      }
      case nlme::ErrorKind::binary:  // has none
      case nlme::ErrorKind::log_normal:
        break;
    }
    return size(error.model.proportional, "error of the logarithm", error.proportional_fixed);
  }

  static bool of_logarithm(const nlme::ResponseError& error) {
    return nlme::error_kind(error.model) == nlme::ErrorKind::log_normal;
  }

  /// Whether DV is the logarithm of what was measured in some records, as NONMEM has log-normal errors.
  bool any_logarithm() const {
    const auto& errors = parts_.population.errors;
    return of_logarithm(errors.front()) || of_logarithm(errors.back());
  }

  /// Lines that set W, and PRD to the prediction on the scale of DV where that may be another one.
  std::string scale_lines(std::size_t response) {
    const nlme::ResponseError& error = parts_.population.errors[response];
    const auto own = error_etas_.find(response);
    const std::string size = deviation(error);
    std::string text = own == error_etas_.end() ? fmt::format("W = {}\n", size)
                                                : fmt::format("W = ({})*EXP(ETA({}))\n", size, own->second);
    if (!any_logarithm()) return text;
    if (!of_logarithm(error)) return text + "PRD = IPRED\n";
    return text + "PRD = 0.0\nIF (IPRED.GT.0.0) PRD = LOG(IPRED)\n";
  }

  std::string biomarker_lines() const {
    std::string text;
    if (!has_response_state(form_of(*parts_.biomarker))) {
      const std::string seen = seen_concentration(parts_, notation(), "CONC");
      if (seen != "CONC") text += fmt::format("CE = {}\n", seen);
      text += saturation_lines("UR", seen == "CONC" ? "CONC" : "CE");
    }
    text += fmt::format("IPRED = {}\n", response(parts_, notation(), "UR"));
    const std::string factor = moving_baseline(parts_, notation(), "TIME");
    if (factor.empty()) return text;
    text += fmt::format("BT = {}\nIF (BT.LT.0.0) BT = 0.0\n", factor);
    return text + "IPRED = IPRED*BT\n";
  }

  std::string error_block() {
    std::string text = "$ERROR\n";
    if (parts_.biomarker) {
      text += fmt::format("CONC = A({0})/S{0}\nIPRED = CONC\n", central_);
    } else {
      text += "IPRED = F\n";
    }
    text += scale_lines(0);
    if (parts_.biomarker) {
      const std::string scale = parts_.binary() ? std::string() : scale_lines(parts_.population.errors.size() - 1);
      text += fmt::format("IF (DVID.EQ.2) THEN\n{}{}ENDIF\n", biomarker_lines(), scale);
    }
    const std::string predicted = any_logarithm() ? "PRD" : "IPRED";
    text += fmt::format("Y = {} + W*EPS(1)\n", predicted);
    if (parts_.censored || parts_.binary()) text += "F_FLAG = 0\n";
    if (parts_.binary()) {
      text += "IF (DVID.EQ.2) THEN\nF_FLAG = 1\nY = IPRED\nIF (DV.LT.0.5) Y = 1.0 - IPRED\nENDIF\n";
    }
    if (!parts_.censored) return text;
    const auto censored = [&](const std::string& condition, const std::string& probability) {
      text += fmt::format("IF ({}) THEN\nF_FLAG = 1\nY = {}\nENDIF\n", condition, probability);
    };
    const auto below = [&](const char* limit) { return fmt::format("PHI(({}-{})/W)", limit, predicted); };
    censored("MDV.EQ.0.AND.CENS.EQ.1", below("DV"));
    censored("MDV.EQ.0.AND.CENS.LT.0", fmt::format("1.0 - {}", below("DV")));
    if (parts_.between) censored("MDV.EQ.0.AND.CENS.EQ.2", fmt::format("{} - {}", below("DV"), below("LIMIT")));
    return text;
  }

  std::string omega_records() const {
    const nlme::Population& population = parts_.population;
    std::string text;
    for (const std::vector<std::size_t>& group : eta_groups(population)) {
      const Parameter& first = population.parameters[group.front()];
      const nlme::OmegaBlock* block = block_of(population, group.front());
      if (block == nullptr) {
        text += fmt::format("$OMEGA {}{} ; {}\n", real(first.omega * first.omega), first.omega_fixed ? " FIX" : "",
                            first.name);
        continue;
      }
      text += fmt::format("$OMEGA BLOCK({}){}\n", group.size(), all_fixed(population, *block) ? " FIX" : "");
      for (std::size_t row = 0; row < group.size(); ++row) {
        std::vector<std::string> values;
        for (std::size_t column = 0; column <= row; ++column) {
          values.push_back(real(block_covariance(population, *block, row, column)));
        }
        text += fmt::format("{} ; {}\n", fmt::join(values, " "), population.parameters[group[row]].name);
      }
    }
    for (const std::size_t response : population.error_etas()) {
      const nlme::ResponseError& error = population.errors[response];
      text += fmt::format("$OMEGA {}{} ; {}\n", real(error.model.omega * error.model.omega),
                          error.omega_fixed ? " FIX" : "", nlme::error_eta_name(error));
    }
    for (const std::size_t place : population.occasion_parameters()) {
      const Parameter& one = population.parameters[place];
      text += fmt::format("$OMEGA BLOCK(1){} {} ; {}, occasion 1\n", one.occasion_omega_fixed ? " FIX" : "",
                          real(one.occasion_omega * one.occasion_omega), one.name);
      for (std::size_t occasion = 1; occasion < parts_.occasions; ++occasion) {
        text += fmt::format("$OMEGA BLOCK(1) SAME ; {}, occasion {}\n", one.name, occasion + 1);
      }
    }
    return text;
  }

  std::string on_scale(const Observed& one, double value) const {
    const auto& errors = parts_.population.errors;
    return fmt::format("{}", (one.biomarker ? errors.back() : errors.front()).model.on_scale(value));
  }

  std::string value_text(const Record& record) const {
    return record.observed == nullptr ? std::string(1, '.') : on_scale(*record.observed, record.observed->value);
  }

  std::vector<DataColumn> data_columns(const std::vector<SubjectRecords>& subjects) const {
    std::vector<DataColumn> columns = shared_columns(parts_, subjects, true);
    for (DataColumn& column : columns) {
      if (column.name == "DV" && any_logarithm())
        column.text = [this](const Record& record) { return value_text(record); };
      if (column.name == "LIMIT" && any_logarithm()) {
        column.text = [this](const Record& record) {
          const bool told = record.observed != nullptr && record.observed->between();
          return told ? on_scale(*record.observed, record.observed->lower) : std::string(1, '.');
        };
      }
      if (column.name != "CENS" || !parts_.between) continue;
      column.text = [shared = column.text](const Record& record) {
        return record.observed != nullptr && record.observed->between() ? std::string(1, '2') : shared(record);
      };
    }
    const auto place_of = [this](const Record& record) {
      if (record.dose != nullptr) return record.absorbed() ? std::size_t{1} : central_;
      const bool of_state =
          record.observed != nullptr && record.observed->biomarker && has_response_state(form_of(*parts_.biomarker));
      return of_state ? last_compartment() : central_;
    };
    columns.push_back({"CMT", [place_of](const Record& record) { return fmt::format("{}", place_of(record)); }});
    if (parts_.biomarker) {
      columns.push_back({"DVID", [](const Record& record) {
                           if (record.observed == nullptr) return std::string(1, '0');
                           return std::string(record.observed->biomarker ? "2" : "1");
                         }});
    }
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
  std::size_t central_;
  std::map<std::string, std::string, std::less<>> names_;
  std::map<std::size_t, std::size_t> etas_;        ///< number of a parameter's eta
  std::map<std::size_t, std::size_t> error_etas_;  ///< number of the eta of a residual error
  std::map<std::size_t, std::size_t> kappas_;      ///< number of its first kappa
  std::size_t eta_count_ = 0;
  std::vector<Theta> thetas_;
  std::size_t factor_count_ = 0;
};

}  // namespace

std::vector<std::string> nonmem_texts(const Parts& parts, const std::vector<std::filesystem::path>& paths) {
  return ControlStream(parts, paths).texts();
}

}  // namespace titrant::run::exchange
