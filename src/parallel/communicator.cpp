#include "titrant/parallel/communicator.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <thread>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::parallel {

struct Communicator::Group {
  MPI_Comm handle = MPI_COMM_NULL;
  MPI_Comm farewell = MPI_COMM_NULL;  // for all_arrive alone, so that no other collective is mistaken for it
  int rank = 0;
  int size = 1;
};

namespace {

int as_count(std::size_t size) {
  TITRANT_EXPECTS(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(size);
}

/// Where the block of each rank begins, from the counts of all ranks.
std::vector<int> offsets(const std::vector<int>& counts) {
  std::vector<int> begin(counts.size(), 0);
  std::exclusive_scan(counts.begin(), counts.end(), begin.begin(), 0);
  return begin;
}

std::vector<int> all_counts(MPI_Comm handle, int size, int mine) {
  std::vector<int> counts(static_cast<std::size_t>(size));
  MPI_Allgather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, handle);
  return counts;
}

std::uint64_t reduce(MPI_Comm handle, std::uint64_t value, MPI_Op operation) {
  std::uint64_t result = 0;
  MPI_Allreduce(&value, &result, 1, MPI_UINT64_T, operation, handle);
  return result;
}

}  // namespace

Communicator::Communicator() : group_(std::make_shared<const Group>()) {}
Communicator::Communicator(std::shared_ptr<const Group> group) : group_(std::move(group)) {}

std::size_t Communicator::rank() const { return static_cast<std::size_t>(group_->rank); }
std::size_t Communicator::size() const { return static_cast<std::size_t>(group_->size); }

Communicator Communicator::with(std::shared_ptr<Journal> journal) const {
  Communicator same(group_);
  same.journal_ = std::move(journal);
  return same;
}

Communicator Communicator::split(std::size_t group) const {
  if (size() == 1) return without_journal();
  const auto release = [](Group* part) {
    MPI_Comm_free(&part->handle);
    MPI_Comm_free(&part->farewell);
    delete part;  // NOLINT(cppcoreguidelines-owning-memory)
  };
  const std::shared_ptr<Group> part(new Group, release);  // NOLINT(cppcoreguidelines-owning-memory)
  MPI_Comm_split(group_->handle, as_count(group), group_->rank, &part->handle);
  MPI_Comm_dup(part->handle, &part->farewell);
  MPI_Comm_rank(part->handle, &part->rank);
  MPI_Comm_size(part->handle, &part->size);
  return Communicator(part);
}

void Communicator::barrier() const {
  if (size() > 1) MPI_Barrier(group_->handle);
}

