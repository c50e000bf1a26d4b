#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace titrant::parallel {

class Journal;

/// A group of ranks. The only type through which the program talks to MPI; copies share the group.
///
/// A default-constructed communicator is this process alone and needs no MPI, so every part can be used serially.
///
///     parallel::Environment environment(argc, argv);
///     parallel::Communicator world = environment.world();
class Communicator {
 public:
  Communicator();

  std::size_t rank() const;
  std::size_t size() const;
  bool root() const { return rank() == 0; }

  /// The ranks that give the same number, in the same order, without a journal. Collective.
  Communicator split(std::size_t group) const;

  /// The same ranks, whose work goes into this journal (work.hpp), or into none.
  Communicator with(std::shared_ptr<Journal> journal) const;
  Communicator without_journal() const { return with(nullptr); }
  Journal* journal() const { return journal_.get(); }

  /// Waits for all ranks.
  void barrier() const;

  /// The same, asleep in place of at full speed: where one rank does for seconds what the others need not see.
  void barrier_asleep() const;

  /// The values of `root` on all ranks.
  void broadcast(std::span<double> values, std::size_t root = 0) const;
  std::string broadcast(std::string text, std::size_t root = 0) const;

  /// Exact sum of integers over ranks, the same on all.
  std::uint64_t sum(std::uint64_t value) const;
  std::uint64_t maximum(std::uint64_t value) const;
  std::uint64_t minimum(std::uint64_t value) const;

  /// The values of all ranks, in rank order, on all ranks. Ranks may hold different numbers.
  std::vector<double> gather(std::span<const double> mine) const;

  /// The same where the number of values of each rank is known to all.
  std::vector<double> gather(std::span<const double> mine, std::span<const std::size_t> counts) const;

  /// One text per rank, in rank order, on all ranks.
  std::vector<std::string> gather(const std::string& mine) const;

  /// The MPI handle (MPI_Comm), for parallel HDF5 alone; null without MPI.
  void* handle() const;

  /// Whether all ranks come to this call within a time: for a rank that has met an error and wants to know if the
  /// others met one too, or are waiting for it elsewhere. After `false` only abort is left.
  bool all_arrive(double seconds) const;

  /// Ends all ranks at once with this exit code: for errors that cannot be agreed on.
  [[noreturn]] void abort(int exit_code) const;

 private:
  friend class Environment;
  struct Group;
  explicit Communicator(std::shared_ptr<const Group> group);
  std::shared_ptr<const Group> group_;
  std::shared_ptr<Journal> journal_;
};

/// MPI from construction to destruction; one per process. Refuses (ConfigError) a launch under SLURM in which the ranks
/// do not find each other (as many single-rank programs as SLURM_NTASKS).
class Environment {
 public:
  Environment(int& argc, char**& argv);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  const Communicator& world() const { return world_; }

 private:
  Communicator world_;
};

/// Runs `action` on every rank and then agrees: where it threw on any rank, all ranks throw the error of the lowest
/// such rank (same type, same message). For set-up that may fail on some ranks only.
void collectively(const Communicator& ranks, const std::function<void()>& action);

/// Runs `action` on rank 0 only; where it throws, all ranks throw the same error.
void on_root(const Communicator& ranks, const std::function<void()>& action);

}  // namespace titrant::parallel
