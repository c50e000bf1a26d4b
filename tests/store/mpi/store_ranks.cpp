/// \file
/// Writes a store from any number of ranks whose content depends on global indices alone:
///
///     mpiexec -n N store_ranks FILE
///
/// Files of different N must be equal for h5diff. It also provokes errors on one rank only, which all ranks must report
/// alike and after which all must go on: a hang or a difference ends the program with a message.
///
///     mpiexec -n N store_ranks FILE --measure
///
/// prints the size of predictions in a store, and the time that N ranks need to write them.

#include <hdf5.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../test_contract.hpp"
#include "measure_types.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/partition.hpp"

namespace {

using titrant::parallel::Block;
using titrant::parallel::Communicator;
using titrant::store::Writer;

constexpr std::size_t subjects = 9001;  // several chunks, and no multiple of any number of ranks
constexpr std::size_t times = 64;
constexpr std::size_t doses = 30;

double value(std::size_t row, std::size_t column) {
  return std::sqrt(static_cast<double>(row)) - static_cast<double>(column) / 7.0;
}

std::vector<double> count_up(std::size_t size) {
  std::vector<double> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<double>(i);
  return values;
}

std::vector<std::int64_t> count_up_whole(std::size_t size) {
  std::vector<std::int64_t> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<std::int64_t>(i);
  return values;
}

/// Probabilities that rise with the row, or the ones among 1,000 shots.
double probability(std::size_t row, std::size_t column) {
  return 1.0 / (1.0 + std::exp(std::sqrt(static_cast<double>(column)) / 5.0 - static_cast<double>(row) / 3.0));
}

std::vector<double> probabilities(Block rows, Block columns) {
  std::vector<double> values;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    for (std::size_t column = columns.begin; column < columns.end; ++column) {
      values.push_back(probability(row, column));
    }
  }
  return values;
}

std::vector<std::int64_t> counts(Block rows, Block columns) {
  std::vector<std::int64_t> values;
  for (const double p : probabilities(rows, columns)) values.push_back(std::llround(1000.0 * p));
  return values;
}

std::vector<double> matrix(Block rows, Block columns) {
  std::vector<double> values;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    for (std::size_t column = columns.begin; column < columns.end; ++column) values.push_back(value(row, column));
  }
  return values;
}

void write(const Communicator& ranks, const std::filesystem::path& file) {
  Writer out(ranks, file, test_contract(), test_units);
  const Block mine = titrant::parallel::block_of(subjects, ranks.size(), ranks.rank());
  const std::string group = "/scenario/base/daily";
  // What is given whole is that of rank 0, of whatever length the others' are.
  out.attribute("/", "titrant_version", "from rank 0" + std::string(ranks.rank(), 'x'));
  out.scalar("/config/resolved", "seed: 1" + std::string(ranks.rank(), 'x'));
  out.scalar("/pk/objective", ranks.root() ? 1.5 : -1.5);
  out.scale(group + "/subject", count_up_whole(subjects));
  out.scale(group + "/time", count_up(times));
  out.scale(group + "/dose", count_up(doses));
  out.scale("/pk/parameter", std::vector<std::string>{"clearance", ranks.root() ? "volume" : "other volume"});
  out.dataset("/pk/estimate", std::vector<double>{1.0, ranks.root() ? 2.0 : 3.0});

  out.distributed(group + "/concentration", 0, mine.begin, matrix(mine, {0, times}));
  out.distributed(group + "/qcnn/unrounded", 1, mine.begin, matrix({0, doses}, mine));
  out.distributed(group + "/qcnn/probability", 1, mine.begin, probabilities({0, doses}, mine));
  out.distributed(group + "/qcnn/counts", 1, mine.begin, counts({0, doses}, mine));
  const Block mine_of_doses = titrant::parallel::block_of(doses, ranks.size(), ranks.rank());
  out.distributed(group + "/logistic/probability", 0, mine_of_doses.begin, probabilities(mine_of_doses, {0, subjects}));
  // All of it on the last rank.
  const bool last = ranks.rank() + 1 == ranks.size();
  const Block all_or_none = last ? Block{0, doses} : Block{0, 0};
  out.distributed(group + "/qcnn/pass_rate", 0, 0, matrix(all_or_none, {0, 1}));
  out.distributed(group + "/cnn/probability", 0, 0, probabilities(all_or_none, {0, subjects}));
  out.distributed(group + "/cnn/counts", 0, 0, counts(all_or_none, {0, subjects}));
  out.scale(group + "/own/dose", count_up(2));
  out.dataset(group + "/own/pass_rate", std::vector<double>{0.25, 0.75});
  for (int i = 0; i < 100; ++i) {
    out.dataset(group + "/many/d" + std::to_string(i), count_up(doses));
  }
  out.commit();
}

/// The action must throw the same message on all ranks.
void expect_failure(const Communicator& ranks, const std::string& what, const std::function<void()>& action) {
  std::string message = "nothing thrown";
  try {
    action();
  } catch (const std::exception& error) {
    message = error.what();
  }
  for (const std::string& other : ranks.gather(message)) {
    if (other != message || message == "nothing thrown") {
      std::fprintf(stderr, "%s: rank %zu got '%s'\n", what.c_str(), ranks.rank(), message.c_str());
      ranks.abort(1);
    }
  }
}

