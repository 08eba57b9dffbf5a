#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/contracts.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/byte_file.h"
#include "data/formats/class_names.h"
#include "data/options.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& cifar();

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSide = 32, kPlane = kSide * kSide;
constexpr std::array<std::string_view, 10> kTen{"airplane", "automobile", "bird",  "cat",  "deer",
                                                "dog",      "frog",       "horse", "ship", "truck"};

/// The two layouts: CIFAR-10 has one label byte before the planes of a picture, CIFAR-100 a coarse and a fine one.
enum class Kind { Ten = 1, Hundred = 2 };
std::size_t recordOf(Kind kind) { return std::size_t(kind) + 3 * kPlane; }

struct Batch {
  fs::path path;
  Kind kind = Kind::Ten;
  std::size_t count = 0;
  std::uint64_t version = 0;
};

/// Planes of red, green and blue, 32 x 32, read from their file when they are asked for.
class CifarPictures : public PictureSource {
 public:
  explicit CifarPictures(std::vector<Batch> batches) : batches_(std::move(batches)) {
    for (const Batch& batch : batches_) {
      begins_.push_back(count_);
      count_ += batch.count;
    }
  }

  Result<imaging::Image> load(std::size_t index) const override {
    LIX_REQUIRE(index < count_);
    const auto at = std::size_t(std::ranges::upper_bound(begins_, index) - begins_.begin()) - 1;
    const Batch& batch = batches_[at];
    const std::uint64_t record = recordOf(batch.kind);
    LIX_TRY(const std::string planes,
            readPiece(batch.path, (index - begins_[at]) * record + std::size_t(batch.kind), 3 * kPlane));
    imaging::Image image{int(kSide), int(kSide), std::vector<std::uint8_t>(3 * kPlane)};
    for (std::size_t pixel = 0; pixel < kPlane; ++pixel) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        image.pixels[3 * pixel + channel] = std::uint8_t(planes[channel * kPlane + pixel]);
      }
    }
    return image;
  }

 private:
  std::vector<Batch> batches_;
  std::vector<std::size_t> begins_;
  std::size_t count_ = 0;
};

/// Which layout a file of that name has, where the name tells.
std::optional<Kind> kindNamed(const std::string& name) {
  if ((name.starts_with("data_batch_") && name.ends_with(".bin")) || name == "test_batch.bin") {
    return Kind::Ten;
  }
  return name == "train.bin" || name == "test.bin" ? std::optional(Kind::Hundred) : std::nullopt;
}

Result<Batch> batchAt(const fs::path& path, Kind kind) {
  LIX_TRY(const ByteFile file, ByteFile::open(path));
  const std::size_t record = recordOf(kind);
  if (file.size() == 0 || file.size() % record != 0) {
    return fail(ErrorCode::BadInput, cat("The file '", path.string(), "' has ", file.size(),
                                         " bytes, which is no multiple of the ", record, " of a picture of CIFAR-",
                                         kind == Kind::Ten ? "10" : "100", "; it is cut off, or something else."));
  }
  return Batch{path, kind, std::size_t(file.size() / record), file.version()};
}

Result<std::vector<Batch>> batchesAt(const fs::path& path) {
  std::vector<Batch> batches;
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    const auto kind = kindNamed(path.filename().string());
    if (!kind) {
      return fail(ErrorCode::BadInput,
                  cat("The file '", path.string(),
                      "' is not called like one of CIFAR (data_batch_1.bin, "
                      "test_batch.bin; train.bin, test.bin), so its layout is not known; rename it."));
    }
    LIX_TRY(Batch batch, batchAt(path, *kind));
    return std::vector<Batch>{std::move(batch)};
  }
  LIX_TRY(const Glance glance, Glance::at(path));
  for (const std::string& name : glance.files()) {
    if (const auto kind = kindNamed(name)) {
      LIX_TRY(Batch batch, batchAt(path / name, *kind));
      batches.push_back(std::move(batch));
    }
  }
  if (batches.empty()) {
    return fail(ErrorCode::BadInput, cat("The folder '", path.string(),
                                         "' holds no file of CIFAR's binary version "
                                         "(data_batch_1.bin, ...; train.bin, test.bin)."));
  }
  if (std::ranges::any_of(batches, [&](const Batch& batch) { return batch.kind != batches.front().kind; })) {
    return fail(ErrorCode::BadInput, cat("The folder '", path.string(),
                                         "' holds files of CIFAR-10 and of CIFAR-100; put them "
                                         "into folders of their own."));
  }
  return batches;
}

