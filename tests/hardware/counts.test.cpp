#include "titrant/hardware/counts.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <cmath>

namespace titrant::hardware {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

/// Three pooled bits and the answer: outcomes have four, the answer first.
const BitLayout four = {{{"pooled", 0, 3}, {"answer", 3, 1}}, 3};

struct Read {
  CountsFile file;
  std::string faults;
};

Read read(const std::string& text, const std::string& name = "folder/one.json") {
  core::Problems problems;
  Read result{read_counts(text, name, four, problems), ""};
  result.faults = problems.text();
  return result;
}

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string zlib_packed(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  packed.resize(size);
  return packed;
}

/// numpy.save of bytes [row][column] (numpy.lib.format, version 1.0).
std::string npy(const std::string& data, std::size_t rows, std::size_t columns, const std::string& type = "|u1") {
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}", type, rows, columns);
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() % 256);
  bytes += static_cast<char>(header.size() / 256);
  return bytes + header + data;
}

std::string bit_array(const std::string& packed, int bits) {
  return fmt::format(
      R"({{"__type__": "BitArray", "__value__": {{"num_bits": {}, "array": {{"__type__": "ndarray", "__value__": "{}"}}}}}})",
      bits, base64(packed));
}

std::string sampler(const std::string& fields, const std::string& metadata = "{}") {
  return fmt::format(
      R"({{"__type__": "PrimitiveResult", "__value__": {{"metadata": {{}}, "pub_results": [{{"__type__": "SamplerPubResult",)"
      R"("__value__": {{"metadata": {}, "data": {{"__type__": "DataBin", "__value__": {{"shape": [], "fields": {{{}}}}}}}}}}}]}}}})",
      metadata, fields);
}

TEST(Counts, ByCircuitOfAllForms) {
  const Read found = read(R"({"a": {"1000": 3, "0 101": 2}, "b": {"0x8": 5}, "c": {"shots": 9, "ones": 4},
                              "d": {"counts": {"1000": 1}, "never_measured": []}, "e": {"1": 6, "0": 1}})");
  EXPECT_THAT(found.faults, IsEmpty());
  ASSERT_EQ(found.file.circuits.size(), 5U);
  const auto& [a, b, c, d, e] = std::tie(found.file.circuits[0], found.file.circuits[1], found.file.circuits[2],
                                         found.file.circuits[3], found.file.circuits[4]);
  EXPECT_THAT(a.outcomes, UnorderedElementsAre(Pair("1000", 3U), Pair("0101", 2U)));
  EXPECT_EQ(a.ones(four), 3U);
  EXPECT_EQ(a.share(four, 0), 0.4);
  EXPECT_EQ(b.ones(four), 5U);
  EXPECT_EQ(c.shots, 9U);
  EXPECT_EQ(c.ones(four), 4U);
  EXPECT_TRUE(std::isnan(c.share(four, 0)));
  EXPECT_EQ(d.ones(four), 1U);
  EXPECT_EQ(e.ones(four), 6U);
}

TEST(Counts, OfOneCircuitAreNamedByTheFile) {
  for (const char* text :
       {R"({"1000": 2, "0001": 1})", R"({"counts": {"1000": 2, "0001": 1}, "never_measured": []})"}) {
    const Read found = read(text, "folder/subject_00017.json");
    EXPECT_THAT(found.faults, IsEmpty());
    ASSERT_EQ(found.file.circuits.size(), 1U);
    EXPECT_EQ(found.file.circuits[0].name, "subject_00017");
    EXPECT_EQ(found.file.circuits[0].ones(four), 2U);
  }
}

TEST(Counts, InAListHaveNoNames) {
  const Read found = read(R"([{"1000": 2}, {"0000": 1}])");
  EXPECT_THAT(found.faults, IsEmpty());
  ASSERT_EQ(found.file.circuits.size(), 2U);
  EXPECT_EQ(found.file.circuits[1].name, "");
}

