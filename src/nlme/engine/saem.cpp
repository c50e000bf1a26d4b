#include "titrant/nlme/saem.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "saem_chains.hpp"
#include "saem_omega.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

constexpr double first_scale = -0.7;        // logarithm of a random walk's step in standard deviations of Omega
constexpr int most_explorations = 3;        // of the least one, while parameters drift
constexpr double adaptation_step = 0.4;     // as in saemix; it falls with the root of the iterations
constexpr double longest_score_step = 0.5;  // of a coordinate in an iteration
constexpr double damping = 0.01;     // of the expected information, so that what is hardly identified moves slowly
constexpr double drift_limit = 2.0;  // between two quarters of the exploration, in standard deviations

/// What is known of the chains so far, averaged with the steps of the algorithm.
struct Statistics {
  Eigen::MatrixXd psi;          ///< [subject][eta of all occasions]
  Eigen::MatrixXd psi_squared;  ///< sum over subjects: [eta][eta]
  Eigen::VectorXd kappa_squared;
  Eigen::VectorXd score;  ///< of the last iteration alone
  Eigen::MatrixXd information;
};

class Algorithm {
 public:
  Algorithm(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
            const SaemOptions& options, std::uint64_t seed)
      : ranks_(ranks),
        model_(model),
        options_(options),
        seed_(seed),
        design_(model, initial),
        layout_(initial),
        effects_(initial),
        parts_(layout_, design_, effects_),
        chains_((options.together + model.subjects() - 1) / model.subjects()),
        most_etas_(most_etas(model, effects_)),
        places_(chains_, most_etas_, effects_.lasting().size(), effects_.by_occasion().size(), parts_.scored.size()),
        population_(initial),
        slots_(model.subjects() * places_.size, 0.0) {
    for (std::size_t subject = 0; subject < subjects(); ++subject) {
      occasions_ += occasions_of(model, subject, effects_);
      const SmallVector mean = psi_mean(layout_, design_, effects_, population_, subject);
      double* slot = slots_.data() + subject * places_.size;
      for (std::size_t c = 0; c < chains_; ++c) {
        std::copy(mean.begin(), mean.end(), slot + places_.state + c * most_etas_);
      }
      std::fill_n(slot + places_.scale, most_etas_ + 1, first_scale);
    }
  }

  Saem run() {
    Saem result;
    int exploration = options_.exploration;
    for (int iteration = 0; iteration < options_.burn_in + exploration + options_.smoothing; ++iteration) {
      move(iteration);
      const int step = iteration - options_.burn_in;
      if (step < 0) continue;
      if (step == exploration && exploration < most_explorations * options_.exploration &&
          !drifting(result.trajectory).empty()) {
        exploration += std::max(1, options_.exploration / 2);
      }
      const bool exploring = step < exploration;
      const double gamma = exploring ? 1.0 : 1.0 / (step - exploration + 1);
      average(gamma);
      update(gamma, exploring && 2 * step < options_.exploration);
      result.trajectory.push_back(layout_.encode(population_));
      for (std::size_t kernel = 0; kernel < 3 && !exploring; ++kernel) {
        result.acceptance.at(kernel) += column_sum(places_.accepted + kernel) / static_cast<double>(subjects()) /
                                        static_cast<double>(options_.smoothing);
      }
    }
    result.population = population_;
    result.x = layout_.encode(population_);
    result.exploration = static_cast<std::size_t>(exploration);
    result.chains = chains_;
    const auto end_of_exploration = result.trajectory.begin() + exploration;
    const std::vector<std::string> restless = drifting({result.trajectory.begin(), end_of_exploration});
    result.settled = restless.empty();
    result.message = restless.empty()
                         ? "settled before its steps shrank"
                         : fmt::format("{} still drifted when the steps began to shrink, after {} iterations",
                                       fmt::join(restless, ", "), exploration);
    return result;
  }

 private:
  std::size_t subjects() const { return model_.subjects(); }

  double column_sum(std::size_t place) const {
    std::vector<double> column(subjects());
    for (std::size_t s = 0; s < subjects(); ++s) column[s] = slots_[s * places_.size + place];
    return core::ordered_sum(column);
  }

  /// An iteration of all chains at the current population.
  void move(int iteration) {
    const RandomEffects effects(population_);
    const double adaptation = adaptation_step / std::sqrt(1.0 + iteration);
    slots_ = parallel::run(
        ranks_, {.units = subjects(),
                 .slot = places_.size,
                 .compute =
                     [&](std::size_t subject, std::span<double> slot) {
                       std::copy_n(slots_.begin() + static_cast<std::ptrdiff_t>(subject * places_.size), places_.size,
                                   slot.begin());
                       const std::vector<double> mean = design_.mean(subject, population_);
                       const std::vector<pkpd::ErrorModel> errors = observation_errors(model_, subject, population_);
                       const SubjectProblem problem =
                           subject_problem(model_, subject, population_, mean, effects, errors, &design_);
                       core::Stream stream(seed_, core::Purpose::saem, subject, static_cast<std::uint32_t>(iteration));
                       move_chains(problem, layout_, parts_, psi_mean(layout_, design_, effects_, population_, subject),
                                   chains_, adaptation, stream, places_, slot);
                     },
                 .progress = {}});
  }

