#pragma once

#include "titrant/run/resources.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

/// Writes what the campaign would ask of a quantum computer to /resources, one scalar per figure.
void write_resources(const Resources& resources, store::Writer& out);

}  // namespace titrant::run
