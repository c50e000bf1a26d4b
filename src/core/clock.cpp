#include "titrant/core/clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace titrant::core {

std::string time_now() {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

std::string duration_text(double seconds) {
  constexpr double minute = 60.0;
  constexpr double hour = 3600.0;
  if (seconds < minute) return fmt::format("{:.1f} s", seconds);
  if (seconds < hour)
    return fmt::format("{:.0f} min {:02.0f} s", std::floor(seconds / minute), std::floor(std::fmod(seconds, minute)));
  return fmt::format("{:.0f} h {:02.0f} min", std::floor(seconds / hour),
                     std::floor(std::fmod(seconds, hour) / minute));
}

}  // namespace titrant::core
