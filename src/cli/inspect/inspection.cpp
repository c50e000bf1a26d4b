#include "inspection.hpp"

#include <yaml-cpp/yaml.h>

#include <cmath>

#include "terminal/plain_text.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::cli {

namespace {

using core::not_available;

std::vector<double> numbers_or_none(const store::Reader& reader, const std::string& path) {
  return reader.contains(path) ? reader.numbers(path) : std::vector<double>();
}

double number_or_none(const store::Reader& reader, const std::string& path) {
  return reader.contains(path) ? reader.number(path) : not_available;
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
  found.rule = "mean";
  if (!reader.contains(path)) return;
  found.configuration = reader.text(path);
  found.configuration_digest = reader.text_attribute(path, "sha256");
  if (reader.contains("/config/data_sha256")) found.data_digest = reader.text("/config/data_sha256");
  try {
    const YAML::Node settings = YAML::Load(found.configuration);
    found.data_file = settings["data"]["file"].as<std::string>("");
    found.rule = settings["dose"]["rule"].as<std::string>(found.rule);
  } catch (const YAML::Exception&) {  // of another version: the rest of the store is as good
    return;
  }
}

/// What was asked.
void read_protocol(const store::Reader& reader, Inspection& found) {
  const auto columns = [&](const std::string& group, const std::string& column, auto& map) {
    if (reader.contains(group + "/name")) map = store::texts_by_name(reader, group + "/name", group + "/" + column);
  };
  columns("/protocol/regimen", "dose_unit", found.dose_units);
  columns("/protocol/endpoint", "description", found.endpoint_text);
  const std::string headline = "/protocol/headline";
  if (!reader.contains(headline)) return;
  found.headline = {reader.text(headline + "/population"), reader.text(headline + "/regimen"),
                    reader.text(headline + "/endpoint"), reader.number(headline + "/target")};
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

/// /population/<population>/<regimen>/<method>/<endpoint>/target_attainment.
void read_curves(const store::Reader& reader, Inspection& found) {
  const std::string root = "/population/";
  const std::string leaf = "/target_attainment";
  for (const store::Entry& entry : found.contents) {
    const std::string& path = entry.path;
    if (!path.starts_with(root) || !path.ends_with(leaf)) continue;
    const std::string group = path.substr(0, path.size() - leaf.size());
    std::vector<std::string> parts;
    for (std::size_t at = root.size(); at < group.size();) {
      const std::size_t end = std::min(group.find('/', at), group.size());
      parts.push_back(group.substr(at, end - at));
      at = end + 1;
    }
    constexpr std::size_t depth = 4;
    if (parts.size() != depth) continue;
    FoundCurve curve{parts[0], parts[1], parts[2], parts[3], {}, {}, {}, {}};
    curve.dose = reader.numbers(root + parts[0] + "/" + parts[1] + "/dose");
    curve.attainment = reader.numbers(path);
    curve.lower = numbers_or_none(reader, path + "_lower");
    curve.upper = numbers_or_none(reader, path + "_upper");
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
  return not_available;
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
  read_protocol(reader, found);
  found.answers = run::read_answers(reader);
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
