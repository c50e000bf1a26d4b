#include "titrant/core/console.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ostream>
#include <utility>

namespace titrant::core {

namespace {

constexpr const char* to_line_start = "\r\033[K";  // back to the start of the line, which is cleared

}  // namespace

std::string duration_text(double seconds) {
  constexpr double minute = 60.0;
  constexpr double hour = 3600.0;
  if (seconds < minute) return fmt::format("{:.1f} s", seconds);
  if (seconds < hour)
    return fmt::format("{:.0f} min {:02.0f} s", std::floor(seconds / minute), std::fmod(seconds, minute));
  return fmt::format("{:.0f} h {:02.0f} min", std::floor(seconds / hour), std::fmod(seconds, hour) / minute);
}

void Console::say(const std::string& text) const {
  if (!quiet_) *out_ << text << '\n' << std::flush;
}

Progress::Progress(const Console& console, std::string title) : console_(&console), title_(std::move(title)) {
  if (!console.quiet_ && console.terminal_) *console.out_ << title_ << " ..." << std::flush;
}

double Progress::seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Progress::update(std::size_t done, std::size_t total) {
  if (console_->quiet_ || done == 0) return;
  const auto now = Clock::now();
  using std::chrono_literals::operator""ms;
  using std::chrono_literals::operator""s;
  if (now - last_drawn_ < (console_->terminal_ ? Clock::duration(200ms) : Clock::duration(10s))) return;
  last_drawn_ = now;
  const double rate = static_cast<double>(done) / seconds();
  const double remaining = static_cast<double>(total - done) / rate;
  const std::string line =
      fmt::format("{}: {} of {} ({:.3g} per second, {} left)", title_, done, total, rate, duration_text(remaining));
  if (console_->terminal_) {
    *console_->out_ << to_line_start << line << std::flush;
  } else {
    *console_->out_ << line << '\n' << std::flush;
  }
}

void Progress::finish(const std::string& result) {
  if (console_->quiet_) return;
  *console_->out_ << (console_->terminal_ ? to_line_start : "")
                  << fmt::format("{}: {} ({})\n", title_, result, duration_text(seconds())) << std::flush;
}

}  // namespace titrant::core
