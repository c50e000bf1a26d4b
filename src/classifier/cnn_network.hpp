#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// \file
/// The convolutional network as a function of its parameters.
///
///     input [64] -> 3 channels, kernel 6, tanh, mean of 4 -> [3][16] -> 2 channels, kernel 3, tanh, mean of 16 -> [2]
///     logit = bias + weights . (the 2 means, inputs of the covariates)
///
/// Convolutions go round the ring: position t reads t, t + 1, ..., modulo the length. Parameters in this order: weights
/// [out][in][kernel] and biases [out] of both convolutions, weights and bias of the dense layer.

namespace titrant::classifier::cnn {

inline constexpr std::size_t points = 64;
inline constexpr std::size_t channels_1 = 3;
inline constexpr std::size_t kernel_1 = 6;
inline constexpr std::size_t pool_1 = 4;
inline constexpr std::size_t points_2 = points / pool_1;
inline constexpr std::size_t channels_2 = 2;
inline constexpr std::size_t kernel_2 = 3;

inline constexpr std::size_t biases_1 = channels_1 * kernel_1;  ///< where the parameters of each layer begin
inline constexpr std::size_t weights_2 = biases_1 + channels_1;
inline constexpr std::size_t biases_2 = weights_2 + channels_2 * channels_1 * kernel_2;
inline constexpr std::size_t weights_dense = biases_2 + channels_2;

/// Inputs of the dense layer: the channels, then the covariates.
constexpr std::size_t dense(std::size_t covariates) { return channels_2 + covariates; }
constexpr std::size_t bias_dense(std::size_t covariates) { return weights_dense + dense(covariates); }
constexpr std::size_t parameters(std::size_t covariates) { return bias_dense(covariates) + 1; }

/// Number of inputs that a parameter's unit sums over; 0 for biases.
std::size_t fan_in(std::size_t parameter, std::size_t covariates);

/// \param covariates  names of the inputs
std::vector<std::string> parameter_names(const std::vector<std::string>& covariates);

/// The logit of one example; its derivatives go to `gradient` unless that is empty.
/// \param input       [points]
/// \param covariates  [covariate]: inputs
/// \param gradient    [parameters] or empty
double logit(std::span<const double> weights, std::span<const double> input, std::span<const double> covariates,
             std::span<double> gradient);

}  // namespace titrant::classifier::cnn
