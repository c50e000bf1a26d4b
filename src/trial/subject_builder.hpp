#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "covariate_history.hpp"
#include "observation_reader.hpp"
#include "record.hpp"
#include "remarks.hpp"
#include "route.hpp"

namespace titrant::trial {

/// Makes subjects of records in the order of the file, and reports what no trial can mean: time that goes backwards, a
/// subject in two places, doses without amount, impossible infusions, values without kind.
class SubjectBuilder {
 public:
  SubjectBuilder(const NonmemFormat& format, const Columns& columns, const RecordReader& reader, Faults& faults,
                 Remarks& remarks);

  void add(const Record& record);

  /// A row could not be read: what the present subject lacks may stand in it.
  void skip_row() { complete_ = false; }

  /// The subjects; nothing may be added afterwards. Those without observations are left out.
  std::vector<Subject> finish();

 private:
  struct Event {
    int kind = 0;
    int compartment = 0;  ///< of EVID 101, 201, ...
  };
  static Event event_of(const Record& record);

  bool is_same_subject(const Record& record);
  void begin_subject(const Record& record);
  void end_subject();
  void check_relative();
  bool advance_time(const Record& record, int event);
  bool check_no_dose(const Record& record, int event);
  void check_no_infusion(const Record& record);
  bool infusion(const Record& record, pkpd::Dose& one);
  void remark_unused_value(const Record& record, int event);
  void add_dose(const Record& record, const Event& event);
  bool steady_state(const Record& record, pkpd::Dose& one);
  void add_observation(const Record& record);

  const NonmemFormat& format_;
  const Columns& columns_;
  const RecordReader& reader_;
  Faults& faults_;
  Remarks& remarks_;
  CovariateHistory covariates_;
  ObservationReader observations_;
  RouteReader route_;

  std::vector<Subject> subjects_;
  std::set<std::string, std::less<>> ids_;
  bool amount_column_missed_ = false;
  std::size_t without_observations_ = 0;

  // The present subject.
  std::string key_;  ///< of its id
  Place first_record_;
  bool complete_ = true;
  bool started_ = false;     ///< has a time
  double time_ = 0.0;        ///< of the last record
  double first_time_ = 0.0;  ///< as the first record writes it
  double first_day_ = 0.0;
  bool relative_start_ = false;
  double origin_ = 0.0;  ///< of its clock: where times are relative, the first record's; moved by restarts
  std::optional<Place> absolute_start_;  ///< of a subject that began at another time than 0, without clock or date
  std::set<double> doses_now_;           ///< amounts given at time_
};

}  // namespace titrant::trial
