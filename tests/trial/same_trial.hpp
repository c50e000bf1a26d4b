#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "titrant/trial/trial.hpp"

namespace titrant::tests {

inline void expect_same(const std::vector<trial::Observation>& a, const std::vector<trial::Observation>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].time, b[i].time);
    EXPECT_EQ(a[i].value, b[i].value);
    EXPECT_EQ(a[i].censored, b[i].censored);
    EXPECT_EQ(a[i].limit, b[i].limit);
  }
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
      EXPECT_EQ(x.doses[k].reset, y.doses[k].reset);
    }
    expect_same(x.concentrations, y.concentrations);
    expect_same(x.biomarkers, y.biomarkers);
  }
}

}  // namespace titrant::tests
