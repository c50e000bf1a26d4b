#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::store {

/// The format of the stores and checkpoints that this library writes: {major, minor}. Readers take every minor version
/// of the same major one.
inline constexpr std::array<std::int64_t, 2> format_version = {2, 0};

/// Probabilities of whole populations are stored as multiples of this.
inline constexpr double probability_resolution = 0x1p-16;

/// What a store holds; its root attribute `filetype` says so.
enum class Kind {
  run,      ///< "titrant run": the results of one run
  campaign  ///< "titrant campaign": an index of the runs of a campaign
};

/// A whole file that is another program's, or a store or checkpoint of another kind or format than asked for.
class ForeignStore : public StoreError {
 public:
  using StoreError::StoreError;
};

class Contract;

/// What the symbols of units stand for in one store: {"amount", "mg"} makes "{amount}/L" of a contract to "mg/L".
using UnitSymbols = std::map<std::string, std::string>;

/// Writes one store (HDF5; the layout is a contract, see src/store/README.md). All ranks make the same
/// calls in the same order. Everything goes to a temporary name beside the target; commit() flushes, closes, syncs and
/// renames, so the final name always holds a whole file. Without commit() the temporary file is removed.
///
/// A store holds what its contract describes and nothing else: axes, types, units and long names come from there.
///
///     store::Writer out(ranks, "run.h5", contract, {{"amount", "mg"}});
///     out.scale("/scenario/base/daily/dose", doses);
///     out.dataset("/scenario/base/daily/qcnn/pass_rate", rates);
///     out.commit();
///
/// Missing groups on a path are made; a path or attribute that exists already is an error. Values given whole must be
/// as many on every rank; rank 0's are written. The content does not depend on the number of ranks. Throws StoreError,
/// the same on every rank, where anything fails; the writer is of no use afterwards. A path that the contract does not
/// describe, or not as this type, and a shape that does not fit its axes are programmer's errors.
class Writer {
 public:
  /// `contract` outlives the writer.
  Writer(const parallel::Communicator& ranks, const std::filesystem::path& target, const Contract& contract,
         UnitSymbols units = {});
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// A dimension scale: a named axis with its values. A group whose datasets have the axis has a scale of its own, or
  /// the nearest group above it has.
  void scale(const std::string& path, std::span<const double> values);
  void scale(const std::string& path, std::span<const std::int64_t> values);
  void scale(const std::string& path, std::span<const std::string> names);

  /// A dataset given whole by every rank, row-major; its shape is that of its axes, which are written before it.
  void dataset(const std::string& path, std::span<const double> values);
  void dataset(const std::string& path, std::span<const std::int64_t> values);
  void dataset(const std::string& path, std::span<const std::string> values);

  /// A dataset of which every rank holds a contiguous block along axis `split` (row-major, whole along the other axes);
  /// `begin` is where its block starts. Together the blocks cover the axis exactly once; ranks may hold nothing.
  ///
  /// Where the contract says `Type::probability`, the values, from 0 to 1 or NaN, are rounded to multiples of
  /// `probability_resolution` (the dataset says so in its attribute `resolution`) and stored as 32-bit floats.
  /// Probabilities and integers are compressed, each rank its chunks; numbers are not. The memory that this takes
  /// besides the block is half of it for probabilities, and what HDF5 keeps of the compressed chunks of a rank.
  void distributed(const std::string& path, std::size_t split, std::size_t begin, std::span<const double> block);
  void distributed(const std::string& path, std::size_t split, std::size_t begin, std::span<const std::int64_t> block);

  void scalar(const std::string& path, double value);
  void scalar(const std::string& path, std::int64_t value);
  void scalar(const std::string& path, const std::string& text);

  /// A link to the root of another store. `file` is relative to the folder of this one and stays in it, so that the
  /// folder can be moved as a whole.
  void external_link(const std::string& path, const std::string& file);

  /// Attributes of a group or dataset that exists ("/" for the root).
  void attribute(const std::string& path, const std::string& name, const std::string& value);
  void attribute(const std::string& path, const std::string& name, double value);
  void attribute(const std::string& path, const std::string& name, std::int64_t value);

  /// Marks the store complete, closes, syncs and renames it onto the target. Nothing can be written afterwards.
  void commit();

 private:
  struct File;
  std::unique_ptr<File> file_;
};

/// A dataset as a listing shows it.
struct Entry {
  std::string path;
  std::vector<std::size_t> shape;  ///< empty: a scalar
  std::string units;               ///< empty where the dataset does not say
  std::string long_name;
};

/// An attribute of any object of a store, as text; those of HDF5 itself left out.
struct Attribute {
  std::string object;
  std::string name;
  std::string value;
};

/// Reads a store, in one process. Throws StoreError where the file is damaged or lacks what is asked for, ForeignStore
/// where it is not a store of our major version and of one of the kinds asked for. Values carry checksums, so a damaged
/// one is an error and never a wrong number. Nothing is read from files outside the folder of the store, and from
/// other files at all in the case of an index only.
///
///     const store::Reader run("run.h5");
///     std::vector<double> doses = run.numbers("/scenario/base/daily/dose");
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file, std::initializer_list<Kind> kinds = {Kind::run});
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  const std::filesystem::path& file() const;
  Kind kind() const;
  bool complete() const;
  bool contains(const std::string& path) const;
  std::vector<std::string> children(const std::string& group) const;  ///< names, sorted
  std::vector<Entry> entries() const;                                 ///< all datasets, sorted by path
  std::vector<std::size_t> shape(const std::string& path) const;
  bool holds_text(const std::string& path) const;
  bool holds_integers(const std::string& path) const;
  /// Numbers, probabilities or integers (exact below 2^53), row-major.
  std::vector<double> numbers(const std::string& path) const;
  std::vector<std::int64_t> integers(const std::string& path) const;
  /// The same of some places along the first axis, for what is too large for the memory.
  std::vector<double> numbers(const std::string& path, std::size_t begin, std::size_t count) const;
  std::vector<std::int64_t> integers(const std::string& path, std::size_t begin, std::size_t count) const;
  std::vector<std::string> strings(const std::string& path) const;
  double number(const std::string& path) const;
  std::string text(const std::string& path) const;
  std::string text_attribute(const std::string& path, const std::string& name) const;
  double number_attribute(const std::string& path, const std::string& name) const;
  std::vector<Attribute> attributes() const;  ///< of all objects, sorted

 private:
  struct File;
  std::unique_ptr<File> file_;
};

}  // namespace titrant::store
