#include <algorithm>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "data/caption_gather.h"
#include "data/file_pictures.h"
#include "data/options.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& side_captions();

namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 16;  // folders in folders, which also ends loops of links
constexpr std::uintmax_t kLongestText = 1 << 20;

fs::path textBeside(fs::path picture) { return picture.replace_extension(".txt"); }

/// What a side text says: its first line. Further ones ("de.utf8=Hund") are translations.
std::string_view firstLine(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
  }
  const auto line = trim(text.substr(0, text.find('\n')));
  const auto equals = line.find(".utf8=");
  const bool isTranslation =
      equals != std::string_view::npos && line.substr(0, equals).find(' ') == std::string_view::npos;
  return isTranslation ? std::string_view() : line;
}

/// Goes through a folder in byte order and hands every file over as its path below the root; stops where `take` says
/// false.
template <class Take>
Result<bool> walk(const fs::path& root, const std::string& below, int depth, Take& take) {
  LIX_TRY(const Glance glance, Glance::at(root / below));
  const std::string prefix = below.empty() ? "" : below + "/";
  for (const std::string& name : glance.files()) {
    if (!take(prefix + name, glance)) {
      return false;
    }
  }
  for (const std::string& name : glance.folders()) {
    if (depth < kDeepest) {
      LIX_TRY(const bool goesOn, walk(root, prefix + name, depth + 1, take));
      if (!goesOn) {
        return false;
      }
    }
  }
  return true;
}

class Gatherer {
 public:
  Gatherer(const fs::path& root, const Options& options, Dataset& dataset)
      : root_(root),
        longest_(std::size_t(options.integer("max_caption"))),
        seed_(std::uint64_t(options.integer("split_seed"))),
        dataset_(dataset),
        paths_(root) {}

  void take(const std::string& key, const Glance& folder) {
    const std::string extension = lowered(fs::path(key).extension().string());
    const std::string name = fs::path(key).filename().string();
    const bool hasText = folder.hasFile(textBeside(name).string());
    if (!isUtf8(key)) {
      skip(hex(hash64(key)), "The name of the file is not UTF-8.");
    } else if (extension == ".svg" && hasText && !folder.hasFile(fs::path(name).replace_extension(".png").string())) {
      skip(key, "An SVG drawing is not read; save it as PNG beside its text.");
    } else if (hasPictureExtension(key)) {
      hasText ? addPicture(key) : skip(key, "The picture has no text beside it.");
    }
  }

  /// The splits where every top folder is called like one; folders as a label set where their names say something.
  void finish() {
    std::map<std::string, int> tops;
    for (const Sample& sample : dataset_.samples) {
      tops.emplace(topOf(sample.key), 0);
    }
    const bool areSplits =
        !tops.empty() && std::ranges::all_of(tops, [](const auto& top) { return splitNamed(top.first).has_value(); });
    const auto isTelling = [](const auto& top) {
      return !top.first.empty() && top.first.find_first_not_of("0123456789") != std::string::npos;
    };
    LabelSet set{"folder", {}};
    if (!areSplits && tops.size() > 1 && std::ranges::all_of(tops, isTelling)) {
      for (auto& [top, number] : tops) {
        number = int(set.classes.size());
        set.classes.push_back(spoken(top));
      }
    }
    for (Sample& sample : dataset_.samples) {
      const std::string top = topOf(sample.key);
      sample.split = areSplits ? *splitNamed(top) : splitOf(sample.key, seed_);
      if (!set.classes.empty()) {
        sample.labels.push_back(tops.at(top));
      }
    }
    if (!set.classes.empty()) {
      dataset_.labelSets.push_back(std::move(set));
    }
    dataset_.pictures = std::make_shared<FilePictures>(std::move(paths_));
  }

 private:
  static std::string topOf(const std::string& key) {
    const auto slash = key.find('/');
    return slash == std::string::npos ? "" : key.substr(0, slash);
  }

  void skip(const std::string& key, std::string reason) { dataset_.skipped.push_back({key, std::move(reason)}); }

  void addPicture(const std::string& key) {
    const auto state = fileState(root_ / key);
    if (!state || state->size == 0) {
      skip(key, state ? "The file is empty." : cat("The file cannot be read: ", state.error().message, "."));
      return;
    }
    const auto text = readFile(textBeside(root_ / key), kLongestText);
    if (!text) {
      skip(key, text.error().message);
      return;
    }
    auto caption = captionOf(firstLine(*text), longest_);
    if (!caption) {
      skip(key, caption.error().message);
      return;
    }
    dataset_.samples.push_back(
        {.key = key, .captions = {std::move(*caption)}, .labels = {}, .version = state->version});
    paths_.add(key);
  }

  const fs::path root_;
  std::size_t longest_;
  std::uint64_t seed_;
  Dataset& dataset_;
  PathList paths_;
};

Result<Dataset> openSideCaptions(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, side_captions().params));
  std::error_code error;
  if (!fs::is_directory(spec.path, error)) {
    return fail(ErrorCode::NotFound, cat("There is no folder '", spec.path, "'."));
  }
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  Gatherer gatherer(spec.path, options, dataset);
  auto take = [&](const std::string& key, const Glance& folder) {
    gatherer.take(key, folder);
    return true;
  };
  LIX_CHECK(walk(spec.path, "", 0, take));
  gatherer.finish();
  return dataset;
}

/// Of the first pictures at least half have a text beside them, and one of the first texts is a caption.
Result<Findings> findSideCaptions(const Glance& glance) {
  if (!glance.isFolder()) {
    return Findings();
  }
  constexpr std::size_t kLookedAt = 200, kMostFiles = 20'000, kRead = 8;
  std::size_t pictures = 0, texts = 0, files = 0;
  bool isCaption = false;
  auto take = [&](const std::string& key, const Glance& folder) {
    if (hasPictureExtension(key)) {
      ++pictures;
      if (folder.hasFile(textBeside(fs::path(key).filename()).string()) && texts++ < kRead) {
        const auto text = readFile(textBeside(glance.path() / key), kLongestText);
        isCaption = isCaption || (text && saysCaption(firstLine(*text)));
      }
    }
    return pictures < kLookedAt && ++files < kMostFiles;
  };
  LIX_CHECK(walk(glance.path(), "", 0, take));
  return texts > 0 && texts * 2 >= pictures && isCaption
             ? Findings{{.spec = {.kind = "side_captions", .path = glance.path().string()}}}
             : Findings();
}

}  // namespace

const Source& side_captions() {
  static const Source source{
      .id = "side_captions",
      .title = "Pictures with texts beside them",
      .help =
          "A folder, with folders in it, where a.jpg has its caption in the first line of a.txt (as img2dataset "
          "writes files, or the stamps of Tux Paint, whose further lines are translations). Top folders called "
          "train, val and test are the splits, others a label set.",
      .params = {longestCaptionParam(), splitSeedParam()},
      .open = openSideCaptions,
      .find = findSideCaptions,
      .looksFor = "pictures with captions beside them (a.jpg, a.txt)"};
  return source;
}

}  // namespace lix::data::sources
