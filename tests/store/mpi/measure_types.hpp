#pragma once

#include <hdf5.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "../test_contract.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/partition.hpp"
#include "titrant/store/store.hpp"

/// \file
/// What predictions of a population take as numbers, as probabilities and as counts of shots: bytes and time.

namespace measure {

constexpr std::size_t subjects = 20000;
constexpr std::size_t doses = 80;
constexpr int repetitions = 7;

/// Logistic in the logarithm of the dose. Slope, median and spread are those of the logistic classifier in a run of
/// configs/challenge.yaml: 6.9, 3.7 mg, 0.41.
struct Curve {
  double slope;
  double median;  ///< mg: dose at which half of the subjects have p > 0.5
  double spread;  ///< standard deviation of the logarithm of a subject's dose of p = 0.5
};

/// [dose][subject] of a block of subjects.
inline std::vector<double> probabilities(const Curve& curve, titrant::parallel::Block mine) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> offset(subjects);
  for (double& one : offset) one = curve.spread * normal(random);
  std::vector<double> values;
  for (std::size_t dose = 1; dose <= doses; ++dose) {
    const double middle = std::log(0.5 * static_cast<double>(dose) / curve.median);
    for (std::size_t i = mine.begin; i < mine.end; ++i) {
      values.push_back(1.0 / (1.0 + std::exp(curve.slope * (offset[i] - middle))));
    }
  }
  return values;
}

inline double bytes_per_value(const std::filesystem::path& file, const std::string& path) {
  const hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(id, path.c_str(), H5P_DEFAULT);
  const auto bytes = static_cast<double>(H5Dget_storage_size(dataset));
  H5Dclose(dataset);
  H5Fclose(id);
  return bytes / static_cast<double>(subjects * doses);
}

/// [subject][dose] of the same.
inline std::vector<double> transposed(const std::vector<double>& values) {
  const std::size_t mine = values.size() / doses;
  std::vector<double> result;
  for (std::size_t i = 0; i < mine; ++i) {
    for (std::size_t dose = 0; dose < doses; ++dose) result.push_back(values[dose * mine + i]);
  }
  return result;
}

/// Writes the values `repetitions` times, in stores of their own; prints size and fastest time.
template <class Value>
void one(const titrant::parallel::Communicator& ranks, const std::filesystem::path& file, const char* name,
         std::size_t split, titrant::parallel::Block mine, const std::vector<Value>& values) {
  const std::string group = "/scenario/base/daily";
  const std::string path = group + "/logistic/" + name;
  double fastest = std::numeric_limits<double>::infinity();
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    titrant::store::Writer out(ranks, file, test_contract(), test_units);
    out.scale(group + "/dose", std::vector<double>(doses));
    out.scale(group + "/subject", std::vector<std::int64_t>(subjects));
    ranks.barrier();
    const auto start = std::chrono::steady_clock::now();
    out.distributed(path, split, mine.begin, values);
    ranks.barrier();
    fastest = std::min(fastest, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    out.commit();
  }
  if (!ranks.root()) return;
  std::printf("  %-12s %6.3f bytes a value %7.1f ms\n", name, bytes_per_value(file, path), 1e3 * fastest);
}

inline void all(const titrant::parallel::Communicator& ranks, const std::filesystem::path& file) {
  const titrant::parallel::Block mine = titrant::parallel::block_of(subjects, ranks.size(), ranks.rank());
  for (const Curve& curve : {Curve{6.5, 4.0, 0.4}, Curve{6.5, 8.0, 0.4}, Curve{3.0, 8.0, 0.5}}) {
    const std::vector<double> p = probabilities(curve, mine);
    std::vector<std::int64_t> counts;
    for (const double one : p) counts.push_back(std::llround(1024.0 * one));
    if (ranks.root()) {
      std::printf("%zu doses x %zu subjects, %zu ranks; slope %.1f, median %.1f mg, spread %.1f\n", doses, subjects,
                  ranks.size(), curve.slope, curve.median, curve.spread);
    }
    one(ranks, file, "unrounded", 1, mine, p);
    one(ranks, file, "probability", 1, mine, p);
    one(ranks, file, "by_subject", 0, mine, transposed(p));
    one(ranks, file, "counts", 1, mine, counts);
  }
}

}  // namespace measure