void fail_together(const Communicator& ranks, const std::filesystem::path& file) {
  expect_failure(ranks, "no folder", [&] { Writer(ranks, file.parent_path() / "absent" / "run.h5", test_contract()); });
  const std::filesystem::path other = file.string() + ".failed";
  expect_failure(ranks, "the same path twice", [&] {
    Writer out(ranks, other, test_contract(), test_units);
    out.scalar("/scalar", 1.0);
    out.scalar("/scalar", 1.0);
  });
  expect_failure(ranks, "blocks that overlap", [&] {
    Writer out(ranks, other, test_contract(), test_units);
    out.scale("/x", count_up(4 * ranks.size()));
    out.distributed("/along_x", 0, 0, count_up(4));
    if (ranks.size() == 1) throw titrant::StoreError("one block cannot overlap");
  });
  expect_failure(ranks, "a value on the last rank that is no probability", [&] {
    Writer out(ranks, other, test_contract(), test_units);
    out.scale("/scenario/a/daily/dose", count_up(ranks.size()));
    out.scale("/scenario/a/daily/subject", count_up_whole(1));
    const bool last = ranks.rank() + 1 == ranks.size();
    out.distributed("/scenario/a/daily/qcnn/probability", 0, ranks.rank(), std::vector<double>{last ? 1.5 : 0.5});
  });
  expect_failure(ranks, "a block that does not fit on one rank", [&] {
    Writer out(ranks, other, test_contract(), test_units);
    out.scale("/x", count_up(3));
    out.scale("/y", count_up(ranks.size()));
    out.distributed("/plane", 1, ranks.rank(), count_up(ranks.root() ? 4 : 3));
  });
  if (std::filesystem::exists(other)) throw titrant::StoreError(other.string() + " exists without commit");
}

/// The chunks of a dataset as they lie in the file, in the order of their places.
std::vector<std::string> chunks_of(const std::filesystem::path& file, const std::string& path) {
  const hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(id, path.c_str(), H5P_DEFAULT);
  const hid_t space = H5Dget_space(dataset);
  hsize_t count = 0;
  H5Dget_num_chunks(dataset, space, &count);
  std::map<std::pair<hsize_t, hsize_t>, std::string> chunks;
  for (hsize_t i = 0; i < count; ++i) {
    hsize_t offset[2] = {};
    hsize_t size = 0;
    haddr_t address = 0;
    unsigned mask = 0;
    H5Dget_chunk_info(dataset, space, i, offset, &mask, &address, &size);
    std::string bytes(size, '\0');
    std::uint32_t filters = 0;
    if (H5Dread_chunk(dataset, H5P_DEFAULT, offset, &filters, bytes.data()) < 0 || mask != 0 || filters != 0) {
      throw titrant::StoreError(path + " has a chunk that was not compressed");
    }
    chunks[{offset[0], offset[1]}] = std::move(bytes);
  }
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(id);
  std::vector<std::string> in_order;
  for (auto& [place, bytes] : chunks) in_order.push_back(std::move(bytes));
  return in_order;
}

/// What many ranks have compressed together has the same bytes as what one process compresses.
void check_chunks(const std::filesystem::path& file) {
  const std::filesystem::path alone = file.string() + ".alone";
  write({}, alone);
  for (const char* name :
       {"qcnn/probability", "qcnn/counts", "logistic/probability", "cnn/probability", "cnn/counts"}) {
    const std::string path = std::string("/scenario/base/daily/") + name;
    const std::vector<std::string> expected = chunks_of(alone, path);
    if (expected.size() < 2 || chunks_of(file, path) != expected) {
      throw titrant::StoreError(path + " has other chunks than those that one process writes");
    }
  }
  std::filesystem::remove(alone);
}

void check(const std::filesystem::path& file) {
  const titrant::store::Reader run(file);
  const std::vector<double> concentration = run.numbers("/scenario/base/daily/concentration");
  const std::vector<double> unrounded = run.numbers("/scenario/base/daily/qcnn/unrounded");
  std::vector<double> rounded = probabilities({0, doses}, {0, subjects});
  for (double& p : rounded) p = std::nearbyint(0x1p16 * p) * 0x1p-16;
  for (const char* name : {"qcnn", "logistic", "cnn"}) {
    if (run.numbers(std::string("/scenario/base/daily/") + name + "/probability") != rounded) {
      throw titrant::StoreError(file.string() + " does not hold the probabilities of " + name);
    }
  }
  for (const char* name : {"qcnn", "cnn"}) {
    if (run.integers(std::string("/scenario/base/daily/") + name + "/counts") != counts({0, doses}, {0, subjects})) {
      throw titrant::StoreError(file.string() + " does not hold the counts of " + name);
    }
  }
  if (!run.complete() || concentration != matrix({0, subjects}, {0, times}) ||
      unrounded != matrix({0, doses}, {0, subjects}) || run.number("/pk/objective") != 1.5 ||
      run.strings("/pk/parameter") != std::vector<std::string>{"clearance", "volume"} ||
      run.text("/config/resolved") != "seed: 1" || run.text_attribute("/", "titrant_version") != "from rank 0") {
    throw titrant::StoreError(file.string() + " does not hold what was written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const titrant::parallel::Environment environment(argc, argv);
  const Communicator& ranks = environment.world();
  try {
    if (argc == 3 && argv[2] == std::string("--measure")) {
      measure::all(ranks, argv[1]);
      return 0;
    }
    if (argc != 2) throw titrant::ConfigError("which file? store_ranks FILE [--measure]");
    write(ranks, argv[1]);
    fail_together(ranks, argv[1]);
    titrant::parallel::on_root(ranks, [&] {
      check(argv[1]);
      check_chunks(argv[1]);
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %zu: %s\n", ranks.rank(), error.what());
    ranks.abort(1);
  }
  return 0;
}
