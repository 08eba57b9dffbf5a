#pragma once
// Writes what torch.save writes, byte by byte, so that tests can write it wrongly as well.
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lix::test {

/// Instructions of a pickle of protocol 2.
class PickleWriter {
 public:
  PickleWriter() : bytes("\x80\x02", 2) {}

  PickleWriter& raw(std::string_view code) {
    bytes += code;
    return *this;
  }
  PickleWriter& text(std::string_view value) { return raw("X").little(value.size(), 4).raw(value); }
  PickleWriter& integer(std::int64_t value) {
    if (value >= 0 && value < 256) {
      return raw("K").little(static_cast<std::uint64_t>(value), 1);
    }
    return raw("\x8a\x08").little(static_cast<std::uint64_t>(value), 8);
  }
  PickleWriter& global(const std::string& module, const std::string& name) { return raw("c" + module + "\n" + name + "\n"); }
  PickleWriter& tuple(const std::vector<std::int64_t>& values) {
    raw("(");
    for (const auto value : values) {
      integer(value);
    }
    return raw("t");
  }
  PickleWriter& orderedDict() { return global("collections", "OrderedDict").raw(")R"); }
  PickleWriter& storage(const std::string& type, const std::string& key, std::int64_t count) {
    return raw("(").text("storage").global("torch", type).text(key).text("cpu").integer(count).raw("tQ");
  }
  /// What follows a tensor's storage.
  PickleWriter& view(std::int64_t offset, const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
    return integer(offset).tuple(shape).tuple(strides).raw("\x89").orderedDict().raw("tR");
  }
  PickleWriter& tensor(const std::string& type, const std::string& key, std::int64_t count, std::int64_t offset,
                       const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
    global("torch._utils", "_rebuild_tensor_v2").raw("(");
    return storage(type, key, count).view(offset, shape, strides);
  }
  PickleWriter& little(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) {
      bytes += static_cast<char>(value >> (8 * i));
    }
    return *this;
  }
  std::string done() { return bytes + "."; }

  std::string bytes;
};

inline std::uint32_t crc32Of(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
    }
  }
  return ~crc;
}

/// A zip of stored entries.
struct ZipWriter {
  struct Lie {
    std::uint32_t method = 0;
    std::int64_t size = -1;  ///< said of the entry instead of its own
    bool badSum = false;
  };
  std::string bytes, directory;
  int entries = 0;

  ZipWriter& add(const std::string& name, std::string_view content, const Lie& lie) {
    const auto size = static_cast<std::uint64_t>(lie.size < 0 ? static_cast<std::int64_t>(content.size()) : lie.size);
    std::string common;
    const auto put = [](std::string& to, std::uint64_t value, int count) {
      for (int i = 0; i < count; ++i) {
        to += static_cast<char>(value >> (8 * i));
      }
    };
    put(common, 20, 2), put(common, 0, 2), put(common, lie.method, 2), put(common, 0, 4);
    put(common, crc32Of(content) ^ (lie.badSum ? 1u : 0u), 4), put(common, size, 4), put(common, size, 4);
    put(common, name.size(), 2), put(common, 0, 2);
    put(directory, 0x02014b50, 4), put(directory, 20, 2);
    directory += common;
    put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 4), put(directory, bytes.size(), 4);
    directory += name;
    put(bytes, 0x04034b50, 4);
    bytes += common + name;
    bytes += content;
    ++entries;
    return *this;
  }
  ZipWriter& add(const std::string& name, std::string_view content) { return add(name, content, Lie()); }
  std::string done() const {
    std::string out = bytes + directory;
    const auto put = [&](std::uint64_t value, int count) {
      for (int i = 0; i < count; ++i) {
        out += static_cast<char>(value >> (8 * i));
      }
    };
    put(0x06054b50, 4), put(0, 4), put(static_cast<std::uint64_t>(entries), 2), put(static_cast<std::uint64_t>(entries), 2);
    put(directory.size(), 4), put(bytes.size(), 4), put(0, 2);
    return out;
  }
};

}  // namespace lix::test
