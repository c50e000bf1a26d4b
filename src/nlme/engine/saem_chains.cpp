#include "saem_chains.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr int repeats = 2;                // of each kernel in an iteration
constexpr double aimed_acceptance = 0.4;  // of random walks

/// The place of an effect among the slopes that predictions are differentiated by.
bool is_slope(const Design& design, const Coordinate& which) {
  return which.role == Role::coefficient && design.slope_of(which.parameter, which.effect).has_value();
}

/// One Markov chain: where it is and what the model predicts there.
struct Chain {
  SmallVector eta;
  Prediction prediction;
  double data = std::numeric_limits<double>::infinity();  ///< sum l
  double prior = 0.0;                                     ///< eta' Omega^-1 eta
};

/// The kernels of Kuhn and Lavielle (2005), section 3, of one subject.
class Walk {
 public:
  Walk(const SubjectProblem& problem, core::Stream& stream)
      : problem_(problem),
        stream_(stream),
        covariance_(problem.effects.covariance(problem.occasions)),
        root_(Eigen::LLT<SmallMatrix>(covariance_).matrixL()) {}

  Chain at(SmallVector eta) const {
    Chain chain;
    chain.eta = std::move(eta);
    if (predict(problem_, chain.eta, chain.prediction)) chain.data = data_value(problem_, chain.prediction);
    if (std::isnan(chain.data)) chain.data = std::numeric_limits<double>::infinity();
    chain.prior = chain.eta.dot(problem_.precision * chain.eta);
    return chain;
  }

  /// A draw from the prior, whatever the state.
  bool independent(Chain& chain) {
    Chain proposed = at(root_ * normals());
    return decide(chain, std::move(proposed), true);
  }

  /// A step in all etas at once.
  bool together(Chain& chain, double scale) {
    Chain proposed = at(chain.eta + scale * (root_ * normals()));
    return decide(chain, std::move(proposed), false);
  }

  /// A step in one of them.
  bool alone(Chain& chain, Eigen::Index k, double scale) {
    SmallVector eta = chain.eta;
    eta[k] += scale * std::sqrt(covariance_(k, k)) * stream_.normal();
    Chain proposed = at(std::move(eta));
    return decide(chain, std::move(proposed), false);
  }

 private:
  SmallVector normals() {
    SmallVector z(covariance_.rows());
    for (double& one : z) one = stream_.normal();
    return z;
  }

  bool decide(Chain& chain, Chain proposed, bool from_prior) {
    const double threshold = std::log(stream_.uniform());
    double change = proposed.data - chain.data;
    if (!from_prior) change += proposed.prior - chain.prior;
    if (!std::isfinite(proposed.data) || !(threshold < -0.5 * change)) return false;
    chain = std::move(proposed);
    return true;
  }

  const SubjectProblem& problem_;
  core::Stream& stream_;
  SmallMatrix covariance_;
  SmallMatrix root_;
};

/// The derivative of a prediction by a scored coordinate of the mean.
double prediction_slope(const SubjectProblem& problem, const Coordinate& which, const double* gradient) {
  if (which.role == Role::typical) return gradient[which.parameter];
  const std::optional<std::size_t> slope = problem.design->slope_of(which.parameter, which.effect);
  if (slope) return gradient[problem.parameters.size() + *slope];
  return gradient[which.parameter] * problem.design->regressor(problem.subject, which.parameter, which.effect);
}

