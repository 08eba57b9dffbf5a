#include "study/eval/own_vectors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "data/csv.h"
#include "data/file_pictures.h"
#include "nn/checkpoint/npy.h"
#include "nn/checkpoint/safetensors.h"
#include "nn/ops/tensor.h"
#include "study/pack/feature_file.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

constexpr std::uintmax_t kMostTable = std::uintmax_t(1) << 30;

template <class... Parts>
std::unexpected<Error> bad(const Parts&... parts) {
  return fail(ErrorCode::BadInput, cat(parts...));
}

class NoPictures final : public data::PictureSource {
 public:
  Result<imaging::Image> load(std::size_t) const override {
    return fail(ErrorCode::Unsupported, "A file of vectors holds no pictures.");
  }
};

at::Tensor tensorOf(const nn::TensorView& view) {
  at::Tensor rows = at::empty({view.shape[0], view.shape[1]}, at::kFloat);
  for (std::int64_t i = 0; i < view.shape[0]; ++i) {
    copyRow(view, std::size_t(i), rows.data_ptr<float>() + i * view.shape[1]);
  }
  return rows;
}

std::uint64_t hashOf(const at::Tensor& rows, std::int64_t row) {
  const auto width = rows.size(1);
  return hash64(
      {reinterpret_cast<const char*>(rows.data_ptr<float>() + row * width), std::size_t(width) * sizeof(float)});
}

/// Of all that decides a number: vectors, texts, labels, splits and the scale.
std::string hashOf(const OwnVectors& own) {
  std::uint64_t hash = hash64(cat(own.dataset.name, '\n', own.logitScale));
  for (const at::Tensor* rows : {&own.images, &own.captions, &own.classTexts}) {
    const std::int64_t count = rows->defined() ? rows->size(0) : 0;
    hash = hash64(cat(count), hash);
    for (std::int64_t i = 0; i < count; ++i) {
      hash = hash64(hex(hashOf(*rows, i)), hash);
    }
  }
  for (const data::LabelSet& set : own.dataset.labelSets) {
    hash = hash64(join(set.classes, "\n"), hash);
  }
  for (const data::Sample& sample : own.dataset.samples) {
    const int label = sample.labels.empty() ? -1 : sample.labels[0];
    hash = hash64(cat('\n', sample.key, '\n', label, ' ', static_cast<int>(sample.split)), hash);
    for (const std::string& caption : sample.captions) {
      hash = hash64(cat('\n', own.captionRow.at(caption), ' ', caption), hash);
    }
  }
  return hex(hash);
}

/// Whether two rows are one vector but for rounding.
bool alike(const at::Tensor& rows, std::int64_t a, std::int64_t b) {
  const float *x = rows.data_ptr<float>() + a * rows.size(1), *y = rows.data_ptr<float>() + b * rows.size(1);
  double length = 0.0, apart = 0.0;
  for (std::int64_t k = 0; k < rows.size(1); ++k) {
    length += double(x[k]) * x[k];
    apart += (double(x[k]) - y[k]) * (double(x[k]) - y[k]);
  }
  return apart <= 1e-6 * length;
}

/// One more caption of a sample; equal texts are looked up as one, so that their vectors have to be one as well.
Result<void> addCaption(OwnVectors& own, data::Sample& sample, const std::string& text, std::int64_t row,
                        const std::string& path) {
  const auto [at, fresh] = own.captionRow.emplace(text, row);
  if (!fresh && !alike(own.captions, at->second, row)) {
    return bad(path, ": the caption '", text, "' of '", sample.key,
               "' stood there before with another vector; equal captions need equal vectors.");
  }
  sample.captions.push_back(text);
  return {};
}

/// Refuses widths that differ: vectors of one model have one width.
Result<void> sameWidth(const OwnVectors& own, const at::Tensor& other, const std::string& what,
                       const std::string& path) {
  if (other.defined() && other.size(1) != own.images.size(1)) {
    return bad(path, ": the pictures' vectors have ", own.images.size(1), " numbers, those of the ", what, " ",
               other.size(1), "; vectors of one model have one width.");
  }
  return {};
}

