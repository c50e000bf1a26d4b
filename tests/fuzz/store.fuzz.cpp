#include "titrant/store/store.hpp"

#include "fuzz.hpp"
#include "memory_file.hpp"

/// \file
/// Run stores, opened and listed as by `titrant inspect`.
///
/// Only inputs that end in a seal are opened: HDF5 1.10.8 crashes on some damaged files (src/store/README.md), and the
/// seal is what keeps those away from it. So what is tested is that no damage gets past the seal.

namespace titrant::fuzz {

namespace {

constexpr std::string_view seal_title = "\ntitrant seal ";
constexpr std::size_t seal_size = seal_title.size() + 64 + 1;

bool is_sealed(std::string_view bytes) {
  return bytes.size() >= seal_size && bytes.substr(bytes.size() - seal_size).starts_with(seal_title);
}

void inspect(const store::Reader& reader) {
  reader.complete();
  reader.text_attribute("/", "titrant_version");
  for (const store::Entry& entry : reader.entries()) {
    require(reader.contains(entry.path), "what is listed is there: " + entry.path);
    require(reader.shape(entry.path) == entry.shape, "a dataset has the shape that is listed: " + entry.path);
    read_or_refuse([&] { reader.numbers(entry.path); });
    read_or_refuse([&] { reader.integers(entry.path); });
    read_or_refuse([&] { reader.strings(entry.path); });
  }
}

}  // namespace

}  // namespace titrant::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  const std::string_view bytes = fuzz::text_of(data, size);
  if (!fuzz::is_sealed(bytes)) return 0;
  return fuzz::read_or_refuse([&] {
    const fuzz::MemoryFile file(bytes);
    fuzz::inspect(store::Reader(file.name()));
  });
}
