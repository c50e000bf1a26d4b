#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "inspect.hpp"

/// \file
/// What a store holds, for programs.

namespace titrant::cli {

namespace {

using Json = nlohmann::ordered_json;

/// JSON knows neither NaN nor infinity.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

Json to_json(const protocol::Question& question) {
  return {{"population", question.population},
          {"regimen", question.regimen},
          {"endpoint", question.endpoint},
          {"target", number(question.target)}};
}

/// The columns of the table of answers, by name. \param role  only those of this role
Json to_json(run::Answer answer, std::optional<run::AnswerColumn::Role> role = {}) {
  Json json = Json::object();
  for (const run::AnswerColumn& column : run::answer_columns()) {
    if (role && column.role != *role) continue;
    json[column.description.name] = column.text != nullptr ? Json(column.text(answer)) : number(column.number(answer));
  }
  return json;
}

/// With what null does not tell of an interval's ends.
Json with_ends(const run::Answer& answer) {
  Json json = to_json(answer);
  json["lower_is_above_doses"] = std::isinf(answer.lower);
  json["upper_is_above_doses"] = std::isinf(answer.upper);
  return json;
}

Json to_json(const FoundCurve& c) {
  return {{"population", c.population}, {"regimen", c.regimen},     {"method", c.method},
          {"endpoint", c.endpoint},     {"dose", numbers(c.dose)},  {"target_attainment", numbers(c.attainment)},
          {"lower", numbers(c.lower)},  {"upper", numbers(c.upper)}};
}

Json to_json(const FoundFit& fit) {
  Json json = {{"group", fit.group},     {"structure", fit.structure},
               {"reason", fit.verdict},  {"objective", number(fit.objective)},
               {"bic", number(fit.bic)}, {"parameters", Json::array()}};
  for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
    json["parameters"].push_back({{"name", fit.parameters[i]},
                                  {"units", fit.units.at(i)},
                                  {"estimate", number(fit.estimates.at(i))},
                                  {"rse", number(fit.rse.at(i))},
                                  {"lower", number(fit.lower.at(i))},
                                  {"upper", number(fit.upper.at(i))}});
  }
  return json;
}

Json provenance_of(const Inspection& found) {
  Json json = Json::object();
  for (const auto& [name, text] : found.provenance) json[name] = text;
  for (const auto& [name, value] : found.counts) json[name] = number(value);
  json["stages"] = Json::array();
  for (const auto& [stage, seconds] : found.stages)
    json["stages"].push_back({{"stage", stage}, {"seconds", number(seconds)}});
  return json;
}

void add_run(const Inspection& found, Json& json) {
  json["settings"] = {{"yaml", found.configuration},
                      {"sha256", found.configuration_digest},
                      {"data_file", found.data_file},
                      {"data_sha256", found.data_digest},
                      {"rule", found.rule}};
  json["headline"] = to_json(found.headline);
  json["dose_units"] = found.dose_units;
  json["endpoints"] = found.endpoint_text;
  json["subjects"] = found.subjects;
  json["fits"] = Json::array();
  for (const FoundFit& fit : found.fits) json["fits"].push_back(to_json(fit));
  json["cross_validation"] = Json::array();
  for (const FoundMetrics& one : found.metrics) {
    json["cross_validation"].push_back({{"classifier", one.classifier},
                                        {"log_loss", number(one.log_loss)},
                                        {"accuracy", number(one.accuracy)},
                                        {"auc", number(one.auc)}});
  }
  json["answers"] = Json::array();
  for (const run::Answer& answer : found.answers) json["answers"].push_back(with_ends(answer));
  json["curves"] = Json::array();
  for (const FoundCurve& curve : found.curves) json["curves"].push_back(to_json(curve));
}

void add_index(const Inspection& found, Json& json) {
  json["settings"] = {{"yaml", found.configuration}, {"sha256", found.configuration_digest}};
  json["planned_members"] = found.planned_members;
  json["members"] = found.members;
  json["answers"] = Json::array();
  const std::vector<campaign::Spread> spreads = campaign::spreads(found.gathered);
  for (std::size_t i = 0; i < spreads.size(); ++i) {
    const campaign::CampaignCell& cell = found.gathered.cells[i];
    Json answer = {{"variant", cell.variant}};
    answer.update(to_json(cell.row, run::AnswerColumn::Role::key));
    answer.update({{"dose_unit", cell.dose_unit},
                   {"members", spreads[i].members},
                   {"answered", number(spreads[i].answered)},
                   {"median", number(spreads[i].median)},
                   {"lower_quantile", number(spreads[i].low)},
                   {"upper_quantile", number(spreads[i].high)}});
    json["answers"].push_back(std::move(answer));
  }
}

}  // namespace

void print_inspection_json(const Inspection& found) {
  Json json = {{"file", found.file.string()},      {"bytes", found.bytes},
               {"filetype", found.filetype},       {"complete", found.complete},
               {"titrant_version", found.version}, {"provenance", provenance_of(found)}};
  found.kind == store::Kind::run ? add_run(found, json) : add_index(found, json);
  json["contents"] = Json::array();
  for (const store::Entry& entry : found.contents) {
    json["contents"].push_back(
        {{"path", entry.path}, {"shape", entry.shape}, {"units", entry.units}, {"long_name", entry.long_name}});
  }
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace titrant::cli