void Communicator::barrier_asleep() const {
  if (size() == 1) return;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(group_->handle, &request);
  for (int arrived = 0; arrived == 0;) {
    MPI_Test(&request, &arrived, MPI_STATUS_IGNORE);
    if (arrived == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Communicator::broadcast(std::span<double> values, std::size_t root) const {
  if (size() > 1) MPI_Bcast(values.data(), as_count(values.size()), MPI_DOUBLE, as_count(root), group_->handle);
}

std::string Communicator::broadcast(std::string text, std::size_t root) const {
  if (size() == 1) return text;
  std::uint64_t length = text.size();
  MPI_Bcast(&length, 1, MPI_UINT64_T, as_count(root), group_->handle);
  text.resize(length);
  MPI_Bcast(text.data(), as_count(text.size()), MPI_CHAR, as_count(root), group_->handle);
  return text;
}

std::uint64_t Communicator::sum(std::uint64_t value) const {
  return size() == 1 ? value : reduce(group_->handle, value, MPI_SUM);
}
std::uint64_t Communicator::maximum(std::uint64_t value) const {
  return size() == 1 ? value : reduce(group_->handle, value, MPI_MAX);
}
std::uint64_t Communicator::minimum(std::uint64_t value) const {
  return size() == 1 ? value : reduce(group_->handle, value, MPI_MIN);
}

std::vector<double> Communicator::gather(std::span<const double> mine) const {
  if (size() == 1) return {mine.begin(), mine.end()};
  const std::vector<int> counts = all_counts(group_->handle, group_->size, as_count(mine.size()));
  return gather(mine, std::vector<std::size_t>(counts.begin(), counts.end()));
}

std::vector<double> Communicator::gather(std::span<const double> mine, std::span<const std::size_t> counts) const {
  TITRANT_EXPECTS(counts.size() == size() && counts[rank()] == mine.size());
  if (size() == 1) return {mine.begin(), mine.end()};
  std::vector<int> lengths;
  lengths.reserve(counts.size());
  for (const std::size_t count : counts) lengths.push_back(as_count(count));
  const std::vector<int> begin = offsets(lengths);
  std::vector<double> all(static_cast<std::size_t>(begin.back()) + counts.back());
  MPI_Allgatherv(mine.data(), as_count(mine.size()), MPI_DOUBLE, all.data(), lengths.data(), begin.data(), MPI_DOUBLE,
                 group_->handle);
  return all;
}

std::vector<std::string> Communicator::gather(const std::string& mine) const {
  if (size() == 1) return {mine};
  const std::vector<int> counts = all_counts(group_->handle, group_->size, as_count(mine.size()));
  const std::vector<int> begin = offsets(counts);
  std::string all(static_cast<std::size_t>(begin.back()) + static_cast<std::size_t>(counts.back()), '\0');
  MPI_Allgatherv(mine.data(), as_count(mine.size()), MPI_CHAR, all.data(), counts.data(), begin.data(), MPI_CHAR,
                 group_->handle);
  std::vector<std::string> texts;
  texts.reserve(counts.size());
  for (std::size_t r = 0; r < counts.size(); ++r) {
    texts.push_back(all.substr(static_cast<std::size_t>(begin[r]), static_cast<std::size_t>(counts[r])));
  }
  return texts;
}

void* Communicator::handle() const {
  return group_->handle == MPI_COMM_NULL ? nullptr : static_cast<void*>(group_->handle);
}

bool Communicator::all_arrive(double seconds) const {
  if (size() == 1) return true;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(group_->farewell, &request);
  const double end = MPI_Wtime() + seconds;
  int arrived = 0;
  while (arrived == 0 && MPI_Wtime() < end) {
    MPI_Test(&request, &arrived, MPI_STATUS_IGNORE);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return arrived != 0;
}

void Communicator::abort(int exit_code) const {
  if (group_->handle != MPI_COMM_NULL) MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

namespace {

/// Whether this process was started by a launcher (mpiexec, srun) rather than by itself.
bool launched() {
  const auto is_set = [](const char* name) { return std::getenv(name) != nullptr; };  // NOLINT(concurrency-mt-unsafe)
  return is_set("OMPI_COMM_WORLD_SIZE") || is_set("PMIX_RANK") || is_set("PMI_RANK") || is_set("PMI_SIZE");
}

/// A process alone needs neither a daemon nor a network: starting takes 0.07 s in place of 0.4 s. What the user has set
/// stays.
void prepare_to_be_alone() {
  constexpr int keep = 0;
  setenv("OMPI_MCA_ess_singleton_isolated", "1", keep);  // NOLINT(concurrency-mt-unsafe): before any thread
  setenv("OMPI_MCA_btl", "self", keep);                  // NOLINT(concurrency-mt-unsafe)
  setenv("OMPI_MCA_pml", "ob1", keep);                   // NOLINT(concurrency-mt-unsafe)
  // Shared file pointers are not used; their shared memory has the same name in all programs that are alone.
  setenv("OMPI_MCA_sharedfp", "^sm", keep);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

Environment::Environment(int& argc, char**& argv) {
  if (!launched()) prepare_to_be_alone();
  MPI_Init(&argc, &argv);
  auto group = std::make_shared<Communicator::Group>();
  group->handle = MPI_COMM_WORLD;
  MPI_Comm_rank(MPI_COMM_WORLD, &group->rank);
  MPI_Comm_size(MPI_COMM_WORLD, &group->size);
  MPI_Comm_dup(MPI_COMM_WORLD, &group->farewell);
  world_ = Communicator(group);
  // A step of a job whose ranks did not find each other would run the same work many times over, each writing the same
  // file.
  const char* step_tasks = std::getenv("SLURM_STEP_NUM_TASKS");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (step_tasks != nullptr && group->size == 1 && std::atoi(step_tasks) > 1 &&  // NOLINT(cert-err34-c)
      std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) {                          // NOLINT(concurrency-mt-unsafe)
    MPI_Finalize();
    throw ConfigError(
        fmt::format("SLURM started {} tasks, but each runs alone: srun and MPI did not connect. Start with "
                    "`srun --mpi=pmix titrant ...` or `mpirun titrant ...`",
                    step_tasks));
  }
}

Environment::~Environment() { MPI_Finalize(); }

}  // namespace titrant::parallel
