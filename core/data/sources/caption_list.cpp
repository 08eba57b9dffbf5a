#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/text.h"
#include "data/caption_gather.h"
#include "data/file_pictures.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& caption_list();

namespace {

namespace fs = std::filesystem;

struct Line {
  std::string_view name, caption;
};

/// "a.jpg#0<TAB>caption", "a.jpg<TAB>caption", or "a.jpg,caption", which is split behind the picture's extension since
/// names and captions may hold commas.
std::optional<Line> parseLine(std::string_view line) {
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (const auto tab = line.find('\t'); tab != std::string_view::npos) {
    const auto mark = line.substr(0, tab).rfind('#');
    const auto name = trim(line.substr(0, std::min(mark, tab)));
    return hasPictureExtension(name) ? std::optional(Line{name, line.substr(tab + 1)}) : std::nullopt;
  }
  for (auto comma = line.find(','); comma != std::string_view::npos; comma = line.find(',', comma + 1)) {
    if (hasPictureExtension(line.substr(0, comma))) {
      return Line{trim(line.substr(0, comma)), line.substr(comma + 1)};
    }
  }
  return std::nullopt;
}

/// Whether a text is such a list. Where a header and quotes, or no commas in the captions, make a table of it, it is
/// left to the tables.
bool looksLikeList(std::string_view head, bool isWhole) {
  const auto end = isWhole ? head.size() : std::min(head.size(), head.rfind('\n') + 1);
  std::size_t number = 0, fitting = 0;
  bool hasHeader = false, isTab = false, hasCommas = false;
  for (const std::string& line : split(head.substr(0, end), '\n')) {
    if (trim(line).empty()) {
      continue;
    }
    const auto parsed = parseLine(line);
    if (!parsed && number++ == 0) {
      hasHeader = true;
      continue;
    }
    ++number;
    if (!parsed || parsed->caption.starts_with('"')) {
      if (number > 2 && parsed) {
        return false;
      }
      continue;
    }
    ++fitting;
    isTab = isTab || line.find('\t') != std::string::npos;
    hasCommas = hasCommas || parsed->caption.find(',') != std::string_view::npos;
  }
  return fitting > 0 && fitting * 2 > number && (!hasHeader || (!isTab && hasCommas));
}

/// Flickr8k's own lists of splits beside the captions (Flickr_8k.trainImages.txt, devImages, testImages): a name a
/// line.
Result<void> takeSplits(const fs::path& list, CaptionGather& gather, const Dataset& dataset) {
  LIX_TRY(const Glance folder, Glance::at(list.has_parent_path() ? list.parent_path() : fs::path(".")));
  const KeyIndex keys(dataset.samples);
  for (const std::string& name : folder.files()) {
    const std::string low = lowered(name);
    for (const auto& [word, split] : {std::pair("trainimages", Split::Train), std::pair("devimages", Split::Validation),
                                      std::pair("testimages", Split::Test)}) {
      if (low.find(word) == std::string::npos || !low.ends_with(".txt")) {
        continue;
      }
      LIX_TRY(const std::string text, readFile(folder.path() / name));
      for (const std::string& line : lix::split(text, '\n')) {
        if (const auto found = keys.find(trim(line)); found != keys.end()) {
          gather.setSplit(found->second, split);
        }
      }
    }
  }
  return {};
}

Result<Dataset> openList(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, caption_list().params));
  LIX_TRY(const std::string text, readFile(spec.path));
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  CaptionGather gather(spec.path, options, dataset);
  std::string_view rest = text;
  if (rest.starts_with("\xef\xbb\xbf")) {
    rest.remove_prefix(3);
  }
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto parsed = parseLine(line);
    if (!parsed) {
      if (number > 1 && !trim(line).empty()) {  // the first may be a header
        gather.skip(cat("line ", number), "The line names no picture before its caption.");
      }
      continue;
    }
    if (const auto sample = gather.picture(std::string(parsed->name))) {
      gather.caption(*sample, parsed->caption, cat("line ", number, ": ", parsed->name));
    }
  }
  if (dataset.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("The list '", spec.path,
                                         "' names no picture: lines 'a.jpg#0<TAB>caption', "
                                         "'a.jpg<TAB>caption' or 'a.jpg,caption' are read."));
  }
  LIX_CHECK(takeSplits(spec.path, gather, dataset));
  LIX_CHECK(gather.finish());
  return dataset;
}

Result<Findings> findList(const Glance& glance) {
  Findings found;
  const auto look = [&](const fs::path& path) -> Result<void> {
    LIX_TRY(const Glance file, Glance::at(path));
    const std::string head = file.head();
    const auto state = fileState(path);
    if (isUtf8(head.substr(0, head.rfind('\n') + 1)) && looksLikeList(head, state && state->size <= head.size())) {
      found.push_back({.spec = {.kind = "caption_list", .path = path.string()}});
    }
    return {};
  };
  const auto isText = [](const fs::path& path) {
    const std::string extension = lowered(path.extension().string());
    return extension == ".txt" || extension == ".token";
  };
  if (!glance.isFolder()) {
    if (isText(glance.path())) {
      LIX_CHECK(look(glance.path()));
    }
    return found;
  }
  constexpr std::size_t kMostTexts = 32;  // more of them are captions beside pictures
  if (std::size_t(std::ranges::count_if(glance.files(), isText)) > kMostTexts) {
    return found;
  }
  for (const std::string& name : glance.files()) {
    if (isText(name)) {
      LIX_CHECK(look(glance.path() / name));
    }
  }
  return found;
}

}  // namespace

const Source& caption_list() {
  static const Source source{
      .id = "caption_list",
      .title = "List of captions (Flickr text)",
      .help =
          "A text with a picture and a caption a line: a.jpg#0 TAB caption (Flickr8k.token.txt, "
          "results_20130124.token), a.jpg TAB caption, or a.jpg,caption; the splits of Flickr_8k.*Images.txt "
          "beside it are taken.",
      .params = CaptionGather::params(),
      .open = openList,
      .find = findList,
      .looksFor = "a list of pictures and captions (a.jpg#0 TAB caption)"};
  return source;
}

}  // namespace lix::data::sources
