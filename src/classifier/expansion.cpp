#include "expansion.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

// A setting with less weight cannot change a probability: rounding, where a covariate is on another node.
constexpr double negligible = 1e-14;

}  // namespace

Expansion::Expansion(std::shared_ptr<const Networks> networks, const Encoding& encoding, std::span<const double> angles)
    : networks_(std::move(networks)),
      encoding_(encoding),
      angles_(angles.begin(), angles.end()),
      dose_auxiliary_(dose_auxiliary(encoding)) {
  const Ansatz& ansatz = networks_->members().front().ansatz;  // all have the same auxiliary qubits
  std::size_t forms = 1;
  auto covariate = encoding_.covariates.begin();
  for (std::size_t auxiliary = 0; auxiliary < ansatz.auxiliaries.size(); ++auxiliary) {
    const bool indicator = auxiliary != dose_auxiliary_ && (covariate++)->kind == CovariateInput::Kind::indicator;
    grids_.emplace_back(ansatz, auxiliary, indicator);
    forms *= grids_.back().nodes().size();
  }
  if (forms <= most_forms) make_settings();
  for (std::size_t m = 0; m < networks_->members().size(); ++m) forms_.emplace_back(settings_.size());
}

void Expansion::make_settings() {
  settings_ = {std::vector<double>(grids_.size(), 0.0)};
  for (std::size_t auxiliary = 0; auxiliary < grids_.size(); ++auxiliary) {
    if (auxiliary == dose_auxiliary_) continue;
    std::vector<std::vector<double>> more;
    for (const std::vector<double>& setting : settings_) {
      for (const double node : grids_[auxiliary].nodes()) {
        more.push_back(setting);
        more.back()[auxiliary] = node;
      }
    }
    settings_ = std::move(more);
  }
}

std::vector<double> Expansion::setting_weights(const AuxiliaryStates& subject) const {
  std::vector<double> weights = {1.0};
  weights.reserve(settings_.size());
  for (std::size_t auxiliary = 0; auxiliary < grids_.size(); ++auxiliary) {
    if (auxiliary == dose_auxiliary_) continue;
    const Direction direction = subject.direction(auxiliary, 0.0);
    const std::size_t nodes = grids_[auxiliary].nodes().size();
    const std::vector<double> before = weights;
    weights.clear();
    for (const double weight : before) {
      for (std::size_t node = 0; node < nodes; ++node)
        weights.push_back(weight * grids_[auxiliary].node_weight(node, direction));
    }
  }
  return weights;
}

const Expansion::Forms& Expansion::forms(std::size_t member, std::size_t setting) const {
  Forms& wanted = forms_[member][setting];
  std::call_once(wanted.made, [&] { make(wanted, member, setting); });
  return wanted;
}

void Expansion::make(Forms& forms, std::size_t member, std::size_t setting) const {
  const std::size_t points = networks_->members()[member].points;
  const std::vector<double> uniform(points, 1.0 / std::sqrt(static_cast<double>(points)));
  for (const Eigen::MatrixXd& component : components(member, setting)) {
    forms.components.emplace_back(component);
    forms.components.back().evaluate(uniform, {&forms.uniform.emplace_back(), 1});
  }
}

std::vector<Eigen::MatrixXd> Expansion::components(std::size_t member, std::size_t setting) const {
  const Networks::Member& network = networks_->members()[member];
  const std::vector<Auxiliary>& auxiliaries = network.ansatz.auxiliaries;
  const auto form_at = [&](double dose_angle) {
    std::vector<double> features;
    for (std::size_t auxiliary = 0; auxiliary < auxiliaries.size(); ++auxiliary) {
      if (auxiliaries[auxiliary] == Auxiliary::rotation)
        features.push_back(auxiliary == dose_auxiliary_ ? dose_angle : settings_[setting][auxiliary]);
    }
    return network.form(angles_, features);
  };
  const AuxiliaryGrid& grid = grids_[dose_auxiliary_];
  const auto points = static_cast<Eigen::Index>(network.points);
  if (auxiliaries[dose_auxiliary_] ==
      Auxiliary::amplitude) {  // the most significant amplitude qubit: its blocks do not mix
    const Eigen::MatrixXd form = form_at(0.0);
    return {form.topLeftCorner(points, points), form.bottomRightCorner(points, points)};
  }
  if (grid.has_two_values()) return {form_at(grid.nodes()[0]), form_at(grid.nodes()[1])};

  // Fourier coefficients up to the degree, from more evenly spaced values than that.
  std::vector<Eigen::MatrixXd> components(grid.components(), Eigen::MatrixXd::Zero(points, points));
  const double share = 1.0 / static_cast<double>(grid.nodes().size());
  for (const double angle : grid.nodes()) {
    const Eigen::MatrixXd form = form_at(angle);
    components[0] += share * form;
    for (std::size_t j = 1; 2 * j < components.size(); ++j) {
      components[2 * j - 1] += 2.0 * share * std::cos(static_cast<double>(j) * angle) * form;
      components[2 * j] += 2.0 * share * std::sin(static_cast<double>(j) * angle) * form;
    }
  }
  return components;
}

