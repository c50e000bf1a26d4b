#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// How doses enter the body: into the depot, from which they are absorbed, or into the central compartment. Automatic:
/// by the compartments and infusions of the file (README, "Route"); both may occur in one file.
enum class Route { automatic, oral, intravenous };

/// The order of day, month and year. Automatic: by the column's name, as NONMEM has it (DATE, DAT1, DAT2, DAT3).
enum class DateFormat { automatic, month_day_year, day_month_year, year_month_day, year_day_month };

/// Which lines are comments beside those that begin with '#'. Automatic: none, and a record that begins with C before a
/// number is refused where subjects are numbers, because it may be one.
enum class CommentLines { automatic, hash, c, letter };

/// Time-varying covariates: the last value is carried forward, or the next one backward (what NONMEM does).
enum class TimeVarying { forward, backward, refuse };

/// Covariates without a value. Carried: within a subject the last value, and before the first one the next; a subject
/// without any stays without. Median: the median over the subjects for these. Refuse: no value may be missing.
enum class CovariateMissing { carried, median, refuse };

enum class TimeUnit { hour, day };
enum class WeightUnit { kilogram, gram, pound };

/// Column names, codes and units of a NONMEM-style data file.
///
/// The columns of subject, time and value must be there, the others are used where the file has them. An empty name:
/// the file has no such column. A column with another name than the default must be there too: who renames a column
/// means that it exists. Columns that no name stands for are passed over, and named in Trial::remarks.
///
// clang-format off
/// | column | unit, values | where it is absent |
/// |---|---|---|
/// | id | any text; numbers are compared as numbers; the records of a subject stand in one block | refused |
/// | time | `time_unit`, or clock times (hh:mm, hh:mm:ss), never backwards but at a reset | refused |
/// | date | a date (`date_format`) or the number of a day; times are then from a subject's first record | no dates |
/// | value | `units.concentration` or `units.biomarker` | refused |
/// | amount | `units.amount`, 0 or more | no doses |
/// | event | 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, 101, 201 dose into compartment 1, 2 | amount > 0: dose |
/// | missing | 1: the value is no observation; 100 and 101: the record is left out | every value is one |
/// | compartment | number or name | not told |
/// | dvid | `concentration_dvid` or `biomarker_dvid` for observations | all are concentrations, or by compartment |
/// | administration | number or name of the route of a dose; two are refused where compartments do not tell | one route |
/// | additional, interval | further doses (at most 100,000), `time_unit` between them | none |
/// | steady_state | 1, 2 (added to what is there); 99 with interval 0 stands for 0 | none does |
/// | rate | of an infusion, `units.amount` per `time_unit`; 0: at once; -1 and -2: the model has its rate or its duration | at once |
/// | duration | of an infusion, `time_unit`; 0: at once | at once |
/// | censored | 1: the value is below `value` or `limit`; -1: above `value` | none is |
/// | limit | lower limit of quantification | 0 |
/// | interval_limit | the far end of a censored interval whose near end is `value` | none |
/// | comment | C: the record is a comment | no comments |
/// | covariates | numbers | default ones are not there, others refused |
// clang-format on
struct NonmemFormat {
  std::string id = "ID";
  std::string time = "TIME";
  std::string date = "DATE";
  std::string value = "DV";
  std::string amount = "AMT";
  std::string event = "EVID";
  std::string missing = "MDV";
  std::string compartment = "CMT";
  std::string dvid = "DVID";
  std::string administration = "ADM";
  std::string additional = "ADDL";
  std::string interval = "II";
  std::string steady_state = "SS";
  std::string rate = "RATE";
  std::string duration = "DUR";
  std::string censored = "CENS";
  std::string limit = "LLOQ";
  std::string interval_limit = "LIMIT";
  std::string comment = "C";
  /// Codes of observations, numbers or texts, in the column of the kind; in that of the compartment where one of the
  /// latter two is not empty.
  std::string concentration_dvid = "1";
  std::string biomarker_dvid = "2";
  std::string concentration_cmt;
  std::string biomarker_cmt;
  /// Compartments, by number or name.
  std::string depot = "1";
  std::string central = "2";
  Route route = Route::automatic;
  Units units;
  TimeUnit time_unit = TimeUnit::hour;
  WeightUnit weight_unit = WeightUnit::kilogram;
  DateFormat date_format = DateFormat::automatic;
  CommentLines comment_lines = CommentLines::automatic;
  /// Comparisons on columns, as "SD == 0 or ID > 100": records of which any of `ignore` or not each of `where` holds
  /// are left out.
  std::vector<std::string> ignore;
  std::vector<std::string> where;
  TimeVarying time_varying = TimeVarying::forward;
  CovariateMissing covariate_missing = CovariateMissing::carried;
  /// Covariates of the subjects and their columns. weight is above 0 (`weight_unit`); others are any number, or levels.
  /// Those of the default need not be there.
  std::vector<protocol::CovariateSpec> covariates = usual_covariates();

