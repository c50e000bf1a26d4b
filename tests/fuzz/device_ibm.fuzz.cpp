#include "fuzz.hpp"
#include "titrant/quantum/device/device_reader.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

/// \file
/// Properties of IBM back ends in JSON, and the noise model of what they describe. The reader takes for JSON what
/// begins with a brace; everything else belongs to the target device_yaml.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  const std::string_view text = fuzz::text_of(data, size);
  if (!text.starts_with('{')) return 0;
  return fuzz::read_or_refuse([&] {
    const quantum::Device device = quantum::parse_device(text, "device.json");
    quantum::NoiseModel::typical(device);
    const quantum::NoiseModel noise(device);
  });
}