/// The checks and tables that both forms share, once samples and tensors stand.
Result<OwnVectors> finished(OwnVectors own, std::vector<std::string> classes, const fs::path& path) {
  own.dataset.pictures = std::make_shared<NoPictures>();
  LIX_CHECK(sameWidth(own, own.captions, "captions", path.string()));
  LIX_CHECK(sameWidth(own, own.classTexts, "classes", path.string()));
  const auto count = std::int64_t(classes.size());
  if (own.classTexts.defined() && own.classTexts.size(0) != count) {
    return bad(path.string(), " has ", count, " classes and text vectors of ", own.classTexts.size(0), ".");
  }
  if (auto sorted = classes; std::ranges::sort(sorted), std::ranges::adjacent_find(sorted) != sorted.end()) {
    return bad(path.string(), " names the class '", *std::ranges::adjacent_find(sorted), "' twice.");
  }
  if (count > 0) {
    own.dataset.labelSets = {{"class", std::move(classes)}};
  }
  std::unordered_set<std::string_view> keys;
  for (data::Sample& sample : own.dataset.samples) {
    sample.labels.resize(own.dataset.labelSets.size(), -1);
    if (count > 0 && sample.labels[0] >= count) {
      return bad(path.string(), ": '", sample.key, "' has the label ", sample.labels[0], "; there are ", count,
                 " classes.");
    }
    if (!keys.insert(sample.key).second) {
      return bad(path.string(), " names two vectors '", sample.key, "'; a name stands for one of them.");
    }
  }
  own.hash = hashOf(own);
  return own;
}

Result<void> readScale(const std::string& text, OwnVectors& own, const fs::path& path) {
  if (text.empty()) {
    return {};
  }
  const auto scale = toReal(text);
  if (!scale || *scale <= 0.0 || !std::isfinite(*scale)) {
    return bad(path.string(), " has the logit_scale '", text, "'; write a number above 0, or leave it out for 100.");
  }
  own.logitScale = *scale;
  return {};
}

/// What a file says of each vector; empty where it does not.
struct Said {
  std::vector<std::int64_t> labels, splits;
  std::vector<std::string> names;
};

/// Vector `i` as a sample, its captions apart.
Result<data::Sample> sampleOf(const Said& said, std::size_t i, const fs::path& path) {
  data::Sample sample{.key = said.names.empty() ? cat("vector ", i) : said.names[i], .captions = {}, .labels = {}};
  const std::int64_t split = said.splits.empty() ? 2 : said.splits[i];
  const std::int64_t label = said.labels.empty() ? -1 : said.labels[i];
  if (split < 0 || split > 2 || label < -1 || label > (1 << 30)) {
    return bad(path.string(), ": vector ", i, " (counted from 0) has the split ", split, " and the label ", label,
               "; splits are 0 train, 1 validation, 2 test, labels count from 0, and -1 is none.");
  }
  sample.split = static_cast<data::Split>(split);
  sample.labels = {static_cast<int>(label)};
  return sample;
}

Result<OwnVectors> fromSafetensors(const fs::path& path) {
  LIX_TRY(const nn::SafetensorsFile file, nn::SafetensorsFile::open(path));
  const FeatureFile read(file, path);
  OwnVectors own;
  LIX_TRY(const nn::TensorView images, read.features("image_features"));
  own.images = tensorOf(images);
  const auto n = std::size_t(images.shape[0]);
  std::vector<std::vector<std::uint32_t>> rows(n);
  std::vector<std::string> texts;
  if (read.has("text_features")) {
    LIX_TRY(const nn::TensorView captions, read.features("text_features"));
    own.captions = tensorOf(captions);
    LIX_TRY(rows, captionRows(read, n, std::size_t(captions.shape[0])));
    LIX_TRY(texts, read.lines("captions", std::size_t(captions.shape[0])));
  }
  if (read.has("class_features")) {
    LIX_TRY(const nn::TensorView view, read.features("class_features"));
    own.classTexts = tensorOf(view);
  }
  Said said;
  LIX_TRY(said.labels, read.integers("labels", n));
  LIX_TRY(const auto classes, read.lines("classes", 0));
  LIX_TRY(said.splits, read.integers("split", n));
  LIX_TRY(said.names, read.lines("names", n));
  LIX_TRY(const auto hashes, read.integers("picture_hash", n));
  if (said.labels.empty() != classes.empty()) {
    return bad(path.string(), " has ",
               said.labels.empty() ? "'classes' without 'labels'." : "'labels' without 'classes'.");
  }
  for (std::size_t i = 0; i < n; ++i) {
    LIX_TRY(data::Sample sample, sampleOf(said, i, path));
    for (const std::uint32_t row : rows[i]) {
      LIX_CHECK(addCaption(own, sample, texts.empty() ? cat("caption ", row) : texts[row], row, path.string()));
    }
    own.dataset.samples.push_back(std::move(sample));
    own.hashes.push_back(hashes.empty() ? hashOf(own.images, std::int64_t(i)) : static_cast<std::uint64_t>(hashes[i]));
  }
  const std::string name = read.metadata("name");
  own.dataset.name = name.empty() ? path.stem().string() : name;
  LIX_CHECK(readScale(read.metadata("logit_scale"), own, path));
  return finished(std::move(own), classes, path);
}

Result<at::Tensor> npyTensor(const fs::path& path) {
  LIX_TRY(const nn::NpyMatrix matrix, nn::readNpyMatrix(path));
  for (std::size_t i = 0; i < matrix.values.size(); ++i) {
    if (!std::isfinite(matrix.values[i])) {
      return bad(path.string(), ": row ", i / std::size_t(matrix.columns),
                 " (counted from 0) holds a value that is not finite; leave it out.");
    }
  }
  at::Tensor rows = at::empty({matrix.rows, matrix.columns}, at::kFloat);
  std::ranges::copy(matrix.values, rows.data_ptr<float>());
  return rows;
}

