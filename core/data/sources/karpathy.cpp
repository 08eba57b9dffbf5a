#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "data/caption_gather.h"
#include "data/file_pictures.h"
#include "data/formats/json_records.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& karpathy();

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The sentence as it was written, or its words where that is left out.
std::string sentenceOf(const json& sentence) {
  if (!sentence.is_object()) {
    return "";
  }
  if (auto raw = textAt(sentence, "raw")) {
    return *raw;
  }
  std::vector<std::string> words;
  if (const auto tokens = sentence.find("tokens"); tokens != sentence.end() && tokens->is_array()) {
    for (const json& token : *tokens) {
      words.push_back(token.is_string() ? token.get<std::string>() : "");
    }
  }
  return join(words, " ");
}

void take(const json& record, std::size_t number, CaptionGather& gather) {
  const auto file = textAt(record, "filename");
  const std::string where = cat("picture ", number, file ? ": " + *file : "");
  if (!file) {
    gather.skip(where, "The entry names no file.");
    return;
  }
  const auto folder = textAt(record, "filepath");
  const auto sample = gather.picture(folder && !folder->empty() ? cat(*folder, "/", *file) : *file);
  if (!sample) {
    return;
  }
  if (const auto named = textAt(record, "split")) {
    const auto split = splitNamed(*named);
    if (!split) {
      gather.skip(where,
                  cat("The entry names the unknown split '", *named, "'; known are train, restval, val and test."));
      return;  // without captions it is dropped at the end
    }
    gather.setSplit(*sample, *split);
  }
  const auto sentences = record.find("sentences");
  if (sentences != record.end() && sentences->is_array()) {
    for (const json& sentence : *sentences) {
      gather.caption(*sample, sentenceOf(sentence), where);
    }
  }
}

Result<Dataset> openKarpathy(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, karpathy().params));
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  CaptionGather gather(spec.path, options, dataset);
  std::size_t number = 0;
  LIX_CHECK(forEachJsonRecord(spec.path, [&](std::string_view array, const json& record) -> Result<void> {
    if (array == "images") {
      take(record, number++, gather);
    }
    return {};
  }));
  if (number == 0) {
    return fail(ErrorCode::BadInput, cat("The file '", spec.path,
                                         "' has no list 'images', as Karpathy's splits have "
                                         "(dataset_flickr8k.json)."));
  }
  LIX_CHECK(gather.finish());
  return dataset;
}

Result<Findings> findKarpathy(const Glance& glance) {
  Findings found;
  const auto look = [&](const fs::path& path) -> Result<void> {
    LIX_TRY(const Glance file, Glance::at(path));
    const std::string head = file.head();
    if (head.find("\"images\"") != std::string::npos && head.find("\"sentences\"") != std::string::npos) {
      found.push_back({.spec = {.kind = "karpathy", .path = path.string()}});
    }
    return {};
  };
  if (!glance.isFolder()) {
    if (glance.extension() == ".json") {
      LIX_CHECK(look(glance.path()));
    }
    return found;
  }
  for (const std::string& name : glance.files()) {
    if (name.starts_with("dataset") && name.ends_with(".json")) {
      LIX_CHECK(look(glance.path() / name));
    }
  }
  return found;
}

}  // namespace

const Source& karpathy() {
  static const Source source{
      .id = "karpathy",
      .title = "Karpathy's splits (JSON)",
      .help =
          "dataset_flickr8k.json, dataset_flickr30k.json or dataset_coco.json: pictures with five or more "
          "captions and their split (restval counts as train).",
      .params = CaptionGather::params(),
      .open = openKarpathy,
      .find = findKarpathy,
      .looksFor = "Karpathy's splits (dataset_coco.json)"};
  return source;
}

}  // namespace lix::data::sources
