#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/contracts.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/byte_file.h"
#include "data/formats/class_names.h"
#include "data/formats/idx.h"
#include "data/options.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& idx();

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 10> kFashion{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

/// Grey pictures [n, height, width] of one or several files, replicated to RGB as they are (digits bright on dark).
class IdxPictures : public PictureSource {
 public:
  void add(IdxFile file) {
    begins_.push_back(count_);
    count_ += file.header().shape[0];
    files_.push_back(std::move(file));
  }

  Result<imaging::Image> load(std::size_t index) const override {
    LIX_REQUIRE(index < count_);
    const auto at = std::size_t(std::ranges::upper_bound(begins_, index) - begins_.begin()) - 1;
    const auto& shape = files_[at].header().shape;
    const std::size_t pixels = std::size_t(shape[1]) * shape[2];
    LIX_TRY(const std::string grey, files_[at].elements((index - begins_[at]) * pixels, pixels));
    imaging::Image image{int(shape[2]), int(shape[1]), std::vector<std::uint8_t>(3 * pixels)};
    for (std::size_t i = 0; i < 3 * pixels; ++i) {
      image.pixels[i] = std::uint8_t(grey[i / 3]);
    }
    return image;
  }

 private:
  std::vector<IdxFile> files_;
  std::vector<std::size_t> begins_;
  std::size_t count_ = 0;
};

bool isIdxName(const std::string& name) {
  const std::string low = lowered(name);
  return low.ends_with("-ubyte") || low.ends_with("-ubyte.gz") || low.ends_with(".idx") || low.ends_with(".idx.gz") ||
         low.ends_with(".idx3-ubyte") || low.ends_with(".idx1-ubyte");
}

std::optional<IdxHeader> headerOf(const fs::path& path) {
  const auto head = readHead(path, 64);
  const auto header = head ? idxHeader(*head) : fail(ErrorCode::Io, "");
  return header ? std::optional(*header) : std::nullopt;
}

/// What the name says before "-images" or "-labels": "train", "t10k", "emnist-letters-test".
std::string prefixOf(const fs::path& path) {
  const std::string name = path.filename().string();
  const auto end = std::min(lowered(name).find("images"), lowered(name).find("labels"));
  return end == std::string::npos ? name : std::string(name.substr(0, end ? end - 1 : 0));
}

std::optional<Split> splitOfName(const std::string& prefix) {
  const std::string low = lowered(prefix);
  if (low.find("t10k") != std::string::npos) {
    return Split::Test;
  }
  for (const char separator : {'-', '_', '.'}) {
    for (const std::string& part : split(low, separator)) {
      if (const auto named = splitNamed(part)) {
        return named;
      }
    }
  }
  return std::nullopt;
}

struct Pair {
  std::string prefix;
  fs::path images, labels;  // labels empty where there are none
};

fs::path folderOf(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

/// The files of pictures in a folder, or that one file, each with the file of labels that is called alike.
Result<std::vector<Pair>> pairsAt(const fs::path& path) {
  std::error_code error;
  const bool isFolder = fs::is_directory(path, error);
  LIX_TRY(const Glance glance, Glance::at(isFolder ? path : folderOf(path)));
  std::vector<Pair> pairs;
  std::vector<fs::path> labels;
  for (const std::string& name : glance.files()) {
    const fs::path file = glance.path() / name;
    const bool isMeant = !isFolder && name == path.filename().string();
    const auto header = isIdxName(name) || isMeant ? headerOf(file) : std::nullopt;
    if (header && header->shape.size() == 1) {
      labels.push_back(file);
    } else if ((header && (isFolder || isMeant)) || isMeant) {
      pairs.push_back({prefixOf(file), file, {}});
    }
  }
  for (Pair& pair : pairs) {
    const auto found = std::ranges::find(labels, pair.prefix, [](const fs::path& file) { return prefixOf(file); });
    pair.labels = found == labels.end() ? fs::path() : *found;
  }
  if (pairs.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", path.string(),
                    "' holds no IDX file of pictures (such as "
                    "train-images-idx3-ubyte, also as .gz); name the file, or the folder it is in."));
  }
  return pairs;
}

