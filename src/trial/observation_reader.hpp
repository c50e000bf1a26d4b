#pragma once

#include <optional>
#include <string>

#include "record.hpp"
#include "remarks.hpp"

namespace titrant::trial {

/// Makes observations of records: their kind, and what is known of a censored value.
class ObservationReader {
 public:
  enum class Kind { concentration, biomarker };

  ObservationReader(const NonmemFormat& format, const Columns& columns, const RecordReader& reader, Faults& faults,
                    Remarks& remarks)
      : format_(format), columns_(columns), reader_(reader), faults_(faults), remarks_(remarks) {}

  struct Result {
    std::optional<Observation> observation;  ///< without its time; none: left out, or a fault
    Kind kind = Kind::concentration;
    bool fault = false;
  };
  Result read(const Record& record);

 private:
  std::optional<double> value_of(const Record& record, Result& result);
  void bound(const Record& record, Observation& one, Result& result);
  std::optional<Kind> kind_of(const Record& record);
  std::optional<Kind> kind_by_code(const Record& record, Item item, const std::string& concentration,
                                   const std::string& biomarker, std::string_view key);

  const NonmemFormat& format_;
  const Columns& columns_;
  const RecordReader& reader_;
  Faults& faults_;
  Remarks& remarks_;
  std::string compartment_;  ///< of the observations so far where nothing else tells their kind
  bool several_compartments_ = false;
};

}  // namespace titrant::trial
