#include "nn/checkpoint/safetensors.h"

#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "nn/checkpoint/safetensors_header.h"

namespace lix::nn {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little endian and are mapped as they are");

struct Mapping {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

std::unexpected<Error> damaged(const fs::path& path, std::string_view why) {
  return fail(ErrorCode::BadInput,
              cat(path.string(), " is not a valid safetensors file: ", why, ". Get the file again."));
}

std::unexpected<Error> unreadable(const fs::path& path, int code) {
  return fail(code == ENOENT   ? ErrorCode::NotFound
              : code == ENOMEM ? ErrorCode::NoMemory
                               : ErrorCode::Io,
              cat("Cannot read ", path.string(), ": ", std::strerror(code), "."));
}

Result<Mapping> mapOpened(int file, const fs::path& path, SafetensorsFile::Access access) {
  struct stat before = {};
  if (::fstat(file, &before) != 0) {
    return unreadable(path, errno);
  }
  if (!S_ISREG(before.st_mode)) {
    return fail(ErrorCode::BadInput, cat(path.string(), " is not a file, a safetensors file was expected."));
  }
  const auto size = static_cast<std::size_t>(before.st_size);
  if (size < sizeof(std::uint64_t)) {
    return damaged(path, cat("it has only ", size, " bytes"));
  }
  // Pages that nobody writes to cost no memory of their own, so none is set aside for them.
  const bool writes = access == SafetensorsFile::Access::CopyOnWrite;
  void* address = ::mmap(nullptr, size, writes ? PROT_READ | PROT_WRITE : PROT_READ,
                         MAP_PRIVATE | (writes ? MAP_NORESERVE : 0), file, 0);
  if (address == MAP_FAILED) {
    return unreadable(path, errno);
  }
  std::shared_ptr<const void> owner(address, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  struct stat after = {};
  if (::fstat(file, &after) != 0 || after.st_size != before.st_size) {
    return fail(ErrorCode::Busy,
                cat(path.string(), " changed while it was opened. Try again when its writer is done."));
  }
  return Mapping{std::move(owner), {static_cast<const std::byte*>(address), size}};
}

Result<Mapping> map(const fs::path& path, SafetensorsFile::Access access) {
  // Without O_NONBLOCK a named pipe would wait here for a writer.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return unreadable(path, errno);
  }
  auto mapping = mapOpened(file, path, access);
  ::close(file);
  return mapping;
}

/// Every tensor has the bytes of its shape, and together they cover the data without gap or overlap.
Result<void> checkTiling(std::vector<detail::HeaderEntry>& entries, std::uint64_t length, const fs::path& path) {
  std::ranges::sort(entries, {}, [](const detail::HeaderEntry& entry) { return std::pair(entry.begin, entry.end); });
  std::uint64_t covered = 0;
  for (const auto& entry : entries) {
    const auto size = detail::byteSize(entry.type, entry.shape);
    if (!size) {
      return damaged(path, cat("the shape of the tensor ", detail::shown(entry.name), " is impossibly large"));
    }
    if (entry.end < entry.begin || entry.end - entry.begin != *size) {
      return damaged(path, cat("the tensor ", detail::shown(entry.name), " needs ", *size,
                               " bytes, but its data_offsets are ", entry.begin, " and ", entry.end));
    }
    if (entry.begin != covered) {
      return damaged(path, cat("the tensor ", detail::shown(entry.name), " begins at byte ", entry.begin, " where ",
                               covered, " was expected (", entry.begin < covered ? "an overlap" : "a gap", ")"));
    }
    if (entry.end > length) {
      return damaged(path, cat("the tensor ", detail::shown(entry.name), " ends at byte ", entry.end, " of ", length,
                               " (the file was cut off)"));
    }
    covered = entry.end;
  }
  if (covered != length) {
    return damaged(path, cat("its tensors end at byte ", covered, ", its data at ", length));
  }
  return {};
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const fs::path& path, Access access) {
  LIX_TRY(const Mapping mapping, map(path, access));
  std::uint64_t headerSize = 0;
  std::memcpy(&headerSize, mapping.bytes.data(), sizeof headerSize);
  const auto rest = mapping.bytes.subspan(sizeof headerSize);
  if (headerSize > detail::kMaxHeader) {
    return damaged(path,
                   cat("its header would have ", headerSize, " bytes, more than the ", detail::kMaxHeader, " allowed"));
  }
  if (headerSize > rest.size()) {
    return damaged(path, cat("its header would have ", headerSize, " bytes, the file has ", rest.size(), " left"));
  }
  const std::string_view json(reinterpret_cast<const char*>(rest.data()), headerSize);
  LIX_TRY(auto header, detail::parseHeader(json, path));
  const auto data = rest.subspan(headerSize);
  LIX_CHECK(checkTiling(header.entries, data.size(), path));
  SafetensorsFile file;
  file.mapping_ = mapping.owner;
  file.metadata_ = std::move(header.metadata);
  for (auto& entry : header.entries) {
    file.tensors_.emplace(std::move(entry.name), TensorView{entry.type, std::move(entry.shape),
                                                            data.subspan(entry.begin, entry.end - entry.begin)});
  }
  return file;
}

}  // namespace lix::nn
