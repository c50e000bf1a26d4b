#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// Column names and codes of a NONMEM-style data file.
///
/// The columns of subject, time and value and those of all covariates must be there, the others are used where the file
/// has them. An empty name: the file has no such column. A column with another name than the default must be there too:
/// who renames a column means that it exists. Columns that no name stands for are passed over.
///
/// | column | unit, values | where it is absent |
/// |---|---|---|
/// | id | any text; the records of a subject stand in one block | refused |
/// | time | h, 0 or later, never backwards within a subject (after a reset neither); no clock times | refused |
/// | value | ng/mL | refused |
/// | amount | mg, 0 or more | no doses |
/// | event | 0 observation, 1 dose, 2 other (passed over), 3 reset, 4 reset and dose | amount > 0 is a dose |
/// | missing | 1: the value is no observation | every value is one |
/// | compartment | any code; two equal doses at one time are a fault unless it differs | one compartment |
/// | dvid | `concentration_dvid` or `biomarker_dvid` for observations | all are concentrations, whatever CMT says |
/// | additional, interval | further doses (at most 100,000), h between them | none |
/// | steady_state | 1: the dose arrives at steady state of `interval` | none does |
/// | rate | 0: the models are oral, infusions are refused | no infusions |
/// | censored | 1: the value is below `limit` | none is |
/// | limit | lower limit of quantification, ng/mL | 0 |
/// | covariates | one number for each subject, the same in all its records | refused |
struct NonmemFormat {
  std::string id = "ID";
  std::string time = "TIME";
  std::string value = "DV";
  std::string amount = "AMT";
  std::string event = "EVID";
  std::string missing = "MDV";
  std::string compartment = "CMT";
  std::string dvid = "DVID";
  std::string additional = "ADDL";
  std::string interval = "II";
  std::string steady_state = "SS";
  std::string rate = "RATE";
  std::string censored = "CENS";
  std::string limit = "LLOQ";
  int concentration_dvid = 1;
  int biomarker_dvid = 2;
  /// Covariate name -> column name. body_weight is above 0 (kg) and comed is 0 or 1; others are any number.
  std::map<std::string, std::string> covariates = {{"body_weight", "BW"}, {"comed", "COMED"}};
};

/// Reads a trial from a header line and records.
///
/// Comma, semicolon, tab or blanks separate (the header tells which); fields may be in double quotes; CRLF and a UTF-8
/// byte-order mark are accepted; "." and an empty field are missing; numbers have a decimal point. The header may begin
/// with '#'; later lines that do are remarks, and like blank lines are passed over. Names of columns may differ in case
/// where that leaves no doubt.
///
/// Throws one DataError with a line file:line:column: fault for every fault (the first 50, and how many more). The
/// column counts characters from 1. Files beyond 1 GiB and lines beyond 64 KiB are faults. Throws ConfigError where the
/// format itself makes no sense: id, time or value without a name, one column for two items, one code for both
/// observations.
Trial read_nonmem(const std::filesystem::path& file, const NonmemFormat& format);

/// The same from text; `name` stands for the file in messages.
Trial parse_nonmem(std::string_view text, std::string_view name, const NonmemFormat& format);

/// Writes a trial so that read_nonmem with the same format reads it back unchanged, all bits of its numbers included
/// (the source is then the file's name). Compartments are 1 for doses (4, 5, ... for those equal to one before at the
/// same time), 2 for concentrations and 3 for biomarker values; the columns from `additional` on are written where the
/// trial makes use of them. What the reader refuses is not looked for: a subject without observations, negative times,
/// ... Throws DataError where the format has no column for something that the trial holds, or a subject lacks a
/// covariate of the format or a usable id; nothing is written then.
void write_nonmem(std::ostream& out, const Trial& trial, const NonmemFormat& format);

}  // namespace titrant::trial
