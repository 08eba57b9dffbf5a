#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/file.h"
#include "base/text.h"
#include "data/csv.h"
#include "data/file_pictures.h"
#include "data/options.h"
#include "data/source.h"
#include "data/table_columns.h"

namespace lix::data::sources {

/// Not named after its id, because `table` is the family's own function.
const Source& tabular();

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::size_t characters(std::string_view utf8) {
  return std::size_t(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// The captions of one cell: a JSON list of texts gives several, everything else is one caption as it stands.
std::vector<std::string> captionsOf(std::string_view cell) {
  const auto text = trim(cell);
  if (text.starts_with('[')) {
    const json list = json::parse(text, nullptr, false);
    if (list.is_array() && std::all_of(list.begin(), list.end(), [](const json& item) { return item.is_string(); })) {
      return list.get<std::vector<std::string>>();
    }
  }
  return {std::string(text)};
}

/// Where the pictures of a table lie: at the path itself, beside the table, or in images/ beside it.
std::optional<std::pair<fs::path, FileState>> locate(const std::string& path, const fs::path& folder) {
  for (const fs::path& candidate : {folder / path, folder / "images" / path}) {
    if (const auto state = fileState(candidate)) {
      return std::pair(candidate, *state);
    }
  }
  return std::nullopt;
}

/// Gathers the rows of a table into one sample a picture.
class Gather {
 public:
  Gather(const fs::path& file, const Options& options, const TableColumns& columns, Dataset& dataset)
      : folder_(file.parent_path()),
        limit_(std::size_t(options.integer("max_caption"))),
        seed_(std::uint64_t(options.integer("split_seed"))),
        columns_(columns),
        dataset_(dataset) {}

  void add(const CsvRecord& record) {
    const std::string key(trim(record.fields[columns_.path]));
    const std::string where = cat("line ", record.line, ": ", key);
    if (key.empty()) {
      skip(where, "The row names no picture.");
      return;
    }
    const auto split = splitOfRow(record, key);
    if (!split) {
      skip(where, cat("The row names the unknown split '", trim(record.fields[*columns_.split]),
                      "'; known are train, val and test."));
      return;
    }
    const auto index = sampleOf(key, *split, record);
    if (!index) {
      return;  // reported once
    }
    Sample& sample = dataset_.samples[*index];
    if (sample.split != *split) {
      skip(where, "The row puts the picture into another split than an earlier row.");
      return;
    }
    if (labels_[*index] != labelsOf(record)) {
      skip(where, "The row gives the picture another label than an earlier row.");
      return;
    }
    for (const std::size_t column : columns_.captions) {
      addCaptions(record.fields[column], where, sample);
    }
  }

  /// Numbers the labels in byte order of their names, drops pictures of which nothing is said, and hands over the
  /// files.
  void finish(const std::vector<std::string>& header) {
    dropSilent();
    for (std::size_t set = 0; set < columns_.labels.size(); ++set) {
      std::map<std::string, int> classes;
      for (const auto& labels : labels_) {
        if (!labels[set].empty()) {
          classes.emplace(labels[set], 0);
        }
      }
      LabelSet named{std::string(trim(header[columns_.labels[set]])), {}};
      for (auto& [name, number] : classes) {
        number = int(named.classes.size());
        named.classes.push_back(name);
      }
      dataset_.labelSets.push_back(std::move(named));
      for (std::size_t i = 0; i < labels_.size(); ++i) {
        dataset_.samples[i].labels.push_back(labels_[i][set].empty() ? -1 : classes.at(labels_[i][set]));
      }
    }
    dataset_.pictures = std::make_shared<FilePictures>(std::move(paths_));
  }

 private:
  void skip(const std::string& key, std::string reason) { dataset_.skipped.push_back({key, std::move(reason)}); }

  std::optional<Split> splitOfRow(const CsvRecord& record, const std::string& key) const {
    const auto named = columns_.split ? trim(record.fields[*columns_.split]) : std::string_view();
    return named.empty() ? splitOf(key, seed_) : splitNamed(named);
  }

  std::vector<std::string> labelsOf(const CsvRecord& record) const {
    std::vector<std::string> labels;
    for (const std::size_t column : columns_.labels) {
      labels.push_back(spoken(std::string(trim(record.fields[column]))));
    }
    return labels;
  }

  /// Index of the picture's sample, made at its first row; nothing where the picture cannot be used.
  std::optional<std::size_t> sampleOf(const std::string& key, Split split, const CsvRecord& record) {
    const auto [found, isNew] = known_.emplace(key, std::nullopt);
    if (!isNew) {
      return found->second;
    }
    const auto file = locate(key, folder_);
    if (!file) {
      skip(key, "There is no such picture file beside the table.");
    } else if (file->second.size == 0) {
      skip(key, "The picture file is empty.");
    } else {
      found->second = dataset_.samples.size();
      dataset_.samples.push_back({.key = key, .captions = {}, .labels = {}, .split = split, .version = file->second.version});
      labels_.push_back(labelsOf(record));
      paths_.push_back(file->first);
    }
    return found->second;
  }

  void addCaptions(const std::string& cell, const std::string& where, Sample& sample) {
    for (const std::string& caption : captionsOf(cell)) {
      const std::string text(trim(caption));
      if (text.empty()) {
        skip(where, "The caption is empty.");
      } else if (const std::size_t length = characters(text); length > limit_) {
        skip(where, cat("The caption has ", length, " characters, more than the limit of ", limit_, "."));
      } else if (std::find(sample.captions.begin(), sample.captions.end(), text) == sample.captions.end()) {
        sample.captions.push_back(text);
      }
    }
  }

  void dropSilent() {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const bool labelled = std::any_of(labels_[i].begin(), labels_[i].end(), [](const auto& l) { return !l.empty(); });
      if (dataset_.samples[i].captions.empty() && !labelled) {
        skip(dataset_.samples[i].key, "The picture has neither a caption nor a label.");
        continue;
      }
      if (kept != i) {
        dataset_.samples[kept] = std::move(dataset_.samples[i]);
        labels_[kept] = std::move(labels_[i]);
        paths_[kept] = std::move(paths_[i]);
      }
      ++kept;
    }
    dataset_.samples.resize(kept);
    labels_.resize(kept);
    paths_.resize(kept);
  }

  fs::path folder_;
  std::size_t limit_;
  std::uint64_t seed_;
  const TableColumns& columns_;
  Dataset& dataset_;
  std::unordered_map<std::string, std::optional<std::size_t>> known_;  // path -> sample
  std::vector<std::vector<std::string>> labels_;                      // [sample, label column]
  std::vector<fs::path> paths_;
};

Result<Dataset> openTable(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, tabular().params));
  const fs::path file(spec.path);
  LIX_TRY(const std::string text, readFile(file));
  LIX_TRY(const auto records, parseCsv(text, separatorOf(file.extension().string(), text), spec.path));
  if (records.empty()) {
    return fail(ErrorCode::BadInput, cat("The table '", spec.path, "' is empty; it needs a line of column names."));
  }
  const std::vector<std::string>& header = records.front().fields;
  LIX_TRY(const TableColumns columns, findColumns(header, options, spec.path));
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  Gather gather(file, options, columns, dataset);
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (records[i].fields.size() != header.size()) {
      dataset.skipped.push_back({cat("line ", records[i].line), cat("The row has ", records[i].fields.size(),
                                                                    " fields, the header ", header.size(), ".")});
    } else {
      gather.add(records[i]);
    }
  }
  gather.finish(header);
  return dataset;
}

