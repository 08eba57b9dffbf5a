#include "data/recognise.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/byte_file.h"
#include "data/formats/shard_list.h"
#include "data/source.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHead = 64 << 10;

std::vector<std::string> builtInNames() {
  std::vector<std::string> names;
  for (const Source* source : sources::table()) {
    if (!source->find) {
      names.push_back(source->id);
    }
  }
  return names;
}

std::string soughtFor() {
  std::vector<std::string> all;
  for (const Source* source : sources::table()) {
    if (source->find) {
      all.push_back(source->looksFor);
    }
  }
  return join(all, "; ");
}

/// The one thing that fits; several are named, so that a person can choose.
Result<DatasetSpec> onlyOne(const fs::path& path, const Findings& findings) {
  if (findings.size() == 1) {
    return findings.front().spec;
  }
  std::vector<std::string> places;
  for (const Finding& finding : findings) {
    places.push_back(cat(finding.spec.path, " (", finding.spec.kind, ")"));
  }
  return fail(ErrorCode::BadInput,
              cat("'", path.string(), "' can be read in several ways; name one of: ", join(places, ", "), "."));
}

Result<DatasetSpec> recogniseGlance(const Glance& glance) {
  Findings sure, others;
  for (const Source* source : sources::table()) {
    if (source->find) {
      LIX_TRY(const Findings found, source->find(glance));
      for (const Finding& finding : found) {
        (finding.sure ? sure : others).push_back(finding);
      }
    }
  }
  if (sure.empty() && others.empty()) {
    return fail(ErrorCode::Unsupported,
                cat("'", glance.path().string(), "' is no dataset that is known here. Looked for: ", soughtFor(), "."));
  }
  return onlyOne(glance.path(), sure.empty() ? others : sure);
}

}  // namespace

Result<Glance> Glance::at(const fs::path& path) {
  Glance glance;
  glance.path_ = path;
  std::error_code error;
  glance.isFolder_ = fs::is_directory(path, error);
  if (!glance.isFolder_) {
    return glance;
  }
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with('.') && name != "__MACOSX") {
      std::error_code ignored;
      (at->is_directory(ignored) ? glance.folders_ : glance.files_).push_back(name);
    }
  }
  if (error) {
    return fail(ErrorCode::Io, cat("The folder '", path.string(), "' cannot be read: ", error.message(), "."));
  }
  std::ranges::sort(glance.files_);
  std::ranges::sort(glance.folders_);
  return glance;
}

bool Glance::hasFile(std::string_view name) const { return std::ranges::binary_search(files_, name); }
bool Glance::hasFolder(std::string_view name) const { return std::ranges::binary_search(folders_, name); }
std::string Glance::extension() const { return lowered(path_.extension().string()); }

std::string Glance::head() const {
  const auto text = readHead(path_, kHead);
  return text ? *text : std::string();
}

bool mayBeDataset(const fs::path& file) {
  constexpr std::array<std::string_view, 7> kExtensions{".csv", ".tsv", ".tab", ".txt", ".token", ".tar", ".json"};
  const std::string name = lowered(file.filename().string());
  return std::ranges::find(kExtensions, lowered(file.extension().string())) != kExtensions.end() ||
         name.ends_with("-ubyte") || name.ends_with("-ubyte.gz") || name.starts_with("data_batch_") ||
         name == "train.bin" || name == "test.bin" || name == "test_batch.bin";
}

bool saysCaption(std::string_view text) {
  const auto line = trim(text.substr(0, text.find('\n')));
  return line.find_first_not_of("0123456789+-.eE \t,") != std::string_view::npos && isUtf8(line);
}

Result<DatasetSpec> recognise(const std::string& pathOrName) {
  const auto builtIn = builtInNames();
  if (std::ranges::find(builtIn, pathOrName) != builtIn.end()) {
    return DatasetSpec{.kind = pathOrName, .path = {}};  // a folder of that name is reached as ./name
  }
  if (isShardPattern(pathOrName)) {
    LIX_TRY(const std::string whole, absoluteShardPattern(pathOrName));
    return DatasetSpec{.kind = "shards", .path = whole};
  }
  std::error_code error;
  if (!fs::is_directory(pathOrName, error) && !fs::is_regular_file(pathOrName, error)) {
    return fail(ErrorCode::NotFound, cat("There is no file, folder or built-in dataset '", pathOrName,
                                         "'; built in are: ", join(builtIn, ", "), "."));
  }
  LIX_TRY(const Glance glance, Glance::at(pathOrName));
  return recogniseGlance(glance);
}

}  // namespace lix::data