void Expansion::add(std::size_t member, std::size_t setting, const Subjects& subjects,
                    std::span<const std::size_t> chosen, std::span<const double> weights, Coefficients& sum) const {
  const Networks::Member& network = networks_->members()[member];
  const Forms& of_setting = forms(member, setting);
  std::vector<double> curves(chosen.size() * network.points);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    normalised_curve(encoding_, subjects.profile(chosen[i]),
                     std::span(curves).subspan(i * network.points, network.points));
  }
  const std::size_t count = of_setting.components.size();
  std::vector<double> values(chosen.size());
  for (std::size_t k = 0; k < count; ++k) {
    // Block 1 of an amplitude qubit holds the constant.
    if (network.ansatz.auxiliaries[dose_auxiliary_] == Auxiliary::amplitude && k == 1) {
      std::fill(values.begin(), values.end(), of_setting.uniform[k]);
    } else {
      of_setting.components[k].evaluate(curves, values);
    }
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      sum.active[chosen[i] * count + k] += weights[i] * values[i];
      sum.placebo[chosen[i] * count + k] += weights[i] * of_setting.uniform[k];
    }
  }
}

Expansion::Coefficients Expansion::coefficients(const Subjects& subjects) const {
  const std::size_t count = grids_[dose_auxiliary_].components();
  Coefficients sum{std::vector<double>(subjects.size() * count), std::vector<double>(subjects.size() * count)};
  // [member][setting]: the subjects who have weight there
  struct Group {
    std::vector<std::size_t> subjects;
    std::vector<double> weights;
  };
  std::vector<std::vector<Group>> groups(forms_.size(), std::vector<Group>(settings_.size()));
  for (std::size_t subject = 0; subject < subjects.size(); ++subject) {
    std::vector<Group>& of_member =
        groups[networks_->member_of(encoded_points(encoding_, subjects.profile(subject).curve.size()))];
    const std::vector<double> weights = setting_weights(subjects.auxiliaries(subject));
    for (std::size_t setting = 0; setting < weights.size(); ++setting) {
      if (std::abs(weights[setting]) < negligible) continue;
      of_member[setting].subjects.push_back(subject);
      of_member[setting].weights.push_back(weights[setting]);
    }
  }
  for (std::size_t member = 0; member < groups.size(); ++member) {
    for (std::size_t setting = 0; setting < settings_.size(); ++setting) {
      const Group& group = groups[member][setting];
      if (!group.subjects.empty()) add(member, setting, subjects, group.subjects, group.weights, sum);
    }
  }
  return sum;
}

std::vector<double> Expansion::p_one(std::span<const Example> examples) const {
  if (settings_.empty()) return networks_->probabilities(angles_, {encoding_, examples});
  const Subjects subjects(encoding_, examples);
  const Coefficients all = coefficients(subjects);
  const AuxiliaryGrid& grid = grids_[dose_auxiliary_];
  std::vector<double> p;
  p.reserve(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::size_t subject = subjects.of(i);
    const double dose = examples[i].dose;
    const std::vector<double>& coefficients = dose > 0.0 ? all.active : all.placebo;
    p.push_back(grid.sum(subjects.auxiliaries(subject).direction(dose_auxiliary_, dose),
                         std::span(coefficients).subspan(subject * grid.components(), grid.components())));
  }
  return p;
}

}  // namespace titrant::classifier
