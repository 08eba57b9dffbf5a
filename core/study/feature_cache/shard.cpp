#include "study/feature_cache/shard.h"

#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "nn/checkpoint/half.h"

namespace lix::study::detail {
namespace fs = std::filesystem;
namespace {

constexpr std::array<char, 8> kMagic = {'L', 'I', 'X', 'F', 'E', 'A', 'T', '1'};
constexpr std::size_t kRecordHead = 2 * sizeof(std::uint64_t);

struct ShardHeader {
  std::array<char, 8> magic = kMagic;
  std::uint64_t key = 0;
  std::uint64_t key2 = 0;
  std::uint64_t dimension = 0;
  std::array<std::uint64_t, 4> reserved = {};
};
static_assert(sizeof(ShardHeader) == kShardHeader);

std::uint64_t load(const std::byte* from) {
  std::uint64_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Word-wise FNV with mixing; never 0 for a record of zeros, which is what a power cut leaves.
std::uint64_t checksum(std::uint64_t image, const std::byte* payload, std::size_t bytes) {
  std::uint64_t sum = 14695981039346656037ULL ^ image;
  for (std::size_t i = 0; i < bytes; i += sizeof(std::uint64_t)) {
    sum = (sum ^ load(payload + i)) * 1099511628211ULL;
    sum ^= sum >> 32;
  }
  return sum;
}

std::unexpected<Error> ioError(const fs::path& path, int code) {
  return fail(ErrorCode::Io, cat("Cannot write the feature cache ", path.string(), ": ", std::strerror(code), ".",
                                 code == ENOSPC ? " Free some space or empty the cache." : ""));
}

int writeAll(int file, const std::byte* data, std::size_t size, std::size_t offset) {
  while (size > 0) {
    const auto written = ::pwrite(file, data, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return errno;
    }
    data += written;
    size -= static_cast<std::size_t>(written);
    offset += static_cast<std::size_t>(written);
  }
  return 0;
}

std::size_t wholeBytes(std::size_t size, std::size_t record) {
  return size < kShardHeader ? 0 : kShardHeader + (size - kShardHeader) / record * record;
}

int appendTo(int file, std::span<const std::byte> records, const ShardLayout& layout) {
  struct stat status = {};
  if (::fstat(file, &status) != 0) {
    return errno;
  }
  // Never below the whole records: others have them mapped.
  std::size_t end = wholeBytes(static_cast<std::size_t>(status.st_size), layout.recordBytes());
  if (::ftruncate(file, static_cast<off_t>(end)) != 0) {
    return errno;
  }
  if (end == 0) {
    const ShardHeader header{.key = layout.key, .key2 = layout.key2, .dimension = layout.dimension};
    if (const int code = writeAll(file, reinterpret_cast<const std::byte*>(&header), sizeof header, 0); code != 0) {
      return code;
    }
    end = kShardHeader;
  }
  return writeAll(file, records.data(), records.size(), end);
}

}  // namespace

std::size_t ShardLayout::recordBytes() const { return kRecordHead + (dimension * sizeof(std::uint16_t) + 7) / 8 * 8; }

Shard::Shard(fs::path path, const ShardLayout& layout) : path_(std::move(path)), layout_(layout) {
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
}

Shard::Shard(Shard&& other) noexcept
    : path_(std::move(other.path_)),
      layout_(other.layout_),
      file_(std::exchange(other.file_, -1)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      mappedBytes_(other.mappedBytes_),
      records_(other.records_),
      foundDimension_(other.foundDimension_) {}

Shard::~Shard() {
  if (mapped_ != nullptr) {
    ::munmap(const_cast<std::byte*>(mapped_), mappedBytes_);
  }
  if (file_ >= 0) {
    ::close(file_);
  }
}

ShardState Shard::refresh() {
  struct stat status = {};
  if (file_ < 0 || ::fstat(file_, &status) != 0) {
    return ShardState::Foreign;
  }
  ShardHeader header;
  if (::pread(file_, &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header)) {
    return ShardState::Incomplete;
  }
  if (header.magic != kMagic || header.key != layout_.key || header.key2 != layout_.key2) {
    return ShardState::Foreign;
  }
  foundDimension_ = header.dimension;
  if (header.dimension != layout_.dimension) {
    return ShardState::OtherDimension;
  }
  const std::size_t bytes = wholeBytes(static_cast<std::size_t>(status.st_size), layout_.recordBytes());
  if (bytes <= mappedBytes_) {
    return ShardState::Usable;
  }
  void* address = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file_, 0);
  if (address == MAP_FAILED) {
    return ShardState::Usable;  // what was mapped before stays
  }
  if (mapped_ != nullptr) {
    ::munmap(const_cast<std::byte*>(mapped_), mappedBytes_);
  }
  mapped_ = static_cast<const std::byte*>(address);
  mappedBytes_ = bytes;
  records_ = (bytes - kShardHeader) / layout_.recordBytes();
  return ShardState::Usable;
}

const std::byte* Shard::at(std::size_t record) const { return mapped_ + kShardHeader + record * layout_.recordBytes(); }

std::uint64_t Shard::image(std::size_t record) const { return load(at(record)); }

bool Shard::sound(std::size_t record) const {
  const std::byte* from = at(record);
  return checksum(load(from), from + kRecordHead, layout_.recordBytes() - kRecordHead) ==
         load(from + sizeof(std::uint64_t));
}

bool Shard::read(std::size_t record, std::span<float> features) const {
  if (!sound(record)) {
    return false;
  }
  const std::byte* payload = at(record) + kRecordHead;
  for (std::size_t i = 0; i < layout_.dimension; ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, payload + i * sizeof half, sizeof half);
    features[i] = nn::fromHalf(half);
  }
  return true;
}

std::optional<std::vector<std::byte>> makeRecord(std::uint64_t image, std::span<const float> features,
                                                 const ShardLayout& layout) {
  std::vector<std::byte> record(layout.recordBytes());
  std::byte* payload = record.data() + kRecordHead;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::uint16_t half = nn::toHalf(features[i]);
    if (!std::isfinite(nn::fromHalf(half))) {
      return std::nullopt;
    }
    std::memcpy(payload + i * sizeof half, &half, sizeof half);
  }
  const std::uint64_t sum = checksum(image, payload, record.size() - kRecordHead);
  std::memcpy(record.data(), &image, sizeof image);
  std::memcpy(record.data() + sizeof image, &sum, sizeof sum);
  return record;
}

Result<void> appendRecords(const fs::path& path, std::span<const std::byte> records, const ShardLayout& layout) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    return ioError(path, errno);
  }
  const int code = appendTo(file, records, layout);
  ::close(file);
  if (code != 0) {
    return ioError(path, code);
  }
  return {};
}

}  // namespace lix::study::detail
