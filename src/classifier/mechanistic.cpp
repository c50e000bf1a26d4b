#include "titrant/classifier/mechanistic.hpp"

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {

namespace {

// What is drawn for one virtual response.
struct Draw {
  std::vector<double> etas;
  std::vector<double> errors;
};

std::vector<Draw> draws_of(const pkpd::BiomarkerPopulation& model, const MechanisticOptions& options,
                           std::uint64_t seed) {
  std::vector<Draw> draws(options.draws);
  for (std::size_t k = 0; k < draws.size(); ++k) {
    core::Stream stream(seed, core::Purpose::biomarker_draw, k);
    draws[k].etas = pkpd::draw_etas(model, stream);
    for (std::size_t i = 0; i < options.errors; ++i) draws[k].errors.push_back(stream.normal());
  }
  return draws;
}

}  // namespace

Mechanistic::Mechanistic(pkpd::BiomarkerPopulation model, SuccessRule rule, const MechanisticOptions& options)
    : model_(std::move(model)), rule_(std::move(rule)), options_(options) {
  TITRANT_EXPECTS(options.draws > 0 && rule_);
}

History Mechanistic::train(const parallel::Communicator& /*ranks*/, const LabelledExamples& /*examples*/,
                           const TrainingOptions& /*options*/, std::uint64_t /*seed*/, std::uint64_t /*replicate*/) {
  return {};
}

std::vector<double> Mechanistic::probabilities(std::span<const Example> examples, std::uint64_t seed) const {
  const std::vector<Draw> draws = draws_of(model_, options_, seed);
  std::vector<double> p;
  p.reserve(examples.size());
  for (const Example& example : examples) {
    const Profile& profile = *example.profile;
    const auto successes = std::count_if(draws.begin(), draws.end(), [&](const Draw& draw) {
      const pkpd::Biomarker biomarker = pkpd::individual_biomarker(model_, profile.covariates, draw.etas);
      return rule_(profile.individual, biomarker, profile.course, example.dose, draw.errors);
    });
    p.push_back(static_cast<double>(successes) / static_cast<double>(draws.size()));
  }
  return p;
}

void Mechanistic::set_parameters(std::span<const double> parameters) { TITRANT_EXPECTS(parameters.empty()); }

}  // namespace titrant::classifier
