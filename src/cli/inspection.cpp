#include "inspection.hpp"

#include <yaml-cpp/yaml.h>

#include <cmath>
#include <limits>

#include "plain_text.hpp"

namespace titrant::cli {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::vector<double> numbers_or_none(const store::Reader& reader, const std::string& path) {
  return reader.contains(path) ? reader.numbers(path) : std::vector<double>();
}

double number_or_none(const store::Reader& reader, const std::string& path) {
  return reader.contains(path) ? reader.number(path) : unknown;
}

void read_provenance(const store::Reader& reader, Inspection& found) {
  const std::string group = "/provenance";
  if (!reader.contains(group)) return;
  for (const std::string& name : reader.children(group)) {
    const std::string path = group + "/" + name;
    if (name == "calls" || !reader.shape(path).empty()) continue;  // tables
    if (reader.holds_text(path)) {
      found.provenance.emplace_back(name, reader.text(path));
    } else {
      found.counts.emplace_back(name, reader.number(path));
    }
  }
  if (!reader.contains(group + "/stage")) return;
  const std::vector<std::string> stages = reader.strings(group + "/stage");
  const std::vector<double> seconds = reader.numbers(group + "/seconds");
  for (std::size_t i = 0; i < stages.size(); ++i) found.stages.emplace_back(stages[i], seconds.at(i));
}

/// What the configuration says that the tables of the store do not.
void read_settings(const store::Reader& reader, Inspection& found) {
  const std::string path = reader.kind() == store::Kind::campaign ? "/config/base" : "/config/resolved";
  found.threshold = unknown;
  found.rule = "mean";
  if (!reader.contains(path)) return;
  found.configuration = reader.text(path);
  found.configuration_digest = reader.text_attribute(path, "sha256");
  if (reader.contains("/config/data_sha256")) found.data_digest = reader.text("/config/data_sha256");
  try {
    const YAML::Node settings = YAML::Load(found.configuration);
    found.data_file = settings["data"]["file"].as<std::string>("");
    found.threshold = settings["response"]["threshold"].as<double>(unknown);
    found.rule = settings["dose"]["rule"].as<std::string>(found.rule);
    const YAML::Node units = settings["data"]["units"];
    if (units) {  // stores of versions before them are in mg and ng/mL
      found.dose_unit = units["amount"].as<std::string>(found.dose_unit);
      found.biomarker_unit = units["biomarker"].as<std::string>(found.biomarker_unit);
    }
  } catch (const YAML::Exception&) {  // of another version: the rest of the store is as good
    return;
  }
}

void read_fit(const store::Reader& reader, const std::string& name, Inspection& found) {
  const std::string group = "/" + name;
  if (!reader.contains(group + "/estimate")) return;
  FoundFit fit;
  fit.group = name;
  fit.structure = reader.text_attribute(group, "structure");
  fit.verdict = reader.text_attribute(group, "reason");
  fit.objective = number_or_none(reader, group + "/objective");
  fit.bic = number_or_none(reader, group + "/bic");
  fit.parameters = reader.strings(group + "/parameter");
  fit.units = reader.strings(group + "/parameter_units");
  fit.estimates = reader.numbers(group + "/estimate");
  fit.rse = reader.numbers(group + "/rse");
  fit.lower = reader.numbers(group + "/ci_lower");
  fit.upper = reader.numbers(group + "/ci_upper");
  found.fits.push_back(std::move(fit));
}

void read_metrics(const store::Reader& reader, Inspection& found) {
  if (!reader.contains("/classifier")) return;
  for (const std::string& name : reader.children("/classifier")) {
    const std::string pooled = "/classifier/" + name + "/evaluation/pooled";
    if (!reader.contains(pooled)) continue;
    found.metrics.push_back({name, reader.numbers(pooled + "/log_loss").at(0),
                             reader.numbers(pooled + "/accuracy").at(0), reader.numbers(pooled + "/auc").at(0)});
  }
}

void read_answers(const store::Reader& reader, Inspection& found) {
  if (!reader.contains("/decision/minimal_dose")) return;
  const auto words = [&](const char* name) { return reader.strings(std::string("/decision/") + name); };
  const auto numbers = [&](const char* name) { return reader.numbers(std::string("/decision/") + name); };
  const auto scenario = words("scenario");
  const auto regimen = words("regimen");
  const auto classifier = words("classifier");
  const auto rule = words("rule");
  const auto label = words("label");
  const auto window = words("window");
  const auto source = words("interval_source");
  const auto target = numbers("target");
  const auto dose = numbers("minimal_dose");
  const auto lower = numbers("lower");
  const auto upper = numbers("upper");
  const auto probability = numbers("probability_of_target");
  const auto rate = numbers("pass_rate");
  const auto below = numbers("pass_rate_below");
  for (std::size_t i = 0; i < dose.size(); ++i) {
    found.answers.push_back({scenario.at(i), regimen.at(i), classifier.at(i), rule.at(i), label.at(i), window.at(i),
                             source.at(i), target.at(i), dose[i], lower.at(i), upper.at(i), probability.at(i),
                             rate.at(i), below.at(i)});
  }
}

/// /scenario/<scenario>/<regimen>/<name>/pass_rate, where the name may have a question behind it.
void read_curves(const store::Reader& reader, Inspection& found) {
  const std::string root = "/scenario/";
  const std::string leaf = "/pass_rate";
  for (const store::Entry& entry : found.contents) {
    const std::string& path = entry.path;
    if (!path.starts_with(root) || !path.ends_with(leaf)) continue;
    const std::size_t scenario = path.find('/', root.size());
    const std::size_t regimen = path.find('/', scenario + 1);
    const std::string group = path.substr(0, path.size() - leaf.size());
    FoundCurve curve;
    curve.scenario = path.substr(root.size(), scenario - root.size());
    curve.regimen = path.substr(scenario + 1, regimen - scenario - 1);
    curve.name = group.substr(regimen + 1);
    curve.dose = reader.numbers(path.substr(0, regimen) + "/dose");
    curve.pass_rate = reader.numbers(path);
    curve.lower = numbers_or_none(reader, group + "/pass_rate_lower");
    curve.upper = numbers_or_none(reader, group + "/pass_rate_upper");
    found.curves.push_back(std::move(curve));
  }
}

}  // namespace

