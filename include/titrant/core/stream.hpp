#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace titrant::core {

/// What a random stream is for, in streams that share no numbers; src/core/README.md lists every use, a test checks it.
/// The values are part of reproducibility: append new ones, never renumber.
enum class Purpose : std::uint32_t {
  test = 0,
  synthetic_trial = 1,     ///< unit: subject
  cohort = 2,              ///< unit: virtual subject
  initial_parameters = 3,  ///< unit: training replicate
  split = 4,               ///< unit: training replicate; sub-unit: stratum
  training_shots = 5,      ///< unit: see classifier::Trainer
  prediction_shots = 6,    ///< unit: see dose::search
  bootstrap = 7,           ///< unit: bootstrap replicate
  starts = 8,              ///< unit: start of an estimation
  trajectory = 9,          ///< unit: circuit; sub-unit: shot
  parameter_draw = 10,     ///< unit: replicate; sub-unit: 0 PK, 1 PD
  replicate_trial = 11,    ///< unit: (replicate, subject) in 32 and 32 bits; sub-unit: part of the subject
  biomarker_draw = 12,     ///< unit: draw of the mechanistic classifier
  virtual_trial = 13,      ///< unit: (replicate, subject) in 32 and 32 bits; sub-unit: part of the subject
  perturbation = 14,       ///< unit: step of a training; sub-unit: repeat
  simulated_trial = 15,    ///< unit: (replicate, subject) in 32 and 32 bits; sub-unit: part of the subject
  importance = 16,         ///< unit: subject of a likelihood by importance sampling
  saem = 17,               ///< unit: subject; sub-unit: iteration
  sir = 18,                ///< unit: round of sampling importance resampling; sub-unit: sample
  device_subjects = 19,    ///< unit: 0
  device_run = 20,         ///< unit: simulated run of a plan; sub-unit: circuit
  device_interval = 21,    ///< unit: replicate of an interval; sub-unit: circuit
};

/// The sub-unit of a stream that is keyed by a name, so that naming another thing changes no numbers of those that are
/// named already: FNV-1a of 32 bits over the bytes of the name (Fowler, Noll and Vo; draft-eastlake-fnv). Part of
/// reproducibility, never to be changed. Two of 100 names are alike once in a million; who names streams looks.
std::uint32_t name_key(std::string_view name);

/// A counter-based random stream (Philox4x32-10, Salmon et al. 2011): its numbers depend on the four keys alone and
/// never on ranks or on the order in which streams are used. Cheap to make, never shared, never saved but by its keys.
///
///     core::Stream stream(seed, core::Purpose::cohort, subject);
///     double eta = omega * stream.normal();
///
/// Also a standard uniform random bit generator, for the distributions of Boost.Random.
class Stream {
 public:
  using result_type = std::uint32_t;

  Stream(std::uint64_t seed, Purpose purpose, std::uint64_t unit, std::uint32_t sub_unit = 0);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// The next 32 random bits. A stream holds 2^34 of them.
  result_type operator()();

  /// Uniform in the open interval (0, 1), 53 bits.
  double uniform();

  /// Uniform in (low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Standard normal, by inversion of one uniform number (so streams stay aligned between scenarios).
  double normal();

  /// Number of successes among `trials` independent ones.
  std::uint32_t binomial(std::uint32_t trials, double probability);

  /// Uniform in 0 .. count - 1, without bias; count > 0.
  std::uint64_t below(std::uint64_t count);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

}  // namespace titrant::core