/// The label bytes of a file, label set by label set: [set][picture].
Result<void> addLabels(const Batch& batch, std::vector<std::vector<int>>& labels) {
  LIX_TRY(const ByteFile file, ByteFile::open(batch.path));
  const std::size_t record = recordOf(batch.kind);
  for (std::size_t i = 0; i < batch.count; ++i) {
    char bytes[2] = {};
    LIX_CHECK(file.read(i * record, labels.size(), bytes));
    for (std::size_t set = 0; set < labels.size(); ++set) {
      // The coarse label comes first in the file; the fine one is the one that is meant.
      const auto label = static_cast<unsigned char>(bytes[labels.size() - 1 - set]);
      const int most = batch.kind == Kind::Ten ? 10 : set == 0 ? 100 : 20;
      if (label >= most) {
        return fail(ErrorCode::BadInput,
                    cat("The file '", batch.path.string(), "' gives picture ", i, " the label ", int(label),
                        "; there are ", most, " classes, so it is not the binary version of CIFAR."));
      }
      labels[set].push_back(label);
    }
  }
  return {};
}

Result<Dataset> openCifar(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, cifar().params));
  LIX_TRY(std::vector<Batch> batches, batchesAt(spec.path));
  const Kind kind = batches.front().kind;
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  std::vector<std::vector<int>> labels;
  labels.resize(std::size_t(kind));
  for (const Batch& batch : batches) {
    const std::string stem = batch.path.stem().string();
    for (std::size_t i = 0; i < batch.count; ++i) {
      dataset.samples.push_back({.key = cat(stem, "/", i),
                                 .captions = {},
                                 .labels = {},
                                 .split = stem.starts_with("test") ? Split::Test : Split::Train,
                                 .version = batch.version});
    }
    LIX_CHECK(addLabels(batch, labels));
  }
  const fs::path folder = batches.front().path.parent_path();
  const bool captioned = options.flag("captions_from_classes");
  const auto apply = [&](const char* set, const char* names, std::span<const int> numbers, bool caption) {
    NumberedClasses classes(folder);
    std::error_code ignored;
    if (fs::is_regular_file(folder / names, ignored)) {
      classes.from(folder / names);
    } else if (kind == Kind::Ten) {
      classes.usual({kTen.begin(), kTen.end()});
    }
    return classes.apply(set, numbers, caption, dataset);
  };
  LIX_CHECK(apply("class", kind == Kind::Ten ? "batches.meta.txt" : "fine_label_names.txt", labels[0], captioned));
  if (kind == Kind::Hundred) {
    LIX_CHECK(apply("superclass", "coarse_label_names.txt", labels[1], false));
  }
  dataset.pictures = std::make_shared<CifarPictures>(std::move(batches));
  return dataset;
}

Result<Findings> findCifar(const Glance& glance) {
  const auto spec = [&] { return Findings{{.spec = {.kind = "cifar", .path = glance.path().string()}}}; };
  const auto fits = [](const fs::path& path) {
    const auto kind = kindNamed(path.filename().string());
    const auto state = fileState(path);
    return kind && state && state->size > 0 && state->size % recordOf(*kind) == 0;
  };
  if (!glance.isFolder()) {
    return fits(glance.path()) ? spec() : Findings();
  }
  if (std::ranges::any_of(glance.files(), [&](const std::string& name) { return fits(glance.path() / name); })) {
    return spec();
  }
  const bool isPython = (glance.hasFile("data_batch_1") && glance.hasFile("batches.meta")) ||
                        (glance.hasFile("meta") && glance.hasFile("train") && glance.hasFile("test"));
  if (isPython) {
    return fail(ErrorCode::Unsupported,
                cat("'", glance.path().string(),
                    "' is the Python version of CIFAR: pickles, which can run "
                    "programs and are not read. Take the binary version (cifar-10-binary.tar.gz, "
                    "cifar-100-binary.tar.gz) of the same page."));
  }
  return Findings();
}

}  // namespace

const Source& cifar() {
  static const Source source{
      .id = "cifar",
      .title = "CIFAR, binary version",
      .help =
          "CIFAR-10 (data_batch_1.bin, ..., test_batch.bin) or CIFAR-100 (train.bin, test.bin), a file or "
          "the folder; names of classes from batches.meta.txt or fine_label_names.txt.",
      .params = {captionsFromClassesParam()},
      .open = openCifar,
      .find = findCifar,
      .looksFor = "the binary version of CIFAR (data_batch_1.bin; train.bin)"};
  return source;
}

}  // namespace lix::data::sources
