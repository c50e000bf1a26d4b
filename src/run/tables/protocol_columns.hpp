#pragma once

#include "titrant/protocol/protocol.hpp"
#include "titrant/store/store.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

/// What a run was asked, in words and numbers: /protocol.
void write_protocol(const protocol::Protocol& protocol, const trial::Units& units, store::Writer& out);

}  // namespace titrant::run
