#pragma once

#include <functional>
#include <string>
#include <vector>

#include "parts.hpp"

namespace titrant::run::exchange {

/// Which record has the covariates of a time: the last one before it, or the next one (as NONMEM takes them). A change
/// that no record tells gets one of its own.
enum class Carry { forward, backward };

/// One line of a data set: a dose, a reset, an observation, or covariates alone.
struct Record {
  double time = 0.0;                 ///< h
  const pkpd::Dose* dose = nullptr;  ///< null: none
  const Observed* observed = nullptr;
  std::vector<double> covariates;  ///< [column of Parts]
  std::size_t occasion = 1;
  bool before_change = false;  ///< it tells what held until its time, and stands first of those of its time

  /// Whether the dose is a reset alone (EVID 3).
  bool only_reset() const { return dose != nullptr && !dose->gives_drug(); }
  /// 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose.
  int event() const;
  bool absorbed() const { return dose != nullptr && dose->into == pkpd::DoseInto::depot; }
};

/// The records of one subject in the order in which they act.
struct SubjectRecords {
  std::string id;  ///< a number
  std::vector<Record> records;
};

/// All of them. Ids are those of the trial where all are numbers, else subjects are numbered. Doses that give no drug
/// and reset nothing are left out.
std::vector<SubjectRecords> records_of(const Parts& parts, Carry carry);

/// A column of a data set and what it has of a record; "." where nothing.
struct DataColumn {
  std::string name;
  std::function<std::string(const Record&)> text;
};

/// The columns that all programs share: TIME, AMT, RATE, ADDL, II, SS, EVID, DV, MDV, CENS and LIMIT where anything is
/// censored, OCC where there are occasions, and the covariates; RATE, ADDL, II and SS where a dose makes use of them.
///
/// RATE is -1 and -2 where the model has the rate or the duration of a dose, also -2 of absorbed doses where absorption
/// is of zero order and `zero_order_as_infusion`.
std::vector<DataColumn> shared_columns(const Parts& parts, const std::vector<SubjectRecords>& subjects,
                                       bool zero_order_as_infusion);

/// The data set: a header line, then one line for each record, separated by commas.
std::string csv(const std::vector<SubjectRecords>& subjects, const std::vector<DataColumn>& columns);

/// The names of these columns, the id first.
std::vector<std::string> names_of(const std::vector<DataColumn>& columns);

}  // namespace titrant::run::exchange
