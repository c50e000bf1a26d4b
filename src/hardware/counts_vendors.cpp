#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "counts_parts.hpp"
#include "titrant/core/error.hpp"

namespace titrant::hardware {

namespace {

/// A part of an object, or a fault that names it.
const Json* part(const Json& object, const std::string& key, const CountsPlace& place) {
  if (object.is_object() && object.contains(key)) return &object[key];
  place.fault(fmt::format("lacks {}", key));
  return nullptr;
}

/// What stands under a type of RuntimeEncoder.
const Json* typed(const Json& object, const std::string& type, const CountsPlace& place) {
  if (object.is_object() && object.contains("__type__") && object["__type__"] == type)
    return part(object, "__value__", place);
  place.fault(fmt::format("expected a {} of Qiskit's RuntimeEncoder", type));
  return nullptr;
}

std::string name_in(const Json& object, const std::string& key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

/// A register's value in each shot, the highest bit first.
std::vector<std::string> shots_of_register(const Json& json, const CountsPlace& place) {
  const Json* const value = typed(json, "BitArray", place);
  if (value == nullptr) return {};
  const Json* const bits = part(*value, "num_bits", place);
  const Json* const array = part(*value, "array", place);
  if (bits == nullptr || array == nullptr) return {};
  const std::optional<std::uint64_t> size = whole_number(*bits, place.in(".num_bits"));
  const Json* const text = typed(*array, "ndarray", place.in(".array"));
  if (!size || text == nullptr) return {};
  if (!text->is_string()) {
    place.fault("array: expected base64 text");
    return {};
  }
  const ByteArray found = decoded_array(text->get<std::string>());
  if (found.columns != (*size + 7) / 8) {
    place.fault(fmt::format("array: {} bytes a shot for {} bits", found.columns, *size));
    return {};
  }
  std::vector<std::string> shots;
  for (std::size_t row = 0; row < found.rows; ++row) {
    std::string word;
    for (std::size_t bit = *size; bit-- > 0;) {  // the last byte holds the lowest bits
      const unsigned char byte = found.bytes[(row + 1) * found.columns - 1 - bit / 8];
      word += ((byte >> (bit % 8)) & 1) != 0 ? '1' : '0';
    }
    shots.push_back(std::move(word));
  }
  return shots;
}

/// Outcomes of the registers of one circuit, side by side as get_counts has them.
CircuitCounts sampler_counts(const Json& fields, const CountsPlace& place) {
  std::vector<std::string> joined;
  std::vector<std::string> names;
  for (const quantum::Register& one : place.bits.registers) names.insert(names.begin(), one.name);
  if (fields.size() == 1) names = {fields.begin().key()};  // one register holds all bits
  for (const std::string& name : names) {
    const Json* const field = part(fields, name, place);
    if (field == nullptr) return {};
    const std::vector<std::string> shots = shots_of_register(*field, place.in("." + name));
    if (!joined.empty() && joined.size() != shots.size()) {
      place.fault(fmt::format("{} has {} shots, and the registers before it {}", name, shots.size(), joined.size()));
      return {};
    }
    joined.resize(shots.size());
    for (std::size_t k = 0; k < shots.size(); ++k) joined[k] += shots[k];
  }
  Json outcomes = Json::object();
  for (const std::string& shot : joined)
    outcomes[shot] = outcomes.contains(shot) ? outcomes[shot].get<std::uint64_t>() + 1 : std::uint64_t{1};
  return outcomes_of(outcomes, place);
}

}  // namespace

std::vector<CircuitCounts> read_qiskit_result(const Json& json, const CountsPlace& place) {
  std::vector<CircuitCounts> all;
  for (std::size_t k = 0; k < json["results"].size(); ++k) {
    const Json& result = json["results"][k];
    const CountsPlace here = place.in(fmt::format(": results[{}]", k));
    CircuitCounts& counts = all.emplace_back();
    const Json* const data = part(result, "data", here);
    const Json* const outcomes = data == nullptr ? nullptr : part(*data, "counts", here.in(".data"));
    if (outcomes == nullptr) continue;
    if (!outcomes->is_object()) {
      here.fault("data.counts: expected an object of outcomes");
      continue;
    }
    counts = outcomes_of(*outcomes, here);
    if (result.contains("header")) counts.name = name_in(result["header"], "name");
    if (result.contains("shots")) expect_shots(counts, result["shots"], here);
  }
  return all;
}

std::vector<CircuitCounts> read_sampler_result(const Json& json, const CountsPlace& place) {
  std::vector<CircuitCounts> all;
  const Json* const value = typed(json, "PrimitiveResult", place);
  const Json* const results = value == nullptr ? nullptr : part(*value, "pub_results", place);
  if (results == nullptr || !results->is_array()) return all;
  for (std::size_t k = 0; k < results->size(); ++k) {
    const CountsPlace here = place.in(fmt::format(": pub_results[{}]", k));
    CircuitCounts& counts = all.emplace_back();
    const Json* const result = typed((*results)[k], "SamplerPubResult", here);
    const Json* const data = result == nullptr ? nullptr : part(*result, "data", here);
    const Json* const bin = data == nullptr ? nullptr : typed(*data, "DataBin", here.in(".data"));
    const Json* const fields = bin == nullptr ? nullptr : part(*bin, "fields", here.in(".data"));
    if (fields == nullptr || !fields->is_object()) continue;
    try {
      counts = sampler_counts(*fields, here);
    } catch (const DataError& error) {
      here.fault(error.what());
    }
    if (result->contains("metadata") && (*result)["metadata"].is_object() &&
        (*result)["metadata"].contains("circuit_metadata"))
      counts.name = name_in((*result)["metadata"]["circuit_metadata"], "name");
  }
  return all;
}

CircuitCounts read_braket_result(const Json& json, const CountsPlace& place) {
  const auto given = [&](const char* key) { return json.contains(key) && !json[key].is_null() && !json[key].empty(); };
  const bool has_shots =
      json.contains("taskMetadata") && json["taskMetadata"].is_object() && json["taskMetadata"].contains("shots");
  Json outcomes = Json::object();
  if (given("measurements")) {
    for (const Json& shot : json["measurements"]) {
      std::string word;
      for (const Json& bit : shot) word += bit.dump();
      outcomes[word] = outcomes.contains(word) ? outcomes[word].get<std::uint64_t>() + 1 : std::uint64_t{1};
    }
  } else if (given("measurementCounts")) {
    outcomes = json["measurementCounts"];
  } else if (given("measurementProbabilities") && has_shots) {
    const std::optional<std::uint64_t> shots = whole_number(json["taskMetadata"]["shots"], place);
    for (const auto& [word, probability] : json["measurementProbabilities"].items())
      if (shots && probability.is_number())
        outcomes[word] = static_cast<std::uint64_t>(
            std::llround(std::clamp(probability.get<double>(), 0.0, 1.0) * static_cast<double>(*shots)));
  } else {
    place.fault(
        "Braket: has no measurements, measurementCounts or measurementProbabilities; expected a task that ended");
    return {};
  }
  // Bit 0 comes first: the other way round than everywhere else.
  const CircuitCounts counts = reversed(outcomes_of(outcomes, place));
  if (has_shots && place.problems.empty()) expect_shots(counts, json["taskMetadata"]["shots"], place);
  return counts;
}

}  // namespace titrant::hardware
