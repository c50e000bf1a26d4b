#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "titrant/trial/trial.hpp"

namespace titrant::tests {

/// How many dose records stand before an observation.
inline std::size_t records_before(const trial::Observation& one, const trial::Subject& subject) {
  if (one.records_before != trial::Observation::after_all) return one.records_before;
  return static_cast<std::size_t>(std::count_if(subject.doses.begin(), subject.doses.end(),
                                                [&one](const auto& dose) { return dose.time <= one.time; }));
}

inline void expect_same(const trial::Subject& x, const std::vector<trial::Observation>& a, const trial::Subject& y,
                        const std::vector<trial::Observation>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].time, b[i].time);
    EXPECT_EQ(a[i].value, b[i].value);
    EXPECT_EQ(a[i].censored, b[i].censored);
    EXPECT_EQ(a[i].limit, b[i].limit);
    EXPECT_EQ(a[i].lower, b[i].lower);
    EXPECT_EQ(a[i].upper, b[i].upper);
    EXPECT_EQ(records_before(a[i], x), records_before(b[i], y));
  }
}

/// Values alone, of subjects whose doses do not matter.
inline void expect_same(const std::vector<trial::Observation>& a, const std::vector<trial::Observation>& b) {
  expect_same(trial::Subject{}, a, trial::Subject{}, b);
}

/// Expects two trials to agree in every field but their source, to the last bit.
inline void expect_same(const trial::Trial& a, const trial::Trial& b) {
  ASSERT_EQ(a.subjects.size(), b.subjects.size());
  for (std::size_t i = 0; i < a.subjects.size(); ++i) {
    const trial::Subject& x = a.subjects[i];
    const trial::Subject& y = b.subjects[i];
    SCOPED_TRACE("subject " + y.id);
    EXPECT_EQ(x.id, y.id);
    EXPECT_EQ(x.covariates, y.covariates);
    EXPECT_EQ(x.dose, y.dose);
    ASSERT_EQ(x.doses.size(), y.doses.size());
    for (std::size_t k = 0; k < x.doses.size(); ++k) {
      EXPECT_EQ(x.doses[k].time, y.doses[k].time);
      EXPECT_EQ(x.doses[k].amount, y.doses[k].amount);
      EXPECT_EQ(x.doses[k].interval, y.doses[k].interval);
      EXPECT_EQ(x.doses[k].additional, y.doses[k].additional);
      EXPECT_EQ(x.doses[k].steady_state, y.doses[k].steady_state);
      EXPECT_EQ(x.doses[k].superposed, y.doses[k].superposed);
      EXPECT_EQ(x.doses[k].reset, y.doses[k].reset);
    }
    expect_same(x, x.concentrations, y, y.concentrations);
    expect_same(x, x.biomarkers, y, y.biomarkers);
    ASSERT_EQ(x.changes.size(), y.changes.size());
    for (std::size_t k = 0; k < x.changes.size(); ++k) {
      EXPECT_EQ(x.changes[k].time, y.changes[k].time);
      EXPECT_EQ(x.changes[k].covariates, y.changes[k].covariates);
    }
  }
}

}  // namespace titrant::tests
