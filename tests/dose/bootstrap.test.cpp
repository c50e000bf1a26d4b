#include "titrant/dose/bootstrap.hpp"

#include <gtest/gtest.h>

#include "known_classifier.hpp"

namespace titrant::dose {

// Replicate r needs an average of r ng/mL in everybody, so its minimal dose grows with r and its quantiles are known.
TEST(Bootstrap, IntervalsComeFromTheReplicates) {
  pkpd::PopulationModel model = simple_population();
  for (auto& parameter : model.parameters) parameter.omega = 0.0;
  const std::vector<Panel> panels = {{"base", {70.0, 70.0, 0.0}, daily, GridOptions{1.0, 30.0, 1.0}.values()}};
  const KnownClassifier original([](const classifier::Example& e) { return reaches(e, 10.0); });
  const CohortView cohort{&model, 4, 1, {&original}};
  const auto train = [](std::size_t replicate) {
    std::vector<std::unique_ptr<classifier::Classifier>> trained;
    const double level = static_cast<double>(replicate + 1) - 0.5;
    trained.push_back(std::make_unique<KnownClassifier>(
        [level](const classifier::Example& e) { return e.dose * e.profile->per_mg.average >= level ? 1.0 : 0.0; }));
    return trained;
  };
  const ReplicateRates replicates = bootstrap({}, cohort, panels, 20, train);
  std::vector<Decision> decisions = {decide(panels[0], "known", replicates[9][0][0], 0.9, Rule::mean)};
  add_intervals(decisions, panels, cohort.classifiers, replicates);
  // Cavg = 1000 / (40 x 24) ng/mL per mg: 0.5 ng/mL needs 0.48 mg, hence 1 mg; 18.5 ng/mL need 17.76 mg, hence 18 mg.
  EXPECT_EQ(decisions[0].lower, 1.0);
  EXPECT_EQ(decisions[0].upper, 18.0);
  const Band rates = band(replicates, 0, 0);
  EXPECT_EQ(rates.lower[0], 0.0);   // at 1 mg only one replicate of twenty is satisfied
  EXPECT_EQ(rates.upper[29], 1.0);  // at 30 mg all are
}

}  // namespace titrant::dose
