#include "titrant/hardware/counts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>

#include "counts_parts.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::hardware {

namespace {

bool is_hexadecimal(const std::string& key) {
  return key.size() > 2 && key[0] == '0' && (key[1] == 'x' || key[1] == 'X') &&
         std::all_of(key.begin() + 2, key.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

bool is_bits(const std::string& key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return c == '0' || c == '1' || c == ' '; });
}

/// Hexadecimal digits as bits of that many places; nothing where they do not fit.
std::optional<std::string> bits_of_hexadecimal(const std::string& key, std::size_t size) {
  std::string bits;
  for (const char c : key.substr(2)) {
    const int digit = std::stoi(std::string(1, c), nullptr, 16);
    for (int k = 3; k >= 0; --k) bits += ((digit >> k) & 1) != 0 ? '1' : '0';
  }
  const std::size_t first = std::min(bits.find('1'), bits.size());
  bits.erase(0, first);
  if (bits.size() > size) return std::nullopt;
  return std::string(size - bits.size(), '0') + bits;
}

/// Sizes of the words of a key, in the order in which they stand.
std::vector<std::size_t> word_sizes(const std::string& key) {
  std::vector<std::size_t> sizes = {0};
  for (const char c : key) c == ' ' ? sizes.push_back(0) : static_cast<void>(++sizes.back());
  return sizes;
}

/// The outcome that a key means; a fault where it fits no circuit of the plan.
std::optional<std::string> outcome_of(const std::string& key, const CountsPlace& place) {
  const std::size_t size = place.bits.size();
  if (is_hexadecimal(key)) {
    const std::optional<std::string> bits = bits_of_hexadecimal(key, size);
    if (!bits) place.fault(fmt::format("outcome {}: more than the {} classical bits of these circuits", key, size));
    return bits;
  }
  if (!is_bits(key)) {
    place.fault(fmt::format("outcome '{}': expected bits (0101) or a hexadecimal number (0x5)", key));
    return std::nullopt;
  }
  std::vector<std::size_t> registers;
  for (const quantum::Register& one : place.bits.registers) registers.insert(registers.begin(), one.size);
  const std::vector<std::size_t> words = word_sizes(key);
  if (words.size() > 1 && words != registers) {
    place.fault(fmt::format("outcome '{}': words of {} bits; expected registers of {}, the last one first", key,
                            fmt::join(words, " and "), fmt::join(registers, " and ")));
    return std::nullopt;
  }
  std::string bits = key;
  std::erase(bits, ' ');
  if (bits.size() == size || bits.size() == 1) return bits;
  place.fault(fmt::format("outcome '{}': {} bits; expected the {} classical bits of these circuits, or 1: the answer's",
                          key, bits.size(), size));
  return std::nullopt;
}

std::string stem_of(const std::string& file) { return std::filesystem::path(file).stem().string(); }

/// {"shots": 1000, "ones": 480}
CircuitCounts shots_and_ones(const Json& object, const CountsPlace& place) {
  CircuitCounts counts;
  const auto shots = whole_number(object["shots"], place.in(".shots"));
  const auto ones = whole_number(object["ones"], place.in(".ones"));
  if (!shots || !ones) return counts;
  if (*ones > *shots) {
    place.fault(fmt::format("{} ones among {} shots; expected at most as many", *ones, *shots));
    return counts;
  }
  counts.shots = *shots;
  if (*ones > 0) counts.outcomes["1"] = *ones;
  if (*shots > *ones) counts.outcomes["0"] = *shots - *ones;
  return counts;
}

bool is_braket(const Json& object) {
  return object.contains("braketSchemaHeader") || object.contains("measurementCounts") ||
         object.contains("measurements") || object.contains("measurementProbabilities");
}

/// Any of the forms that an object of one circuit has; none where it has another.
std::optional<CircuitCounts> one_circuit(const Json& object, const CountsPlace& place) {
  if (!object.is_object()) return std::nullopt;
  if (is_braket(object)) return read_braket_result(object, place);
  if (object.contains("shots") && object.contains("ones")) return shots_and_ones(object, place);
  if (object.contains("counts") && object["counts"].is_object()) {
    CircuitCounts counts = outcomes_of(object["counts"], place.in(".counts"));
    if (object.contains("shots")) expect_shots(counts, object["shots"], place);
    return counts;
  }
  if (looks_like_outcomes(object)) return outcomes_of(object, place);
  return std::nullopt;
}

constexpr const char* known_forms =
    "expected counts by circuit ({\"NAME\": {\"0101\": 3}}), Qiskit's get_counts, Result.to_dict() or a Sampler's "
    "PrimitiveResult (RuntimeEncoder), or Braket's gate model task result";

std::string refusal(const Json& json) {
  if (json.is_object() && json.contains("quasi_dists"))
    return "quasi-probabilities of a Sampler V1 are no counts; expected the counts of a Sampler V2";
  if (json.is_object() && json.contains("__type__"))
    return fmt::format("holds a {}; expected a PrimitiveResult", json["__type__"].dump());
  return std::string("not a form of counts that is known; ") + known_forms;
}

std::vector<CircuitCounts> by_name(const Json& json, const CountsPlace& place) {
  std::vector<CircuitCounts> all;
  for (const auto& [name, value] : json.items()) {
    const CountsPlace here = place.in(": " + name);
    std::optional<CircuitCounts> counts = one_circuit(value, here);
    if (!counts) {
      here.fault(refusal(value));
      continue;
    }
    counts->name = name;
    all.push_back(std::move(*counts));
  }
  return all;
}

std::vector<CircuitCounts> by_place(const Json& json, const CountsPlace& place) {
  std::vector<CircuitCounts> all;
  for (std::size_t k = 0; k < json.size(); ++k) {
    const CountsPlace here = place.in(fmt::format(": [{}]", k));
    std::optional<CircuitCounts> counts = one_circuit(json[k], here);
    if (!counts) here.fault(refusal(json[k]));
    all.push_back(counts.value_or(CircuitCounts()));
  }
  return all;
}

CountsFile read_json(const Json& json, const std::string& file, const CountsPlace& place) {
  if (json.is_array()) return {file, "counts in the order of the circuits", by_place(json, place)};
  if (!json.is_object() || json.empty()) {
    place.fault(json.empty() ? "holds no counts" : refusal(json));
    return {file, "", {}};
  }
  if (json.contains("__type__") && json["__type__"] == "PrimitiveResult")
    return {file, "Qiskit Sampler result", read_sampler_result(json, place)};
  if (json.contains("results") && json["results"].is_array())
    return {file, "Qiskit Result", read_qiskit_result(json, place)};
  if (json.contains("quasi_dists") || json.contains("__type__")) {
    place.fault(refusal(json));
    return {file, "", {}};
  }
  if (std::optional<CircuitCounts> counts = one_circuit(json, place)) {
    counts->name = stem_of(file);
    return {file, is_braket(json) ? "Braket task result" : "counts of one circuit", {std::move(*counts)}};
  }
  return {file, "counts by circuit", by_name(json, place)};
}

}  // namespace

