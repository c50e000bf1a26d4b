// Files that nobody would write by hand: the reader either reads or refuses them, in bounded time.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "nonmem_text.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/trial/synthetic.hpp"

using testing::EndsWith;
using testing::HasSubstr;
using titrant::DataError;
using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::read_nonmem;

namespace {

/// A valid file of some kilobytes.
std::string valid_text() {
  titrant::trial::TrialDesign design = titrant::trial::default_design();
  design.subjects_per_group = 1;
  std::ostringstream out;
  write_nonmem(
      out, simulate_trial(design, titrant::trial::default_population(), titrant::trial::default_biomarker(), 1), {});
  return out.str();
}

bool is_printable(char c) { return c == '\n' || (static_cast<unsigned char>(c) >= 0x20U && c != '\x7f'); }

}  // namespace

TEST(Hostile, ManyFaultsAreCountedAndTheFirstOnesShown) {
  std::string text = "ID,TIME,DV\n";
  for (int i = 0; i < 1000; ++i) text += "1,2,x\n";
  const std::string faults = faults_of(text);
  EXPECT_EQ(std::count(faults.begin(), faults.end(), '\n'), 50);
  EXPECT_THAT(
      faults,
      EndsWith("\nf:51:5: DV: expected a number, -1e15 to 1e15, found 'x', which is not a number\n... and 950 more"));
}

// Bytes changed, removed or doubled at random: a trial or a DataError, and no message that could upset a terminal.
TEST(Hostile, DamagedFilesAreReadOrRefused) {
  const std::string valid = valid_text();
  int refused = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Stream stream(1, Purpose::test, i);
    std::string text = valid;
    for (std::uint64_t k = 0; k <= stream.below(8); ++k) {
      const auto at = static_cast<std::size_t>(stream.below(text.size()));
      const std::uint64_t kind = stream.below(4);
      if (kind == 0) text[at] = static_cast<char>(stream.below(256));
      if (kind == 1) text.erase(at, static_cast<std::size_t>(stream.below(200)));
      if (kind == 2) text.insert(at, text.substr(at / 2, static_cast<std::size_t>(stream.below(200))));
      if (kind == 3) text[at] = ",;\t\n\r\"#.-e"[stream.below(10)];
      if (text.empty()) break;
    }
    const std::string faults = faults_of(text, {});
    if (!faults.empty()) ++refused;
    EXPECT_TRUE(std::all_of(faults.begin(), faults.end(), is_printable)) << faults;
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 2000);
}

TEST(Hostile, NoiseIsRefused) {
  for (std::uint64_t i = 0; i < 200; ++i) {
    Stream stream(2, Purpose::test, i);
    std::string text(static_cast<std::size_t>(stream.below(3000)), ' ');
    for (char& c : text) c = static_cast<char>(stream.below(256));
    EXPECT_NE(faults_of(text), "");
  }
}

// Linear in each of these; ten seconds would be a hundred times what they need.
TEST(Hostile, LargeFilesTakeBoundedTime) {
  const auto start = std::chrono::steady_clock::now();
  std::string rows = "ID,TIME,DV,AMT\n";
  for (int i = 0; i < 100000; ++i) rows += std::to_string(i / 10) + "," + std::to_string(i % 10) + ",1.5,0\n";
  EXPECT_EQ(faults_of(rows), "");

  std::string doses = "ID,TIME,DV,AMT\n1,0,1,0\n";
  for (int i = 1; i < 100000; ++i) doses += "1,0,0," + std::to_string(i) + "\n";
  EXPECT_EQ(faults_of(doses), "");

  std::string wide = "ID";
  for (int i = 0; i < 20000; ++i) wide += ",T";
  EXPECT_THAT(faults_of(wide + "\n1\n"), HasSubstr("no column 'TIME'"));
  EXPECT_NE(faults_of(std::string(1 << 22, '\n')), "");
  EXPECT_NE(faults_of("ID,TIME,DV\n" + std::string(1 << 22, '"')), "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Hostile, FilesThatCannotBeReadAreNamed) {
  const auto folder = std::filesystem::temp_directory_path();
  EXPECT_THROW(read_nonmem(folder / "titrant-no-such-file.csv", plain_format()), DataError);
  EXPECT_THROW(read_nonmem(folder, plain_format()), DataError);
  const auto file = folder / "titrant-hostile-test.csv";
  std::ofstream(file) << "ID,TIME,DV\n1,2,x\n";
  try {
    read_nonmem(file, plain_format());
    ADD_FAILURE() << "the file was read";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr(file.string() + ":2:5: DV"));
  }
  std::filesystem::remove(file);
}