/// Adds the scores of the chain's state and their expected information, by `share`. Errors and means count as
/// independent in the latter: it sets the size of steps, not where they end.
void add_scores(const SubjectProblem& problem, const Layout& layout, const SaemParts& parts, const Chain& chain,
                double share, std::span<double> score, std::span<double> information) {
  const std::size_t count = parts.scored.size();
  std::vector<double> slopes(count);
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    const double predicted = chain.prediction.value[j];
    const ResidualTerm term = problem.term(j, chain.prediction);
    const std::array<double, error_terms> spread = log_spread_by_error(problem.errors[j], predicted);
    // Means first in `scored`, then errors: a mean has the derivative of f, an error that of the log of its deviation.
    for (std::size_t i = 0; i < count; ++i) {
      const Coordinate& which = layout.coordinates()[parts.scored[i]];
      slopes[i] = 0.0;
      if (!is_error(which.role)) {
        slopes[i] = prediction_slope(problem, which, chain.prediction.gradient.data() + j * problem.columns());
        score[i] += share * 0.5 * term.slope * slopes[i];
      } else if (which.response == problem.response(j)) {
        slopes[i] = spread[error_term(which.role)];
        score[i] += share * 0.5 * term.value_by_error[error_term(which.role)];
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      const bool of_error = is_error(layout.coordinates()[parts.scored[i]].role);
      for (std::size_t l = 0; l < count; ++l) {
        if (of_error != is_error(layout.coordinates()[parts.scored[l]].role)) continue;
        information[i * count + l] += share * (of_error ? 2.0 : term.weight) * slopes[i] * slopes[l];
      }
    }
  }
}

}  // namespace

namespace {

/// The coordinates of the sizes of a residual error.
std::vector<std::size_t> sizes_of(const Layout& layout, std::size_t response) {
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Coordinate& one = layout.coordinates()[i];
    if (is_error_size(one.role) && one.response == response) sizes.push_back(i);
  }
  return sizes;
}

/// The eta of a residual error all of whose sizes are estimated, so that their common factor is the mean of a psi.
std::optional<std::size_t> centred_eta(const Layout& layout, const RandomEffects& effects, std::size_t response) {
  const auto& varying = effects.errors();
  const auto place = std::find(varying.begin(), varying.end(), response);
  const ResponseError& error = layout.initial().errors[response];
  const bool held = (error.model.additive > 0.0 && error.additive_fixed) ||
                    (error.model.proportional > 0.0 && error.proportional_fixed);
  if (place == varying.end() || held) return std::nullopt;
  return effects.of_parameters() + static_cast<std::size_t>(place - varying.begin());
}

/// Whether a coordinate is the size of a residual error by which its psi knows the others: the last one.
bool is_reference_size(const Layout& layout, std::size_t coordinate) {
  const std::vector<std::size_t> sizes = sizes_of(layout, layout.coordinates()[coordinate].response);
  return !sizes.empty() && sizes.back() == coordinate;
}

}  // namespace

std::vector<std::size_t> SaemParts::moved_with(const Layout& layout, std::size_t coordinate) {
  const Coordinate& which = layout.coordinates()[coordinate];
  return is_error(which.role) ? sizes_of(layout, which.response) : std::vector<std::size_t>{coordinate};
}

SaemParts::SaemParts(const Layout& layout, const Design& design, const RandomEffects& effects) {
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Coordinate& which = layout.coordinates()[i];
    if (is_of_random_effects(which.role)) continue;
    const auto& lasting = effects.lasting();
    const auto eta = std::find(lasting.begin(), lasting.end(), which.parameter);
    if (is_error(which.role)) {
      const std::optional<std::size_t> centred = centred_eta(layout, effects, which.response);
      if (centred && is_reference_size(layout, i)) {
        means.push_back({.coordinate = i, .eta = *centred});
      } else {
        scored.push_back(i);
      }
    } else if (eta == lasting.end() || is_slope(design, which)) {
      scored.push_back(i);
    } else {
      means.push_back({.coordinate = i, .eta = static_cast<std::size_t>(eta - lasting.begin())});
    }
  }
}

SmallVector psi_mean(const Layout& layout, const Design& design, const RandomEffects& effects,
                     const Population& population, std::size_t subject) {
  std::vector<double> mean = design.mean(subject, population);
  for (const Coordinate& which : layout.coordinates()) {
    if (!is_slope(design, which)) continue;
    mean[which.parameter] -= effect_slope(population.parameters[which.parameter].effects[which.effect].effect) *
                             design.regressor(subject, which.parameter, which.effect);
  }
  SmallVector result = SmallVector::Zero(static_cast<Eigen::Index>(effects.lasting().size()));
  for (std::size_t k = 0; k < effects.of_parameters(); ++k) {
    result[static_cast<Eigen::Index>(k)] = mean[effects.lasting()[k]];
  }
  for (const std::size_t response : effects.errors()) {
    const std::optional<std::size_t> centred = centred_eta(layout, effects, response);
    if (!centred) continue;
    const pkpd::ErrorModel& error = population.errors[response].model;
    result[static_cast<Eigen::Index>(*centred)] =
        std::log(error.proportional > 0.0 ? error.proportional : error.additive);
  }
  return result;
}

