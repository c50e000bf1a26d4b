#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

namespace titrant::core {

/// "12.3 s", "4 min 05 s", "3 h 20 min"
std::string duration_text(double seconds);

/// What a run tells the person who watches it. On a terminal one line per stage grows in place; elsewhere plain lines.
///
///     Console console(std::cerr, isatty(2) == 1, quiet);
///     Progress progress(console, "Fit population PK", 1200);
///     progress.update(300);
///     progress.finish("two compartments, objective 123.4");
class Console {
 public:
  /// A quiet console says nothing; ranks other than the first get one.
  Console(std::ostream& out, bool terminal, bool quiet) : out_(&out), terminal_(terminal), quiet_(quiet) {}

  void say(const std::string& text) const;

 private:
  friend class Progress;
  std::ostream* out_;
  bool terminal_;
  bool quiet_;
};

/// The progress of one stage. Rate and remaining time are of this rank's work, which the others share evenly.
class Progress {
 public:
  Progress(const Console& console, std::string title);

  /// `done` of `total` units are finished. Cheap: a line is drawn at most five times a second on a terminal, and once
  /// every ten seconds elsewhere.
  void update(std::size_t done, std::size_t total);

  /// The stage is over; `result` says in a few words what came out.
  void finish(const std::string& result);

  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  const Console* console_;
  std::string title_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_ = start_;
};

}  // namespace titrant::core
