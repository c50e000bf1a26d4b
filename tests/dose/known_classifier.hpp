#pragma once

#include <cmath>
#include <functional>
#include <utility>

#include "titrant/classifier/classifier.hpp"

namespace titrant::dose {

/// A classifier whose probabilities are a function written in the test.
class KnownClassifier : public classifier::Classifier {
 public:
  using Function = std::function<double(const classifier::Example&)>;
  explicit KnownClassifier(Function function, std::string name = "known")
      : function_(std::move(function)), name_(std::move(name)) {}

  std::string name() const override { return name_; }
  std::unique_ptr<classifier::Classifier> clone() const override { return std::make_unique<KnownClassifier>(*this); }
  classifier::History train(const parallel::Communicator&, const classifier::LabelledExamples&,
                            const classifier::TrainingOptions&, std::uint64_t, std::uint64_t) override {
    return {};
  }
  std::vector<double> probabilities(std::span<const classifier::Example> examples, std::uint64_t) const override {
    std::vector<double> p;
    for (const classifier::Example& example : examples) p.push_back(function_(example));
    evaluations_ += examples.size();
    return p;
  }
  std::vector<double> parameters() const override { return {}; }
  std::vector<std::string> parameter_names() const override { return {}; }
  void set_parameters(std::span<const double>) override {}

  std::size_t evaluations() const { return evaluations_; }

 private:
  Function function_;
  std::string name_;
  mutable std::size_t evaluations_ = 0;
};

/// One compartment, clearance 40 L/h and volume 400 L at 70 kg, both varying by 30 %.
inline pkpd::PopulationModel simple_population() {
  pkpd::PopulationModel model;
  model.structure = pkpd::Structure::one_compartment;
  model.parameters = {{"absorption_rate", 1.0, 0.0, {}},
                      {"clearance", 40.0, 0.3, {{"weight", pkpd::EffectKind::power, 0.75, 70.0}}},
                      {"volume", 400.0, 0.3, {{"weight", pkpd::EffectKind::power, 1.0, 70.0}}}};
  return model;
}

/// A success where the average concentration reaches `level` ng/mL.
inline double reaches(const classifier::Example& example, double level) {
  return example.dose * example.profile->per_mg.average >= level ? 0.9 : 0.1;
}

}  // namespace titrant::dose
