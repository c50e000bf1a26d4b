#include "../../src/store/seal.hpp"

#include "fuzz.hpp"
#include "memory_file.hpp"

/// \file
/// The seal of a store. The input is read as a file that may have one; and as content that is sealed and then damaged:
/// its first byte says where and how, the rest is the content.

namespace titrant::fuzz {

namespace {

void damage(std::string_view input) {
  const auto choice = static_cast<unsigned char>(input.front());
  const std::string content(input.substr(1));
  MemoryFile file(content);
  store::seal(file.name());
  store::check_seal(file.name());
  if (content.empty()) return;
  const std::size_t place = choice / 8U * content.size() / 32U;
  const char flipped = static_cast<char>(content[place] ^ (1 << (choice % 8U)));
  file.write({&flipped, 1}, place);
  bool refused = false;
  try {
    store::check_seal(file.name());
  } catch (const StoreError&) {
    refused = true;
  }
  require(refused, "a flipped bit breaks the seal");
}

}  // namespace

}  // namespace titrant::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  const std::string_view bytes = fuzz::text_of(data, size);
  if (!bytes.empty()) fuzz::damage(bytes);
  return fuzz::read_or_refuse([&] {
    const fuzz::MemoryFile file(bytes);
    store::check_seal(file.name());
  });
}
