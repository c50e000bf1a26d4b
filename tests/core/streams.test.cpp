#include <gmock/gmock.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

/// \file
/// The table of random streams in src/core/README.md against the sources: no stream serves two things.

namespace {

const std::filesystem::path source = TITRANT_SOURCE_DIR;

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Row {
  std::string purpose;
  std::uint64_t first = 0;  ///< sub-units, ends included
  std::uint64_t last = 0;
  std::set<std::string> files;
};

std::set<std::string> words_in_backticks(const std::string& text) {
  static const std::regex word("`([^`]+)`");
  std::set<std::string> words;
  for (std::sregex_iterator one(text.begin(), text.end(), word), end; one != end; ++one) words.insert((*one)[1]);
  return words;
}

std::vector<Row> table() {
  static const std::regex line("\\| `([a-z_]+)` \\| ([0-9]+)(\\.\\.)?([0-9]*) \\|.*\\| ([^|]+) \\|");
  std::vector<Row> rows;
  std::istringstream text(content(source / "src/core/README.md"));
  for (std::string one; std::getline(text, one);) {
    std::smatch found;
    if (!std::regex_match(one, found, line)) continue;
    Row row{found[1], std::stoull(found[2]), 0, words_in_backticks(found[5])};
    if (found[3].length() == 0) {
      row.last = row.first;
    } else {
      row.last = found[4].length() == 0 ? std::numeric_limits<std::uint64_t>::max() : std::stoull(found[4]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Names of core::Purpose, as stream.hpp declares them.
std::set<std::string> purposes() {
  const std::string header = content(source / "include/titrant/core/stream.hpp");
  const std::size_t begin = header.find("enum class Purpose");
  const std::string body = header.substr(begin, header.find("};", begin) - begin);
  static const std::regex name("\n  ([a-z_]+) = [0-9]+,");
  std::set<std::string> names;
  for (std::sregex_iterator one(body.begin(), body.end(), name), end; one != end; ++one) names.insert((*one)[1]);
  return names;
}

/// purpose -> files of src and include that name it, below the part's folder ("dose/scenario.cpp").
std::map<std::string, std::set<std::string>> uses() {
  static const std::regex use("Purpose::([a-z_]+)");
  std::map<std::string, std::set<std::string>> found;
  for (const auto& root : {source / "src", source / "include/titrant"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      const std::string name = std::filesystem::relative(entry.path(), root);
      if (name == "core/stream.hpp" || name == "core/stream.cpp") continue;
      const std::string text = content(entry.path());
      for (std::sregex_iterator one(text.begin(), text.end(), use), end; one != end; ++one) {
        found[(*one)[1]].insert(name);
      }
    }
  }
  return found;
}

}  // namespace

// A reader that found nothing would make the others pass.
TEST(Streams, AreReadFromTableHeaderAndSources) {
  EXPECT_GE(table().size(), 20U);
  EXPECT_GE(purposes().size(), 15U);
  EXPECT_TRUE(purposes().contains("bootstrap"));
  EXPECT_THAT(uses()["bootstrap"], testing::IsSupersetOf({std::string("classifier/metrics.cpp")}));
}

TEST(Streams, HaveARowForEveryUse) {
  std::map<std::string, std::set<std::string>> listed;
  for (const Row& row : table()) listed[row.purpose].insert(row.files.begin(), row.files.end());
  std::map<std::string, std::set<std::string>> used = uses();
  // A file that mentions estimates' streams in its documentation uses none.
  used["starts"].erase("nlme/estimate.hpp");
  for (const auto& [purpose, files] : used) EXPECT_EQ(files, listed[purpose]) << "core::Purpose::" << purpose;
  for (const auto& [purpose, files] : listed) EXPECT_EQ(files, used[purpose]) << "core::Purpose::" << purpose;
}

TEST(Streams, OfEveryPurposeAreListed) {
  std::set<std::string> listed = {"test"};
  for (const Row& row : table()) listed.insert(row.purpose);
  EXPECT_EQ(listed, purposes());
}

TEST(Streams, OfOnePurposeHaveSubUnitsOfTheirOwn) {
  const std::vector<Row> rows = table();
  for (std::size_t a = 0; a < rows.size(); ++a) {
    EXPECT_LE(rows[a].first, rows[a].last) << rows[a].purpose;
    for (std::size_t b = a + 1; b < rows.size(); ++b) {
      if (rows[a].purpose != rows[b].purpose) continue;
      EXPECT_TRUE(rows[a].last < rows[b].first || rows[b].last < rows[a].first)
          << rows[a].purpose << ": sub-units " << rows[a].first << " and " << rows[b].first << " overlap";
    }
  }
}
