#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "record.hpp"
#include "remarks.hpp"

namespace titrant::trial {

/// Tells by which route each dose of a file is given (README, "Route"), and remarks what had to be assumed.
class RouteReader {
 public:
  RouteReader(const NonmemFormat& format, const Columns& columns, const RecordReader& reader, Faults& faults)
      : format_(format), columns_(columns), reader_(reader), faults_(faults) {}

  void begin_subject() { untold_.emplace_back(); }
  /// The present subject is no part of the trial.
  void drop_subject() { untold_.pop_back(); }

  /// A dose or an infusion, and its place among the subject's records. Sets its compartment as far as the record tells.
  /// \param event_compartment  that of EVID 101, 201, ..., 0: none
  void add_dose(const Record& record, int event_compartment, pkpd::Dose& dose, std::size_t place);

  /// An observed concentration.
  void add_concentration(const Record& record);

  /// Sets the compartments that no record told by what the whole file tells.
  void finish(std::vector<Subject>& subjects, Remarks& remarks);

 private:
  /// What a compartment is called in a record of a dose; none: nothing, or the default compartment.
  std::optional<std::string> told(const Record& record, int event_compartment);
  void check_administration(const Record& record);

  const NonmemFormat& format_;
  const Columns& columns_;
  const RecordReader& reader_;
  Faults& faults_;
  std::vector<std::vector<std::size_t>> untold_;  ///< [subject]: places of doses without a compartment
  bool any_untold_ = false;
  bool any_untold_infusion_ = false;
  bool any_in_depot_ = false;
  bool any_infusion_in_depot_ = false;
  bool any_in_central_ = false;
  bool concentrations_told_ = true;  ///< all concentrations have a compartment, which is not the depot
  bool any_concentration_ = false;
  std::optional<Place> in_depot_;  ///< the first concentration observed where doses enter
  std::optional<std::string> administration_;
};

}  // namespace titrant::trial