double psi_regressor(const Layout& layout, const Design& design, std::size_t coordinate, std::size_t subject) {
  const Coordinate& which = layout.coordinates()[coordinate];
  return which.role == Role::coefficient ? design.regressor(subject, which.parameter, which.effect) : 1.0;
}

void move_chains(const SubjectProblem& problem, const Layout& layout, const SaemParts& parts, const SmallVector& mean,
                 std::size_t chains, double adaptation, core::Stream& stream, const SaemSlot& places,
                 std::span<double> slot) {
  const auto etas = static_cast<Eigen::Index>(problem.etas());
  const Eigen::Index lasting = mean.size();
  const std::size_t stride = (places.scale - places.state) / chains;
  std::fill(slot.begin() + static_cast<std::ptrdiff_t>(places.psi), slot.end(), 0.0);
  Walk walk(problem, stream);
  const auto scale = [&](Eigen::Index k) -> double& { return slot[places.scale + static_cast<std::size_t>(k)]; };
  double accepted_together = 0.0;
  SmallVector accepted_alone = SmallVector::Zero(etas);
  const double trials = static_cast<double>(chains) * repeats;
  const double share = 1.0 / static_cast<double>(chains);
  for (std::size_t c = 0; c < chains; ++c) {
    double* state = slot.data() + places.state + c * stride;
    SmallVector eta(etas);
    for (Eigen::Index k = 0; k < etas; ++k) eta[k] = state[k] - (k < lasting ? mean[k] : 0.0);
    Chain chain = walk.at(std::move(eta));
    if (!std::isfinite(chain.data)) chain = walk.at(SmallVector::Zero(etas));
    if (!std::isfinite(chain.data)) {
      throw NumericalError(problem.model.describe(problem.subject, 0) +
                           ": this subject has no finite likelihood at the typical parameters; look at the initial "
                           "values, and use a combined error model where predictions are (nearly) zero");
    }
    for (int repeat = 0; repeat < repeats && etas > 0; ++repeat) {
      slot[places.accepted] += walk.independent(chain) ? 1.0 / trials : 0.0;
    }
    for (int repeat = 0; repeat < repeats && etas > 0; ++repeat) {
      accepted_together += walk.together(chain, std::exp(slot[places.shared_scale])) ? 1.0 / trials : 0.0;
    }
    for (int repeat = 0; repeat < repeats; ++repeat) {
      for (Eigen::Index k = 0; k < etas; ++k) {
        accepted_alone[k] += walk.alone(chain, k, std::exp(scale(k))) ? 1.0 / trials : 0.0;
      }
    }
    for (Eigen::Index k = 0; k < etas; ++k) state[k] = chain.eta[k] + (k < lasting ? mean[k] : 0.0);
    for (Eigen::Index k = 0; k < lasting; ++k) {
      slot[places.psi + static_cast<std::size_t>(k)] += share * state[k];
      for (Eigen::Index l = 0; l < lasting; ++l) {
        slot[places.psi_squared + static_cast<std::size_t>(k * lasting + l)] += share * state[k] * state[l];
      }
    }
    const std::size_t by_occasion = places.score - places.kappa_squared;
    for (Eigen::Index k = lasting; k < etas; ++k) {
      slot[places.kappa_squared + static_cast<std::size_t>(k - lasting) % by_occasion] += share * state[k] * state[k];
    }
    add_scores(problem, layout, parts, chain, share, slot.subspan(places.score, parts.scored.size()),
               slot.subspan(places.information, parts.scored.size() * parts.scored.size()));
  }
  slot[places.accepted + 1] = accepted_together;
  slot[places.accepted + 2] = etas == 0 ? 0.0 : accepted_alone.mean();
  if (etas == 0) return;
  slot[places.shared_scale] += adaptation * (accepted_together - aimed_acceptance);
  for (Eigen::Index k = 0; k < etas; ++k) scale(k) += adaptation * (accepted_alone[k] - aimed_acceptance);
}

}  // namespace titrant::nlme
