#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "data/caption_gather.h"
#include "data/file_pictures.h"
#include "data/formats/json_records.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& coco();

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// One file of annotations: pictures by id, ascending as torchvision reads them, captions in the order of the file.
struct Annotations {
  std::map<long long, std::string> files;
  std::map<long long, std::vector<std::string>> captions;
  std::size_t others = 0;  // annotations that are no captions
};

Result<Annotations> readAnnotations(const fs::path& file, CaptionGather& gather) {
  Annotations all;
  LIX_CHECK(forEachJsonRecord(file, [&](std::string_view array, const json& record) -> Result<void> {
    if (array == "images") {
      const auto id = integerAt(record, "id");
      const auto name = textAt(record, "file_name");
      if (!id || !name) {
        gather.skip(cat("picture ", all.files.size()), "The entry lacks its id or file_name.");
      } else if (!all.files.emplace(*id, *name).second) {
        gather.skip(*name, cat("Another picture has its id ", *id, "."));
      }
    } else if (array == "annotations") {
      const auto id = integerAt(record, "image_id");
      const auto caption = textAt(record, "caption");
      if (id && caption) {
        all.captions[*id].push_back(*caption);
      } else {
        ++all.others;
      }
    }
    return {};
  }));
  if (all.files.empty()) {
    return fail(ErrorCode::BadInput, cat("The file '", file.string(), "' has no list 'images' with id and file_name."));
  }
  if (all.captions.empty()) {
    return fail(ErrorCode::BadInput, cat("The file '", file.string(), "' holds no captions (", all.others,
                                         " other annotations); "
                                         "name the captions_*.json of the same set."));
  }
  return all;
}

/// "captions_val2014.json" -> validation.
std::optional<Split> splitOfFile(const fs::path& file) {
  for (std::string part : split(lowered(file.stem().string()), '_')) {
    part.resize(std::min(part.size(), part.find_last_not_of("0123456789") + 1));
    if (const auto named = splitNamed(part)) {
      return named;
    }
  }
  return std::nullopt;
}

void takeAll(const fs::path& file, const Annotations& all, CaptionGather& gather) {
  const auto named = splitOfFile(file);
  for (const auto& [id, name] : all.files) {
    const auto sample = gather.picture(name);
    if (!sample) {
      continue;
    }
    if (named) {
      gather.setSplit(*sample, *named);
    }
    if (const auto captions = all.captions.find(id); captions != all.captions.end()) {
      for (const std::string& caption : captions->second) {
        gather.caption(*sample, caption, cat("picture ", id));
      }
    }
  }
  for (const auto& [id, captions] : all.captions) {
    if (!all.files.contains(id)) {
      gather.skip(cat("picture ", id),
                  cat("There are ", captions.size(), " captions for it, and no entry in 'images'."));
    }
  }
}

std::vector<fs::path> captionFiles(const Glance& folder) {
  std::vector<fs::path> files;
  for (const std::string& name : folder.files()) {
    if (name.starts_with("captions_") && name.ends_with(".json")) {
      files.push_back(folder.path() / name);
    }
  }
  return files;
}

Result<Dataset> openCoco(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, coco().params));
  LIX_TRY(const Glance glance, Glance::at(spec.path));
  const std::vector<fs::path> files = glance.isFolder() ? captionFiles(glance) : std::vector<fs::path>{spec.path};
  if (files.empty()) {
    return fail(ErrorCode::NotFound, cat("The folder '", spec.path, "' holds no captions_*.json."));
  }
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  CaptionGather gather(files.front(), options, dataset);
  for (const fs::path& file : files) {
    LIX_TRY(const Annotations all, readAnnotations(file, gather));
    takeAll(file, all, gather);
  }
  LIX_CHECK(gather.finish());
  return dataset;
}

Result<Findings> findCoco(const Glance& glance) {
  const auto finding = [](const fs::path& path) { return Finding{.spec = {.kind = "coco", .path = path.string()}}; };
  if (glance.isFolder()) {
    Findings found;
    if (!captionFiles(glance).empty()) {
      found.push_back(finding(glance.path()));
    } else if (glance.hasFolder("annotations")) {
      LIX_TRY(const Glance below, Glance::at(glance.path() / "annotations"));
      if (!captionFiles(below).empty()) {
        found.push_back(finding(below.path()));
      }
    }
    return found;
  }
  if (glance.extension() != ".json") {
    return Findings();
  }
  const std::string head = glance.head();
  const auto has = [&](const char* key) { return head.find(key) != std::string::npos; };
  const bool fits = !has("\"sentences\"") &&
                    ((has("\"images\"") && has("\"file_name\"")) || (has("\"annotations\"") && has("\"image_id\"")));
  return fits ? Findings{finding(glance.path())} : Findings();
}

}  // namespace

const Source& coco() {
  static const Source source{
      .id = "coco",
      .title = "COCO captions (JSON)",
      .help =
          "captions_train2014.json and the like, or a folder of them (annotations/): pictures by id, ascending, "
          "with their captions; the split is the one that the file's name says.",
      .params = CaptionGather::params(),
      .open = openCoco,
      .find = findCoco,
      .looksFor = "COCO captions (captions_val2014.json, annotations/)"};
  return source;
}

}  // namespace lix::data::sources
