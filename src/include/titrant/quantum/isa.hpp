#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace titrant::quantum {

/// The instruction sets for which kernels are compiled into the one binary. Results have the same bits on each; only
/// the speed differs (the baseline has no fused multiply-add in hardware and is slow).
enum class InstructionSet {
  baseline,  ///< whatever the compiler's target is
  v3,        ///< x86-64-v3: AVX2 and FMA, 4 circuits side by side
  v4         ///< x86-64-v4: AVX-512, 8 circuits side by side
};

/// "baseline", "v3", "v4"; nothing for another name.
std::string_view instruction_set_name(InstructionSet set);
std::optional<InstructionSet> instruction_set_from_name(std::string_view name);

/// Those that this binary has and this processor runs, slowest first.
std::vector<InstructionSet> available_instruction_sets();

/// The one in use: the fastest available one unless another was selected.
InstructionSet selected_instruction_set();

/// Pins one for the whole process. Throws ConfigError where it is not available.
void select_instruction_set(InstructionSet set);

}  // namespace titrant::quantum
