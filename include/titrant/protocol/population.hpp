#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace titrant::protocol {

/// The distribution of one covariate over a population, and its quantile function.
struct Distribution {
  enum class Kind {
    fixed,       ///< `first` in every subject
    continuous,  ///< of `family`, by its two parameters `first` and `second`, where it can be cut off at `low` and
                 ///< `high`
    levels       ///< the values of `shares`, each with its share
  };
  Kind kind = Kind::fixed;
  std::string family;  ///< of Kind::continuous: a name of `families`
  double first = 0.0;
  double second = 0.0;
  double low;                                     ///< -infinity: not cut off
  double high;                                    ///< infinity: not cut off
  std::vector<std::pair<double, double>> shares;  ///< value, share; shares add up to 1; see resolve_levels
  /// Of Kind::levels as the configuration has it: levels by name with their shares, or the share of the second of two.
  std::vector<std::pair<std::string, double>> named_shares;
  std::optional<double> share_of_second;

  Distribution();

  /// A continuous one that is not cut off.
  ///
  ///     const Distribution weight = Distribution::of("normal", 80.0, 15.0);
  static Distribution of(std::string family, double first, double second);

  /// The value below which a share u of the population lies, 0 < u < 1; rises with u.
  double quantile(double u) const;
};

/// A family of continuous distributions with two parameters. To add one: an entry in src/protocol/distribution.cpp.
struct DistributionFamily {
  std::string name;        ///< as in a configuration: "normal"
  std::string parameters;  ///< what stands beside it there: "[mean, sd]"
  bool cut_off;            ///< whether `within` may cut it off at both ends
  double lowest;           ///< no value is below: 0 for positive ones
  /// What is wrong with the parameters; empty: nothing.
  std::string (*fault)(double first, double second);
  double (*quantile)(const Distribution& distribution, double u);
};
const std::vector<DistributionFamily>& families();

/// Correlation of the normal scores of two covariates, between -1 and 1.
struct Correlation {
  std::string first;
  std::string second;
  double coefficient = 0.0;
};

/// Whom doses are to be given to. Covariates are drawn from distributions, or whole rows are resampled.
struct Population {
  enum class Source {
    distributions,
    trial,  ///< the covariates of the trial's subjects
    file    ///< the rows of a CSV file, one a subject
  };
  std::string name;
  Source source = Source::distributions;
  std::string file;   ///< of Source::file
  std::string where;  ///< comparisons on covariates, as "weight >= 50 and weight <= 100": rows that count; empty: all
  std::vector<std::pair<std::string, Distribution>> covariates;  ///< by name, in the order given
  std::vector<Correlation> correlations;
};

/// The lower Cholesky factor of the correlations between a population's covariates: [covariate][covariate], row-major,
/// in their order. Throws ConfigError where no such correlation matrix exists (it is not positive definite), or a
/// correlation names a covariate that has no distribution.
std::vector<double> correlation_factor(const Population& population);

}  // namespace titrant::protocol
