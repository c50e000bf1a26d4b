#include "output_file.hpp"

#include <mpi.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <numeric>
#include <utility>

#include "titrant/store/chunk.hpp"

namespace titrant::store {

namespace {

/// The size of one write on one rank, well below the 2 GiB at which MPI's counts end.
constexpr std::size_t most_bytes_per_write = std::size_t{1} << 30;

/// Scalars and small datasets up to this size fit an object header (64 KiB) with room to spare. Headers travel with the
/// file's other structures; every dataset of its own chunks is a round of messages and a write.
constexpr std::size_t most_header_bytes = std::size_t{32} * 1024;

/// Doubles hardly compress beyond what byte shuffling and the fastest level find.
constexpr unsigned deflate_level = 1;

/// What HDF5 adds to values: headers, attributes and indices of an object; checksums of chunks, and the gaps between
/// them.
constexpr std::size_t overhead_bytes = std::size_t{8} * 1024;
constexpr std::size_t overhead_share = 64;
constexpr std::size_t reserve_step = std::size_t{1} << 20;

Handle property_list(hid_t kind) { return {H5Pcreate(kind), H5Pclose}; }

/// Two runs of the same work give the same bytes: no times in the file.
Handle creation_list(hid_t kind) {
  Handle list = property_list(kind);
  ok(H5Pset_obj_track_times(list.id(), false));
  return list;
}

/// Hints to MPI-IO: what ranks write together goes through a few of them (one per node, unless the site says
/// otherwise), in large pieces. ROMIO and OMPIO each read their own keys and overlook the rest.
class Hints {
 public:
  Hints() {
    MPI_Info_create(&info_);
    for (const auto& [key, value] : {std::pair{"romio_cb_write", "enable"},
                                     {"romio_ds_write", "disable"},
                                     {"cb_buffer_size", "16777216"},
                                     {"collective_buffering", "true"}}) {
      MPI_Info_set(info_, key, value);
    }
  }
  ~Hints() { MPI_Info_free(&info_); }
  Hints(const Hints&) = delete;
  Hints& operator=(const Hints&) = delete;
  MPI_Info info() const { return info_; }

 private:
  MPI_Info info_ = MPI_INFO_NULL;
};

Handle create_file(const parallel::Communicator& ranks, const std::filesystem::path& path) {
  const Handle access = property_list(H5P_FILE_ACCESS);
  if (ranks.handle() != nullptr) {
    const Hints hints;
    ok(H5Pset_fapl_mpio(access.id(), static_cast<MPI_Comm>(ranks.handle()), hints.info()));
    // HDF5's own structures: one rank reads them for all, and they are written together. Without this every rank reads
    // every object header that it touches.
    ok(H5Pset_all_coll_metadata_ops(access.id(), true));
    ok(H5Pset_coll_metadata_write(access.id(), true));
  }
  // From format 1.10 on all of HDF5's own structures carry checksums.
  ok(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110));
  const Handle creation = creation_list(H5P_FILE_CREATE);
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose};
}

std::size_t product(const Extents& extents, std::size_t first) {
  return std::accumulate(extents.begin() + static_cast<std::ptrdiff_t>(first), extents.end(), std::size_t{1},
                         [](std::size_t a, hsize_t b) { return a * static_cast<std::size_t>(b); });
}

}  // namespace

OutputFile::OutputFile(parallel::Communicator ranks, const std::filesystem::path& target)
    : ranks_(std::move(ranks)), exceptions_at_birth_(std::uncaught_exceptions()) {
  silence_hdf5();
  parallel::on_root(ranks_, [&] { partial_ = std::make_unique<PartialFile>(target); });
  parallel::collectively(ranks_, [&] {
    attempt(target.string() + ": cannot be created", [&] { file_ = create_file(ranks_, partial_name(target)); });
  });
}

OutputFile::~OutputFile() {
  // Closing is collective. While an error unwinds this rank the others may be anywhere: closing would wait for them for
  // ever, and the program is about to end anyway.
  const bool alone = ranks_.size() == 1;
  if (!alone && std::uncaught_exceptions() > exceptions_at_birth_) file_.release();
}

void OutputFile::reserve(std::size_t bytes) {
  promised_ += bytes + bytes / overhead_share + overhead_bytes;
  if (promised_ <= reserved_) return;
  reserved_ = promised_ + reserve_step;
  parallel::on_root(ranks_, [&] { partial_->reserve(reserved_); });
}

Handle OutputFile::make_scalar(const std::string& path, ValueType type, const void* value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle creation = creation_list(H5P_DATASET_CREATE);
  if (H5Tget_size(type.file) <= most_header_bytes) ok(H5Pset_layout(creation.id(), H5D_COMPACT));
  Handle dataset = create(path, type.file, space.id(), creation.id());
  ok(H5Dwrite(dataset.id(), type.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, value));
  return dataset;
}

