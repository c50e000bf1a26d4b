#include "titrant/dose/endpoint.hpp"

#include <gtest/gtest.h>

#include <string>

#include "examples.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

using protocol::Direction;

TEST(Resolve, FindsPartsAndDirections) {
  protocol::Endpoint both;
  both.name = "both";
  both.all = {"steady", "safe"};
  const std::vector<protocol::Endpoint> all = {steady_below(3.3), concentration("safe", 60.0, {}), both};
  const std::vector<ResolvedEndpoint> lowered = resolve(all, true);
  EXPECT_EQ(lowered[0].direction, Direction::rising);
  EXPECT_EQ(lowered[1].direction, Direction::falling);
  EXPECT_EQ(lowered[2].direction, Direction::window);
  ASSERT_EQ(lowered[2].parts.size(), 2U);
  EXPECT_EQ(lowered[2].parts[1].name, "safe");
  EXPECT_TRUE(lowered[2].needs_biomarker());
  EXPECT_FALSE(lowered[1].needs_biomarker());
  EXPECT_EQ(resolve(all, false)[0].direction, Direction::falling);
  EXPECT_EQ(resolve(all, false)[2].direction, Direction::falling);
  EXPECT_TRUE(exposure_window(lowered[2]).steady_state);
}

TEST(Resolve, NamesWhatCannotBeJudged) {
  const auto fault = [](const protocol::Endpoint& endpoint) -> std::string {
    try {
      resolve(endpoint, {endpoint}, true);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(fault(steady_below(3.3)), "");
  protocol::Endpoint endpoint = steady_below(3.3, "a");
  endpoint.limits = {};
  EXPECT_EQ(fault(endpoint), "endpoints.a: there is no limit; write below: or above:");
  EXPECT_EQ(fault(steady_below(0.0, "a")), "endpoints.a: a limit is 0; expected a value above 0");
  endpoint.limits.change_below = -1.0;
  EXPECT_EQ(fault(endpoint), "endpoints.a: a change from baseline is -100 %; expected one above -100 %");
  endpoint.limits.change_below = -0.5;
  EXPECT_EQ(fault(endpoint), "");
  endpoint.of = protocol::Quantity::concentration;
  EXPECT_EQ(fault(endpoint), "endpoints.a: a concentration has no baseline to change from");
  EXPECT_EQ(fault(control_below(3.3, {})),
            "endpoints.control: values are measured, but no sampling times are known; write times: [...]");
  protocol::Endpoint trough = concentration("a", {}, 2.0);
  trough.at_trough = true;
  EXPECT_EQ(fault(trough), "");
  trough.steady_state = false;
  EXPECT_EQ(fault(trough), "endpoints.a: a trough is a latent value at steady state");
  protocol::Endpoint combined;
  combined.name = "both";
  combined.all = {"nobody"};
  EXPECT_EQ(fault(combined), "endpoints.both.all: 'nobody' is no endpoint");
}

TEST(ErrorsNeeded, AreTheMostOfEachKind) {
  protocol::Endpoint measured =
      endpoint_named("c", protocol::Quantity::concentration, protocol::Values::measured, false);
  measured.to = 24.0;
  measured.times = {1.0, 2.0};
  measured.limits.below = 60.0;
  const ErrorCounts counts =
      errors_needed(resolve({control_below(3.3), control_below(3.0, {500.0}), measured, steady_below(3.3)}, true));
  EXPECT_EQ(counts.biomarker, 3U);
  EXPECT_EQ(counts.concentration, 2U);
}

TEST(RequireModels, NamesTheEndpointWithoutABiomarker) {
  const pkpd::PopulationModel pk;
  EXPECT_NO_THROW(require_models(resolve({concentration("safe", 60.0, {})}, true), {&pk, nullptr}));
  try {
    require_models(resolve({concentration("safe", 60.0, {}), steady_below(3.3)}, true), {&pk, nullptr});
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("endpoints.steady"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("pd.structure"), std::string::npos);
  }
}

}  // namespace titrant::dose
