#include "titrant/hardware/manifest.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "example_manifest.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::hardware {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& text) {
  try {
    parse_manifest(text, "m.json");
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

std::string with(std::string text, const std::string& part, const std::string& other) {
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), other);
}

TEST(Manifest, IsReadAsItWasWritten) {
  const Manifest written = example_manifest();
  const std::string text = write_manifest(written);
  const Manifest read = parse_manifest(text, "m.json");
  EXPECT_EQ(write_manifest(read), text);
  EXPECT_EQ(read.scheme.circuits.size(), written.circuits.size());
  EXPECT_EQ(read.scheme.circuits[3].p_one, written.circuits[3].planned.p_one);
  EXPECT_EQ(read.circuits[3].features, written.circuits[3].features);
  EXPECT_EQ(read.circuits[3].final_layout, written.circuits[3].final_layout);
  EXPECT_EQ(read.promise.answer, written.promise.answer);
  EXPECT_EQ(read.scheme.target, written.question.target);
  EXPECT_EQ(read.bits.registers, written.bits.registers);
}

TEST(Manifest, ThatWasEditedIsRefused) {
  const std::string text = write_manifest(example_manifest());
  EXPECT_THAT(refusal(with(text, "\"shots\": 500", "\"shots\": 501")), HasSubstr("was edited since it was exported"));
  EXPECT_THAT(refusal(with(text, "\"p_one\": 0.25", "\"p_one\": 0.26")), HasSubstr("was edited"));
  EXPECT_THAT(refusal(with(text, "\"version\": 1", "\"version\": 2")),
              HasSubstr("version 2, and this program reads 1"));
  EXPECT_THAT(refusal(text.substr(0, text.size() / 2)), HasSubstr("is no JSON"));
  EXPECT_THAT(refusal("{\"format\": \"other\"}"), HasSubstr("is no manifest"));
  EXPECT_THAT(refusal("[]"), HasSubstr("is no manifest"));
}

// With a checksum of its own, too, a manifest that lacks a part is named.
TEST(Manifest, ThatLacksAPartIsRefused) {
  for (const char* part : {"circuits", "readout", "bits", "grid", "doses", "question", "store"}) {
    nlohmann::ordered_json json = nlohmann::ordered_json::parse(write_manifest(example_manifest()));
    json.erase(part);
    json.erase("sha256");
    json["sha256"] = core::sha256(json.dump());
    EXPECT_THAT(refusal(json.dump()), HasSubstr(part));
  }
}

TEST(FolderManifest, NamesACircuitThatChanged) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "titrant_folder_manifest";
  std::filesystem::remove_all(folder);
  EXPECT_THROW(read_manifest(folder), DataError);
  std::filesystem::create_directories(folder);
  Manifest manifest = example_manifest();
  manifest.circuits[2].sha256 = core::sha256("OPENQASM 3.0;");
  core::replace_file(folder / "manifest.json", write_manifest(manifest));
  const std::filesystem::path program = folder / (manifest.circuits[2].planned.name + ".qasm");
  core::replace_file(program, "OPENQASM 3.0;");
  EXPECT_EQ(read_manifest(folder).manifest.circuits.size(), manifest.circuits.size());
  core::replace_file(program, "OPENQASM 3.0; qubit q;");
  try {
    read_manifest(folder);
    FAIL() << "an edited circuit was taken";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr(program.string() + ": changed since it was exported"));
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace titrant::hardware