  /// The stochastic approximation of the statistics: s + gamma (S - s).
  void average(double gamma) {
    const auto lasting = static_cast<Eigen::Index>(effects_.lasting().size());
    const auto scored = static_cast<Eigen::Index>(parts_.scored.size());
    const auto kappas = static_cast<Eigen::Index>(effects_.by_occasion().size());
    const auto column = [&](std::size_t place, Eigen::Index k) {
      return column_sum(place + static_cast<std::size_t>(k));
    };
    Eigen::MatrixXd psi(static_cast<Eigen::Index>(subjects()), lasting);
    for (Eigen::Index s = 0; s < psi.rows(); ++s) {
      for (Eigen::Index k = 0; k < lasting; ++k) {
        psi(s, k) = slots_[static_cast<std::size_t>(s) * places_.size + places_.psi + static_cast<std::size_t>(k)];
      }
    }
    Eigen::MatrixXd psi_squared(lasting, lasting);
    for (Eigen::Index i = 0; i < psi_squared.size(); ++i) psi_squared.data()[i] = column(places_.psi_squared, i);
    Eigen::VectorXd kappa_squared(kappas);
    for (Eigen::Index k = 0; k < kappas; ++k) kappa_squared[k] = column(places_.kappa_squared, k);
    Eigen::MatrixXd information(scored, scored);
    for (Eigen::Index i = 0; i < information.size(); ++i) information.data()[i] = column(places_.information, i);
    statistics_.score.resize(scored);
    for (Eigen::Index i = 0; i < scored; ++i) statistics_.score[i] = column(places_.score, i);
    const auto towards = [&](auto& known, const auto& now) {
      if (gamma == 1.0) {
        known = now;
      } else {
        known += gamma * (now - known);
      }
    };
    towards(statistics_.psi, psi);
    towards(statistics_.psi_squared, psi_squared);
    towards(statistics_.kappa_squared, kappa_squared);
    towards(statistics_.information, information);
  }

