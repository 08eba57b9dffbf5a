#include "data/formats/shard_index.h"

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/class_names.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "lixshrd1";
constexpr std::uintmax_t kLargest = 1ULL << 30;  // of one index
// A sample's least bytes: place, size, label, lengths of key and list of captions.
constexpr std::size_t kLeastSample = 8 + 4 + 4 + 4 + 4, kLeastText = 4, kLeastSkipped = 2 * kLeastText;

class Packer {
 public:
  template <class Number>
  void number(Number value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    number(std::uint32_t(text.size()));
    bytes += text;
  }
  std::string bytes;
};

/// Reads what Packer wrote; behind the end everything is zero and `isWhole` is false.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <class Number>
  Number number() {
    Number value{};
    if (const auto bytes = take(sizeof value); bytes.size() == sizeof value) {
      std::memcpy(&value, bytes.data(), sizeof value);
    }
    return value;
  }
  std::string_view text() { return take(number<std::uint32_t>()); }
  /// A count of things that take `least` bytes each: no more than there can be.
  std::size_t count(std::size_t least) {
    const std::size_t stated = number<std::uint32_t>();
    isWhole_ = isWhole_ && stated <= rest_.size() / least;
    return isWhole_ ? stated : 0;
  }
  bool isWhole() const { return isWhole_; }
  bool isAtEnd() const { return isWhole_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t bytes) {
    if (!isWhole_ || bytes > rest_.size()) {
      isWhole_ = false;
      return {};
    }
    const auto taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string_view rest_;
  bool isWhole_ = true;
};

/// The next sample; false where its place is not in the shard, or nothing is left.
bool takeSample(Unpacker& from, const IndexedShard& of, const std::string& start, std::uint32_t number,
                ShardContents& contents) {
  const auto offset = from.number<std::uint64_t>();
  const auto size = from.number<std::uint32_t>();
  const auto label = from.number<std::int32_t>();
  Sample sample;
  const auto key = from.text();
  sample.key.reserve(start.size() + key.size());
  sample.key.append(start).append(key);
  const std::size_t captions = from.count(kLeastText);
  sample.captions.reserve(captions);
  for (std::size_t i = 0; i < captions; ++i) {
    sample.captions.emplace_back(from.text());
  }
  if (!from.isWhole() || key.empty() || offset > of.size || size > of.size - offset || label < -1 || label > kMostClasses) {
    return false;
  }
  sample.version = versionInShard(of.version, offset);
  contents.samples.push_back(std::move(sample));
  contents.pictures.push_back({offset, size, number});
  contents.labels.push_back(label);
  return true;
}

/// Not by writeFile: the sum tells a file that a power cut left half written, and hundreds would wait for the disk.
void replaceQuietly(const fs::path& file, std::string_view bytes) {
  static std::atomic<unsigned> count{0};
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  const fs::path temporary = fs::path(file).concat(cat(".", ::getpid(), ".", count++, ".tmp"));
  std::ofstream out(temporary, std::ios::binary);
  out.write(bytes.data(), std::streamsize(bytes.size()));
  out.close();
  if (out) {
    fs::rename(temporary, file, ignored);
  }
  if (!out || ignored) {
    fs::remove(temporary, ignored);
  }
}

}  // namespace

std::string packIndex(const IndexedShard& of, const std::string& prefix, const ShardContents& contents) {
  Packer body;
  body.text(of.identity);
  body.number(of.size);
  body.number(of.version);
  body.number(std::uint32_t(contents.samples.size()));
  for (std::size_t i = 0; i < contents.samples.size(); ++i) {
    const Sample& sample = contents.samples[i];
    body.number(contents.pictures[i].offset);
    body.number(contents.pictures[i].size);
    body.number(std::int32_t(contents.labels[i]));
    body.text(std::string_view(sample.key).substr(prefix.size() + 1));
    body.number(std::uint32_t(sample.captions.size()));
    for (const std::string& caption : sample.captions) {
      body.text(caption);
    }
  }
  body.number(std::uint32_t(contents.skipped.size()));
  for (const Skipped& one : contents.skipped) {
    body.text(one.key);
    body.text(one.reason);
  }
  Packer head;
  head.bytes = kMagic;
  head.number(std::uint64_t(hash64(body.bytes)));
  return head.bytes + body.bytes;
}

std::optional<ShardContents> unpackIndex(std::string_view bytes, const IndexedShard& of, const std::string& prefix,
                                         std::uint32_t number) {
  if (!bytes.starts_with(kMagic)) {
    return std::nullopt;
  }
  bytes.remove_prefix(kMagic.size());
  Unpacker from(bytes);
  const auto sum = from.number<std::uint64_t>();
  if (!from.isWhole() || sum != hash64(bytes.substr(sizeof sum)) || from.text() != of.identity ||
      from.number<std::uint64_t>() != of.size || from.number<std::uint64_t>() != of.version) {
    return std::nullopt;
  }
  ShardContents contents;
  const std::size_t samples = from.count(kLeastSample);
  contents.samples.reserve(samples);
  contents.pictures.reserve(samples);
  contents.labels.reserve(samples);
  const std::string start = prefix + "/";
  for (std::size_t i = 0; i < samples; ++i) {
    if (!takeSample(from, of, start, number, contents)) {
      return std::nullopt;
    }
  }
  const std::size_t skipped = from.count(kLeastSkipped);
  for (std::size_t i = 0; i < skipped; ++i) {
    const auto key = from.text(), reason = from.text();
    contents.skipped.push_back({std::string(key), std::string(reason)});
  }
  return from.isAtEnd() ? std::optional(std::move(contents)) : std::nullopt;
}

ShardIndex::ShardIndex(const Keeping& keeping, const ShardWishes& wishes)
    : keeping_(keeping),
      wishes_(cat(join(wishes.imageKeys, ","), "\n", wishes.captionKey, "\n", wishes.captionField, "\n",
                  wishes.captionLines, "\n", wishes.longestCaption)) {}

std::string ShardIndex::identity(const fs::path& shard, const std::string& prefix) const {
  return cat(fs::absolute(shard).lexically_normal().native(), "\n", prefix, "\n", wishes_);
}

fs::path ShardIndex::fileOf(const std::string& identity) const { return keeping_.folder / "shards" / hex(hash64(identity)); }

std::optional<ShardContents> ShardIndex::find(const fs::path& shard, std::uint32_t number,
                                              const std::string& prefix) const {
  const auto state = keeping_.folder.empty() ? fail(ErrorCode::NotFound, "") : fileState(shard);
  if (!state) {
    return std::nullopt;
  }
  const IndexedShard of{identity(shard, prefix), state->size, state->version};
  const auto bytes = readFile(fileOf(of.identity), kLargest);
  return bytes ? unpackIndex(*bytes, of, prefix, number) : std::nullopt;
}

void ShardIndex::keep(const fs::path& shard, const std::string& prefix, const ShardContents& contents) const {
  if (keeping_.folder.empty() || keeping_.isReadOnly || !contents.state) {
    return;
  }
  const IndexedShard of{identity(shard, prefix), contents.state->size, contents.state->version};
  replaceQuietly(fileOf(of.identity), packIndex(of, prefix, contents));
}

}  // namespace lix::data