// Qiskit's Result.to_dict(): hexadecimal outcomes, leading zeros left out.
TEST(Counts, OfAQiskitResult) {
  const Read found = read(R"({"backend_name": "x", "job_id": "1", "success": true, "results": [
      {"shots": 10, "success": true, "header": {"name": "first"}, "data": {"counts": {"0x0": 4, "0x9": 6}}},
      {"shots": 3, "success": true, "data": {"counts": {"0x8": 3}}}]})");
  EXPECT_THAT(found.faults, IsEmpty());
  ASSERT_EQ(found.file.circuits.size(), 2U);
  EXPECT_EQ(found.file.circuits[0].name, "first");
  EXPECT_THAT(found.file.circuits[0].outcomes, UnorderedElementsAre(Pair("0000", 4U), Pair("1001", 6U)));
  EXPECT_EQ(found.file.circuits[1].name, "");
}

// A Sampler's registers, each an array of bytes as numpy saves it, the last byte holding the lowest bits.
TEST(Counts, OfASamplerResult) {
  const std::string pooled = bit_array(zlib_packed(npy(std::string("\x05\x00\x05", 3), 3, 1)), 3);
  const std::string answer = bit_array(zlib_packed(npy(std::string("\x01\x00\x01", 3), 3, 1)), 1);
  const Read found = read(sampler(fmt::format(R"("pooled": {}, "answer": {})", pooled, answer),
                                  R"({"circuit_metadata": {"name": "subject_1"}})"));
  EXPECT_THAT(found.faults, IsEmpty());
  ASSERT_EQ(found.file.circuits.size(), 1U);
  EXPECT_EQ(found.file.circuits[0].name, "subject_1");
  EXPECT_THAT(found.file.circuits[0].outcomes, UnorderedElementsAre(Pair("1101", 2U), Pair("0000", 1U)));
}

TEST(Counts, OfASamplerWithOneWideRegister) {
  const BitLayout ten = {{{"pooled", 0, 9}, {"answer", 9, 1}}, 9};
  core::Problems problems;
  const std::string rows("\x02\x01\x00\x00", 4);  // 10 0000 0001 and 0
  const CountsFile file =
      read_counts(sampler(R"("meas": )" + bit_array(zlib_packed(npy(rows, 2, 2)), 10)), "x.json", ten, problems);
  EXPECT_TRUE(problems.empty()) << problems.text();
  EXPECT_THAT(file.circuits[0].outcomes, UnorderedElementsAre(Pair("1000000001", 1U), Pair("0000000000", 1U)));
}

TEST(Counts, OfASamplerThatAreDamaged) {
  const std::string good = zlib_packed(npy("\x05", 1, 1));
  const auto faults = [&](const std::string& packed, int bits) {
    return read(sampler(R"("meas": )" + bit_array(packed, bits))).faults;
  };
  EXPECT_THAT(faults(good.substr(0, good.size() / 2), 4), HasSubstr("no whole zlib stream"));
  EXPECT_THAT(faults("junk that nobody packed", 4), HasSubstr("no whole zlib stream"));
  EXPECT_THAT(faults(zlib_packed("no numpy at all"), 4), HasSubstr("no numpy array"));
  EXPECT_THAT(faults(zlib_packed(npy("\x05", 1, 1, "<f8")), 4), HasSubstr("expected bytes (|u1)"));
  EXPECT_THAT(faults(zlib_packed(npy("\x05", 7, 1)), 4), HasSubstr("1 bytes for 7 shots"));
  EXPECT_THAT(faults(good, 20), HasSubstr("1 bytes a shot for 20 bits"));
  EXPECT_THAT(read(sampler(R"("meas": {"__type__": "BitArray"})")).faults, HasSubstr("lacks __value__"));
  EXPECT_THAT(read(sampler(R"("pooled": 1, "other": 2)")).faults, HasSubstr("lacks answer"));
  EXPECT_THAT(read(R"({"__type__": "PrimitiveResult", "__value__": {"pub_results": [7]}})").faults,
              HasSubstr("expected a SamplerPubResult"));
}

