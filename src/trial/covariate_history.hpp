#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record.hpp"
#include "remarks.hpp"

namespace titrant::trial {

/// The covariates of a subject, record by record, as values with the times from which they hold.
class CovariateHistory {
 public:
  CovariateHistory(const NonmemFormat& format, const Columns& columns, Faults& faults, Remarks& remarks)
      : format_(format), columns_(columns), faults_(faults), remarks_(remarks) {}

  /// A subject begins.
  void begin();

  /// A record at `time`, h.
  void add(const Record& record, double time);

  /// Sets Subject::covariates and Subject::changes.
  void finish(Subject& subject) const;

  /// Gives subjects without a value of a covariate the median of the others, where the format wants that.
  void fill_subjects(std::vector<Subject>& subjects);

 private:
  bool can_be_filled(const std::string& covariate) const;

  struct Point {
    double time = 0.0;
    double value = 0.0;
  };
  /// One covariate.
  struct Series {
    std::optional<double> first;  ///< from the first record on
    double last = 0.0;
    double last_time = 0.0;  ///< of the last record that has a value
    double first_time = 0.0;
    std::vector<Point> points;  ///< from a time on
    bool faulty = false;        ///< said once a subject
    bool missing = false;
  };

  void change(const Record& record, std::size_t which, double time, double value);

  const NonmemFormat& format_;
  const Columns& columns_;
  Faults& faults_;
  Remarks& remarks_;
  std::vector<Series> series_;
};

}  // namespace titrant::trial
