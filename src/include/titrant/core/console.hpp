#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>

#include "titrant/core/pulse.hpp"

namespace titrant::core {

/// Every line of a text after time and rank: "2026-01-31T12:00:00Z rank 0: ...". Ends with a line end.
std::string stamped(const std::string& text, std::size_t rank);

/// What a run tells the person who watches it. On a terminal one line per stage grows in place; elsewhere plain lines.
///
///     Console console(std::cerr, isatty(2) == 1, quiet);
///     Progress progress(console, "Fit population PK", {3, 11});
///     progress.update(300, 1200);
///     progress.finish("two compartments, objective 123.4");
class Console {
 public:
  /// A quiet console says nothing; ranks other than the first get one. With `stamp`, a rank, every line begins with the
  /// time and that rank, and none grows in place.
  Console(std::ostream& out, bool terminal, bool quiet, std::optional<std::size_t> stamp = std::nullopt)
      : out_(&out), terminal_(terminal && !stamp), quiet_(quiet), stamp_(stamp) {}

  void say(const std::string& text) const;

 private:
  friend class Progress;
  std::ostream* out_;
  bool terminal_;
  bool quiet_;
  std::optional<std::size_t> stamp_;
};

/// The place of a stage among those of a run.
struct StagePlace {
  std::size_t number = 0;  ///< from 1; 0: it is no stage of several
  std::size_t of = 0;
};

/// The progress of one stage. Rate and remaining time are of this rank's work, which the others share evenly. Between
/// updates, pulses (pulse.hpp) say that work goes on.
class Progress {
 public:
  Progress(const Console& console, std::string title, StagePlace place = {});

  /// `done` of `total` units are finished. Cheap: a line is drawn at most five times a second on a terminal, and once
  /// every ten seconds elsewhere.
  void update(std::size_t done, std::size_t total);

  /// The stage is over; `result` says in a few words what came out.
  void finish(const std::string& result);

  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  /// Units of one kind, counted since `start`, when `first` of them were done.
  struct Count {
    std::size_t done = 0;
    std::size_t total = 0;
    std::size_t first = 0;
    Clock::time_point start;
    std::string what;
    bool open() const { return done < total; }
    std::string text() const;
  };
  void hear(const Pulse& sign);
  void draw();

  const Console* console_;
  std::string title_;
  std::string shown_;  ///< the title, with the place
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_ = start_;
  Count units_;  ///< of the stage
  Count part_;   ///< what pulses count
  std::optional<PulseListener> pulses_;
};

}  // namespace titrant::core
