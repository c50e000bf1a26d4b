#pragma once

#include "titrant/parallel/communicator.hpp"

/// All ranks of a test program; every rank runs the same tests in the same order.
const titrant::parallel::Communicator& world();
