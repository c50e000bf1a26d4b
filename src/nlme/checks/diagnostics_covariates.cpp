#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <set>

#include "titrant/core/constants.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/diagnostics.hpp"

namespace titrant::nlme {

namespace {

using core::not_available;

/// A covariate over the subjects of a model; empty where somebody lacks it.
std::vector<double> values_of(const SubjectModel& model, const std::string& covariate) {
  std::vector<double> values;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto found = model.covariates(subject).find(covariate);
    if (found == model.covariates(subject).end()) return {};
    values.push_back(found->second);
  }
  return values;
}

/// The correlation coefficient, from which both statistics and their common t follow.
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = core::ordered_mean(x);
  const double mean_y = core::ordered_mean(y);
  std::vector<double> xx;
  std::vector<double> yy;
  std::vector<double> xy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx.push_back((x[i] - mean_x) * (x[i] - mean_x));
    yy.push_back((y[i] - mean_y) * (y[i] - mean_y));
    xy.push_back((x[i] - mean_x) * (y[i] - mean_y));
  }
  const double scale = std::sqrt(core::ordered_sum(xx) * core::ordered_sum(yy));
  return scale > 0.0 ? core::ordered_sum(xy) / scale : not_available;
}

double difference_of_means(const std::vector<double>& group, const std::vector<double>& y) {
  std::vector<double> ones;
  std::vector<double> zeros;
  for (std::size_t i = 0; i < y.size(); ++i) (group[i] == 1.0 ? ones : zeros).push_back(y[i]);
  return core::ordered_mean(ones) - core::ordered_mean(zeros);
}

/// Of no relation, two-sided: t = r sqrt((n - 2) / (1 - r^2)), which is that of the difference of two means, too.
double p_value(double r, std::size_t subjects) {
  if (subjects < 3 || !std::isfinite(r)) return not_available;
  const auto freedom = static_cast<double>(subjects - 2);
  const double rest = std::max(0.0, 1.0 - r * r);
  if (rest == 0.0) return 0.0;
  const double t = std::abs(r) * std::sqrt(freedom / rest);
  return 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), t));
}

}  // namespace

std::vector<CovariateRelation> covariate_relations(const SubjectModel& model, const FitSummary& fit) {
  std::set<std::string> names;
  for (const auto& [name, value] : model.covariates(0)) names.insert(name);
  const std::size_t subjects = model.subjects();
  std::vector<CovariateRelation> relations;
  for (std::size_t k = 0; k < fit.eta_names.size() + fit.error_eta_names.size(); ++k) {
    const bool of_error = k >= fit.eta_names.size();
    const std::size_t place = of_error ? k - fit.eta_names.size() : k;
    std::vector<double> etas;
    for (const auto& of_subject : of_error ? fit.error_etas : fit.etas) etas.push_back(of_subject[place]);
    for (const std::string& name : names) {
      const std::vector<double> values = values_of(model, name);
      if (values.empty() ||
          *std::max_element(values.begin(), values.end()) == *std::min_element(values.begin(), values.end())) {
        continue;
      }
      CovariateRelation one;
      one.eta = of_error ? fit.error_eta_names[place] : fit.eta_names[place];
      one.covariate = name;
      one.binary = std::all_of(values.begin(), values.end(), [](double x) { return x == 0.0 || x == 1.0; });
      const double r = correlation(values, etas);
      one.statistic = one.binary ? difference_of_means(values, etas) : r;
      one.p_value = p_value(r, subjects);
      relations.push_back(one);
    }
  }
  return relations;
}

}  // namespace titrant::nlme
