#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/text.h"
#include "data/file_pictures.h"
#include "data/options.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& folder();

namespace {

namespace fs = std::filesystem;

struct Entry {
  fs::path path;
  std::string key;  // path below the root
  std::uint64_t version = 0;
};

struct Listing {
  std::vector<std::string> folders, files;  // names, sorted by bytes
};

/// Names in a folder; hidden ones (.git, .DS_Store, __MACOSX) are no part of any dataset.
Result<Listing> list(const fs::path& folder) {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') || name == "__MACOSX") {
      continue;
    }
    std::error_code ignored;
    (fs::is_directory(at->path(), ignored) ? listing.folders : listing.files).push_back(name);
  }
  if (error) {
    return fail(ErrorCode::Io, cat("The folder '", folder.string(), "' cannot be read: ", error.message(), "."));
  }
  std::sort(listing.folders.begin(), listing.folders.end());
  std::sort(listing.files.begin(), listing.files.end());
  return listing;
}

/// Collects pictures below one folder; `above` guards against links that lead back to a folder they lie in.
class Walk {
 public:
  Walk(const fs::path& root, std::vector<Skipped>& skipped) : root_(root), skipped_(skipped) {}

  Result<void> files(const fs::path& folder, const std::vector<std::string>& names, std::vector<Entry>& entries) {
    for (const std::string& name : names) {
      const fs::path path = folder / name;
      const std::string key = path.lexically_relative(root_).generic_string();
      if (!isUtf8(key)) {
        skipped_.push_back(
            {hex(hash64(key)), "The name of a file in '" + folder.filename().string() + "' is not UTF-8."});
      } else if (hasVideoExtension(path)) {
        skipped_.push_back({key, "A video file is not read; put its frames as pictures into a folder of its name (for "
                                 "example with ffmpeg) and set frames."});
      } else if (!hasPictureExtension(path)) {
        skipped_.push_back({key, "The file has no extension of a picture."});
      } else if (const auto state = fileState(path); !state) {
        skipped_.push_back({key, cat("The file cannot be read: ", state.error().message, ".")});
      } else if (state->size == 0) {
        skipped_.push_back({key, "The file is empty."});
      } else {
        entries.push_back({path, key, state->version});
      }
    }
    return {};
  }

  Result<void> tree(const fs::path& folder, std::vector<Entry>& entries) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error || !above_.insert(real).second) {
      skipped_.push_back(
          {folder.lexically_relative(root_).generic_string(), "The folder leads back to itself by a link."});
      return {};
    }
    LIX_TRY(const Listing listing, list(folder));
    LIX_CHECK(files(folder, listing.files, entries));
    for (const std::string& name : listing.folders) {
      LIX_CHECK(tree(folder / name, entries));
    }
    above_.erase(real);
    return {};
  }

 private:
  const fs::path& root_;
  std::vector<Skipped>& skipped_;
  std::set<fs::path> above_;
};

/// Pictures by class of one split folder, or of the root where there are no split folders.
struct Part {
  std::optional<Split> split;
  std::map<std::string, std::vector<Entry>> classes;  // "" = pictures beside the class folders
};

Result<Part> readPart(const fs::path& folder, std::optional<Split> split, Walk& walk) {
  Part part{.split = split, .classes = {}};
  LIX_TRY(const Listing listing, list(folder));
  for (const std::string& name : listing.folders) {
    LIX_CHECK(walk.tree(folder / name, part.classes[name]));
  }
  std::vector<Entry> loose;
  LIX_CHECK(walk.files(folder, listing.files, loose));
  if (!loose.empty()) {
    part.classes[""] = std::move(loose);
  }
  return part;
}

Result<std::vector<Part>> readParts(const fs::path& root, Walk& walk) {
  LIX_TRY(const Listing listing, list(root));
  std::vector<Part> parts;
  const bool splits =
      !listing.folders.empty() && std::all_of(listing.folders.begin(), listing.folders.end(),
                                              [](const auto& name) { return splitNamed(name).has_value(); });
  if (!splits) {
    LIX_TRY(Part part, readPart(root, std::nullopt, walk));
    parts.push_back(std::move(part));
    return parts;
  }
  for (const std::string& name : listing.folders) {
    LIX_TRY(Part part, readPart(root / name, splitNamed(name), walk));
    parts.push_back(std::move(part));
  }
  return parts;
}

/// Class folders of all parts in byte order. A class without any picture is an error unless it is allowed.
Result<std::vector<std::string>> classFolders(const std::vector<Part>& parts, const fs::path& root,
                                              const Options& options) {
  std::map<std::string, std::size_t> counts;
  for (const Part& part : parts) {
    for (const auto& [name, entries] : part.classes) {
      if (!name.empty()) {
        counts[name] += entries.size();
      }
    }
  }
  std::vector<std::string> names;
  std::map<std::string, std::string> said;
  for (const auto& [name, count] : counts) {
    if (!isUtf8(name)) {
      return fail(ErrorCode::BadInput,
                  cat("A class folder in '", root.string(), "' has a name that is not UTF-8; rename it."));
    }
    if (count == 0 && !options.flag("allow_empty_classes")) {
      return fail(ErrorCode::BadInput, cat("The class folder '", name, "' in '", root.string(), "' holds no picture; ",
                                           "remove it, or set allow_empty_classes."));
    }
    if (const auto [other, isNew] = said.emplace(spoken(name), name); !isNew) {
      return fail(ErrorCode::BadInput, cat("The class folders '", other->second, "' and '", name, "' in '",
                                           root.string(), "' mean the same name '", other->first, "'; rename one."));
    }
    names.push_back(name);
  }
  return names;
}

