#include "data/formats/shard.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "data/caption_gather.h"
#include "data/file_pictures.h"
#include "data/formats/class_names.h"
#include "data/formats/tar.h"

namespace lix::data {
namespace {

constexpr std::uint64_t kLongestText = 1 << 20;
constexpr std::uint64_t kLongestPicture = 512ULL << 20;  // as imaging::DecodeLimits

/// "a/000.seg.png" is key "a/000", extension "seg.png"; empty where the base name has no dot, or begins with it.
struct MemberName {
  std::string_view key;
  std::string extension;
};

std::optional<MemberName> parseName(const std::string& name) {
  const auto base = name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1;
  const auto dot = name.find('.', base);
  if (dot == std::string::npos || dot == base) {
    return std::nullopt;
  }
  return MemberName{std::string_view(name).substr(0, dot), lowered(std::string_view(name).substr(dot + 1))};
}

class ShardReader {
 public:
  ShardReader(TarWalk& tar, std::uint32_t number, const std::string& prefix, const ShardWishes& wishes,
              ShardContents& contents)
      : tar_(tar), number_(number), prefix_(prefix), wishes_(wishes), contents_(contents) {}

  void take(const TarEntry& entry) {
    if (entry.kind == TarEntry::Kind::Folder) {
      return;
    }
    if (entry.kind != TarEntry::Kind::File) {
      skip(entry.name, "is a link or a device");
      return;
    }
    if (!staysBelow(entry.name) || !isUtf8(entry.name) || entry.name.find('\n') != std::string::npos) {
      skip(entry.name, "has a name that leads out of the shard or is none that a file has, which is refused");
      return;
    }
    const auto name = parseName(entry.name);
    if (!name) {
      return;  // no part of a sample ("__MACOSX/._a", "README")
    }
    if (name->key != key_ || std::ranges::find(extensions_, name->extension) != extensions_.end()) {
      finishSample();
      key_ = name->key;
    }
    extensions_.push_back(name->extension);
    takeMember(entry, name->extension);
  }

  void finish() {
    finishSample();
    for (const auto& [reason, those] : reasons_) {
      contents_.skipped.push_back({prefix_, those.count == 1 ? cat("'", those.first, "' ", reason, ".")
                                                             : cat(those.count, " entries are left out; the first, '",
                                                                   those.first, "', ", reason, ".")});
    }
  }

 private:
  struct Those {
    std::size_t count = 0;
    std::string first;
  };

  void skip(const std::string& name, const std::string& reason) {
    Those& those = reasons_[reason];
    if (those.count++ == 0) {
      those.first = isUtf8(name) ? name.substr(0, name.find('\0')) : hex(hash64(name));
    }
  }

  void takeMember(const TarEntry& entry, const std::string& extension) {
    const auto& images = wishes_.imageKeys;
    if (!picture_ && std::ranges::find(images, extension) != images.end()) {
      picture_ = entry;
    } else if (extension == wishes_.captionKey) {
      takeCaptions(entry);
    } else if (extension == "cls") {
      takeLabel(entry);
    }
  }

  void takeCaptions(const TarEntry& entry) {
    auto text = tar_.content(entry, kLongestText);
    if (!text) {
      skip(entry.name, "cannot be read as a caption");
      return;
    }
    if (!wishes_.captionField.empty()) {
      const auto json = nlohmann::json::parse(*text, nullptr, false);
      const auto field = json.is_object() ? json.find(wishes_.captionField) : json.end();
      text = json.is_object() && field != json.end() && field->is_string() ? field->get<std::string>() : std::string();
    }
    for (std::string_view rest = *text; !rest.empty();) {
      const auto line = wishes_.captionLines ? rest.substr(0, rest.find('\n')) : rest;
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (trim(line).empty()) {
        continue;
      }
      if (auto caption = captionOf(line, wishes_.longestCaption)) {
        captions_.push_back(std::move(*caption));
      } else {
        skip(entry.name, "holds a caption that is not UTF-8 or longer than max_caption");
      }
    }
  }

  void takeLabel(const TarEntry& entry) {
    constexpr std::uint64_t kLongestLabel = 64;
    const auto text = tar_.content(entry, kLongestLabel);
    const auto number = text ? toInteger(trim(*text)) : std::nullopt;
    if (!number || *number < 0 || *number > kMostClasses) {
      skip(entry.name, "is no class number");
      return;
    }
    label_ = int(*number);
  }

  void finishSample() {
    if (!extensions_.empty()) {
      keepSample();
    }
    extensions_.clear();
    captions_.clear();
    picture_.reset();
    label_ = -1;
  }

  void keepSample() {
    if (!picture_) {
      skip(key_, cat("has no picture (", join(wishes_.imageKeys, ", "), ")"));
    } else if (picture_->size == 0 || picture_->size > kLongestPicture) {
      skip(picture_->name, picture_->size == 0 ? "is an empty picture" : "is larger than pictures may be");
    } else if (captions_.empty() && label_ < 0) {
      skip(key_, cat("has neither a caption (", wishes_.captionKey, ") nor a class number (cls)"));
    } else if (!keys_.insert(hash64(key_)).second) {
      skip(key_, "comes again in the same shard");
    } else {
      contents_.samples.push_back(
          {.key = prefix_ + "/" + key_,
           .captions = {std::make_move_iterator(captions_.begin()), std::make_move_iterator(captions_.end())},
           .labels = {},
           .version = versionInShard(tar_.file().version(), picture_->offset)});
      contents_.pictures.push_back({picture_->offset, std::uint32_t(picture_->size), number_});
      contents_.labels.push_back(label_);
    }
  }

  TarWalk& tar_;
  std::uint32_t number_;
  const std::string& prefix_;
  const ShardWishes& wishes_;
  ShardContents& contents_;
  std::map<std::string, Those> reasons_;
  std::unordered_set<std::uint64_t> keys_;
  // The sample at hand.
  std::string key_;
  std::vector<std::string> extensions_, captions_;
  std::optional<TarEntry> picture_;
  int label_ = -1;
};

}  // namespace

std::uint64_t versionInShard(std::uint64_t shardVersion, std::uint64_t offset) {
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15ULL;
  return shardVersion ^ (offset + 1) * kMix;
}

ShardContents readShard(const std::filesystem::path& path, std::uint32_t number, const std::string& prefix,
                        const ShardWishes& wishes) {
  ShardContents contents;
  auto tar = TarWalk::open(path);
  if (!tar) {
    contents.skipped.push_back({prefix, tar.error().message});
    return contents;
  }
  contents.state = FileState{tar->file().size(), tar->file().version()};
  ShardReader reader(*tar, number, prefix, wishes, contents);
  while (true) {
    const auto entry = tar->next();
    if (!entry) {
      contents.skipped.push_back({prefix, cat(entry.error().message, " What comes before it is used.")});
      break;
    }
    if (!*entry) {
      break;
    }
    reader.take(**entry);
  }
  reader.finish();
  contents.samples.shrink_to_fit();
  contents.pictures.shrink_to_fit();
  contents.labels.shrink_to_fit();
  return contents;
}

}  // namespace lix::data