std::size_t BitLayout::size() const {
  std::size_t sum = 0;
  for (const quantum::Register& one : registers) sum += one.size;
  return sum;
}

std::uint64_t CircuitCounts::ones(const BitLayout& bits) const {
  std::uint64_t sum = 0;
  for (const auto& [outcome, count] : outcomes) {
    const std::size_t place = outcome.size() == 1 ? 0 : outcome.size() - 1 - bits.answer;
    if (outcome[place] == '1') sum += count;
  }
  return sum;
}

double CircuitCounts::share(const BitLayout& bits, std::size_t bit) const {
  std::uint64_t sum = 0;
  for (const auto& [outcome, count] : outcomes) {
    if (outcome.size() == 1 && bit != bits.answer) return core::not_available;
    if (outcome[outcome.size() == 1 ? 0 : outcome.size() - 1 - bit] == '1') sum += count;
  }
  return static_cast<double>(sum) / static_cast<double>(shots);
}

std::string CircuitCounts::digest() const {
  std::string text;
  for (const auto& [outcome, count] : outcomes) text += fmt::format("{} {}\n", outcome, count);
  return core::sha256(text);
}

CircuitCounts reversed(const CircuitCounts& counts) {
  CircuitCounts result{counts.name, {}, counts.shots};
  for (const auto& [outcome, count] : counts.outcomes) result.outcomes[{outcome.rbegin(), outcome.rend()}] += count;
  return result;
}

std::optional<std::uint64_t> whole_number(const Json& value, const CountsPlace& place) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  place.fault(fmt::format("{}: expected a count, a whole number from 0 on", value.dump()));
  return std::nullopt;
}

bool looks_like_outcomes(const Json& object) {
  if (!object.is_object() || object.empty()) return false;
  for (const auto& [key, value] : object.items())
    if (!(is_bits(key) || is_hexadecimal(key)) || value.is_structured()) return false;
  return true;
}

CircuitCounts outcomes_of(const Json& object, const CountsPlace& place) {
  constexpr std::uint64_t most = std::uint64_t{1} << 40U;  // far beyond any device: sums stay exact
  CircuitCounts counts;
  for (const auto& [key, value] : object.items()) {
    const std::optional<std::string> outcome = outcome_of(key, place);
    const std::optional<std::uint64_t> count = whole_number(value, place);
    if (!outcome || !count || *count == 0) continue;
    if (*count > most) {
      place.fault(fmt::format("outcome {}: {} counts are more than any device makes", key, *count));
      continue;
    }
    counts.outcomes[*outcome] += *count;
    counts.shots += *count;
  }
  return counts;
}

void expect_shots(const CircuitCounts& counts, const Json& declared, const CountsPlace& place) {
  const std::optional<std::uint64_t> shots = whole_number(declared, place.in(".shots"));
  if (shots && *shots != counts.shots)
    place.fault(
        fmt::format("the counts sum to {}, and the file says {} shots; expected the same", counts.shots, *shots));
}

CountsFile read_counts(std::string_view text, const std::string& file, const BitLayout& bits,
                       core::Problems& problems) {
  const CountsPlace place{file, bits, problems};
  try {
    return read_json(Json::parse(text), file, place);
  } catch (const Json::parse_error& error) {
    place.fault(fmt::format("is no JSON: byte {}", error.byte));
  } catch (const Json::exception& error) {
    place.fault(fmt::format("{}; {}", error.what(), known_forms));
  }
  return {file, "", {}};
}

}  // namespace titrant::hardware
