#include "pending_blocks.hpp"

#include <algorithm>

#include "kronecker.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// A map on two qubits with these in the other order.
MatrixXd exchanged(const MatrixXd& transfer) {
  const auto other = [](Index digits) { return 4 * (digits % 4) + digits / 4; };
  MatrixXd result(16, 16);
  for (Index i = 0; i < 16; ++i) {
    for (Index j = 0; j < 16; ++j) result(other(i), other(j)) = transfer(i, j);
  }
  return result;
}

/// block <- (a on digit `place`) block.
void multiply_on_digit(const MatrixXd& a, std::size_t place, MatrixXd& block) {
  const Index step = place == 0 ? 4 : 1;
  const Index other = place == 0 ? 1 : 4;
  MatrixXd rows(4, block.cols());
  for (Index k = 0; k < 4; ++k) {
    for (Index digit = 0; digit < 4; ++digit) rows.row(digit) = block.row(k * other + digit * step);
    for (Index digit = 0; digit < 4; ++digit) block.row(k * other + digit * step) = a.row(digit).lazyProduct(rows);
  }
}

}  // namespace

void PendingBlocks::add(const MatrixXd& transfer, std::span<const std::size_t> qubits) {
  if (qubits.size() == 1) {
    const std::size_t qubit = qubits[0];
    if (partner_[qubit] != no_partner) {
      Block& both = block_[std::min(qubit, partner_[qubit])];
      multiply_on_digit(transfer, qubit < partner_[qubit] ? 0 : 1, both.transfer);
    } else if (block_[qubit].qubits.empty()) {
      block_[qubit] = {{qubit}, transfer};
    } else {
      block_[qubit].transfer = (transfer * block_[qubit].transfer).eval();
    }
    return;
  }
  if (qubits.size() > 2) {
    for (const std::size_t qubit : qubits) flush(qubit);
    apply_(transfer, qubits);
    return;
  }
  const std::size_t low = std::min(qubits[0], qubits[1]);
  const std::size_t high = std::max(qubits[0], qubits[1]);
  const MatrixXd ordered = qubits[0] == low ? transfer : exchanged(transfer);
  if (partner_[low] == high) {
    block_[low].transfer = (ordered * block_[low].transfer).eval();
    return;
  }
  // Blocks on one qubit join; those with a third one are complete.
  std::vector<MatrixXd> before;
  for (const std::size_t qubit : {low, high}) {
    if (partner_[qubit] != no_partner) flush(qubit);
    before.push_back(block_[qubit].qubits.empty() ? MatrixXd::Identity(4, 4) : block_[qubit].transfer);
    block_[qubit] = {};
  }
  block_[low] = {{low, high}, ordered * kronecker(before[0], before[1])};
  partner_[low] = high;
  partner_[high] = low;
}

void PendingBlocks::flush(std::size_t qubit) {
  const std::size_t partner = partner_[qubit];
  const std::size_t owner = partner == no_partner ? qubit : std::min(qubit, partner);
  if (partner != no_partner) partner_[qubit] = partner_[partner] = no_partner;
  const Block block = std::move(block_[owner]);
  block_[owner] = {};
  if (!block.qubits.empty()) apply_(block.transfer, block.qubits);
}

}  // namespace titrant::quantum
