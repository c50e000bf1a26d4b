#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "record.hpp"

namespace titrant::trial {

/// Makes subjects of records in the order of the file, and reports what no trial can mean: time that goes backwards, a
/// subject in two places, covariates that change, doses twice or without amount, values without kind.
class SubjectBuilder {
 public:
  SubjectBuilder(const NonmemFormat& format, const Columns& columns, const RecordReader& reader, Faults& faults)
      : format_(format), columns_(columns), reader_(reader), faults_(faults) {}

  void add(const Record& record);

  /// A row could not be read: what the present subject lacks may stand in it.
  void skip_row() { complete_ = false; }

  /// The subjects; nothing may be added afterwards.
  std::vector<Subject> finish();

 private:
  void begin_subject(const Record& record);
  void end_subject();
  void check_covariates(const Record& record);
  bool check_time(const Record& record);
  void check_no_dose(const Record& record, int event);
  void add_dose(const Record& record, bool reset);
  void add_observation(const Record& record);

  const NonmemFormat& format_;
  const Columns& columns_;
  const RecordReader& reader_;
  Faults& faults_;

  std::vector<Subject> subjects_;
  std::set<std::string, std::less<>> ids_;
  bool amount_column_missed_ = false;

  // The present subject.
  Place first_record_;
  bool complete_ = true;
  double time_ = 0.0;
  std::vector<std::optional<double>> covariates_;
  std::vector<bool> covariate_faulty_;
  std::set<std::pair<double, double>> doses_now_;  ///< amount and compartment of the doses at time_
};

}  // namespace titrant::trial
