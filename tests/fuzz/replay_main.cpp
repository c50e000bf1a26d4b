#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "fuzz.hpp"

/// \file
/// Runs a target on stored inputs, in place of libFuzzer: `replay_<target> FILE_OR_FOLDER...`. It needs no clang, so
/// all builds have it. The first input that is handled wrongly is named on standard error and ends the program.

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& place) {
  if (!std::filesystem::is_directory(place)) return {place};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(place)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be opened");
  const std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  // A copy without a byte of room behind it, so that sanitizers see a read beyond the end.
  const std::vector<std::uint8_t> input(content.begin(), content.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t replayed = 0;
  for (int i = 1; i < count; ++i) {
    for (const std::filesystem::path& file : files_in(arguments[i])) {
      try {
        replay(file);
      } catch (const std::exception& error) {
        std::cerr << file.string() << ": " << error.what() << '\n';
        return EXIT_FAILURE;
      }
      ++replayed;
    }
  }
  std::cout << replayed << " inputs are read or refused as they should be\n";
  return replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;  // a folder that is empty or mistyped tests nothing
}
