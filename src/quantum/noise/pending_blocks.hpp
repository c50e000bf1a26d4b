#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace titrant::quantum {

/// Gathers Pauli transfer matrices on the same one or two qubits into one, so that a state is passed once for many
/// gates and their noise.
class PendingBlocks {
 public:
  using Apply = std::function<void(const Eigen::MatrixXd& transfer, std::span<const std::size_t> qubits)>;

  /// `apply` receives the blocks as they become complete; those on different qubits in any order.
  PendingBlocks(std::size_t qubits, Apply apply) : block_(qubits), apply_(std::move(apply)) {}

  void add(const Eigen::MatrixXd& transfer, std::span<const std::size_t> qubits);
  /// Applies what waits on this qubit.
  void flush(std::size_t qubit);

 private:
  struct Block {
    std::vector<std::size_t> qubits;
    Eigen::MatrixXd transfer;
  };

  std::vector<Block> block_;  ///< [qubit]; of a block on two qubits, at the lower one
  std::vector<std::size_t> partner_ = std::vector<std::size_t>(block_.size(), no_partner);  ///< [qubit]
  Apply apply_;

  static constexpr std::size_t no_partner = static_cast<std::size_t>(-1);
};

}  // namespace titrant::quantum
