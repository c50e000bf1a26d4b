#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "auxiliary_grid.hpp"
#include "subjects.hpp"
#include "titrant/classifier/networks.hpp"
#include "titrant/quantum/quadratic_form.hpp"

namespace titrant::classifier {

/// P(1) of whole populations on whole dose grids, for one set of trained angles.
///
/// At given feature angles P(1) is a quadratic form of the normalised curve (quantum::Evaluator::form), and the curve
/// does not know the dose. How it depends on a feature angle is known too (AuxiliaryGrid). So a few forms, made once,
/// say everything: a subject costs their values, and each dose of the subject a short sum,
///
///     P(1) = sum over components k of b_k(dose) c_k,   c_k = sum over settings s of weight_s curve^T A_sk curve
///
/// with the components of the auxiliary qubit that depends on the dose, and as settings all nodes of the other ones. An
/// indicator needs one node alone. Where a network would need more than most_forms (several continuous covariates that
/// are uploaded again), each example is evaluated by its circuit.
class Expansion {
 public:
  Expansion(std::shared_ptr<const Networks> networks, const Encoding& encoding, std::span<const double> angles);

  /// P(1) of each example; the same bits however examples are grouped into calls. May be called from several threads.
  std::vector<double> p_one(std::span<const Example> examples) const;

 private:
  /// The forms of all components for one network and one setting, made when they are first asked for.
  struct Forms {
    std::once_flag made;
    std::vector<quantum::QuadraticForm> components;
    std::vector<double> uniform;  ///< [component]: the value for the uniform state
  };
  /// c_k of all subjects of a call: [subject][component].
  struct Coefficients {
    std::vector<double> active;
    std::vector<double> placebo;  ///< for the uniform state
  };

  static constexpr std::size_t most_forms = 128;  // of one network: more take longer than the circuits they replace

  const Forms& forms(std::size_t member, std::size_t setting) const;
  void make(Forms& forms, std::size_t member, std::size_t setting) const;
  std::vector<Eigen::MatrixXd> components(std::size_t member, std::size_t setting) const;
  void make_settings();
  std::vector<double> setting_weights(const AuxiliaryStates& subject) const;
  Coefficients coefficients(const Subjects& subjects) const;
  void add(std::size_t member, std::size_t setting, const Subjects& subjects, std::span<const std::size_t> chosen,
           std::span<const double> weights, Coefficients& sum) const;

  std::shared_ptr<const Networks> networks_;
  Encoding encoding_;
  std::vector<double> angles_;
  std::size_t dose_auxiliary_;
  std::vector<AuxiliaryGrid> grids_;               ///< [auxiliary]
  std::vector<std::vector<double>> settings_;      ///< [setting][auxiliary]: angles; 0 at the dose; empty: by circuits
  mutable std::vector<std::vector<Forms>> forms_;  ///< [member][setting]
};

}  // namespace titrant::classifier