std::vector<Param> parameters() {
  const std::string none;
  return {{.key = "path_column", .title = "Path column", .value = none,
           .help = "Column of the picture's path; found by its usual names if empty."},
          {.key = "caption_columns", .title = "Caption columns", .value = none,
           .help = "Columns of captions, with commas between them; a cell may hold a JSON list of captions."},
          {.key = "label_columns", .title = "Label columns", .value = none,
           .help = "Columns of class names, with commas between them; each becomes a label set."},
          {.key = "split_column", .title = "Split column", .value = none,
           .help = "Column that says train, val or test; rows without it are split by their path."},
          {.key = "max_caption", .title = "Longest caption", .value = 10000LL, .min = 1, .max = 1e6,
           .help = "Captions of more characters are left out."},
          {.key = "split_seed", .title = "Split seed", .value = 0LL, .min = 0, .max = 1e15,
           .help = "Draws the splits where no column names them."}};
}

}  // namespace

const Source& tabular() {
  static const Source source{.id = "table",
                             .title = "Pictures with a table",
                             .help =
                                 "A CSV or TSV file that names picture files with captions or labels, one or several "
                                 "rows a picture; paths are relative to the table or to images/ beside it.",
                             .params = parameters(),
                             .open = openTable};
  return source;
}

}  // namespace lix::data::sources
