#pragma once

#include <optional>
#include <string>

#include "record.hpp"
#include "remarks.hpp"

namespace titrant::trial {

/// Refuses doses that do not enter the depot, because the models are oral, and remarks where nothing in the file tells
/// the route (README, "Route").
class RouteCheck {
 public:
  RouteCheck(const NonmemFormat& format, const Columns& columns, const RecordReader& reader, Faults& faults)
      : format_(format), columns_(columns), reader_(reader), faults_(faults) {}

  /// A dose above 0; `event_compartment` is that of EVID 101, 201, ..., 0: none.
  void add_dose(const Record& record, int event_compartment);

  /// An observed concentration.
  void add_concentration(const Record& record);

  void finish(Remarks& remarks);

 private:
  const NonmemFormat& format_;
  const Columns& columns_;
  const RecordReader& reader_;
  Faults& faults_;
  bool any_dose_ = false;
  bool doses_told_ = true;           ///< all doses have a compartment, the depot
  bool concentrations_told_ = true;  ///< all concentrations have one, which is not the depot
  bool any_concentration_ = false;
  std::optional<Place> in_depot_;  ///< the first concentration observed where doses enter
  std::optional<std::string> administration_;
};

}  // namespace titrant::trial
