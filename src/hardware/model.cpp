#include "titrant/hardware/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/dose/exposure_profile.hpp"
#include "titrant/run/methods.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/run/subject_circuit.hpp"

namespace titrant::hardware {

namespace {

/// The thing of a name, or a ConfigError that lists those that there are.
template <class Named>
const Named& named(const std::vector<Named>& all, const std::string& name, const std::string& option) {
  std::vector<std::string> names;
  for (const Named& one : all) {
    if (one.name == name) return one;
    names.push_back(one.name);
  }
  const std::string near = core::nearest(name, names);
  throw ConfigError(fmt::format("--{} {}: the run has no such {}; expected {}{}", option, name, option,
                                fmt::join(names, " or "),
                                near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

protocol::Question question_of(const protocol::Protocol& protocol, const QuestionChoice& choice) {
  protocol::Question question = protocol.headline();
  if (!choice.population.empty())
    question.population = named(protocol.populations, choice.population, "population").name;
  if (!choice.regimen.empty()) question.regimen = named(protocol.regimens, choice.regimen, "regimen").name;
  if (!choice.endpoint.empty()) question.endpoint = named(protocol.endpoints, choice.endpoint, "endpoint").name;
  if (choice.target) {
    if (!(*choice.target > 0.0 && *choice.target < 1.0))
      throw ConfigError(fmt::format("--target {:g}: expected a share above 0 and below 1", *choice.target));
    question.target = *choice.target;
  }
  return question;
}

/// The network answers exactly: as the run does, but without shots, and without a noise that it was not trained for.
run::Configuration exact(run::Configuration configuration) {
  classifier::QuantumOptions& quantum = configuration.quantum;
  if (quantum.noise_training == classifier::NoiseTraining::ignored) quantum.noise = nullptr;
  quantum.backend = quantum.noise == nullptr ? classifier::Backend::exact : classifier::Backend::density_matrix;
  quantum.gradient = classifier::Gradient::adjoint;
  return configuration;
}

}  // namespace

QuestionModel read_question(const std::string& store, const QuestionChoice& choice) {
  run::ConfigurationSource source;
  source.file = store;
  run::Configuration configuration = exact(run::load_configuration(source));
  if (configuration.protocol.questions().empty()) throw ConfigError(fmt::format("{}: asks no question", store));
  const protocol::Question question = question_of(configuration.protocol, choice);
  run::StoredModels models = run::read_models(store::Reader(store));
  const trial::Trial trial = run::load_trial(configuration);
  const std::vector<dose::ResolvedEndpoint> endpoints =
      run::endpoints_of(configuration, trial, models.models.pd ? &models.models.pd->model : nullptr);
  const dose::ResolvedEndpoint& endpoint = dose::endpoint_of(question, endpoints);
  if (endpoint.direction == protocol::Direction::window)
    throw ConfigError(
        fmt::format("the answer to {} is a window of doses; expected an endpoint whose answer is the "
                    "lowest or the highest dose (--endpoint)",
                    question.endpoint));
  const std::vector<dose::VirtualPopulation> populations = run::virtual_populations(configuration, trial);
  const auto population = std::find_if(populations.begin(), populations.end(), [&](const dose::VirtualPopulation& one) {
    return one.definition.name == question.population;
  });
  TITRANT_EXPECTS(population != populations.end());
  classifier::Qcnn network = run::network_of(configuration, trial, choice.classifier + "/" + question.endpoint, store);
  const protocol::Regimen regimen = configuration.protocol.regimen(question.regimen);
  dose::require_supplied(*population, regimen);
  return {std::move(configuration), question,          choice.classifier, regimen, endpoint, *population,
          std::move(models),        std::move(network)};
}

Subjects::Subjects(const QuestionModel& model, const std::vector<std::uint64_t>& numbers) : model_(model) {
  const dose::Cohort cohort(model.population, {&model.models.models.pk.model, nullptr}, model.configuration.seed);
  for (const std::uint64_t number : numbers) virtual_.push_back(cohort.subject(number));
}

classifier::Example Subjects::example(std::size_t place, double dose) const {
  // One profile serves all doses unless elimination is saturable.
  const double of_dose = model_.models.models.pk.model.saturable() ? dose : 0.0;
  auto found = std::find_if(profiles_.begin(), profiles_.end(), [&](const auto& one) { return one.first == of_dose; });
  if (found == profiles_.end()) {
    std::vector<std::unique_ptr<classifier::Profile>> of_all;
    for (const dose::VirtualSubject& subject : virtual_)
      of_all.push_back(std::make_unique<classifier::Profile>(
          dose::exposure_profile(subject, model_.regimen, dose::exposure_window(model_.endpoint),
                                 model_.configuration.classifier.curve_points, of_dose)));
    profiles_.emplace_back(of_dose, std::move(of_all));
    found = profiles_.end() - 1;
  }
  return {found->second.at(place).get(), dose, 0};
}

std::vector<std::uint64_t> drawn_subjects(std::size_t cohort, std::size_t count, std::uint64_t seed) {
  if (count > cohort)
    throw ConfigError(
        fmt::format("--subjects and --calibration: {} subjects, and the run's cohort has {} "
                    "(cohort.size); expected fewer",
                    count, cohort));
  std::vector<std::uint64_t> numbers(cohort);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
  core::Stream stream(seed, core::Purpose::device_subjects, 0);
  for (std::size_t i = 0; i < count; ++i) std::swap(numbers[i], numbers[i + stream.below(cohort - i)]);
  numbers.resize(count);
  return numbers;
}

std::vector<double> exact_attainment(const QuestionModel& model, const Subjects& subjects) {
  const classifier::Readout readout = model.network.readout();
  std::vector<double> attainment;
  for (const double dose : model.regimen.doses) {
    std::vector<classifier::Example> examples;
    for (std::size_t i = 0; i < subjects.size(); ++i) examples.push_back(subjects.example(i, dose));
    std::vector<double> p = model.network.exact_p_one(examples);
    for (double& value : p) value = readout.probability(value);
    attainment.push_back(core::ordered_mean(p));
  }
  return attainment;
}

}  // namespace titrant::hardware
