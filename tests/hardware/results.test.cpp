#include "titrant/hardware/results.hpp"

#include <gmock/gmock.h>

#include "example_manifest.hpp"
#include "titrant/core/error.hpp"

namespace titrant::hardware {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

struct Imported {
  ImportedCounts held;
  Added added;
  std::string faults;
  std::vector<std::string> remarks;
};

Imported add(ImportedCounts held, std::vector<CircuitCounts> circuits, const ImportOptions& options = {},
             const std::string& source = "job.json") {
  for (CircuitCounts& one : circuits)
    for (const auto& [outcome, count] : one.outcomes) one.shots += count;
  Imported result{std::move(held), {}, "", {}};
  core::Problems problems;
  result.added = add_counts(result.held, {source, "counts", std::move(circuits)}, example_manifest(), options, problems,
                            result.remarks);
  result.faults = problems.text();
  return result;
}

const CircuitCounts zero = {"marker_zero", {{"0000", 95}, {"1000", 5}}, 0};
const CircuitCounts one = {"marker_one", {{"1000", 95}, {"0000", 3}, {"1001", 2}}, 0};
const CircuitCounts low = {"calibration_low", {{"0010", 60}, {"1010", 40}}, 0};

TEST(Import, AddsFurtherShotsAndNeverTheSameTwice) {
  const Imported first = add({}, {zero, one, low});
  EXPECT_THAT(first.faults, IsEmpty());
  EXPECT_THAT(first.remarks, IsEmpty());
  EXPECT_EQ(first.added.circuits, 3U);
  EXPECT_EQ(first.added.shots, 300U);
  const Imported again = add(first.held, {zero, one, low}, {}, "copy.json");
  EXPECT_EQ(again.added.circuits, 0U);
  EXPECT_EQ(again.added.repeated, 3U);
  EXPECT_THAT(again.remarks, Contains(HasSubstr("imported before and are not counted twice")));
  const Imported more = add(again.held, {{"calibration_low", {{"0010", 61}, {"1010", 39}}, 0}});
  EXPECT_EQ(more.added.circuits, 1U);
  const std::vector<Counted> counts = more.held.counted(example_manifest().scheme);
  EXPECT_EQ(counts[2].shots, 200U);
  EXPECT_EQ(counts[2].ones, 79U);
  EXPECT_EQ(counts[3].shots, 0U);
}

TEST(Import, SurvivesWritingAndReading) {
  ImportedCounts held = add({}, {zero, one, low}).held;
  held.manifest_sha256 = "m";
  const std::string text = write_imported(held);
  EXPECT_EQ(write_imported(parse_imported(text, "r.json")), text);
  std::string edited = text;
  edited.replace(edited.find("\"ones\": 40"), 10, "\"ones\": 41");
  EXPECT_THROW(parse_imported(edited, "r.json"), DataError);
  for (const char* other : {"", "{}", "[]", "7", "{\"format\": 3}", "{\"format\": \"titrant device results\"}"})
    EXPECT_THROW(parse_imported(other, "r.json"), DataError) << other;
}

TEST(Import, FindsAnotherOrderOfBitsByTheMarker) {
  const Imported wrong = add({}, {{"marker_one", {{"0001", 95}, {"0000", 5}}, 0}});
  EXPECT_THAT(wrong.faults, HasSubstr("job.json: marker_one: the marker reads 1 in pooled[0]; expected answer[0]: the "
                                      "bits are in the other order; give --bit-order lowest"));
  const Imported turned = add(
      {}, {{"marker_one", {{"0001", 95}, {"0000", 5}}, 0}, {"calibration_low", {{"0001", 1}}, 0}}, {.reversed = true});
  EXPECT_THAT(turned.faults, IsEmpty());
  EXPECT_EQ(turned.held.counted(example_manifest().scheme)[2].ones, 1U);
  EXPECT_THAT(add({}, {one}, {.reversed = true}).faults, HasSubstr("give --bit-order highest"));
  EXPECT_THAT(add({}, {{"marker_one", {{"0100", 9}}, 0}}).faults, HasSubstr("reads 1 in pooled[2]"));
  EXPECT_THAT(add({}, {{"marker_zero", {{"1000", 9}}, 0}}).faults, HasSubstr("reads 1 in answer[0]; expected no bit"));
  EXPECT_THAT(add({}, {{"marker_one", {{"1", 9}}, 0}}).faults, IsEmpty());  // the answer's bit alone has no order
  EXPECT_THAT(add({}, {{"marker_one", {{"0", 9}}, 0}}).faults, HasSubstr("reads 1 in no bit"));
  EXPECT_THAT(add({}, {low}).remarks, Contains(HasSubstr("the order of its bits is not checked")));
}

TEST(Import, RefusesCountsOfOtherCircuits) {
  EXPECT_THAT(add({}, {{"subject_9_9", {{"1000", 1}}, 0}}).faults,
              HasSubstr("job.json: subject_9_9: no circuit of this manifest has this name"));
  EXPECT_THAT(add({}, {{"calibration_low", {}, 0}}).faults, HasSubstr("no shots"));
}

TEST(Import, TakesCountsWithoutNamesInTheOrderOfTheManifest) {
  const CircuitCounts unnamed = {"", {{"0000", 7}}, 0};
  EXPECT_THAT(add({}, {unnamed, unnamed}).faults,
              HasSubstr("2 counts without names of circuits, and the manifest has 10"));
  const Imported some = add({}, {unnamed, unnamed}, {.reversed = false, .first = "calibration_high"});
  EXPECT_THAT(some.faults, IsEmpty());
  EXPECT_TRUE(some.held.circuits.contains("calibration_high"));
  EXPECT_TRUE(some.held.circuits.contains("subject_0_0"));
  EXPECT_THAT(add({}, {unnamed, unnamed}, {.reversed = false, .first = "subject_1_2"}).faults,
              HasSubstr("has 1 from subject_1_2 on"));
  EXPECT_THAT(add({}, {unnamed}, {.reversed = false, .first = "nobody"}).faults, HasSubstr("has no such circuit"));
}

}  // namespace
}  // namespace titrant::hardware
