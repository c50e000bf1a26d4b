#include "titrant/hardware/results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::hardware {

namespace {

using Ordered = nlohmann::ordered_json;

constexpr const char* results_format = "titrant device results";
constexpr int results_version = 1;

/// The bits that read 1 in most shots; those that the counts do not tell are left out.
std::vector<std::size_t> bits_set(const CircuitCounts& counts, const BitLayout& bits) {
  std::vector<std::size_t> set;
  for (std::size_t bit = 0; bit < bits.size(); ++bit)
    if (counts.share(bits, bit) > 0.5) set.push_back(bit);
  return set;
}

std::string names_of(const std::vector<std::size_t>& set, const BitLayout& bits) {
  std::vector<std::string> names;
  for (const std::size_t bit : set)
    for (const quantum::Register& one : bits.registers)
      if (bit >= one.first && bit < one.first + one.size)
        names.push_back(fmt::format("{}[{}]", one.name, bit - one.first));
  return names.empty() ? "no bit" : fmt::format("{}", fmt::join(names, ", "));
}

/// What is wrong with the counts of a marker; empty: nothing.
std::string marker_fault(const CircuitCounts& counts, Role role, const BitLayout& bits, bool was_reversed) {
  const bool one = role == Role::marker_one;
  const std::vector<std::size_t> wanted = one ? std::vector<std::size_t>{bits.answer} : std::vector<std::size_t>();
  const std::vector<std::size_t> set = bits_set(counts, bits);
  if (set == wanted) return "";
  const std::string says =
      fmt::format("the marker reads 1 in {}; expected {}", names_of(set, bits), names_of(wanted, bits));
  if (one && bits_set(reversed(counts), bits) == wanted)
    return fmt::format("{}: the bits are in the other order; give --bit-order {}", says,
                       was_reversed ? "highest" : "lowest");
  return says + ": are these counts of this circuit, and is each bit where its measurement writes it?";
}

std::vector<std::string> names_of_unnamed(const CountsFile& file, const Manifest& manifest,
                                          const ImportOptions& options, core::Problems& problems) {
  const auto& circuits = manifest.circuits;
  const auto begin = std::find_if(circuits.begin(), circuits.end(), [&](const ExportedCircuit& one) {
    return options.first.empty() || one.planned.name == options.first;
  });
  if (begin == circuits.end()) {
    problems.add("--first " + options.first, "the manifest has no such circuit");
    return {};
  }
  const auto left = static_cast<std::size_t>(circuits.end() - begin);
  const bool whole = options.first.empty();
  if (file.circuits.size() > left || (whole && file.circuits.size() != left)) {
    problems.add(file.source,
                 fmt::format("{} counts without names of circuits, and the manifest has {}{}; expected one for each in "
                             "its order, or --first NAME of the first",
                             file.circuits.size(), left, whole ? "" : " from " + options.first + " on"));
    return {};
  }
  std::vector<std::string> names;
  for (std::size_t k = 0; k < file.circuits.size(); ++k)
    names.push_back((begin + static_cast<std::ptrdiff_t>(k))->planned.name);
  return names;
}

}  // namespace

std::vector<Counted> ImportedCounts::counted(const Scheme& scheme) const {
  std::vector<Counted> all;
  for (const PlannedCircuit& circuit : scheme.circuits) {
    Counted& sum = all.emplace_back();
    const auto found = circuits.find(circuit.name);
    if (found == circuits.end()) continue;
    for (const HeldCounts& one : found->second) {
      sum.shots += one.shots;
      sum.ones += one.ones;
    }
  }
  return all;
}

std::string write_imported(const ImportedCounts& counts) {
  Ordered json = {{"format", results_format}, {"version", results_version}, {"manifest", counts.manifest_sha256}};
  json["circuits"] = Ordered::object();
  for (const auto& [name, held] : counts.circuits)
    for (const HeldCounts& one : held)
      json["circuits"][name].push_back(
          {{"shots", one.shots}, {"ones", one.ones}, {"source", one.source}, {"sha256", one.sha256}});
  json["sha256"] = core::sha256(json.dump());
  return json.dump(1) + "\n";
}

