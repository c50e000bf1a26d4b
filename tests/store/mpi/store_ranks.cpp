/// \file
/// Writes a store from any number of ranks whose content depends on global indices alone:
///
///     mpiexec -n N store_ranks FILE
///
/// Files of different N must be equal for h5diff. It also provokes errors on one rank only, which all ranks must report
/// alike and after which all must go on: a hang or a difference ends the program with a message.

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "../test_contract.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/partition.hpp"

namespace {

using titrant::parallel::Block;
using titrant::parallel::Communicator;
using titrant::store::Writer;

constexpr std::size_t subjects = 3001;  // several chunks, and no multiple of any number of ranks
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
  out.scale(group + "/subject", count_up(subjects));
  out.scale(group + "/time", count_up(times));
  out.scale(group + "/dose", count_up(doses));
  out.scale("/pk/parameter", std::vector<std::string>{"clearance", ranks.root() ? "volume" : "other volume"});
  out.dataset("/pk/estimate", std::vector<double>{1.0, ranks.root() ? 2.0 : 3.0});

  out.distributed(group + "/concentration", 0, mine.begin, matrix(mine, {0, times}));
  out.distributed(group + "/qcnn/probability", 1, mine.begin, matrix({0, doses}, mine));
  // All of it on the last rank.
  const bool last = ranks.rank() + 1 == ranks.size();
  const Block all_or_none = last ? Block{0, doses} : Block{0, 0};
  out.distributed(group + "/qcnn/pass_rate", 0, 0, matrix(all_or_none, {0, 1}));
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
  expect_failure(ranks, "a block that does not fit on one rank", [&] {
    Writer out(ranks, other, test_contract(), test_units);
    out.scale("/x", count_up(3));
    out.scale("/y", count_up(ranks.size()));
    out.distributed("/plane", 1, ranks.rank(), count_up(ranks.root() ? 4 : 3));
  });
  if (std::filesystem::exists(other)) throw titrant::StoreError(other.string() + " exists without commit");
}

void check(const std::filesystem::path& file) {
  const titrant::store::Reader run(file);
  const std::vector<double> concentration = run.numbers("/scenario/base/daily/concentration");
  const std::vector<double> probability = run.numbers("/scenario/base/daily/qcnn/probability");
  if (!run.complete() || concentration != matrix({0, subjects}, {0, times}) ||
      probability != matrix({0, doses}, {0, subjects}) || run.number("/pk/objective") != 1.5 ||
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
    if (argc != 2) throw titrant::ConfigError("which file? store_ranks FILE");
    write(ranks, argv[1]);
    fail_together(ranks, argv[1]);
    titrant::parallel::on_root(ranks, [&] { check(argv[1]); });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %zu: %s\n", ranks.rank(), error.what());
    ranks.abort(1);
  }
  return 0;
}