const std::string& Inspection::fact(const std::string& name) const {
  static const std::string nothing;
  for (const auto& [known, text] : provenance) {
    if (known == name) return text;
  }
  return nothing;
}

double Inspection::count(const std::string& name) const {
  for (const auto& [known, value] : counts) {
    if (known == name) return value;
  }
  return unknown;
}

namespace {

Inspection read(const std::filesystem::path& file) {
  const store::Reader reader(file, {store::Kind::run, store::Kind::campaign});
  Inspection found;
  found.file = file;
  found.bytes = std::filesystem::file_size(file);
  found.kind = reader.kind();
  found.filetype = reader.text_attribute("/", "filetype");
  found.complete = reader.complete();
  found.version = reader.text_attribute("/", "titrant_version");
  found.contents = reader.entries();
  read_provenance(reader, found);
  read_settings(reader, found);
  if (found.kind == store::Kind::campaign) {
    found.planned_members = reader.number_attribute("/", "planned_members");
    found.members = reader.strings("/campaign/member");
    found.gathered = campaign::read_index(reader);
    return found;
  }
  if (reader.contains("/trial/subject")) found.subjects = reader.shape("/trial/subject").at(0);
  for (const char* group : {"pk", "pd"}) read_fit(reader, group, found);
  read_metrics(reader, found);
  read_answers(reader, found);
  read_curves(reader, found);
  return found;
}

}  // namespace

Inspection inspect_store(const std::filesystem::path& file) {
  Inspection found = read(file);
  make_plain(found);
  return found;
}

}  // namespace titrant::cli