ImportedCounts parse_imported(const std::string& text, const std::string& file) {
  try {
    Ordered json = Ordered::parse(text);
    if (!json.is_object() || json.value("format", "") != results_format || json.value("version", 0) != results_version)
      throw DataError(fmt::format("{}: holds no imported counts of this version; give another file (--results)", file));
    const std::string declared = json.value("sha256", "");
    json.erase("sha256");
    if (core::sha256(json.dump()) != declared)
      throw DataError(
          fmt::format("{}: was edited (its checksum is another); remove it and import all counts again", file));
    ImportedCounts counts;
    counts.manifest_sha256 = json.at("manifest").get<std::string>();
    for (const auto& [name, held] : json.at("circuits").items())
      for (const Ordered& one : held)
        counts.circuits[name].push_back({one.at("sha256").get<std::string>(), one.at("source").get<std::string>(),
                                         one.at("shots").get<std::uint64_t>(), one.at("ones").get<std::uint64_t>()});
    return counts;
  } catch (const Ordered::exception& error) {
    throw DataError(fmt::format("{}: {}; remove it and import all counts again", file, error.what()));
  }
}

Added add_counts(ImportedCounts& held, const CountsFile& file, const Manifest& manifest, const ImportOptions& options,
                 core::Problems& problems, std::vector<std::string>& remarks) {
  Added added;
  std::vector<std::string> names;
  const bool unnamed = std::any_of(file.circuits.begin(), file.circuits.end(),
                                   [](const CircuitCounts& one) { return one.name.empty(); });
  if (unnamed) names = names_of_unnamed(file, manifest, options, problems);
  if (unnamed && names.empty()) return added;
  bool marked = false;
  std::size_t more = 0;
  for (std::size_t k = 0; k < file.circuits.size(); ++k) {
    const CircuitCounts counts = options.reversed ? reversed(file.circuits[k]) : file.circuits[k];
    const std::string& name = unnamed ? names[k] : counts.name;
    const auto circuit = std::find_if(manifest.circuits.begin(), manifest.circuits.end(),
                                      [&](const ExportedCircuit& one) { return one.planned.name == name; });
    const std::string where = fmt::format("{}: {}", file.source, name);
    if (circuit == manifest.circuits.end()) {
      problems.add(where, "no circuit of this manifest has this name; expected counts of the exported circuits");
      continue;
    }
    if (counts.shots == 0) {
      problems.add(where, "no shots");
      continue;
    }
    const Role role = circuit->planned.role;
    if (role == Role::marker_zero || role == Role::marker_one) {
      marked = marked || role == Role::marker_one;
      const std::string fault = marker_fault(counts, role, manifest.bits, options.reversed);
      if (!fault.empty()) problems.add(where, fault);
    }
    std::vector<HeldCounts>& of_circuit = held.circuits[name];
    const std::string digest = counts.digest();
    if (std::any_of(of_circuit.begin(), of_circuit.end(),
                    [&](const HeldCounts& one) { return one.sha256 == digest; })) {
      ++added.repeated;
      continue;
    }
    of_circuit.push_back({digest, file.source, counts.shots, counts.ones(manifest.bits)});
    ++added.circuits;
    added.shots += counts.shots;
    std::uint64_t all = 0;
    for (const HeldCounts& one : of_circuit) all += one.shots;
    if (all > circuit->planned.shots) ++more;
  }
  if (!marked && manifest.bits.size() > 1)
    remarks.push_back(fmt::format("{}: has no marker_one, so the order of its bits is not checked", file.source));
  if (added.repeated > 0)
    remarks.push_back(fmt::format("{}: counts of {} circuits were imported before and are not counted twice",
                                  file.source, added.repeated));
  if (more > 0) remarks.push_back(fmt::format("{}: {} circuits have more shots than planned", file.source, more));
  return added;
}

}  // namespace titrant::hardware
