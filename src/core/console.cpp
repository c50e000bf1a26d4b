#include "titrant/core/console.hpp"

#include <fmt/format.h>

#include <ostream>
#include <sstream>
#include <utility>

#include "titrant/core/clock.hpp"

namespace titrant::core {

namespace {

constexpr const char* to_line_start = "\r\033[K";  // back to the start of the line, which is cleared

}  // namespace

std::string stamped(const std::string& text, std::size_t rank) {
  const std::string stamp = fmt::format("{} rank {}: ", time_now(), rank);
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) result += fmt::format("{}{}\n", stamp, line);
  return result;
}

void Console::say(const std::string& text) const {
  if (quiet_) return;
  *out_ << (stamp_ ? stamped(text, *stamp_) : text + '\n') << std::flush;
}

Progress::Progress(const Console& console, std::string title, StagePlace place)
    : console_(&console), title_(std::move(title)), shown_(title_) {
  if (console.quiet_) return;
  if (place.number > 0) shown_ += fmt::format(" (stage {} of {})", place.number, place.of);
  if (console.terminal_) *console.out_ << shown_ << " ..." << std::flush;
  pulses_.emplace([this](const Pulse& sign) { hear(sign); });
}

double Progress::seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

std::string Progress::Count::text() const {
  std::string units = fmt::format("{} of {}{}{}", done, total, what.empty() ? "" : " ", what);
  if (done == first) return units;
  const double rate = static_cast<double>(done - first) / std::chrono::duration<double>(Clock::now() - start).count();
  return fmt::format("{} ({:.3g} per second, {} left)", units, rate,
                     duration_text(static_cast<double>(total - done) / rate));
}

void Progress::update(std::size_t done, std::size_t total) {
  if (console_->quiet_ || done == 0) return;
  units_ = {done, total, 0, start_, ""};
  draw();
}

void Progress::hear(const Pulse& sign) {
  if (sign.total > 0) {
    const bool same = sign.total == part_.total && sign.done > part_.done && sign.what == part_.what;
    if (!same) part_ = {sign.done, sign.total, sign.done, Clock::now(), std::string(sign.what)};
    part_.done = sign.done;
  }
  draw();
}

void Progress::draw() {
  const auto now = Clock::now();
  using std::chrono_literals::operator""ms;
  using std::chrono_literals::operator""s;
  if (now - last_drawn_ < (console_->terminal_ ? Clock::duration(200ms) : Clock::duration(10s))) return;
  last_drawn_ = now;
  std::string state = fmt::format("{} so far", duration_text(seconds()));
  if (units_.open()) {
    state = units_.text();
  } else if (part_.open()) {
    state = part_.text();
  }
  const std::string line = fmt::format("{}: {}", shown_, state);
  if (console_->terminal_) {
    *console_->out_ << to_line_start << line << std::flush;
  } else {
    console_->say(line);
  }
}

void Progress::finish(const std::string& result) {
  pulses_.reset();
  if (console_->quiet_) return;
  if (console_->terminal_) *console_->out_ << to_line_start;
  console_->say(fmt::format("{}: {} ({})", title_, result, duration_text(seconds())));
}

}  // namespace titrant::core
