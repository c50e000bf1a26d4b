#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "device.hpp"
#include "planning.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/hardware/answer.hpp"
#include "titrant/hardware/results.hpp"

/// \file
/// titrant device import: counts of exported circuits, and what they answer.

namespace titrant::cli {

namespace {

using hardware::DeviceAnswer;
using hardware::FolderManifest;
using hardware::Manifest;
using hardware::Role;

constexpr std::size_t most_counts = std::size_t{1} << 30U;  // bytes of a file of counts

/// The device file of the export must be what it was.
void expect_same_device(const Invocation& invocation, const Manifest& manifest, std::vector<std::string>& remarks) {
  if (manifest.device.empty()) {
    if (invocation.values.contains("device"))
      throw ConfigError("--device: these circuits were exported for no device (--logical)");
    return;
  }
  const std::string named = file_option(invocation, "device");
  const std::string file = named.empty() ? manifest.device_file : named;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    remarks.push_back(fmt::format("{}: the device file of the export is not there, so it is not compared", file));
    return;
  }
  if (core::file_sha256(file) == manifest.device_sha256) return;
  throw DataError(fmt::format(
      "{}: changed since the circuits were exported for {} (its checksum is another); give the file as it was "
      "(--device), or export again",
      file, manifest.device));
}

/// Markers say how the answer's qubit is misread now; the correction uses what the device file says.
void compare_readout(const Manifest& manifest, const std::vector<hardware::Counted>& counts,
                     std::vector<std::string>& remarks) {
  constexpr double many = 4.0;  // standard deviations
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const hardware::PlannedCircuit& circuit = manifest.scheme.circuits[k];
    if ((circuit.role != Role::marker_zero && circuit.role != Role::marker_one) || counts[k].shots == 0) continue;
    const double expected = manifest.circuits[k].expected;
    const auto n = static_cast<double>(counts[k].shots);
    const double share = static_cast<double>(counts[k].ones) / n;
    const double deviation = std::sqrt(std::max(expected * (1.0 - expected), 1.0 / n) / n);
    if (std::abs(share - expected) > many * deviation)
      remarks.push_back(fmt::format(
          "{} reads 1 in {:.4f} of its shots, and by the calibration in {:.4f}: readout is no longer as calibrated",
          circuit.name, share, expected));
  }
}

struct Missing {
  std::size_t circuits = 0;
  std::string names;  ///< of some
};

Missing missing_of(const Manifest& manifest, const std::vector<hardware::Counted>& counts) {
  constexpr std::size_t named = 10;
  Missing missing;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k].shots >= hardware::least_counted) continue;
    if (++missing.circuits <= named)
      missing.names += (missing.names.empty() ? "" : ", ") + manifest.circuits[k].planned.name;
  }
  if (missing.circuits > named) missing.names += ", ...";
  return missing;
}

std::string dose_text(double dose, const Manifest& manifest) {
  if (std::isinf(dose)) return fmt::format("above {:g}", manifest.scheme.doses.back());
  if (dose == 0.0) return fmt::format("below {:g}", manifest.scheme.doses.front());
  return fmt::format("{:g}", dose);
}

/// Which doses would have to be run where these do not hold the answer; empty: they do.
std::string next_doses(const Manifest& manifest, const DeviceAnswer& answer) {
  const bool falling = manifest.scheme.direction == protocol::Direction::falling;
  if (answer.dose && !answer.open) return "";
  const bool lower = answer.dose ? !falling : falling;
  return fmt::format("{} of these doses {}; plan again with a larger --reach for doses {} {:g}",
                     answer.dose ? "The outermost" : "None",
                     answer.dose ? "reaches the target already" : "reaches the target", lower ? "below" : "above",
                     lower ? manifest.scheme.doses.front() : manifest.scheme.doses.back());
}

