#include "links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace titrant::store {

namespace {

struct Found {
  std::vector<ExternalLink> links;
  std::string strange;  ///< a link of an unknown kind
};

/// Called by HDF5, which no exception may cross: what is wrong is kept for later.
extern "C" herr_t add_link(hid_t group, const char* name, const H5L_info_t* info, void* kept) {
  auto& found = *static_cast<Found*>(kept);
  if (info->type == H5L_TYPE_HARD || info->type == H5L_TYPE_SOFT) return 0;
  const std::string path = std::string("/") + name;
  std::vector<char> value(info->u.val_size);
  const char* file = nullptr;
  const char* object = nullptr;
  unsigned flags = 0;
  if (info->type != H5L_TYPE_EXTERNAL || value.empty() ||
      H5Lget_val(group, name, value.data(), value.size(), H5P_DEFAULT) < 0 ||
      H5Lunpack_elink_val(value.data(), value.size(), &flags, &file, &object) < 0) {
    found.strange = path;
    return 1;
  }
  found.links.push_back({path, file});
  return 0;
}

}  // namespace

bool stays_inside(const std::string& file) {
  const std::filesystem::path path(file);
  return !path.empty() && !path.has_root_path() && std::find(path.begin(), path.end(), "..") == path.end();
}

std::vector<ExternalLink> external_links(const Handle& file) {
  Found found;
  ok(H5Lvisit(file.id(), H5_INDEX_NAME, H5_ITER_INC, add_link, &found));
  if (!found.strange.empty()) throw Hdf5Failure(fmt::format("{} is a link of an unknown kind", found.strange));
  for (const ExternalLink& link : found.links) {
    if (!stays_inside(link.file)) {
      throw Hdf5Failure(
          fmt::format("the link {} leads outside the folder of the store, to '{}'", link.path, link.file));
    }
  }
  std::sort(found.links.begin(), found.links.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return found.links;
}

void check_storage(const Handle& dataset) {
  const Handle creation(H5Dget_create_plist(dataset.id()), H5Pclose);
  if (ok(H5Pget_layout(creation.id())) == H5D_VIRTUAL || ok(H5Pget_external_count(creation.id())) > 0) {
    throw Hdf5Failure("its values are in other files, which are not read");
  }
}

}  // namespace titrant::store