/// The folder that a frame lies in, below its class's folder (or the split's where there are no classes); "" for a
/// picture that lies in none.
std::string videoOf(const Part& part, const std::string& className, const std::string& key) {
  const std::string folder = fs::path(key).parent_path().generic_string();
  const auto depth = std::ranges::count(folder, '/') + (folder.empty() ? 0 : 1);
  return depth > (part.split ? 1 : 0) + (className.empty() ? 0 : 1) ? folder : "";
}

LabelSet classSet(const std::vector<std::string>& folders) {
  LabelSet set{"class", folders};
  std::transform(folders.begin(), folders.end(), set.classes.begin(), spoken);
  return set;
}

/// The videos as a label set of their own; samples of none get -1.
void addVideos(const std::vector<std::string>& videos, Dataset& dataset) {
  std::map<std::string, int> numbers;
  for (const std::string& video : videos) {
    if (!video.empty()) {
      numbers.emplace(video, 0);
    }
  }
  LabelSet set{"video", {}};
  for (auto& [video, number] : numbers) {
    number = int(set.classes.size());
    set.classes.push_back(video);
  }
  for (std::size_t i = 0; i < videos.size(); ++i) {
    dataset.samples[i].labels.push_back(videos[i].empty() ? -1 : numbers.at(videos[i]));
  }
  dataset.labelSets.push_back(std::move(set));
}

Result<Dataset> openFolder(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, folder().params));
  const fs::path root = fs::path(spec.path).lexically_normal();
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    return fail(ErrorCode::NotFound, cat("There is no folder '", spec.path, "'."));
  }
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  Walk walk(root, dataset.skipped);
  LIX_TRY(const std::vector<Part> parts, readParts(root, walk));
  LIX_TRY(const std::vector<std::string> classes, classFolders(parts, root, options));
  if (!classes.empty()) {
    dataset.labelSets.push_back(classSet(classes));
  }
  const auto seed = std::uint64_t(options.integer("split_seed"));
  const bool captioned = options.flag("captions_from_classes"), frames = options.flag("frames");
  std::vector<fs::path> paths;
  std::vector<std::string> videos;
  for (const Part& part : parts) {
    for (const auto& [folderName, entries] : part.classes) {
      const auto found = std::lower_bound(classes.begin(), classes.end(), folderName);
      for (const Entry& entry : entries) {
        if (folderName.empty() && !classes.empty()) {
          dataset.skipped.push_back({entry.key, "The picture lies beside the class folders, so it has no class."});
          continue;
        }
        videos.push_back(frames ? videoOf(part, folderName, entry.key) : "");
        const std::string& together = videos.back().empty() ? entry.key : videos.back();
        Sample sample{.key = entry.key,
                      .captions = {},
                      .labels = {},
                      .split = part.split.value_or(splitOf(together, seed)),
                      .version = entry.version};
        if (!classes.empty()) {
          sample.labels.push_back(int(found - classes.begin()));
          if (captioned) {
            sample.captions.push_back(spoken(folderName));
          }
        }
        dataset.samples.push_back(std::move(sample));
        paths.push_back(entry.path);
      }
    }
  }
  if (frames) {
    addVideos(videos, dataset);
  }
  dataset.pictures = std::make_shared<FilePictures>(std::move(paths));
  return dataset;
}

/// Anything with pictures or folders in it, unless it is something else.
Result<Findings> findFolder(const Glance& glance) {
  const bool any = !glance.folders().empty() || std::ranges::any_of(glance.files(), [](const std::string& name) {
    return hasPictureExtension(name) || hasVideoExtension(name);
  });
  return any ? Findings{{.spec = {.kind = "folder", .path = glance.path().string()}, .sure = false}} : Findings();
}

}  // namespace

const Source& folder() {
  static const Source source{
      .id = "folder",
      .title = "Folder of class folders",
      .help = "Pictures sorted into one folder a class; folders named train, val and test on top become the splits. "
              "A folder of pictures alone has no labels.",
      .params = {{.key = "allow_empty_classes",
                  .title = "Allow empty classes",
                  .value = false,
                  .help = "Keep class folders that hold no picture."},
                 captionsFromClassesParam(),
                 {.key = "frames",
                  .title = "Folders of frames",
                  .value = false,
                  .help = "Each folder below a class folder holds the frames of one video: they stay in one split, and "
                          "the label set video names them."},
                 splitSeedParam()},
      .open = openFolder,
      .find = findFolder,
      .looksFor = "a folder with one folder of pictures a class"};
  return source;
}

}  // namespace lix::data::sources
