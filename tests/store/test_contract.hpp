#pragma once

#include "titrant/store/contract.hpp"

/// What the stores of these tests hold.
inline std::vector<titrant::store::GroupDescription> test_groups() {
  constexpr auto number = titrant::store::Type::number;
  constexpr auto integer = titrant::store::Type::integer;
  constexpr auto probability = titrant::store::Type::probability;
  constexpr auto text = titrant::store::Type::text;
  return {{{"/"},
           "the root",
           "",
           {{"x", "scale", "1", "x"},
            {"y", "scale", "1", "y"},
            {"scalar", "", "1", "a number"},
            {"along_x", "x", "1", "values along x"},
            {"plane", "x y", "1", "values of x and y"},
            {"along_z", "z", "1", "values along z"},
            {"z", "scale", "1", "z"}},
           {{"", "titrant_version", "version"}}},
          {{"/config"},
           "configuration",
           "",
           {{"resolved", "", "1", "the resolved configuration", text}},
           {{"resolved", "sha256", "digest"}, {"", "copy", "its text"}}},
          {{"/scenario/<scenario>/<regimen>"},
           "one population",
           "",
           {{"dose", "scale", "{amount}", "dose"},
            {"subject", "scale", "1", "virtual subject", integer},
            {"time", "scale", "h", "time after a dose"},
            {"concentration", "subject time", "{concentration}/{amount}", "concentration per unit of dose"}}},
          {{"/scenario/<scenario>/<regimen>/many"}, "many datasets", "", {{"<one>", "dose", "1", "one of many"}}},
          {{"/scenario/<scenario>/<regimen>/<name>"},
           "one method",
           "",
           {{"pass_rate", "dose", "1", "pass rate"},
            {"probability", "dose subject", "1", "probability of success", probability},
            {"by_subject", "subject dose", "1", "probability of success", probability},
            {"unrounded", "dose subject", "1", "probability of success", number},
            {"counts", "dose subject", "1", "ones among the shots", integer}},
           {{"", "shots", "shots", integer}, {"", "scale", "scale of the readout", number}}},
          {{"/scenario/<scenario>/<regimen>/own"},
           "a group with an axis of its own",
           "",
           {{"dose", "scale", "{amount}", "dose"}, {"pass_rate", "dose", "1", "pass rate"}}},
          {{"/trial"},
           "the trial",
           "",
           {{"subject", "scale", "1", "subject", integer},
            {"id", "subject", "1", "identifier", text},
            {"count", "subject", "1", "count", integer},
            {"large", "scale", "h", "more than an object header takes"}}},
          {{"/pk"},
           "a fit",
           "",
           {{"parameter", "scale", "1", "parameter", text},
            {"estimate", "parameter", "1", "estimate"},
            {"covariance", "parameter parameter", "1", "covariance"},
            {"objective", "", "1", "objective"},
            {"observations", "", "1", "observations", integer}},
           {{"", "method", "a text"}}},
          {{"/decision"},
           "answers",
           "",
           {{"cell", "scale", "1", "row", integer},
            {"scenario", "cell", "1", "scenario", text},
            {"block", "cell", "1", "block"}}},
          {{"/a"},
           "anything",
           "",
           {{"place", "scale", "1", "place"}, {"value", "place", "mg", "values"}, {"text", "", "1", "text", text}},
           {{"", "method", "a text"}}},
          {{"/provenance"},
           "how it came to be",
           "",
           {{"hosts", "", "1", "hosts", text}, {"started", "", "1", "start", text}}},
          {{"/campaign"}, "members", "", {{"member", "scale", "1", "members", text}}},
          {{"/member"}, "stores", "", {{"<name>", "", "", "a store", titrant::store::Type::link}}}};
}

inline const titrant::store::Contract& test_contract(titrant::store::Kind kind = titrant::store::Kind::run) {
  static const titrant::store::Contract run(titrant::store::Kind::run, test_groups());
  static const titrant::store::Contract campaign(titrant::store::Kind::campaign, test_groups());
  return kind == titrant::store::Kind::run ? run : campaign;
}

inline const titrant::store::UnitSymbols test_units = {{"amount", "mg"}, {"concentration", "ng/mL"}};
