#pragma once

#include <cstddef>

#include "titrant/quantum/isa.hpp"

namespace benchmarks {

/// Floating-point operations of one call of `multiply_matrices` (a fused multiply-add is two).
std::size_t matrix_product_operations(titrant::quantum::InstructionSet set);

/// C += A B for small matrices in the first-level cache, as the inner kernel of a matrix product (Goto & van de Geijn
/// 2008) does it: C in registers, one vector load of A and one broadcast of B for many fused multiply-adds. What one
/// core can do in practice; kernels are measured as a share of this. Returns an element of C.
double multiply_matrices(titrant::quantum::InstructionSet set);

}  // namespace benchmarks
