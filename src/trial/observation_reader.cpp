#include "observation_reader.hpp"

#include <algorithm>

#include "text.hpp"
#include "titrant/core/constants.hpp"

namespace titrant::trial {

namespace {

using core::infinity;

}  // namespace

std::optional<double> ObservationReader::value_of(const Record& record, Result& result) {
  if (columns_.design) return 0.0;
  const std::optional<double>& value = record.item(Item::value);
  if (value) return value;
  const double censored = record.item(Item::censored).value_or(0.0);
  const std::optional<double>& limit = record.item(Item::limit);
  if (censored == 1.0 && limit) return limit;  // all that is known is that the value is below it
  const bool mdv_says_observed = record.item(Item::missing) == 0.0;
  if (censored == 0.0 && !mdv_says_observed && reader_.says_missing(record, Item::value)) {
    remarks_.count("Left out: {records} of {subjects} without a value (NA), first in {line}.", record.line(),
                   record.id);
    return std::nullopt;
  }
  faults_.add(reader_.place(record, Item::value), "{}: an observation without a value; expected a number, or {} 1",
              format_.value, format_.missing.empty() ? "EVID 2 or MDV" : format_.missing);
  result.fault = true;
  return std::nullopt;
}

void ObservationReader::bound(const Record& record, Observation& one, Result& result) {
  const double censored = record.item(Item::censored).value_or(0.0);
  const std::optional<double>& far = record.item(Item::interval_limit);
  if (censored == 0.0) {
    if (far) {
      remarks_.count("The limit of an interval is not used in {records} without censoring, first in {line}.",
                     record.line());
    }
    return;
  }
  one.censored = true;
  if (censored > 0.0) {
    one.upper = std::max(one.value, one.limit);
    one.lower = far.value_or(-infinity);
  } else {
    one.lower = one.value;
    one.upper = far.value_or(infinity);
  }
  if (one.lower < one.upper) return;
  result.fault = true;
  faults_.add(reader_.place(record, Item::interval_limit),
              "{}: a censored interval from {} to {}; expected a limit {} {}", columns_.name(Item::interval_limit),
              one.lower, one.upper, censored > 0.0 ? "below" : "above", censored > 0.0 ? one.upper : one.lower);
}

std::optional<ObservationReader::Kind> ObservationReader::kind_by_code(const Record& record, Item item,
                                                                       const std::string& concentration,
                                                                       const std::string& biomarker,
                                                                       std::string_view key) {
  const std::string_view code = reader_.text(record, item);
  if (!code.empty() && !concentration.empty() && same_code(code, concentration)) return Kind::concentration;
  if (!code.empty() && !biomarker.empty() && same_code(code, biomarker)) return Kind::biomarker;
  std::string expected;
  if (!concentration.empty()) expected = fmt::format("{} (concentration)", concentration);
  if (!biomarker.empty()) {
    expected += fmt::format("{}{} (biomarker)", expected.empty() ? "" : " or ", biomarker);
  }
  faults_.add(reader_.place(record, item),
              "{}: expected {} for an observation, found {}; see data.concentration_{} and data.biomarker_{}, or leave "
              "others out with data.ignore",
              columns_.name(item), excerpt(expected), code.empty() ? "nothing" : excerpt(code), key, key);
  return std::nullopt;
}

std::optional<ObservationReader::Kind> ObservationReader::kind_of(const Record& record) {
  if (!format_.concentration_cmt.empty() || !format_.biomarker_cmt.empty()) {
    return kind_by_code(record, Item::compartment, format_.concentration_cmt, format_.biomarker_cmt, "cmt");
  }
  if (columns_.has(Item::dvid)) {
    return kind_by_code(record, Item::dvid, format_.concentration_dvid, format_.biomarker_dvid, "dvid");
  }
  const std::string_view compartment = reader_.text(record, Item::compartment);
  if (compartment.empty() || same_code(compartment, "0") || several_compartments_) return Kind::concentration;
  if (compartment_.empty()) compartment_ = compartment;
  if (same_code(compartment_, compartment)) return Kind::concentration;
  several_compartments_ = true;  // said once
  faults_.add(reader_.place(record, Item::compartment),
              "{}: observations in compartments {} and {}, and no column '{}' tells what they are; expected "
              "data.concentration_cmt and data.biomarker_cmt, or data.ignore for one of them",
              columns_.name(Item::compartment), excerpt(compartment_), excerpt(compartment),
              format_.dvid.empty() ? "DVID" : format_.dvid);
  return std::nullopt;
}

ObservationReader::Result ObservationReader::read(const Record& record) {
  Result result;
  const std::optional<double> value = value_of(record, result);
  if (!value) return result;
  Observation one;
  one.value = *value;
  one.limit = record.item(Item::limit).value_or(0.0);
  bound(record, one, result);
  if (const std::optional<Kind> kind = kind_of(record)) {
    result.kind = *kind;
  } else {
    result.fault = true;
  }
  if (!result.fault) result.observation = one;
  return result;
}

}  // namespace titrant::trial
