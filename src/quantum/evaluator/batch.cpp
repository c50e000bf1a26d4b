#include "batch.hpp"

#include <fmt/format.h>

#include "reverse.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

/// The parameters that the program uses, once everything is known to fit.
std::span<const double> checked(const Program& program, std::span<const double> parameters,
                                std::span<const Input> inputs) {
  if (parameters.size() < program.parameters)
    throw ConfigError(fmt::format("circuit: {} parameters where it has {}", parameters.size(), program.parameters));
  const std::size_t amplitudes = program.amplitude_qubits == 0 ? 0 : std::size_t{1} << program.amplitude_qubits;
  for (const Input& input : inputs) {
    if (input.amplitudes.size() != amplitudes)
      throw ConfigError(fmt::format("circuit: {} amplitudes where it has {}", input.amplitudes.size(), amplitudes));
    if (input.features.size() < program.features)
      throw ConfigError(fmt::format("circuit: {} features where it has {}", input.features.size(), program.features));
  }
  return parameters.first(program.parameters);
}

}  // namespace

Batch::Batch(const Program& program, std::span<const double> parameters, std::span<const Input> inputs)
    : inputs_(inputs),
      kernels_(&kernels_of(selected_instruction_set())),
      binding_(program, checked(program, parameters, inputs)),
      observables_(binding_, *kernels_),
      examples_(binding_, *kernels_) {}

void differentiate(const Program& program, std::span<const double> parameters, std::span<const Input> inputs,
                   const std::vector<std::size_t>& output, std::size_t outputs, std::span<double> probability,
                   std::span<double> derivatives) {
  Batch batch(program, parameters, inputs);
  const Changes changes(batch.binding());
  Reverse reverse(batch.binding(), batch.kernels(), batch.examples(), batch.observables(), changes, output, outputs);
  AlignedVector sum(batch.width());
  AlignedVector change(outputs * batch.width());
  batch.for_each_few([&](std::size_t first, std::size_t count) {
    reverse.run(sum.data(), change.data());
    for (std::size_t lane = 0; lane < count; ++lane) {
      probability[first + lane] = sum[lane];
      for (std::size_t k = 0; k < outputs; ++k)
        derivatives[(first + lane) * outputs + k] = change[k * batch.width() + lane];
    }
  });
}

}  // namespace titrant::quantum
