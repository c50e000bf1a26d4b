#include "titrant/dose/occasions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

std::vector<std::string> occasion_names(std::string_view kind, const pkpd::PopulationModel& model) {
  std::vector<std::string> names;
  for (const pkpd::ParameterModel& one : model.parameters) {
    if (one.occasion_omega > 0.0) names.push_back(fmt::format("{}:pk.{}", kind, one.name));
  }
  return names;
}

}  // namespace

std::vector<std::string> course_occasion_names(const pkpd::PopulationModel& model) {
  return occasion_names("occasion", model);
}

std::vector<std::string> steady_occasion_names(const pkpd::PopulationModel& model) {
  return occasion_names("steady_occasion", model);
}

SubjectOccasions::SubjectOccasions(std::shared_ptr<const OccasionStreams> streams, std::uint64_t number,
                                   pkpd::Covariates covariates, std::vector<double> etas)
    : streams_(std::move(streams)), number_(number), covariates_(std::move(covariates)), etas_(std::move(etas)) {}

std::vector<pkpd::Individual> SubjectOccasions::of_course(std::size_t count) const {
  TITRANT_EXPECTS(differ());
  return drawn(streams_->course_keys, count);
}

std::vector<pkpd::Individual> SubjectOccasions::at_steady_state(std::size_t count) const {
  TITRANT_EXPECTS(differ());
  std::vector<pkpd::Individual> intervals = drawn(streams_->steady_keys, count);
  std::reverse(intervals.begin(), intervals.end());
  return intervals;
}

/// The parameters of `count` occasions in the order of their random numbers.
std::vector<pkpd::Individual> SubjectOccasions::drawn(const std::vector<std::uint32_t>& keys, std::size_t count) const {
  std::vector<double> omegas;
  for (const pkpd::ParameterModel& one : streams_->model->parameters) {
    if (one.occasion_omega > 0.0) omegas.push_back(one.occasion_omega);
  }
  TITRANT_EXPECTS(omegas.size() == keys.size());
  std::vector<core::Stream> random;
  random.reserve(keys.size());
  for (const std::uint32_t key : keys) random.emplace_back(streams_->seed, streams_->purpose, number_, key);
  std::vector<pkpd::Individual> intervals;
  intervals.reserve(count);
  std::vector<double> kappas(keys.size());
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < kappas.size(); ++k) kappas[k] = omegas[k] * random[k].normal();
    intervals.push_back(pkpd::individual(*streams_->model, covariates_, etas_, kappas));
  }
  return intervals;
}

pkpd::PopulationModel without_occasions(pkpd::PopulationModel model) {
  for (pkpd::ParameterModel& one : model.parameters) one.occasion_omega = 0.0;
  return model;
}

}  // namespace titrant::dose
