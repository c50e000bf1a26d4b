#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "titrant/hardware/counts.hpp"
#include "titrant/hardware/scheme.hpp"
#include "titrant/hardware/shots.hpp"
#include "titrant/protocol/protocol.hpp"

namespace titrant::hardware {

/// A circuit of a folder: what the plan says of it, and its file.
struct ExportedCircuit {
  PlannedCircuit planned;
  std::string sha256;                       ///< of NAME.qasm
  std::vector<double> features;             ///< feature angles, rad, in the order of the network
  double expected = 0.0;                    ///< probability that the machine records 1, by its noise model
  std::vector<std::size_t> initial_layout;  ///< [qubit of the network] qubit of the device; empty without one
  std::vector<std::size_t> final_layout;    ///< likewise
};

/// What a folder of circuits is: all that reading counts and answering needs. Circuits, doses and target of `scheme`
/// are those of the plan.
struct Manifest {
  std::string version;  ///< of titrant
  std::string store;    ///< file as it was named
  std::string store_sha256;
  std::string device;             ///< name; empty: logical qubits
  std::string device_file;        ///< as it was named
  std::string device_sha256;      ///< of the file
  std::string device_calibrated;  ///< when
  protocol::Question question;
  std::string classifier;
  std::string dose_unit;
  std::vector<std::string> parameter_names;
  std::vector<double> parameters;  ///< angles of the network, rad; scale and offset of the readout are in `scheme`
  BitLayout bits;
  Promise promise;
  Scheme scheme;  ///< its circuits are those of `circuits`
  double risk = 0.0;
  std::vector<ExportedCircuit> circuits;
};

/// The name of the manifest in its folder.
inline constexpr const char* manifest_name = "manifest.json";
/// And of the counts that were imported for it, unless another is given.
inline constexpr const char* results_name = "results.json";

/// As JSON, with a checksum over all of it.
std::string write_manifest(const Manifest& manifest);

/// Reads it. Throws DataError where it is none, of another version, was edited (its checksum is another), or lacks a
/// part.
Manifest parse_manifest(const std::string& text, const std::string& file);

/// The manifest of a folder, and its digest. Throws DataError, also where a circuit's file in the folder is not the one
/// that was exported; a file that is not there is not missed.
struct FolderManifest {
  Manifest manifest;
  std::string sha256;
};
FolderManifest read_manifest(const std::filesystem::path& folder);

}  // namespace titrant::hardware
