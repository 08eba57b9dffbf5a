#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/safetensors_header.h"

namespace lix::nn {
namespace fs = std::filesystem;
namespace {

using Entry = std::pair<const std::string, TensorView>;

std::unexpected<Error> unwritable(const fs::path& path, int code) {
  const char* remedy = code == ENOSPC || code == EDQUOT                   ? " Free some space and try again."
                       : code == EACCES || code == EROFS || code == EPERM ? " Choose a folder that you may write to."
                                                                          : "";
  return fail(ErrorCode::Io, cat("Cannot write ", path.string(), ": ", std::strerror(code), ".", remedy));
}

/// What is written must be readable again, so the reader's rules hold here too.
Result<void> check(const fs::path& path, const std::map<std::string, TensorView>& tensors,
                   const std::map<std::string, std::string>& metadata) {
  const auto refused = [&](std::string_view why) {
    return fail(ErrorCode::BadInput, cat("Cannot write ", path.string(), ": ", why, "."));
  };
  if (tensors.size() >= detail::kMaxTensors || metadata.size() >= detail::kMaxTensors) {
    return refused(cat("it would have more than ", detail::kMaxTensors, " entries"));
  }
  for (const auto& [name, tensor] : tensors) {
    if (name == detail::kMetadata || name.size() > detail::kMaxName || !isUtf8(name)) {
      return refused(
          cat("a tensor cannot be named ", isUtf8(name) ? detail::shown(name) : "by text that is not UTF-8"));
    }
    if (tensor.shape.size() > detail::kMaxRank || detail::byteSize(tensor.type, tensor.shape) != tensor.bytes.size()) {
      return refused(cat("the tensor ", detail::shown(name), " has ", tensor.bytes.size(),
                         " bytes, which its shape does not have"));
    }
  }
  for (const auto& [key, text] : metadata) {
    if (!isUtf8(key) || !isUtf8(text)) {
      return refused(
          cat("the metadata entry ", isUtf8(key) ? detail::shown(key) : "with a damaged key", " is not UTF-8"));
    }
  }
  return {};
}

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

/// The 8 bytes of the length and the JSON, padded with spaces so that the data begins at a multiple of 8.
std::string headerBytes(const std::vector<const Entry*>& order, const std::map<std::string, std::string>& metadata) {
  std::string json = "{";
  if (!metadata.empty()) {
    json += "\"__metadata__\":{";
    for (const auto& [key, text] : metadata) {
      json += quoted(key) + ':' + quoted(text) + ',';
    }
    json.back() = '}';
    json += ',';
  }
  std::uint64_t begin = 0;
  for (const auto* entry : order) {
    const auto& [name, tensor] = *entry;
    json += quoted(name) + ":{\"dtype\":\"" + std::string(nn::name(tensor.type)) + "\",\"shape\":[";
    for (const auto extent : tensor.shape) {
      json += std::to_string(extent) + ',';
    }
    if (!tensor.shape.empty()) {
      json.pop_back();
    }
    const auto end = begin + tensor.bytes.size();
    json += "],\"data_offsets\":[" + std::to_string(begin) + ',' + std::to_string(end) + "]},";
    begin = end;
  }
  if (json.size() > 1) {
    json.pop_back();
  }
  json += '}';
  json.append((8 - json.size() % 8) % 8, ' ');
  const std::uint64_t length = json.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + json;
}

/// A file that vanishes unless it is committed to its place.
class PendingFile {
 public:
  explicit PendingFile(const fs::path& target) : target_(target) {
    static std::atomic<unsigned> counter = 0;
    const fs::path name = cat(".", target.filename().string(), ".", ::getpid(), ".", counter++, ".part");
    temporary_ = target.parent_path() / name;
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    error_ = file_ < 0 ? errno : 0;
  }
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile() {
    if (file_ >= 0) {
      ::close(file_);
      ::unlink(temporary_.c_str());
    }
  }

  void write(const char* data, std::size_t size) {
    while (error_ == 0 && size > 0) {
      const auto written = ::write(file_, data, size);
      if (written < 0) {
        error_ = errno == EINTR ? 0 : errno;
        continue;
      }
      data += written;
      size -= static_cast<std::size_t>(written);
    }
  }

  /// Syncs and renames; 0 or the first errno of all that was done.
  int commit() {
    if (error_ == 0 && (::fsync(file_) != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0)) {
      error_ = errno;
    }
    if (error_ == 0) {
      ::close(file_);
      file_ = -1;
      if (const int folder = ::open(target_.parent_path().c_str(), O_RDONLY | O_CLOEXEC); folder >= 0) {
        ::fsync(folder);
        ::close(folder);
      }
    }
    return error_;
  }

 private:
  fs::path target_;
  fs::path temporary_;
  int file_ = -1;
  int error_ = 0;
};

}  // namespace

Result<void> writeSafetensors(const fs::path& path, const std::map<std::string, TensorView>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  LIX_CHECK(check(path, tensors, metadata));
  std::vector<const Entry*> order;
  for (const auto& entry : tensors) {
    order.push_back(&entry);
  }
  // DType lists its types by ascending alignment, as the reference writer does; names are sorted by the map.
  std::ranges::stable_sort(order, std::ranges::greater{}, [](const Entry* entry) { return entry->second.type; });
  const std::string header = headerBytes(order, metadata);
  if (header.size() - sizeof(std::uint64_t) > detail::kMaxHeader) {
    return fail(ErrorCode::BadInput, cat("Cannot write ", path.string(), ": its header would be longer than ",
                                         detail::kMaxHeader, " bytes. Shorten names or metadata."));
  }
  std::error_code code;
  const fs::path target = fs::absolute(path, code);
  PendingFile file(target);
  file.write(header.data(), header.size());
  for (const auto* entry : order) {
    const auto bytes = entry->second.bytes;
    file.write(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  if (const int error = file.commit(); error != 0) {
    return unwritable(path, error);
  }
  return {};
}

}  // namespace lix::nn
