#pragma once

#include <cstddef>
#include <cstdint>
#include <numbers>

namespace titrant::quantum {

struct Shots;

/// The shift of the parameter-shift rule: half the difference of the expectations at + and - this is the derivative
/// with respect to the angle of a rotation (Schuld et al. 2019, Phys. Rev. A 99:032331, equation 9).
inline constexpr double quarter_turn = std::numbers::pi / 2.0;

/// The share of ones among the shots of a circuit whose probability of one, but for rounding, is `probability`.
double sampled_share(double probability, const Shots& shots, std::uint64_t unit, std::size_t circuit);

}  // namespace titrant::quantum