Handle OutputFile::make_dataset(const std::string& path, ValueType type, const Extents& extents, const Piece& piece) {
  const Handle space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose);
  const Handle creation = creation_list(H5P_DATASET_CREATE);
  const std::size_t cells = product(extents, 0);
  if (cells == 0) return create(path, type.file, space.id(), creation.id());
  if (piece.everywhere && cells * H5Tget_size(type.file) <= most_header_bytes) {
    ok(H5Pset_layout(creation.id(), H5D_COMPACT));
    Handle dataset = create(path, type.file, space.id(), creation.id());
    ok(H5Dwrite(dataset.id(), type.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, piece.data));
    return dataset;
  }

  const std::vector<std::size_t> chunk = chunk_shape({extents.begin(), extents.end()}, H5Tget_size(type.file));
  const Extents chunk_extents(chunk.begin(), chunk.end());
  ok(H5Pset_chunk(creation.id(), static_cast<int>(chunk_extents.size()), chunk_extents.data()));
  ok(H5Pset_fill_time(creation.id(), H5D_FILL_TIME_NEVER));
  // Doubles of whole populations, such as curves, would shrink by a quarter, and take five times as long to write.
  if (piece.everywhere || piece.deflated) {
    ok(H5Pset_shuffle(creation.id()));
    ok(H5Pset_deflate(creation.id(), deflate_level));
  }
  ok(H5Pset_fletcher32(creation.id()));
  Handle dataset = create(path, type.file, space.id(), creation.id());
  const bool silent = piece.everywhere && !ranks_.root();  // the first rank writes for all
  write(dataset, type.memory, extents, chunk_extents, silent ? Piece{piece.start, piece.start, nullptr} : piece);
  return dataset;
}

void OutputFile::write(const Handle& dataset, hid_t type, const Extents& extents, const Extents& chunk,
                       const Piece& piece) {
  const std::size_t cell = H5Tget_size(type);
  const std::size_t row = product(piece.count, 1) * cell;
  std::vector<RowSlice> slices;
  if (row > 0) {
    slices = row_slices({static_cast<std::size_t>(piece.start[0]), static_cast<std::size_t>(piece.count[0])},
                        std::max<std::size_t>(1, most_bytes_per_write / row), static_cast<std::size_t>(chunk[0]));
  }
  const Handle transfer = property_list(H5P_DATASET_XFER);
  if (ranks_.handle() != nullptr) ok(H5Pset_dxpl_mpio(transfer.id(), H5FD_MPIO_COLLECTIVE));

  // Every rank takes part in every collective write, with nothing once its own slices are written.
  const std::uint64_t writes = ranks_.maximum(slices.size());
  for (std::uint64_t i = 0; i < writes; ++i) {
    const Handle in_file(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose);
    if (i >= slices.size()) {
      const hsize_t none = 1;
      const Handle in_memory(H5Screate_simple(1, &none, nullptr), H5Sclose);
      const char nothing = 0;
      ok(H5Sselect_none(in_file.id()));
      ok(H5Sselect_none(in_memory.id()));
      ok(H5Dwrite(dataset.id(), type, in_memory.id(), in_file.id(), transfer.id(), &nothing));
      continue;
    }
    Extents start = piece.start;
    Extents count = piece.count;
    start[0] = slices[i].begin;
    count[0] = slices[i].count;
    const Handle in_memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
    ok(H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr));
    const std::size_t offset = (slices[i].begin - static_cast<std::size_t>(piece.start[0])) * row;
    ok(H5Dwrite(dataset.id(), type, in_memory.id(), in_file.id(), transfer.id(),
                static_cast<const char*>(piece.data) + offset));
  }
}

Handle OutputFile::create(const std::string& path, hid_t type, hid_t space, hid_t creation) {
  make_parents(path);
  return {H5Dcreate2(file_.id(), path.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose};
}

void OutputFile::make_parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string group = path.substr(0, slash);
    if (ok(H5Lexists(file_.id(), group.c_str(), H5P_DEFAULT)) > 0) continue;
    const Handle creation = creation_list(H5P_GROUP_CREATE);
    const Handle made(H5Gcreate2(file_.id(), group.c_str(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Gclose);
  }
}

void OutputFile::make_external_link(const std::string& path, const std::string& file) {
  make_parents(path);
  ok(H5Lcreate_external(file.c_str(), "/", file_.id(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT));
}

Handle OutputFile::open_object(const std::string& path) const {
  return {H5Oopen(file_.id(), path.c_str(), H5P_DEFAULT), H5Oclose};
}

void OutputFile::change_attribute(const std::string& name, std::int64_t value) const {
  const Handle attribute(H5Aopen(file_.id(), name.c_str(), H5P_DEFAULT), H5Aclose);
  ok(H5Awrite(attribute.id(), H5T_NATIVE_INT64, &value));
}

void OutputFile::close() {
  ok(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL));
  ok(H5Fclose(file_.release()));
}

std::error_code OutputFile::give_up() {
  const std::error_code on_root = partial_ ? partial_->empty() : std::error_code();
  const auto code = static_cast<int>(ranks_.maximum(static_cast<std::uint64_t>(on_root.value())));
  if (code == 0) {
    file_ = Handle();
  } else {
    file_.release();
  }
  return {code, std::generic_category()};
}

void OutputFile::publish() {
  parallel::on_root(ranks_, [&] { partial_->publish(); });
}

}  // namespace titrant::store
