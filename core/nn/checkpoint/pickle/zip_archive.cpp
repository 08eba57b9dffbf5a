#include "nn/checkpoint/pickle/zip_archive.h"

#include <zip.h>

#include <algorithm>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr zip_int64_t kMostEntries = 200'000;

std::unexpected<Error> damaged(const fs::path& path, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(path.string(), " is not a usable file of torch.save: ", why,
                                       ". Get the file again, or take the checkpoint as safetensors."));
}

std::string reasonOf(zip_error_t* error) {
  std::string text = zip_error_strerror(error);
  zip_error_fini(error);
  return text;
}

/// Names like "archive/data/0": no way up, no absolute path, no control characters.
bool isHarmless(std::string_view name) {
  if (name.empty() || name.size() > 1024 || name.front() == '/' || name.find('\\') != name.npos ||
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 32; })) {
    return false;
  }
  return std::ranges::none_of(split(name, '/'), [](const std::string& part) { return part == ".." || part == "."; });
}

}  // namespace

Result<ZipArchive> ZipArchive::open(const fs::path& path) {
  std::error_code code;
  const auto fileSize = fs::file_size(path, code);
  int status = 0;
  zip_t* handle = code ? nullptr : zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &status);
  if (handle == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, status);
    return damaged(path, cat("it cannot be opened as a zip (", code ? code.message() : reasonOf(&error), ")"));
  }
  ZipArchive archive;
  archive.path_ = path;
  archive.archive_ = {handle, [](void* opened) { zip_discard(static_cast<zip_t*>(opened)); }};
  const zip_int64_t count = zip_get_num_entries(handle, 0);
  if (count < 1 || count > kMostEntries) {
    return damaged(path, cat("it has ", count, " entries"));
  }
  std::uint64_t total = 0;
  std::string folder;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* raw = zip_get_name(handle, i, ZIP_FL_ENC_RAW);
    const std::string name = raw == nullptr ? "" : raw;
    if (!isHarmless(name)) {
      return damaged(path, "an entry's name is empty, too long or leads out of the archive");
    }
    zip_stat_t stat;
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(handle, i, ZIP_FL_UNCHANGED, &stat) != 0 || (stat.valid & kNeeded) != kNeeded) {
      return damaged(path, cat("its entry ", name, " says nothing of its size"));
    }
    if (stat.comp_method != ZIP_CM_STORE || stat.encryption_method != ZIP_EM_NONE || stat.size != stat.comp_size) {
      return damaged(path, cat("its entry ", name, " is compressed or encrypted, which torch.save never does"));
    }
    if (stat.size > fileSize || (total += stat.size) > fileSize) {
      return damaged(path, cat("its entries together would be larger than the file (at ", name, ")"));
    }
    const auto slash = name.find('/');
    if (slash == name.npos || (i > 0 && name.compare(0, slash + 1, folder) != 0)) {
      return damaged(path, cat("its entry ", name, " is not in the one folder that all should be in"));
    }
    folder = name.substr(0, slash + 1);
    archive.places_[name.substr(slash + 1)] = i;
    if (!archive.sizes_.emplace(name.substr(slash + 1), stat.size).second) {
      return damaged(path, cat("its entry ", name, " is there twice"));
    }
  }
  return archive;
}

Result<void> ZipArchive::read(const std::string& name, std::byte* into) const {
  LIX_REQUIRE(has(name));
  auto* handle = static_cast<zip_t*>(archive_.get());
  zip_file_t* file = zip_fopen_index(handle, places_.at(name), ZIP_FL_UNCHANGED);
  if (file == nullptr) {
    return damaged(path_, cat("its entry ", name, " cannot be read (", zip_error_strerror(zip_get_error(handle)), ")"));
  }
  const std::uint64_t size = sizes_.at(name);
  std::uint64_t done = 0;
  zip_int64_t got = 1;
  while (done < size && got > 0) {
    got = zip_fread(file, into + done, std::min<std::uint64_t>(size - done, 1 << 30));
    done += got > 0 ? static_cast<std::uint64_t>(got) : 0;
  }
  std::byte beyond;
  const bool whole = done == size && zip_fread(file, &beyond, 1) == 0;  // the end compares the checksum
  const std::string reason = whole ? "" : zip_error_strerror(zip_file_get_error(file));
  zip_fclose(file);
  return whole ? Result<void>() : damaged(path_, cat("its entry ", name, " cannot be read to its end (", reason, ")"));
}

}  // namespace lix::nn