hardware::CalibrationLine refitted(const Manifest& manifest, const DeviceAnswer& answer) {
  const classifier::Readout& readout = manifest.scheme.readout;
  const hardware::CalibrationLine& line = answer.estimate.line;
  return {readout.offset + readout.scale * ((1.0 - 2.0 * line.level) / line.slope - 1.0), readout.scale / line.slope};
}

void print_text(const Manifest& manifest, const std::optional<DeviceAnswer>& answer) {
  if (!answer) {
    fmt::print(
        "no answer yet: it takes counts of one subject on all doses, and of two calibration circuits that tell "
        "its P(1) apart\n");
    return;
  }
  const hardware::Estimate& estimate = answer->estimate;
  fmt::print("{} of {}, {}, target {:g}, by {}: {} subjects\n", manifest.question.population, manifest.question.regimen,
             manifest.question.endpoint, manifest.question.target, manifest.classifier, estimate.subjects);
  fmt::print("  readout corrected: standard deviations of shares grow by {:.3f}\n", answer->readout_amplification);
  fmt::print("  noise: shares are {:.4f} + {:.4f} P(1), so standard deviations grow by {:.3f}", estimate.line.level,
             estimate.line.slope, 1.0 / estimate.line.slope);
  if (manifest.scheme.readout.kind == classifier::ReadoutKind::sigmoid) {
    const hardware::CalibrationLine again = refitted(manifest, *answer);
    fmt::print("; scale {:.4g} becomes {:.4g}, offset {:.4g} becomes {:.4g}", manifest.scheme.readout.scale,
               again.slope, manifest.scheme.readout.offset, again.level);
  }
  fmt::print("\n");
  if (estimate.outside > 0)
    fmt::print("  {} corrected shares lie outside 0..1, by chance; only target attainment is kept within\n",
               estimate.outside);
  fmt::print("\n  {:>10} {:>10} {:>10} {:>10}\n", "dose", "counted", "+-", "exact");
  for (std::size_t d = 0; d < manifest.scheme.doses.size(); ++d)
    fmt::print("  {:>10g} {:>10.4f} {:>10.4f} {:>10.4f}\n", manifest.scheme.doses[d], estimate.attainment[d],
               estimate.deviation[d], answer->exact[d]);
  fmt::print("\nanswer: {} {} (90 % interval over shots {} .. {}); by exact probabilities of the same subjects {}\n",
             answer->dose ? fmt::format("{:g}", *answer->dose) : "none of these doses", manifest.dose_unit,
             dose_text(answer->interval.lower, manifest), dose_text(answer->interval.upper, manifest),
             answer->exact_dose ? fmt::format("{:g}", *answer->exact_dose) : "none");
  if (const std::string next = next_doses(manifest, *answer); !next.empty()) fmt::print("{}\n", next);
}

void print_json(const Manifest& manifest, const std::vector<hardware::Counted>& counts, const Missing& missing,
                const std::optional<DeviceAnswer>& answer) {
  const auto number = [](double value) { return std::isfinite(value) ? nlohmann::ordered_json(value) : nullptr; };
  std::uint64_t shots = 0;
  for (const hardware::Counted& one : counts) shots += one.shots;
  nlohmann::ordered_json json = {{"circuits", counts.size() - missing.circuits},
                                 {"missing", missing.circuits},
                                 {"shots", shots},
                                 {"exact_dose", manifest.promise.grid[manifest.promise.answer]}};
  if (answer) {
    const hardware::Estimate& estimate = answer->estimate;
    json["dose"] = answer->dose ? number(*answer->dose) : nullptr;
    json["lower"] = number(answer->interval.lower);
    json["upper"] = number(answer->interval.upper);
    json["upper_is_above_doses"] = std::isinf(answer->interval.upper);
    json["open"] = answer->open;
    json["subjects"] = estimate.subjects;
    json["exact_dose_of_subjects"] = answer->exact_dose ? number(*answer->exact_dose) : nullptr;
    json["readout_amplification"] = answer->readout_amplification;
    json["level"] = estimate.line.level;
    json["slope"] = estimate.line.slope;
    json["shares_outside"] = estimate.outside;
    for (std::size_t d = 0; d < manifest.scheme.doses.size(); ++d)
      json["doses"].push_back({{"dose", manifest.scheme.doses[d]},
                               {"attainment", estimate.attainment[d]},
                               {"deviation", estimate.deviation[d]},
                               {"exact", answer->exact[d]}});
  }
  fmt::print("{}\n", json.dump(2));
}

