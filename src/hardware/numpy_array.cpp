#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <charconv>
#include <regex>
#include <string_view>

#include "counts_parts.hpp"
#include "titrant/core/error.hpp"

namespace titrant::hardware {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 28U;  // of one array: 256 MiB

std::string from_base64(const std::string& text) {
  if (text.size() % 4 != 0 || text.empty()) throw DataError("array: is no base64 text");
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) throw DataError("array: is no base64 text");
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

/// One stream of zlib, RFC 1950.
std::string inflated(const std::string& packed) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw DataError("array: zlib cannot be started");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string bytes;
  std::string buffer(std::size_t{1} << 16U, '\0');
  int state = Z_OK;
  while (state == Z_OK && bytes.size() <= most_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = inflate(&stream, Z_NO_FLUSH);
    bytes.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END)
    throw DataError(bytes.size() > most_bytes ? fmt::format("array: holds more than {} bytes", most_bytes)
                                              : "array: is no whole zlib stream");
  return bytes;
}

std::size_t number_of(const std::string& digits) {
  std::size_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault != std::errc() || end != digits.data() + digits.size()) throw DataError("array: no such shape");
  return value;
}

/// The header of NPY (numpy.lib.format): magic, version, length of a Python dictionary, the dictionary.
ByteArray from_npy(std::string_view bytes) {
  constexpr std::string_view magic = "\x93NUMPY";
  constexpr std::size_t version_end = 8;
  if (bytes.size() < version_end + 4 || !bytes.starts_with(magic)) throw DataError("array: is no numpy array");
  const auto byte = [&](std::size_t k) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[k])); };
  const bool first = byte(magic.size()) == 1;  // later versions have four bytes for the length
  const std::size_t length =
      first ? byte(8) + 256 * byte(9) : byte(8) + 256 * (byte(9) + 256 * (byte(10) + 256 * byte(11)));
  const std::size_t begin = version_end + (first ? 2 : 4);
  if (length > bytes.size() - begin) throw DataError("array: the numpy header is cut off");
  const std::string header(bytes.substr(begin, length));
  constexpr std::size_t longest = 1000;
  static const std::regex form(
      R"(\s*\{'descr': '\|u1', 'fortran_order': False, 'shape': \((\d{1,12}), (\d{1,6})\), \}\s*)");
  std::smatch found;
  if (header.size() > longest || !std::regex_match(header, found, form))
    throw DataError("array: expected bytes (|u1) of shots x bytes, one set of parameters a circuit");
  ByteArray array{number_of(found[1]), number_of(found[2]), {}};
  const std::string_view data = bytes.substr(begin + length);
  if (array.columns == 0 || data.size() % array.columns != 0 || data.size() / array.columns != array.rows)
    throw DataError(fmt::format("array: {} bytes for {} shots of {}", data.size(), array.rows, array.columns));
  array.bytes.assign(data.begin(), data.end());
  return array;
}

}  // namespace

ByteArray decoded_array(const std::string& base64) { return from_npy(inflated(from_base64(base64))); }

}  // namespace titrant::hardware