// Braket writes bit 0 first.
TEST(Counts, OfABraketTask) {
  const std::string metadata = R"("taskMetadata": {"id": "t", "shots": 3, "deviceId": "d"})";
  for (const std::string& part :
       {std::string(R"("measurements": [[1, 0, 0, 1], [1, 0, 0, 1], [0, 0, 0, 0]])"),
        std::string(R"("measurementCounts": {"1001": 2, "0000": 1})"),
        std::string(R"("measurementProbabilities": {"1001": 0.66666667, "0000": 0.33333333})")}) {
    const Read found = read("{" + part + ", \"measuredQubits\": [0, 1, 2, 3], " + metadata + "}", "task/s1.json");
    EXPECT_THAT(found.faults, IsEmpty()) << part;
    ASSERT_EQ(found.file.circuits.size(), 1U);
    EXPECT_EQ(found.file.circuits[0].name, "s1");
    EXPECT_EQ(found.file.circuits[0].ones(four), 2U);
    EXPECT_EQ(found.file.circuits[0].shots, 3U);
  }
  const Read first = read(R"({"measurementCounts": {"1100": 1}})");
  EXPECT_EQ(first.file.circuits[0].outcomes.begin()->first, "0011");
  EXPECT_THAT(read(R"({"braketSchemaHeader": {"name": "x"}})").faults, HasSubstr("expected a task that ended"));
  EXPECT_THAT(read("{\"measurements\": [[1, 0, 0, 1]], " + metadata + "}").faults,
              HasSubstr("the counts sum to 1, and the file says 3 shots"));
  EXPECT_THAT(read(R"({"measurements": [[1, 0], 5, "x"]})").faults, HasSubstr("2 bits"));
}

TEST(Counts, ThatAreWrongAreNamedWithTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"a": {"shots": 5, "ones": 6}})", "folder/one.json: a: 6 ones among 5 shots"},
      {R"({"a": {"10000": 1}})", "folder/one.json: a: outcome '10000': 5 bits"},
      {R"({"a": {"10 00": 1}})", "words of 2 and 2 bits; expected registers of 1 and 3"},
      {R"({"a": {"0x1f": 1}})", "outcome 0x1f: more than the 4 classical bits"},
      {R"({"a": {"1000": -1}})", "-1: expected a count"},
      {R"({"a": {"1000": 1.5}})", "1.5: expected a count"},
      {R"({"a": {"1000": 1e300}})", "expected a count"},
      {R"({"a": {"1000": 18446744073709551615}})", "more than any device makes"},
      {R"({"a": {"1000": "7"}})", "expected a count"},
      {R"({"a": {"counts": {"1000": 2}, "shots": 3}})", "the counts sum to 2, and the file says 3 shots"},
      {R"({"results": [{"data": {}}]})", "results[0].data: lacks counts"},
      {R"({"results": [{"shots": 2, "data": {"counts": {"0x8": 3}}}]})", "the counts sum to 3"},
      {R"({"results": [{"data": {"counts": [1]}}]})", "expected an object of outcomes"},
      {R"({"quasi_dists": [{"0": 0.5}]})", "quasi-probabilities of a Sampler V1 are no counts"},
      {R"({"__type__": "PubResult", "__value__": {}})", "holds a \"PubResult\"; expected a PrimitiveResult"},
      {R"({"a": 5})", "not a form of counts that is known"},
      {R"([1, 2])", "[0]: not a form of counts"},
      {"[]", ""},
      {"{}", "holds no counts"},
      {"7", "not a form of counts"},
      {"{\"a\": {", "is no JSON: byte 8"},
      {"", "is no JSON"}};
  for (const auto& [text, message] : cases) EXPECT_THAT(read(text).faults, HasSubstr(message)) << text;
}

TEST(Counts, InTheOtherOrder) {
  const CircuitCounts counts{"a", {{"1000", 3}, {"0001", 2}, {"0110", 1}}, 6};
  EXPECT_THAT(reversed(counts).outcomes, UnorderedElementsAre(Pair("0001", 3U), Pair("1000", 2U), Pair("0110", 1U)));
  EXPECT_NE(reversed(counts).digest(), counts.digest());
}

}  // namespace
}  // namespace titrant::hardware
