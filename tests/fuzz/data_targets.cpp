// Files of datasets, and the headers of pictures.
#include <algorithm>
#include <array>

#include "data/csv.h"
#include "data/dataset.h"
#include "data/formats/tar.h"
#include "fuzz/target.h"
#include "imaging/image_header.h"

namespace lix::fuzz {
namespace {

namespace fs = std::filesystem;

/// Pictures that indexes may name; none is decoded, so they need no pixels.
void putPictures() {
  static const bool once = [] {
    for (const char* name : {"captions/a.jpg", "captions/b.jpg", "captions/images/c.jpg"}) {
      put(name, "\xff\xd8");
    }
    return true;
  }();
  (void)once;
}

enum class Pixels { Load, Leave };

Outcome opens(const char* kind, const fs::path& path, Pixels pixels) {
  (void)data::recognise(path.string());
  const auto dataset = data::open({.kind = kind, .path = path.string()}, "dropped");
  if (!dataset) {
    promise(!dataset.error().message.empty(), "a refusal says why");
    return Outcome::Refused;
  }
  promise(!dataset->samples.empty(), "a dataset has a sample");
  for (const data::Sample& sample : dataset->samples) {
    promise(!sample.key.empty(), "every sample has a key");
    promise(sample.labels.size() == dataset->labelSets.size(), "every sample has a label of every set");
    for (std::size_t set = 0; set < sample.labels.size(); ++set) {
      promise(sample.labels[set] >= -1 && sample.labels[set] < int(dataset->labelSets[set].classes.size()),
              "labels are classes");
    }
  }
  if (pixels == Pixels::Load) {
    (void)dataset->pictures->load(0);
    (void)dataset->pictures->load(dataset->samples.size() - 1);
  }
  return Outcome::Read;
}

Outcome tar(std::string_view bytes) {
  const fs::path path = put("shards/000.tar", bytes);
  if (auto walk = data::TarWalk::open(path)) {
    for (auto entry = walk->next(); entry && *entry; entry = walk->next()) {
      promise((*entry)->offset <= bytes.size() && (*entry)->size <= bytes.size() - (*entry)->offset,
              "contents lie in the file");
      if (const auto content = walk->content(**entry, 1024)) {
        promise(content->size() <= 1024, "small means small");
      }
    }
  }
  return opens("shards", path, Pixels::Load);
}

Outcome table(std::string_view bytes) {
  putPictures();
  for (const char separator : {',', '\t'}) {
    (void)data::parseCsv(bytes, separator, "table");
  }
  return opens("table", put("captions/table.csv", bytes), Pixels::Leave);
}

Outcome captionList(std::string_view bytes) {
  putPictures();
  return opens("caption_list", put("captions/captions.txt", bytes), Pixels::Leave);
}

Outcome karpathy(std::string_view bytes) {
  putPictures();
  return opens("karpathy", put("captions/dataset.json", bytes), Pixels::Leave);
}

Outcome coco(std::string_view bytes) {
  putPictures();
  return opens("coco", put("captions/captions_val.json", bytes), Pixels::Leave);
}

Outcome idx(std::string_view bytes) {
  using namespace std::string_view_literals;
  static const bool once = [] {
    put("idx/train-labels-idx1-ubyte", "\0\0\x08\x01\0\0\0\x02\x03\x01"sv);
    return true;
  }();
  (void)once;
  const bool packed = bytes.starts_with("\x1f\x8b");
  fs::remove(scratch() / (packed ? "idx/train-images-idx3-ubyte" : "idx/train-images-idx3-ubyte.gz"));
  put(packed ? "idx/train-images-idx3-ubyte.gz" : "idx/train-images-idx3-ubyte", bytes);
  return opens("idx", scratch() / "idx", Pixels::Load);
}

Outcome cifar(std::string_view bytes) {
  constexpr std::size_t kHundredRecord = 3074;
  return opens("cifar", put(bytes.size() % kHundredRecord == 0 ? "train.bin" : "data_batch_1.bin", bytes),
               Pixels::Load);
}

Outcome imageHeader(std::string_view bytes) {
  const auto header = imaging::readHeader(std::as_bytes(std::span(bytes)), "picture");
  promise(!header || (header->width > 0 && header->height > 0), "a picture has pixels");
  promise(!header || (header->orientation >= 1 && header->orientation <= 8), "EXIF knows eight orientations");
  return header ? Outcome::Read : Outcome::Refused;
}

}  // namespace

std::span<const Target> dataTargets() {
  static constexpr std::array<Target, 8> all{{{"tar", tar},
                                              {"table", table},
                                              {"caption_list", captionList},
                                              {"karpathy", karpathy},
                                              {"coco", coco},
                                              {"idx", idx},
                                              {"cifar", cifar},
                                              {"image_header", imageHeader}}};
  return all;
}

}  // namespace lix::fuzz
