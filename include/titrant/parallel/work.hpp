#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/partition.hpp"

namespace titrant::parallel {

/// A flat list of independent work units with stable numbers. Each computes into a slot of its own; a unit must depend
/// on its number alone, never on the rank that runs it.
///
///     Work work{subjects.size(), 1, [&](std::size_t i, std::span<double> out) { out[0] = objective(subjects[i]); }};
///     double total = core::ordered_sum(run(ranks, work));
///
/// Where units throw, all ranks throw the error of the lowest such unit. Where somebody asks for a stop and the ranks
/// have a journal, or are at work on a unit of ranks that have one, all throw Interrupted.
struct Work {
  std::size_t units = 0;
  std::size_t slot = 1;  ///< doubles per unit
  std::function<void(std::size_t unit, std::span<double> slot)> compute;
  /// Called on every rank after each unit it finished with the number done by this rank and its block's size; may be
  /// empty.
  std::function<void(std::size_t done, std::size_t of)> progress = {};
  /// Whether `compute` leaves more behind on its rank than its slot: then ranks have the blocks of `block_of`, and a
  /// journal does not spare them the work.
  bool leaves_more = false;
};

/// The slots of all units, in unit order, on all ranks: [unit][slot]. With a journal (journal.hpp) they are kept there,
/// or come from there.
std::vector<double> run(const Communicator& ranks, const Work& work);

/// Several runs of work that belong together, for they leave something behind on their ranks: a journal keeps what
/// comes out as one. `compute` gets the same ranks without the journal and returns `size` numbers, the same on all.
std::vector<double> run_together(const Communicator& ranks, std::size_t size,
                                 const std::function<std::vector<double>(const Communicator& ranks)>& compute);

/// The sum of all slots over units, added in an order that does not depend on the number of ranks: [slot].
std::vector<double> run_sum(const Communicator& ranks, const Work& work);

/// Few large units: each rank computes as many by itself as all ranks can, and groups of ranks compute the rest
/// together.
struct SharedWork {
  std::size_t units = 0;
  std::size_t slot = 1;    ///< doubles per unit
  std::size_t shares = 1;  ///< among how many ranks a unit divides evenly
  /// Collective over the group, and the same on each of its ranks whatever their number.
  std::function<void(std::size_t unit, const Communicator& group, std::span<double> slot)> compute;
};

/// The slots of all units, in unit order, on all ranks: [unit][slot]. Where units throw, all ranks throw the error of
/// the lowest such unit.
std::vector<double> run(const Communicator& ranks, const SharedWork& work);

}  // namespace titrant::parallel