Result<std::vector<int>> labelsOf(const Pair& pair, std::uint32_t pictures) {
  if (pair.labels.empty()) {
    return std::vector<int>(pictures, -1);
  }
  LIX_TRY(const IdxFile file, IdxFile::open(pair.labels));
  const IdxHeader& header = file.header();
  if (header.shape[0] != pictures) {
    return fail(ErrorCode::BadInput, cat("The file '", pair.labels.string(), "' holds ", header.shape[0], " labels, '",
                                         pair.images.filename().string(), "' ", pictures,
                                         " pictures; they do not "
                                         "belong together."));
  }
  if (header.type == IdxHeader::Type::F32 || header.type == IdxHeader::Type::F64) {
    return fail(ErrorCode::Unsupported,
                cat("The labels in '", pair.labels.string(), "' are no whole numbers; store class numbers."));
  }
  LIX_TRY(const std::string bytes, file.elements(0, pictures));
  std::vector<int> labels(pictures);
  const std::size_t each = header.bytesEach();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    // Signed types fill from the sign; the high byte comes first.
    std::int64_t value = header.type == IdxHeader::Type::U8 ? std::uint8_t(bytes[i]) : std::int8_t(bytes[i * each]);
    for (std::size_t k = 1; k < each; ++k) {
      value = value * 256 + static_cast<unsigned char>(bytes[i * each + k]);
    }
    if (value < 0 || value > kMostClasses) {
      return fail(ErrorCode::BadInput, cat("The file '", pair.labels.string(), "' gives picture ", i, " the label ",
                                           value, "; class numbers from 0 to ", kMostClasses, " are read."));
    }
    labels[i] = int(value);
  }
  return labels;
}

Result<IdxFile> picturesOf(const Pair& pair) {
  LIX_TRY(IdxFile file, IdxFile::open(pair.images));
  const IdxHeader& header = file.header();
  constexpr std::uint32_t kLongestSide = 65'535;
  if (header.type != IdxHeader::Type::U8 || header.shape.size() != 3 || header.shape[1] > kLongestSide ||
      header.shape[2] > kLongestSide || std::uint64_t(header.shape[1]) * header.shape[2] > 100'000'000) {
    return fail(ErrorCode::Unsupported, cat("The IDX file '", pair.images.string(),
                                            "' holds no grey pictures: bytes in three dimensions (number, "
                                            "height, width) are read, as in train-images-idx3-ubyte."));
  }
  return file;
}

Result<Dataset> openIdx(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, idx().params));
  LIX_TRY(const auto pairs, pairsAt(spec.path));
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  auto pictures = std::make_shared<IdxPictures>();
  NumberedClasses classes(pairs.front().images.parent_path());
  std::vector<int> labels;
  for (const Pair& pair : pairs) {
    LIX_TRY(IdxFile file, picturesOf(pair));
    const std::uint32_t count = file.header().shape[0];
    LIX_TRY(const auto some, labelsOf(pair, count));
    const auto named = splitOfName(pair.prefix);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::string key = cat(pair.prefix.empty() ? "" : pair.prefix + "/", i);
      const Split split = named.value_or(splitOf(key, std::uint64_t(options.integer("split_seed"))));
      dataset.samples.push_back(
          {.key = std::move(key), .captions = {}, .labels = {}, .split = split, .version = file.version()});
    }
    labels.insert(labels.end(), some.begin(), some.end());
    pictures->add(std::move(file));
  }
  const std::string place = lowered(fs::absolute(spec.path).string());
  if (place.find("fashion") != std::string::npos) {
    classes.usual({kFashion.begin(), kFashion.end()});
  }
  LIX_CHECK(classes.apply("class", labels, options.flag("captions_from_classes"), dataset));
  dataset.pictures = std::move(pictures);
  return dataset;
}

Result<Findings> findIdx(const Glance& glance) {
  const auto spec = [](const fs::path& path) { return Finding{.spec = {.kind = "idx", .path = path.string()}}; };
  if (!glance.isFolder()) {
    const auto header = isIdxName(glance.path().filename().string()) ? headerOf(glance.path()) : std::nullopt;
    return header ? Findings{spec(header->shape.size() == 1 ? folderOf(glance.path()) : glance.path())} : Findings();
  }
  const bool any = std::ranges::any_of(glance.files(), [&](const std::string& name) {
    const auto header = isIdxName(name) ? headerOf(glance.path() / name) : std::nullopt;
    return header && header->shape.size() == 3;
  });
  return any ? Findings{spec(glance.path())} : Findings();
}

}  // namespace

const Source& idx() {
  static const Source source{
      .id = "idx",
      .title = "IDX pictures (MNIST)",
      .help =
          "Grey pictures and labels in IDX files (train-images-idx3-ubyte, ...-idx1-ubyte), also as "
          ".gz; a file or a folder of them. Class names are taken from classnames.txt beside them.",
      .params = {captionsFromClassesParam(), splitSeedParam()},
      .open = openIdx,
      .find = findIdx,
      .looksFor = "IDX files as of MNIST (train-images-idx3-ubyte, also .gz)"};
  return source;
}

}  // namespace lix::data::sources
