// Small files of the kinds that once were misread or refused, and public data sets as they are published: read right,
// or refused with place and remedy. They are not part of the project; without them the tests are skipped.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "real_data.hpp"
#include "titrant/core/error.hpp"
#include "titrant/trial/nonmem.hpp"

using testing::HasSubstr;
using titrant::DataError;
using titrant::tests::real_data;
using titrant::trial::NonmemFormat;
using titrant::trial::read_nonmem;
using titrant::trial::Trial;

namespace {

/// What a file holds, or the start of its refusal behind the file's name.
struct Case {
  const char* file;
  std::size_t subjects = 0;
  std::size_t doses = 0;
  std::size_t concentrations = 0;
  std::size_t biomarkers = 0;
  const char* refusal = "";
  std::function<void(NonmemFormat&)> change = nullptr;
};

class CaseFile : public testing::TestWithParam<Case> {};

void by_value_cp(NonmemFormat& format) { format.value = std::string("cp"); }

void with_codes_of_warfarin(NonmemFormat& format) {
  format.concentration_dvid = std::string("cp");
  format.biomarker_dvid = std::string("pca");
}

void with_compartments(NonmemFormat& format) {
  format.concentration_cmt = std::string("2");
  format.biomarker_cmt = std::string("3");
}

}  // namespace

TEST_P(CaseFile, IsReadRightOrRefusedWithPlaceAndRemedy) {
  const Case& one = GetParam();
  const std::filesystem::path file = real_data(one.file);
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  NonmemFormat format;
  if (one.change) one.change(format);
  if (*one.refusal != '\0') {
    try {
      read_nonmem(file, format);
      ADD_FAILURE() << "was read";
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr(file.filename().string() + one.refusal));
    }
    return;
  }
  const Trial trial = read_nonmem(file, format);
  std::size_t doses = 0;
  std::size_t concentrations = 0;
  std::size_t biomarkers = 0;
  for (const auto& subject : trial.subjects) {
    doses += subject.doses.size();
    concentrations += subject.concentrations.size();
    biomarkers += subject.biomarkers.size();
  }
  EXPECT_EQ(trial.subjects.size(), one.subjects);
  EXPECT_EQ(doses, one.doses);
  EXPECT_EQ(concentrations, one.concentrations);
  EXPECT_EQ(biomarkers, one.biomarkers);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CaseFile,
    testing::Values(
        Case{"../cases/data/EstData_predose.csv", 48, 756, 900, 1200},
        Case{"../cases/data/d01_trough_before_reset.csv", 12, 24, 156, 0},
        Case{"../cases/data/d02_time_restarts.csv", 12, 24, 156, 0},
        Case{"../cases/data/d11_id_1_and_1.0.csv", 12, 12, 96, 0},
        Case{"../cases/data/d12_dose_only.csv", 12, 12, 96, 0}, Case{"../cases/data/d19_na.csv", 12, 12, 96, 0},
        Case{"../cases/data/d17_cmt_coded.csv", 0, 0, 0, 0, ":7:15: CMT: observations in compartments 2 and 3"},
        Case{"../cases/data/d17_cmt_coded.csv", 12, 12, 96, 24, "", with_compartments},
        Case{"../cases/data/d24_two_tablets.csv", 12, 24, 96, 0},
        Case{"../cases/data/d40_infusion_by_dur.csv", 12, 12, 96, 0},
        Case{"../cases/data/d41_iv_and_oral_by_cmt.csv", 12, 12, 96, 0},
        Case{"../cases/data/iv_bolus_cmt2.csv", 1, 1, 131, 0, "", by_value_cp},
        Case{"../cases/data/evid4_restart.csv", 1, 2, 4, 0}, Case{"../cases/data/negative_time.csv", 1, 1, 2, 0},
        Case{"../cases/data/no_comed.csv", 1, 1, 2, 0}, Case{"../cases/data/same_dose_twice.csv", 1, 2, 1, 0},
        Case{"../cases/data/tv_weight.csv", 1, 1, 1, 0}, Case{"public/theo_sd.csv", 12, 12, 132, 0},
        Case{"public/theo_md.csv", 12, 84, 264, 0}, Case{"public/Oral_1CPT_sd.csv", 120, 120, 2273, 0},
        Case{"public/warfarin.csv", 32, 32, 251, 232, "", with_codes_of_warfarin},
        Case{"public/warfarin.csv", 0, 0, 0, 0, ":3:11: dvid: expected 1 (concentration) or 2 (biomarker)"},
        Case{"public/Bolus_1CPT.csv", 120, 960, 6951, 0}, Case{"public/Infusion_1CPT.csv", 120, 960, 6953, 0},
        Case{"public/nmtest_part.csv", 27, 40, 3537, 0, "", by_value_cp}));

// Restarted clocks are the same course as one clock that goes on.
TEST(Cases, RestartedTimeIsTheTimeThatGoesOn) {
  const auto restarted = real_data("../cases/data/d02_time_restarts.csv");
  if (!std::filesystem::exists(restarted)) GTEST_SKIP() << restarted << " is not there";
  const Trial a = read_nonmem(restarted, {});
  const Trial b = read_nonmem(real_data("../cases/data/d01_trough_before_reset.csv"), {});
  ASSERT_EQ(a.subjects.size(), b.subjects.size());
  for (std::size_t i = 0; i < a.subjects.size(); ++i) {
    for (std::size_t k = 0; k < a.subjects[i].concentrations.size(); ++k) {
      EXPECT_EQ(a.subjects[i].concentrations[k].time, b.subjects[i].concentrations[k].time);
      EXPECT_EQ(a.subjects[i].concentrations[k].records_before, b.subjects[i].concentrations[k].records_before);
    }
    EXPECT_EQ(a.subjects[i].doses[1].time, 24.0);
  }
}
