#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "titrant/campaign/gather.hpp"
#include "titrant/run/answers.hpp"
#include "titrant/store/store.hpp"

/// \file
/// What `titrant inspect` finds in a file, before it is printed in one way or another.

namespace titrant::cli {

/// Target attainment by dose.
struct FoundCurve {
  std::string population;
  std::string regimen;
  std::string method;
  std::string endpoint;
  std::vector<double> dose;
  std::vector<double> attainment;
  std::vector<double> lower;  ///< empty: no band
  std::vector<double> upper;
};

/// A population fit: what there is to say in one line.
struct FoundFit {
  std::string group;  ///< pk, pd
  std::string structure;
  std::string verdict;
  double objective = 0.0;
  double bic = 0.0;
  std::vector<std::string> parameters;
  std::vector<std::string> units;
  std::vector<double> estimates;
  std::vector<double> rse;  ///< per cent
  std::vector<double> lower;
  std::vector<double> upper;
};

/// Held-out figures of one classifier, of the first repeat.
struct FoundMetrics {
  std::string classifier;
  double log_loss = 0.0;
  double accuracy = 0.0;
  double auc = 0.0;
};

/// A store, run or index.
struct Inspection {
  std::filesystem::path file;
  std::uintmax_t bytes = 0;
  store::Kind kind = store::Kind::run;
  std::string filetype;
  bool complete = false;
  std::string version;
  std::vector<std::pair<std::string, std::string>> provenance;  ///< texts of /provenance
  std::vector<std::pair<std::string, double>> counts;           ///< numbers of /provenance
  std::vector<std::pair<std::string, double>> stages;           ///< s
  std::string data_file;                                        ///< empty: the embedded synthetic trial
  std::string data_digest;                                      ///< SHA-256; empty: as above
  std::string configuration;                                    ///< resolved, YAML; of an index: what its members share
  std::string configuration_digest;                             ///< SHA-256
  std::string rule;                                             ///< of the answers
  protocol::Question headline;                                  ///< asked first; without names where nothing is asked
  std::map<std::string, std::string> dose_units;                ///< by regimen
  std::map<std::string, std::string> endpoint_text;             ///< what a success is, by endpoint
  std::size_t subjects = 0;                                     ///< of the trial
  std::vector<FoundFit> fits;
  std::vector<FoundMetrics> metrics;
  std::vector<run::Answer> answers;
  std::vector<FoundCurve> curves;
  double planned_members = 0.0;        ///< of an index
  std::vector<std::string> members;    ///< of an index
  campaign::CampaignAnswers gathered;  ///< of an index
  std::vector<store::Entry> contents;

  const std::string& fact(const std::string& name) const;  ///< of the provenance; empty: there is none
  double count(const std::string& name) const;             ///< NaN: there is none
};

/// Reads a store of any kind, however much of it there is. Throws StoreError.
Inspection inspect_store(const std::filesystem::path& file);

}  // namespace titrant::cli
