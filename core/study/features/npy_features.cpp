#include "study/features/npy_features.h"

#include <bit>
#include <cstring>

#include "base/contracts.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"

namespace lix::study {
namespace {

namespace fs = std::filesystem;

std::string_view nameOf(data::Split split) {
  return split == data::Split::Train ? "train" : split == data::Split::Validation ? "validation" : "test";
}

std::string tableOf(const data::Dataset& dataset, const std::vector<std::size_t>& samples, bool hasCaptions) {
  const bool hasLabels = !dataset.labelSets.empty() && !dataset.labelSets[0].classes.empty();
  std::string table = cat("name,split", hasLabels ? ",label" : "", hasCaptions ? ",caption" : "", "\n");
  for (const std::size_t index : samples) {
    const data::Sample& sample = dataset.samples[index];
    table += csvField(sample.key);
    table.append(",").append(nameOf(sample.split));
    if (hasLabels) {
      const int label = sample.labels[0];
      table.append(",").append(label < 0 ? std::string() : csvField(dataset.labelSets[0].classes[std::size_t(label)]));
    }
    if (hasCaptions) {
      table.append(",").append(csvField(sample.captions.front()));
    }
    table += '\n';
  }
  return table;
}

}  // namespace

std::string npyBytes(const RowsView& rows) {
  static_assert(std::endian::native == std::endian::little);
  LIX_REQUIRE(rows.values.size() == rows.rows * rows.columns);
  constexpr std::size_t kFixed = 10, kAlignment = 64;  // magic, version and length come before the header's text
  std::string header = cat("{'descr': '<f4', 'fortran_order': False, 'shape': (", rows.rows, ", ", rows.columns, "), }");
  header.append((kAlignment - (kFixed + header.size() + 1) % kAlignment) % kAlignment, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += char(header.size() & 0xff);
  bytes += char(header.size() >> 8);
  bytes += header;
  const std::size_t begin = bytes.size();
  bytes.resize(begin + rows.values.size_bytes());
  std::memcpy(bytes.data() + begin, rows.values.data(), rows.values.size_bytes());
  return bytes;
}

Result<void> writeNpyFeatures(const fs::path& out, const data::Dataset& dataset, const std::vector<std::size_t>& samples,
                              const RowsView& images, const RowsView& captions) {
  LIX_REQUIRE(images.rows == samples.size() && (captions.rows == 0 || captions.rows == samples.size()));
  const auto beside = [&](const char* suffix) { return out.parent_path() / (out.stem().string() + suffix); };
  std::error_code ignored;
  fs::remove(out, ignored);  // of an earlier export: it must not stand beside tables of this one
  fs::remove(beside(".captions.npy"), ignored);
  LIX_CHECK(writeFile(beside(".csv"), tableOf(dataset, samples, captions.rows > 0)));
  if (captions.rows > 0) {
    LIX_CHECK(writeFile(beside(".captions.npy"), npyBytes(captions)));
  }
  return writeFile(out, npyBytes(images));
}

}  // namespace lix::study
