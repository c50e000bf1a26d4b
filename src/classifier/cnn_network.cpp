#include "cnn_network.hpp"

#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::classifier::cnn {

namespace {

// One round of convolution, tanh and average pooling, with all that its derivatives need.
template <std::size_t In, std::size_t Out, std::size_t Kernel, std::size_t Points, std::size_t Pool>
struct Round {
  static constexpr std::size_t pooled_points = Points / Pool;
  static constexpr double share = 1.0 / static_cast<double>(Pool);
  using Input = std::array<std::array<double, Points + Kernel - 1>, In>;  // the ring, its beginning again at the end

  std::array<std::array<double, Points>, Out> active;
  std::array<std::array<double, pooled_points>, Out> pooled;

  void forward(std::span<const double> weights, std::span<const double> biases, const Input& input) {
    for (std::size_t o = 0; o < Out; ++o) {
      active[o].fill(biases[o]);
      for (std::size_t i = 0; i < In; ++i) {
        for (std::size_t k = 0; k < Kernel; ++k) {
          const double weight = weights[(o * In + i) * Kernel + k];
          for (std::size_t t = 0; t < Points; ++t) active[o][t] += weight * input[i][t + k];
        }
      }
      pooled[o].fill(0.0);
      for (std::size_t t = 0; t < Points; ++t) {
        active[o][t] = std::tanh(active[o][t]);
        pooled[o][t / Pool] += share * active[o][t];
      }
    }
  }

  // From d logit / d pooled to those by weights, biases and (where `input_gradient` is given) inputs, which are added.
  using Pooled = std::array<std::array<double, pooled_points>, Out>;
  void backward(std::span<const double> weights, const Input& input, const Pooled& pooled_gradient,
                std::span<double> weight_gradient, std::span<double> bias_gradient,
                std::array<std::array<double, Points>, In>* input_gradient) const {
    for (std::size_t o = 0; o < Out; ++o) {
      std::array<double, Points> slope;
      double sum = 0.0;
      for (std::size_t t = 0; t < Points; ++t) {
        slope[t] = share * pooled_gradient[o][t / Pool] * (1.0 - active[o][t] * active[o][t]);
        sum += slope[t];
      }
      bias_gradient[o] = sum;
      for (std::size_t i = 0; i < In; ++i) {
        for (std::size_t k = 0; k < Kernel; ++k) {
          double product = 0.0;
          for (std::size_t t = 0; t < Points; ++t) product += slope[t] * input[i][t + k];
          weight_gradient[(o * In + i) * Kernel + k] = product;
          if (input_gradient == nullptr) continue;
          const double weight = weights[(o * In + i) * Kernel + k];
          for (std::size_t t = 0; t < Points; ++t) (*input_gradient)[i][(t + k) % Points] += slope[t] * weight;
        }
      }
    }
  }
};

using First = Round<1, channels_1, kernel_1, points, pool_1>;
using Second = Round<channels_1, channels_2, kernel_2, points_2, points_2>;

// Puts the beginning of a ring again behind its end.
template <std::size_t Points, std::size_t Ring>
void wrap(const double* values, std::array<double, Ring>& ring) {
  for (std::size_t t = 0; t < Ring; ++t) ring[t] = values[t % Points];
}

}  // namespace

std::size_t fan_in(std::size_t parameter, std::size_t covariates) {
  if (parameter < biases_1) return kernel_1;
  if (parameter >= weights_2 && parameter < biases_2) return channels_1 * kernel_2;
  if (parameter >= weights_dense && parameter < bias_dense(covariates)) return dense(covariates);
  return 0;
}

std::vector<std::string> parameter_names(const std::vector<std::string>& covariates) {
  std::vector<std::string> names;
  const auto convolution = [&](const std::string& layer, std::size_t outputs, std::size_t inputs, std::size_t kernel) {
    for (std::size_t o = 0; o < outputs; ++o) {
      for (std::size_t i = 0; i < inputs; ++i) {
        for (std::size_t k = 0; k < kernel; ++k) {
          names.push_back(layer + ".weight_" + std::to_string(o) + "_" + std::to_string(i) + "_" + std::to_string(k));
        }
      }
    }
    for (std::size_t o = 0; o < outputs; ++o) names.push_back(layer + ".bias_" + std::to_string(o));
  };
  convolution("convolution_1", channels_1, 1, kernel_1);
  convolution("convolution_2", channels_2, channels_1, kernel_2);
  for (std::size_t o = 0; o < channels_2; ++o) names.push_back("dense.weight_" + std::to_string(o));
  for (const std::string& covariate : covariates) names.push_back("dense." + covariate);
  names.emplace_back("dense.bias");
  return names;
}

double logit(std::span<const double> weights, std::span<const double> input, std::span<const double> covariates,
             std::span<double> gradient) {
  TITRANT_EXPECTS(weights.size() == parameters(covariates.size()) && input.size() == points);
  TITRANT_EXPECTS(gradient.empty() || gradient.size() == weights.size());
  const std::size_t bias = bias_dense(covariates.size());
  const std::size_t first_covariate = weights_dense + channels_2;
  First::Input ring_1;
  wrap<points>(input.data(), ring_1[0]);
  First first;
  first.forward(weights, weights.subspan(biases_1), ring_1);
  Second::Input ring_2;
  for (std::size_t i = 0; i < channels_1; ++i) wrap<points_2>(first.pooled[i].data(), ring_2[i]);
  Second second;
  second.forward(weights.subspan(weights_2), weights.subspan(biases_2), ring_2);

  double sum = weights[bias];
  for (std::size_t k = 0; k < covariates.size(); ++k) sum += weights[first_covariate + k] * covariates[k];
  for (std::size_t o = 0; o < channels_2; ++o) sum += weights[weights_dense + o] * second.pooled[o][0];
  if (gradient.empty()) return sum;

  gradient[bias] = 1.0;
  for (std::size_t k = 0; k < covariates.size(); ++k) gradient[first_covariate + k] = covariates[k];
  Second::Pooled pooled_2;
  for (std::size_t o = 0; o < channels_2; ++o) {
    gradient[weights_dense + o] = second.pooled[o][0];
    pooled_2[o][0] = weights[weights_dense + o];
  }
  First::Pooled pooled_1{};
  second.backward(weights.subspan(weights_2), ring_2, pooled_2, gradient.subspan(weights_2), gradient.subspan(biases_2),
                  &pooled_1);
  first.backward(weights, ring_1, pooled_1, gradient, gradient.subspan(biases_1), nullptr);
  return sum;
}

}  // namespace titrant::classifier::cnn
