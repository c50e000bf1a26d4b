#pragma once

#include <Eigen/Core>

namespace titrant::nlme {

/// Most parameters of a structural model, slopes of changing covariates included.
inline constexpr int max_parameters = 16;
/// Most random effects of one subject, those of all its occasions included.
inline constexpr int max_etas = 48;
/// By what a prediction is differentiated at most.
inline constexpr int max_columns = max_parameters + max_etas;

/// Small vectors and matrices, which live on the stack.
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, max_columns, 1>;
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, max_columns, max_columns>;

}  // namespace titrant::nlme