  /// The population that maximises the likelihood of data and random effects at the statistics.
  void update(double gamma, bool annealing) {
    const Population before = population_;
    std::vector<double> x = layout_.encode(population_);
    step_scored(x, gamma, annealing);
    solve_means(x, annealing);
    population_ = layout_.decode(x);
    if (!effects_.lasting().empty()) {
      Eigen::MatrixXd mean_square = mean_square_eta();
      const RandomEffects known(before);
      for (Eigen::Index k = 0; k < mean_square.rows() && annealing; ++k) {
        const double omega = std::sqrt(known.covariance(0)(k, k));
        mean_square(k, k) = std::max(mean_square(k, k), options_.annealing * omega * omega);
      }
      set_omegas(population_, layout_, mean_square);
    }
    for (std::size_t k = 0; k < effects_.by_occasion().size(); ++k) {
      Parameter& parameter = population_.parameters[effects_.by_occasion()[k]];
      if (parameter.occasion_omega_fixed) continue;
      double square = statistics_.kappa_squared[static_cast<Eigen::Index>(k)] / static_cast<double>(occasions_);
      if (annealing) square = std::max(square, options_.annealing * std::pow(parameter.occasion_omega, 2));
      parameter.occasion_omega = std::sqrt(square);
    }
    x = layout_.encode(population_);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = std::clamp(x[i], layout_.coordinates()[i].lower, layout_.coordinates()[i].upper);
    }
    population_ = layout_.decode(x);
  }

  /// Fisher scoring by stochastic approximation of the coordinates outside the exponential family.
  void step_scored(std::vector<double>& x, double gamma, bool annealing) const {
    const auto count = static_cast<Eigen::Index>(parts_.scored.size());
    if (count == 0) return;
    Eigen::MatrixXd information = statistics_.information;
    for (Eigen::Index i = 0; i < count; ++i) {
      const Coordinate& which = layout_.coordinates()[parts_.scored[static_cast<std::size_t>(i)]];
      // An error's largest information is twice the number of its observations.
      const double most = is_error(which.role) ? 2.0 * static_cast<double>(observations(which.response))
                                               : information.diagonal().maxCoeff() * 1e-6;
      information(i, i) += std::max(is_error(which.role) ? damping * most : most, 1e-12);
    }
    const Eigen::VectorXd step = -information.ldlt().solve(statistics_.score);
    for (Eigen::Index i = 0; i < count; ++i) {
      const std::size_t place = parts_.scored[static_cast<std::size_t>(i)];
      double move = gamma * std::clamp(step[i], -longest_score_step, longest_score_step);
      if (annealing && is_error_size(layout_.coordinates()[place].role)) {
        move = std::max(move, 0.5 * std::log(options_.annealing));
      }
      if (std::isfinite(move)) x[place] += move;
    }
  }

  std::size_t observations(std::size_t response) const {
    std::size_t count = 0;
    for (std::size_t s = 0; s < subjects(); ++s) {
      const std::span<const unsigned char> kinds = model_.responses(s);
      count += kinds.empty() ? (response == 0 ? model_.observed(s).size() : 0)
                             : static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), response));
    }
    return count;
  }

  /// Generalised least squares of the means of psi.
  void solve_means(std::vector<double>& x, bool annealing) const {
    const auto count = static_cast<Eigen::Index>(parts_.means.size());
    if (count == 0) return;
    const Population now = layout_.decode(x);
    const Eigen::MatrixXd precision = RandomEffects(now).precision(0);
    Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(count, count);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(count);
    Eigen::MatrixXd regressors(precision.rows(), count);
    for (std::size_t s = 0; s < subjects(); ++s) {
      regressors.setZero();
      for (Eigen::Index i = 0; i < count; ++i) {
        const SaemParts::Mean& mean = parts_.means[static_cast<std::size_t>(i)];
        regressors(static_cast<Eigen::Index>(mean.eta), i) = psi_regressor(layout_, design_, mean.coordinate, s);
      }
      const Eigen::VectorXd residual = statistics_.psi.row(static_cast<Eigen::Index>(s)).transpose() -
                                       Eigen::VectorXd(psi_mean(layout_, design_, effects_, now, s));
      normal += regressors.transpose() * precision * regressors;
      right += regressors.transpose() * precision * residual;
    }
    // Where covariates do not tell two coordinates apart, the shortest move.
    const Eigen::VectorXd move = normal.completeOrthogonalDecomposition().solve(right);
    for (Eigen::Index i = 0; i < count; ++i) {
      const std::size_t coordinate = parts_.means[static_cast<std::size_t>(i)].coordinate;
      double step = move[i];
      if (annealing && is_error(layout_.coordinates()[coordinate].role)) {
        step = std::max(step, 0.5 * std::log(options_.annealing));
      }
      for (const std::size_t k : SaemParts::moved_with(layout_, coordinate)) x[k] += step;
    }
  }

  /// The mean over subjects of eta eta' at the statistics and the current means.
  Eigen::MatrixXd mean_square_eta() const {
    Eigen::MatrixXd result = statistics_.psi_squared;
    for (std::size_t s = 0; s < subjects(); ++s) {
      const Eigen::VectorXd mean = psi_mean(layout_, design_, effects_, population_, s);
      const Eigen::VectorXd psi = statistics_.psi.row(static_cast<Eigen::Index>(s));
      result += mean * mean.transpose() - psi * mean.transpose() - mean * psi.transpose();
    }
    return result / static_cast<double>(subjects());
  }

  /// The parameters whose means over the last two stretches of an exploration differ; each is a quarter of the least
  /// one.
  std::vector<std::string> drifting(const std::vector<std::vector<double>>& exploration) const {
    const std::size_t quarter = static_cast<std::size_t>(options_.exploration) / 4;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < layout_.size() && quarter > 1; ++i) {
      const auto moments = [&](std::size_t first) {
        double sum = 0.0;
        double squares = 0.0;
        for (std::size_t k = first; k < first + quarter; ++k) sum += exploration[k][i];
        const double mean = sum / static_cast<double>(quarter);
        for (std::size_t k = first; k < first + quarter; ++k) squares += std::pow(exploration[k][i] - mean, 2);
        return std::pair(mean, squares / static_cast<double>(quarter - 1));
      };
      const auto [early, early_variance] = moments(exploration.size() - 2 * quarter);
      const auto [late, late_variance] = moments(exploration.size() - quarter);
      if (std::abs(late - early) > drift_limit * std::sqrt(0.5 * (early_variance + late_variance))) {
        names.push_back(layout_.coordinates()[i].name);
      }
    }
    return names;
  }

  const parallel::Communicator& ranks_;
  const SubjectModel& model_;
  const SaemOptions& options_;
  std::uint64_t seed_;
  Design design_;
  Layout layout_;
  RandomEffects effects_;  ///< of the initial population: only which there are
  SaemParts parts_;
  std::size_t chains_;
  std::size_t most_etas_;
  SaemSlot places_;
  Population population_;
  std::vector<double> slots_;  ///< [subject][SaemSlot]
  std::size_t occasions_ = 0;  ///< of all subjects
  Statistics statistics_;
};

}  // namespace

Saem saem(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
          const SaemOptions& options, std::uint64_t seed) {
  TITRANT_EXPECTS(model.subjects() > 0 && options.together > 0 && options.exploration > 0 && options.smoothing > 0 &&
                  options.burn_in >= 0 && options.annealing > 0.0 && options.annealing <= 1.0);
  return Algorithm(ranks, model, initial, options, seed).run();
}

}  // namespace titrant::nlme