hardware::ImportedCounts held_counts(const std::filesystem::path& file, const FolderManifest& folder) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {folder.sha256, {}};
  hardware::ImportedCounts held = hardware::parse_imported(core::read_file(file, most_counts), file.string());
  if (held.manifest_sha256 != folder.sha256)
    throw DataError(fmt::format("{}: holds counts of another manifest; give another file (--results), or remove it",
                                file.string()));
  return held;
}

std::size_t add_files(const Invocation& invocation, const Manifest& manifest, hardware::ImportedCounts& held,
                      std::vector<std::string>& remarks) {
  const hardware::ImportOptions options{text_option(invocation, "bit-order") == "lowest",
                                        text_option(invocation, "first")};
  core::Problems problems;
  std::size_t added = 0;
  if (!invocation.values.contains("counts")) return added;
  for (const std::string& file : invocation.values["counts"].as<std::vector<std::string>>()) {
    const hardware::CountsFile counts =
        hardware::read_counts(core::read_file(file, most_counts), file, manifest.bits, problems);
    if (!problems.empty()) continue;  // all files are read, nothing is added
    const hardware::Added one = hardware::add_counts(held, counts, manifest, options, problems, remarks);
    added += one.circuits;
    remarks.push_back(fmt::format("{}: {}: {} circuits, {} shots", file, counts.format, one.circuits, one.shots));
  }
  problems.throw_if_any<DataError>();
  return added;
}

}  // namespace

int import_device(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const std::string folder_name = text_option(invocation, "manifest");
    if (folder_name.empty())
      throw ConfigError("device import: missing option --manifest FOLDER, which titrant device export wrote");
    const FolderManifest folder = hardware::read_manifest(folder_name);
    const Manifest& manifest = folder.manifest;
    std::vector<std::string> remarks;
    expect_same_device(invocation, manifest, remarks);
    std::filesystem::path results = text_option(invocation, "results");
    if (results.empty()) results = std::filesystem::path(folder_name) / hardware::results_name;
    hardware::ImportedCounts held = held_counts(results, folder);
    const std::size_t added = add_files(invocation, manifest, held, remarks);
    const std::vector<hardware::Counted> counts = held.counted(manifest.scheme);
    const Missing missing = missing_of(manifest, counts);
    if (missing.circuits > 0 && !invocation.values.contains("partial"))
      throw DataError(
          fmt::format("{} of {} circuits have no counts: {}; give them too, or take what is there with "
                      "--partial",
                      missing.circuits, counts.size(), missing.names));
    if (added > 0) core::replace_file(results, hardware::write_imported(held));
    compare_readout(manifest, counts, remarks);
    if (!manifest.device.empty()) {
      const std::string age =
          calibration_age_warning(manifest.device_calibrated, invocation.values["max-calibration-age"].as<double>());
      if (!age.empty()) print_warning(age);
    }
    const core::Console says = plain_console(false);
    for (const std::string& remark : remarks) says.say(remark);
    if (missing.circuits > 0)
      says.say(fmt::format("{} of {} circuits have no counts: {}", missing.circuits, counts.size(), missing.names));
    const std::optional<DeviceAnswer> answer = hardware::answer_of(manifest.scheme, manifest.promise.grid, counts,
                                                                   invocation.values["seed"].as<std::uint64_t>());
    if (invocation.values.contains("json")) return print_json(manifest, counts, missing, answer);
    print_text(manifest, answer);
  });
  return exit_done;
}

}  // namespace titrant::cli
