#include "titrant/run/noise.hpp"

#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/quantum/device/device_reader.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::run {

namespace {

quantum::UniformNoise uniform_noise(const NoiseOptions& options) {
  constexpr double never = std::numeric_limits<double>::infinity();
  quantum::UniformNoise noise;
  noise.one_qubit = options.one_qubit;
  noise.two_qubit = options.two_qubit;
  noise.readout = options.readout;
  noise.t1 = options.t1 > 0.0 ? options.t1 : never;
  noise.t2 = options.t2 > 0.0 ? options.t2 : 2.0 * noise.t1;
  noise.one_qubit_duration = options.one_qubit_duration;
  noise.two_qubit_duration = options.two_qubit_duration;
  return noise;
}

}  // namespace

void describe_noise(core::Settings& parent, NoiseOptions& options) {
  core::Settings& s =
      parent.section("noise", "what goes wrong in the circuits; none, the name of a device file, or the keys below",
                     [&options](const std::string& word) {
                       options = {};
                       if (word != "none") options.device = word;
                     });
  s.text("device", options.device,
         "device file, beside this file or where titrant is started; every gate gets its median figures; empty: the "
         "figures below");
  s.number("one_qubit", options.one_qubit, "1", core::Range::between(0.0, 1.0),
           "depolarising probability after a gate on one qubit that is no rotation about z");
  s.number("two_qubit", options.two_qubit, "1", core::Range::between(0.0, 1.0),
           "depolarising probability after a gate on two qubits");
  s.number("readout", options.readout, "1", core::Range::between(0.0, 1.0), "probability that a recorded bit is wrong");
  s.number("t1", options.t1, "us", core::Range::at_least(0.0), "relaxation time; 0: none");
  s.number("t2", options.t2, "us", core::Range::at_least(0.0), "dephasing time, at most 2 t1; 0: 2 t1");
  s.number("one_qubit_duration", options.one_qubit_duration, "ns", core::Range::at_least(0.0),
           "of a gate on one qubit, for relaxation");
  s.number("two_qubit_duration", options.two_qubit_duration, "ns", core::Range::at_least(0.0),
           "of a gate on two qubits, for relaxation");
}

NoiseOptions read_noise(const std::string& text) {
  NoiseOptions options;
  core::Settings settings;
  describe_noise(settings, options);
  core::Problems problems;
  core::set_value(settings, "noise=" + text, problems);
  if (!problems.empty()) throw ConfigError("--noise: " + problems.text());
  return options;
}

void read_device_text(NoiseOptions& options) {
  constexpr std::size_t largest = std::size_t{32} << 20U;  // bytes; of the largest format
  if (options.text_of == options.device) return;
  options.text = core::read_file(options.device, largest);
  options.text_of = options.device;
}

namespace {

quantum::Device device_of(NoiseOptions options) {
  read_device_text(options);
  return quantum::parse_device(options.text, options.device);
}

}  // namespace

quantum::NoiseModel circuit_noise(const NoiseOptions& options) {
  if (!options.device.empty()) return quantum::NoiseModel(device_of(options));
  return quantum::NoiseModel(uniform_noise(options));
}

quantum::NoiseModel network_noise(const NoiseOptions& options) {
  if (!options.device.empty()) return quantum::NoiseModel::typical(device_of(options));
  return quantum::NoiseModel(uniform_noise(options));
}

}  // namespace titrant::run