  /// Those of the embedded trial: what a file is looked through for where nothing is said.
  static std::vector<protocol::CovariateSpec> usual_covariates();
};

/// Reads a trial from a header line and records. What is left out or assumed is in Trial::remarks.
///
/// Comma, semicolon, tab or blanks separate (the header tells which); fields may be in double quotes; CRLF and a UTF-8
/// byte-order mark are accepted; ".", an empty field, NA and NaN are missing; numbers have a decimal point. The header
/// may begin with '#'; later lines that do are comments, and like blank lines are passed over. Names of columns may
/// differ in case where that leaves no doubt.
///
/// Times and intervals are converted to h, body weight to kg; amounts, concentrations and biomarker values stay as they
/// are, in `units`.
///
/// Throws one DataError with a line file:line:column: fault for every fault (the first 50, and how many more). The
/// column counts characters from 1. Files beyond 1 GiB and lines beyond 64 KiB are faults. Throws ConfigError where the
/// format itself makes no sense: id, time or value without a name, one column for two items, one code for both
/// observations, unknown units, a comparison that cannot be read.
Trial read_nonmem(const std::filesystem::path& file, const NonmemFormat& format);

/// The same from text; `name` stands for the file in messages.
Trial parse_nonmem(std::string_view text, std::string_view name, const NonmemFormat& format);

/// Reads the design of a trial to be simulated: the same records, of which observations have no values yet. They are 0
/// in the result, and uncensored; the columns of values, of censoring and of the ends of intervals need not be there
/// and are not looked at. A limit of quantification is kept. Throws as read_nonmem.
Trial read_design(const std::filesystem::path& file, const NonmemFormat& format);
Trial parse_design(std::string_view text, std::string_view name, const NonmemFormat& format);

/// Columns of a file beside those of its format, for readers of the file other than this one. Whoever reads the trial
/// again is told that they are not read.
struct FurtherColumns {
  std::vector<std::string> of_subjects;             ///< names; they stand in every record, after the id
  std::vector<std::vector<std::string>> subjects;   ///< [subject][name]
  std::vector<std::string> of_observations;         ///< names; "." in other records. They stand last
  std::vector<std::vector<double>> concentrations;  ///< [subject][observation][name], row-major in the latter two
  std::vector<std::vector<double>> biomarkers;      ///< likewise
};

/// Writes a trial so that read_nonmem with the same format reads it back unchanged, all bits of its numbers included
/// (the source is then the file's name, and what was left out is not there to be remarked again). Doses are in the
/// depot, concentrations in the central compartment and biomarker values in another; the columns from `administration`
/// on are written where the trial makes use of them. What the reader refuses is not looked for: a subject without
/// observations, negative times of doses, ... Throws DataError where the format has no column for something that the
/// trial holds, or a subject has no usable id; nothing is written then.
void write_nonmem(std::ostream& out, const Trial& trial, const NonmemFormat& format);

/// The same with further columns. Throws DataError where one of these has the name of another column.
void write_nonmem(std::ostream& out, const Trial& trial, const NonmemFormat& format, const FurtherColumns& further);

}  // namespace titrant::trial