/// Where a column of the table stands, if it is there.
std::optional<std::size_t> column(const data::CsvRecord& header, std::initializer_list<std::string_view> names) {
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    if (std::ranges::find(names, data::lowered(header.fields[i])) != names.end()) {
      return i;
    }
  }
  return std::nullopt;
}

/// The table beside a .npy file: samples in its order; adds the labels' names to `classes` as they first appear.
Result<void> readTable(const fs::path& table, OwnVectors& own, std::vector<std::string>& classes) {
  LIX_TRY(const std::string text, readFile(table, kMostTable));
  LIX_TRY(const auto records,
          data::parseCsv(text, data::separatorOf(table.extension().string(), text), table.string()));
  const auto n = std::size_t(own.images.size(0));
  if (records.size() != n + 1) {
    return bad(table.string(), " has ", records.empty() ? 0 : records.size() - 1, " lines under its header for ", n,
               " vectors; one line a vector is needed.");
  }
  const auto name = column(records[0], {"name", "key", "path", "image"});
  const auto label = column(records[0], {"label", "class"}), split = column(records[0], {"split"});
  const auto caption = column(records[0], {"caption", "text"});
  std::unordered_map<std::string, int> known;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& fields = records[i + 1].fields;
    const auto cell = [&](std::optional<std::size_t> at) {
      return at && *at < fields.size() ? fields[*at] : std::string();
    };
    data::Sample sample{.key = name ? cell(name) : cat("vector ", i), .captions = {}, .labels = {-1}};
    if (const std::string named = cell(label); !named.empty()) {
      const auto [at, fresh] = known.emplace(named, int(classes.size()));
      if (fresh) {
        classes.push_back(data::spoken(named));
      }
      sample.labels[0] = at->second;
    }
    if (const std::string said = cell(caption); !said.empty() && own.captions.defined()) {
      LIX_CHECK(addCaption(own, sample, said, std::int64_t(i), table.string()));
    }
    const std::optional<data::Split> asked = split ? data::splitNamed(cell(split)) : data::Split::Test;
    if (!asked) {
      return bad(table.string(), ", line ", records[i + 1].line, ": '", cell(split),
                 "' is no split; write train, validation or test.");
    }
    sample.split = *asked;
    own.dataset.samples.push_back(std::move(sample));
  }
  return {};
}

Result<OwnVectors> fromNpy(const fs::path& path) {
  const auto beside = [&](const char* suffix) { return path.parent_path() / (path.stem().string() + suffix); };
  OwnVectors own;
  LIX_TRY(own.images, npyTensor(path));
  std::error_code ignored;
  fs::path table = beside(".csv");
  if (!fs::exists(table, ignored)) {
    table = beside(".tsv");
  }
  if (!fs::exists(table, ignored)) {
    return fail(ErrorCode::NotFound,
                cat("Beside ", path.string(), " there is no table ", beside(".csv").filename().string(),
                    " with the columns label, split, name or caption, a line a vector."));
  }
  if (fs::exists(beside(".captions.npy"), ignored)) {
    LIX_TRY(own.captions, npyTensor(beside(".captions.npy")));
    if (own.captions.size(0) != own.images.size(0)) {
      return bad(beside(".captions.npy").string(), " has ", own.captions.size(0), " rows for ", own.images.size(0),
                 " lines of the table.");
    }
  }
  std::vector<std::string> classes;
  LIX_CHECK(readTable(table, own, classes));
  if (fs::exists(beside(".classes.npy"), ignored)) {
    LIX_TRY(own.classTexts, npyTensor(beside(".classes.npy")));
  }
  for (std::int64_t i = 0; i < own.images.size(0); ++i) {
    own.hashes.push_back(hashOf(own.images, i));
  }
  own.dataset.name = path.stem().string();
  return finished(std::move(own), std::move(classes), path);
}

}  // namespace

bool isVectorFile(const fs::path& path) {
  std::error_code ignored;
  return (path.extension() == ".safetensors" || path.extension() == ".npy") && fs::is_regular_file(path, ignored);
}

Result<OwnVectors> openOwnVectors(const fs::path& path) {
  return path.extension() == ".npy" ? fromNpy(path) : fromSafetensors(path);
}

at::Tensor OwnVectors::rowsOf(const std::vector<std::string>& texts) const {
  std::vector<std::int64_t> rows;
  for (const std::string& text : texts) {
    const auto found = captionRow.find(text);
    LIX_REQUIRE(found != captionRow.end());
    rows.push_back(found->second);
  }
  return captions.index_select(0, at::tensor(rows, at::kLong));
}

}  // namespace lix::study
