#include "titrant/classifier/readout.hpp"

#include <algorithm>
#include <cmath>

namespace titrant::classifier {

namespace {
constexpr double nearest_to_certain = 1e-6;
double inside(double p_one) { return std::clamp(p_one, nearest_to_certain, 1.0 - nearest_to_certain); }
}  // namespace

double sigmoid(double x) {
  if (x >= 0.0) return 1.0 / (1.0 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1.0 + e);
}

double Readout::logit(double p_one) const {
  if (kind == ReadoutKind::sigmoid) return scale * (2.0 * p_one - 1.0) + offset;
  const double p = inside(p_one);
  return std::log(p / (1.0 - p));
}

double Readout::derivative(double p_one) const {
  if (kind == ReadoutKind::sigmoid) return 2.0 * scale;
  const double p = inside(p_one);
  return 1.0 / (p * (1.0 - p));
}

double Readout::probability(double p_one) const { return kind == ReadoutKind::sigmoid ? sigmoid(logit(p_one)) : p_one; }

}  // namespace titrant::classifier
