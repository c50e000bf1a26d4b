#include "window.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace titrant::quantum {

namespace {

constexpr std::size_t max_window_qubits = 4;

/// [amplitude]: the value of the qubits that these addresses are of.
std::vector<std::uint32_t> values(const Addresses& addresses, std::size_t qubits, std::size_t amplitudes) {
  std::vector<std::uint32_t> value(amplitudes, 0);
  for (const std::uint32_t group : addresses.groups) {
    for (std::uint32_t v = 0; v < 1U << qubits; ++v) value[group ^ addresses.offset.at(v)] = v;
  }
  return value;
}

/// Amplitudes of a window are counted by the tail's value and then along further directions, which leave that value.
class Frame {
 public:
  Frame(const Addresses& readout, std::size_t tail_qubits, std::size_t amplitudes)
      : tail_value_(values(readout, tail_qubits, amplitudes)), readout_(&readout) {
    directions_.reserve(max_window_qubits);
    for (std::size_t bit = tail_qubits; bit-- > 0;) directions_.push_back(readout.offset.at(std::size_t{1} << bit));
  }

  /// Adds a direction if it leads to amplitudes outside.
  void reach(std::uint32_t direction) {
    // Values are linear in addresses up to a constant: the step back is the same everywhere.
    const std::uint32_t same_tail = direction ^ readout_->offset.at(tail_value_[0] ^ tail_value_[direction]);
    if (!find(same_tail)) directions_.push_back(same_tail);
  }

  std::size_t qubits() const { return directions_.size(); }

  std::uint32_t offset(std::size_t place) const {
    std::uint32_t sum = 0;
    for (std::size_t k = 0; k < directions_.size(); ++k) {
      if (((place >> (directions_.size() - 1 - k)) & 1U) != 0) sum ^= directions_[k];
    }
    return sum;
  }

  /// The place with this offset.
  std::optional<std::uint32_t> find(std::uint32_t wanted) const {
    for (std::uint32_t place = 0; place < 1U << directions_.size(); ++place) {
      if (offset(place) == wanted) return place;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::uint32_t> tail_value_;
  const Addresses* readout_;
  std::vector<std::uint32_t> directions_;
};

std::optional<Window> window_of(const Program& program, const BlockStep& step) {
  const std::size_t amplitudes = std::size_t{1} << program.qubits;
  const std::size_t block_qubits = program.slots[step.slot].qubits;
  Frame frame(program.readout, program.tail_qubits, amplitudes);
  for (std::size_t bit = 0; bit < block_qubits; ++bit) frame.reach(step.addresses.offset.at(std::size_t{1} << bit));
  if (frame.qubits() > max_window_qubits) return std::nullopt;

  Window window;
  window.qubits = frame.qubits();
  const std::size_t places = std::size_t{1} << window.qubits;
  const std::vector<std::uint32_t> block_value = values(step.addresses, block_qubits, amplitudes);
  std::vector<std::uint32_t> class_value;  // [class]: of the block at the first amplitude of a group
  std::vector<bool> done(amplitudes, false);
  for (const std::uint32_t group : program.readout.groups) {
    if (done[group]) continue;
    for (std::size_t place = 0; place < places; ++place) done[group ^ frame.offset(place)] = true;
    const auto known = std::find(class_value.begin(), class_value.end(), block_value[group]);
    const auto index = static_cast<std::size_t>(known - class_value.begin());
    if (known == class_value.end()) {
      class_value.push_back(block_value[group]);
      Window::Class& added = window.classes.emplace_back();
      for (std::uint32_t place = 0; place < places; ++place) {
        added.amplitudes.offset.at(place) = frame.offset(place);
        if (block_value[group ^ frame.offset(place)] == 0) added.block.groups.push_back(place);
      }
      for (std::size_t value = 0; value < std::size_t{1} << block_qubits; ++value)
        added.block.offset.at(value) = frame.find(step.addresses.offset.at(value)).value();
    }
    window.classes[index].amplitudes.groups.push_back(group);
  }
  return window;
}

}  // namespace

void find_windows(Program& program) {
  for (ForwardStep& step : program.steps) {
    if (step.cone.empty() && step.untouched.empty() && !program.slots[step.slot].depends_on_features)
      step.window = window_of(program, step);
  }
}

}  // namespace titrant::quantum
