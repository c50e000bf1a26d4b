#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "world.hpp"

/// \file
/// Runs the tests of one program on all ranks together; its argument is the number of ranks there must be, so that
/// ranks which did not find each other cannot pass each by itself. Each rank exits nonzero where a test of its own
/// failed, and the launcher passes that on. The first rank reports as usual, the others only what failed.

namespace {

const titrant::parallel::Communicator* the_world = nullptr;

class FailuresOnly : public testing::EmptyTestEventListener {
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed()) {
      std::fprintf(stderr, "rank %zu: %s:%d: %s\n", the_world->rank(), result.file_name(), result.line_number(),
                   result.message());
    }
  }
};

}  // namespace

const titrant::parallel::Communicator& world() { return *the_world; }

int main(int argc, char** argv) {
  const titrant::parallel::Environment environment(argc, argv);
  the_world = &environment.world();
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2 || std::to_string(the_world->size()) != argv[1]) {
    std::fprintf(stderr, "%zu ranks found each other; expected %s\n", the_world->size(),
                 argc == 2 ? argv[1] : "a number");
    return 2;
  }
  if (!the_world->root()) {
    testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailuresOnly);
  }
  return RUN_ALL_TESTS();
}
