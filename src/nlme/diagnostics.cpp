#include "titrant/nlme/diagnostics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/design.hpp"

namespace titrant::nlme {

namespace {

constexpr double not_available = std::numeric_limits<double>::quiet_NaN();

/// Predictions of one person at some etas, with derivatives by the etas.
struct Linearised {
  std::vector<double> value;
  Eigen::MatrixXd by_eta;  ///< [observation][eta]
};

Linearised predict_at(const SubjectModel& model, const FitSummary& fit, const Design& design, std::size_t subject,
                      const std::vector<double>& etas) {
  const std::vector<Parameter>& parameters = fit.population.parameters;
  std::vector<double> transformed = design.mean(subject, fit.population);
  const std::vector<std::size_t> places = fit.population.eta_parameters();
  for (std::size_t k = 0; k < places.size(); ++k) transformed[places[k]] += etas[k];
  std::vector<double> natural;
  for (std::size_t p = 0; p < parameters.size(); ++p) natural.push_back(parameters[p].scale.natural(transformed[p]));
  Linearised result;
  const std::size_t observations = model.observed(subject).size();
  result.value.resize(observations);
  std::vector<double> gradient(observations * parameters.size());
  model.predict(subject, natural, result.value, gradient);
  result.by_eta.resize(static_cast<Eigen::Index>(observations), static_cast<Eigen::Index>(places.size()));
  for (std::size_t j = 0; j < observations; ++j) {
    for (std::size_t k = 0; k < places.size(); ++k) {
      const std::size_t p = places[k];
      result.by_eta(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(k)) =
          gradient[j * parameters.size() + p] * parameters[p].scale.natural_derivative(transformed[p]);
    }
  }
  return result;
}

/// Conditional weighted residuals of the rows that are not censored.
void add_cwres(std::vector<ObservationRow>& rows, std::size_t first, const Linearised& at_mode,
               const std::vector<double>& etas, const FitSummary& fit) {
  std::vector<std::size_t> used;
  for (std::size_t j = 0; first + j < rows.size(); ++j) {
    if (!rows[first + j].censored) used.push_back(j);
  }
  const auto count = static_cast<Eigen::Index>(used.size());
  const auto eta_count = static_cast<Eigen::Index>(etas.size());
  Eigen::MatrixXd slopes(count, eta_count);
  Eigen::VectorXd residual(count);
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(count, count);
  Eigen::VectorXd eta(eta_count);
  Eigen::VectorXd variance(eta_count);
  const std::vector<std::size_t> places = fit.population.eta_parameters();
  for (Eigen::Index k = 0; k < eta_count; ++k) {
    eta[k] = etas[static_cast<std::size_t>(k)];
    const double omega = fit.population.parameters[places[static_cast<std::size_t>(k)]].omega;
    variance[k] = omega * omega;
  }
  for (Eigen::Index i = 0; i < count; ++i) {
    const std::size_t j = used[static_cast<std::size_t>(i)];
    const ObservationRow& row = rows[first + j];
    slopes.row(i) = at_mode.by_eta.row(static_cast<Eigen::Index>(j));
    residual[i] = row.observed - (row.ipred - slopes.row(i).dot(eta));
    covariance(i, i) = fit.population.errors[row.response].model.variance(row.ipred);
  }
  covariance += slopes * variance.asDiagonal() * slopes.transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  if (count == 0 || solver.info() != Eigen::Success || !(solver.eigenvalues()[0] > 0.0)) return;
  const Eigen::VectorXd weighted = solver.operatorInverseSqrt() * residual;
  for (Eigen::Index i = 0; i < count; ++i) rows[first + used[static_cast<std::size_t>(i)]].cwres = weighted[i];
}

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

}  // namespace

std::vector<ObservationRow> diagnose(const SubjectModel& model, const FitSummary& fit,
                                     const std::vector<std::vector<double>>& times) {
  TITRANT_EXPECTS(times.size() == model.subjects() && fit.etas.size() == model.subjects());
  const Design design(model, fit.population);
  std::vector<ObservationRow> rows;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto observed = model.observed(subject);
    const auto responses = model.responses(subject);
    const auto censored = model.censored(subject);
    const std::vector<double> none(fit.eta_names.size(), 0.0);
    const Linearised typical = predict_at(model, fit, design, subject, none);
    const Linearised own = predict_at(model, fit, design, subject, fit.etas[subject]);
    const std::size_t first = rows.size();
    for (std::size_t j = 0; j < observed.size(); ++j) {
      ObservationRow row;
      row.subject = fit.subjects[subject];
      row.time = times[subject][j];
      row.response = responses.empty() ? 0 : responses[j];
      row.censored = !censored.empty() && censored[j] != 0;
      row.observed = observed[j];
      row.pred = typical.value[j];
      row.ipred = own.value[j];
      const double deviation = std::sqrt(fit.population.errors[row.response].model.variance(row.ipred));
      row.iwres = row.censored || !(deviation > 0.0) ? not_available : (row.observed - row.ipred) / deviation;
      row.cwres = not_available;
      rows.push_back(row);
    }
    add_cwres(rows, first, own, fit.etas[subject], fit);
  }
  return rows;
}

std::vector<CovariateRelation> covariate_relations(const SubjectModel& model, const FitSummary& fit) {
  std::set<std::string> names;
  for (const auto& [name, value] : model.covariates(0)) names.insert(name);
  const std::size_t subjects = model.subjects();
  std::vector<CovariateRelation> relations;
  for (std::size_t k = 0; k < fit.eta_names.size(); ++k) {
    std::vector<double> etas;
    for (const auto& of_subject : fit.etas) etas.push_back(of_subject[k]);
    for (const std::string& name : names) {
      const std::vector<double> values = values_of(model, name);
      if (values.empty() ||
          *std::max_element(values.begin(), values.end()) == *std::min_element(values.begin(), values.end())) {
        continue;
      }
      CovariateRelation one;
      one.eta = fit.eta_names[k];
      one.covariate = name;
      one.binary = std::all_of(values.begin(), values.end(), [](double x) { return x == 0.0 || x == 1.0; });
      const double r = correlation(values, etas);
      one.statistic = one.binary ? difference_of_means(values, etas) : r;
      one.p_value = not_available;
      if (subjects > 2 && std::isfinite(r) && std::abs(r) < 1.0) {
        const auto freedom = static_cast<double>(subjects - 2);
        const double t = std::abs(r) * std::sqrt(freedom / (1.0 - r * r));
        one.p_value = 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), t));
      }
      relations.push_back(one);
    }
  }
  return relations;
}

}  // namespace titrant::nlme
