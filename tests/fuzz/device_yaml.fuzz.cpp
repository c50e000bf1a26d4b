#include "fuzz.hpp"
#include "titrant/quantum/device/device_reader.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

/// \file
/// Device files in YAML (configs/devices), and the noise model of what they describe.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace titrant;
  const std::string_view text = fuzz::text_of(data, size);
  return fuzz::read_or_refuse([&] {
    const quantum::Device device = quantum::parse_device(text, "device.yaml");
    quantum::NoiseModel::typical(device);
    const quantum::NoiseModel noise(device);
  });
}
