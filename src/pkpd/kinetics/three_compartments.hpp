#pragma once

#include <array>
#include <cstddef>

#include "titrant/pkpd/individual.hpp"

/// \file
/// Rates and modes of the three-compartment mammillary model, all of them without cancellation.

namespace titrant::pkpd {

/// The rates are the eigenvalues of the matrix of rate constants, which is symmetric once amounts are scaled: with k10
/// = CL/V, k12 = Q2/V, k21 = Q2/V2, k13 = Q3/V, k31 = Q3/V3 and a = sqrt(k12 k21), b = sqrt(k13 k31)
///
///         k10 + k12 + k13   -a    -b
///     M =       -a          k21    0        k10 = s (1 + k12 / (k21 - s) + k13 / (k31 - s)).
///               -b           0    k31
///
/// Its eigenvalues s_i (zeros of the secular equation at the right) are real, and k21 and k31 lie between them. The
/// squares of the components of its eigenvectors u_i are quotients of products of positive distances between rates and
/// k21, k31 (Loewner's formula; Gu and Eisenstat, SIAM J Matrix Anal Appl 16:172, 1995), hence as exact as these. The
/// weight of a mode in the disposition is that of the central compartment.
struct ThreeCompartments {
  static constexpr std::size_t size = 3;  ///< of modes, the fastest first; of compartments, the central one first

  explicit ThreeCompartments(const Individual& individual);

  double elimination;          ///< k10
  std::array<double, 2> out;   ///< k12, k13
  std::array<double, 2> back;  ///< k21, k31

  std::array<double, size> rate;                     ///< s_i, 1/h
  std::array<std::array<double, size>, size> share;  ///< [compartment][mode]: squares of the components of u_i
  std::array<double, size> difference;  ///< s_i - s_j, j the next: fast - middle, middle - slow, slow - fast
  /// [peripheral][mode]: k21 - s_i and k31 - s_i. Where k21 = k31 the middle one is that, and has 0 for both.
  std::array<std::array<double, size>, 2> back_less_rate;
};

/// Derivatives by the parameters, [PkParameter]; those by the absorption rate and the lag are 0.
struct ThreeCompartmentsGradient {
  using ByParameter = std::array<double, pk_parameter_count>;
  std::array<ByParameter, ThreeCompartments::size> rate{};                                        ///< [mode]
  std::array<std::array<ByParameter, ThreeCompartments::size>, ThreeCompartments::size> share{};  ///< as `share`
};

/// By first-order perturbation of eigenvalues and eigenvectors: ds_i = u_i' dM u_i and
/// du_i = sum over j of u_j (u_j' dM u_i) / (s_i - s_j).
/// \param shares  of how many compartments they are wanted, from the central one on
ThreeCompartmentsGradient gradient(const ThreeCompartments& rates, const Individual& individual, std::size_t shares);

}  // namespace titrant::pkpd
