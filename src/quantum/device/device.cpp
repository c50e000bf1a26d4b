#include "titrant/quantum/device/device.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

const Device::Edge* Device::edge(std::size_t a, std::size_t b) const {
  const auto found = std::find_if(edges.begin(), edges.end(), [a, b](const Edge& one) {
    return (one.control == a && one.target == b) || (one.control == b && one.target == a);
  });
  return found == edges.end() ? nullptr : &*found;
}

std::vector<std::string> Device::left_out() const {
  std::vector<std::string> all;
  for (std::size_t q = 0; q < qubits.size(); ++q)
    if (!qubits[q].usable()) all.push_back(fmt::format("qubit {} ({})", q, qubits[q].left_out));
  for (const Edge& one : edges) {
    const bool own = one.dead && qubits.at(one.control).usable() && qubits.at(one.target).usable();
    if (own)
      all.push_back(
          fmt::format("coupling {}-{} ({})", one.control, one.target, one.left_out.empty() ? "error 1" : one.left_out));
  }
  return all;
}

std::string Device::left_out_line() const {
  constexpr std::size_t most = 8;
  std::vector<std::string> phrases = left_out();
  const std::size_t count = phrases.size();
  phrases.resize(std::min(most, count));
  return fmt::format("{}{}", fmt::join(phrases, ", "),
                     count > most ? fmt::format(" and {} more", count - most) : std::string());
}

Device Device::subset(std::span<const std::size_t> chosen) const {
  Device part = *this;
  part.qubits.clear();
  part.edges.clear();
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    if (chosen[k] >= qubits.size())
      throw ConfigError(fmt::format("device {}: no qubit {}; it has {}", name, chosen[k], qubits.size()));
    if (std::find(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(k), chosen[k]) !=
        chosen.begin() + static_cast<std::ptrdiff_t>(k))
      throw ConfigError(fmt::format("device {}: qubit {} chosen twice", name, chosen[k]));
    part.qubits.push_back(qubits[chosen[k]]);
  }
  const auto place = [&](std::size_t qubit) {
    return static_cast<std::size_t>(std::find(chosen.begin(), chosen.end(), qubit) - chosen.begin());
  };
  for (Edge one : edges) {
    one.control = place(one.control);
    one.target = place(one.target);
    if (one.control < chosen.size() && one.target < chosen.size()) part.edges.push_back(one);
  }
  return part;
}

}  // namespace titrant::quantum
