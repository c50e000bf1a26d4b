#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

/// How SAEM estimates each coordinate of a layout but those of Omega. The random variables of its complete data are psi
/// = mean + eta of each parameter with an eta (without estimated effects of covariates that change in time), log size +
/// eta of each residual error with one (nothing + eta where one of its sizes is held), and the kappas of occasions.
struct SaemParts {
  SaemParts(const Layout& layout, const Design& design, const RandomEffects& effects);

  /// A coordinate of the mean of psi, which is linear in it: a typical value, the slope of an effect, or of a residual
  /// error its last size.
  struct Mean {
    std::size_t coordinate;
    std::size_t eta;  ///< its parameter, by the place of its eta
  };
  std::vector<Mean> means;
  /// The coordinates that move when one of these does: of an error all its sizes, whose ratio is estimated apart.
  static std::vector<std::size_t> moved_with(const Layout& layout, std::size_t coordinate);
  std::vector<std::size_t>
      scored;  ///< coordinates that predictions or residual errors depend on with psi and kappas held
};

/// The mean of psi of a subject: [eta of all occasions].
SmallVector psi_mean(const Layout& layout, const Design& design, const RandomEffects& effects,
                     const Population& population, std::size_t subject);

/// By how much a coordinate of SaemParts::means moves the mean of psi of a subject.
double psi_regressor(const Layout& layout, const Design& design, std::size_t coordinate, std::size_t subject);

/// One subject's unit of work as places in its slot. What the next iteration needs comes first.
struct SaemSlot {
  SaemSlot(std::size_t chains, std::size_t most_etas, std::size_t lasting, std::size_t by_occasion, std::size_t scored)
      : scale(chains * most_etas),
        shared_scale(scale + most_etas),
        psi(shared_scale + 1),
        psi_squared(psi + lasting),
        kappa_squared(psi_squared + lasting * lasting),
        score(kappa_squared + by_occasion),
        information(score + scored),
        accepted(information + scored * scored),
        size(accepted + 3) {}

  std::size_t state = 0;      ///< [chain][eta] psi, then kappas
  std::size_t scale;          ///< [eta] logarithm of the random walk's step in standard deviations of Omega
  std::size_t shared_scale;   ///< the same of steps in all etas at once
  std::size_t psi;            ///< [eta of all occasions] mean over chains, as what follows
  std::size_t psi_squared;    ///< [eta of all occasions][the same]
  std::size_t kappa_squared;  ///< [parameter with an occasion_omega] sum over occasions
  std::size_t score;          ///< [scored] half the derivative of sum l
  std::size_t information;    ///< [scored][scored] expected half second derivative
  std::size_t accepted;       ///< [kernel] share of proposals accepted
  std::size_t size;
};

/// Moves the chains of a subject, whose state is in the slot, by one iteration and sums up where they are.
/// \param adaptation  by how much the scales of the random walks move for a difference of 1 in acceptance
/// Throws NumericalError where Phi is infinite at the state of a chain and at etas of 0.
void move_chains(const SubjectProblem& problem, const Layout& layout, const SaemParts& parts, const SmallVector& mean,
                 std::size_t chains, double adaptation, core::Stream& stream, const SaemSlot& places,
                 std::span<double> slot);

}  // namespace titrant::nlme
