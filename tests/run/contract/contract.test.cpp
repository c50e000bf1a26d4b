#include "titrant/run/contract.hpp"

#include <gmock/gmock.h>

using testing::ElementsAre;
using namespace titrant::run;
namespace store = titrant::store;

TEST(RunContract, PutsTheUnitsOfTheTrialInTheirPlace) {
  Results results;
  results.trial.units = {"ug", "ug/L", "IU/mL"};
  const auto units = [&](const std::string& path) {
    return store::resolve_units(run_contract().dataset(path).units, unit_symbols(results));
  };
  EXPECT_EQ(units("/trial/dose"), "ug");
  // Doses of a regimen may be by weight.
  const std::string of_regimen = "see /protocol/regimen/dose_unit";
  EXPECT_EQ(units("/population/base/daily/dose"), of_regimen);
  EXPECT_EQ(units("/population/base/daily/concentration"), "ug/L per unit of dose");
  EXPECT_EQ(units("/population/base/daily/mechanistic/control/success_from"), of_regimen);
  EXPECT_EQ(units("/decision/dose"), of_regimen);
  EXPECT_EQ(units("/coverage/true_dose"), of_regimen);
  EXPECT_EQ(units("/ablation/dose"), of_regimen);
  EXPECT_EQ(units("/pk/diagnostics/ipred"), "ug/L");
  EXPECT_EQ(units("/pk/vpc/observed"), "ug/L");
  EXPECT_EQ(units("/pd/vpc/observed"), "IU/mL");
  EXPECT_EQ(units("/pd/vpc/dose"), "ug");
  EXPECT_EQ(units("/attainment_check/dose"), "ug");
}

// A simultaneous fit has concentrations and biomarker values in one column.
TEST(RunContract, SaysWhereAColumnHasTwoUnits) {
  Results results;
  results.trial.units = {"mg", "ng/mL", "IU/mL"};
  results.pd.emplace().best.how = titrant::nlme::PdMethod::individual;
  EXPECT_EQ(unit_symbols(results).at("response"), "IU/mL");
  results.pd->best.how = titrant::nlme::PdMethod::joint;
  EXPECT_EQ(unit_symbols(results).at("response"), "see response");
  results.trial.units.biomarker = "ng/mL";
  EXPECT_EQ(unit_symbols(results).at("response"), "ng/mL");
}

// A name with a slash or a reader's special characters would be another path, a meaning without words none.
TEST(RunContract, EveryRowSaysWhatItIs) {
  for (const store::Contract* contract : {&run_contract(), &index_contract()}) {
    for (const store::GroupDescription& group : contract->groups()) {
      EXPECT_FALSE(group.meaning.empty()) << group.paths.front();
      for (const store::DatasetDescription& dataset : group.datasets) {
        EXPECT_EQ(dataset.name.find_first_of("/ @|`"), std::string::npos) << dataset.name;
        EXPECT_FALSE(dataset.long_name.empty()) << dataset.name;
        EXPECT_EQ(dataset.units.empty(), dataset.type == store::Type::link) << dataset.name;
      }
    }
  }
}

TEST(RunContract, FindsRowsOfAllQuestions) {
  EXPECT_THAT(run_contract().axes("/population/heavy/weekly/qcnn/latent/probability"),
              ElementsAre("/population/heavy/weekly/subject", "/population/heavy/weekly/dose"));
  EXPECT_THAT(run_contract().axes("/classifier/qcnn/control/on_trial/reliability/count"),
              ElementsAre("/classifier/qcnn/control/on_trial/reliability/bin"));
  EXPECT_THAT(run_contract().axes("/classifier/qcnn/evaluation/holdout/auc"),
              ElementsAre("/classifier/qcnn/evaluation/replicate"));
  EXPECT_THAT(run_contract().axes("/pd/bootstrap/estimate"), ElementsAre("/pd/bootstrap/replicate", "/pd/parameter"));
  EXPECT_THAT(run_contract().axes("/pd/profile/lower"), ElementsAre("/pd/profile/parameter"));
}
