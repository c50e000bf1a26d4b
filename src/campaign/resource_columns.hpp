#pragma once

#include "titrant/campaign/resources.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

/// Writes what the campaign would ask of a quantum computer to /resources, one scalar per figure.
void write_resources(const Resources& resources, store::Writer& out);

}  // namespace titrant::campaign
