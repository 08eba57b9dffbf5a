#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/file.h"
#include "base/text.h"
#include "data/csv.h"
#include "data/file_pictures.h"
#include "data/key_index.h"
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

constexpr int kUnlabelled = -1;

/// Folders of pictures beside a table: some datasets write it with a capital, Flickr30k with its name.
constexpr std::array<const char*, 3> kImagesFolders{"images", "Images", "flickr30k_images"};

std::string imagesFolder(const fs::path& folder) {
  std::error_code ignored;
  const auto found = std::ranges::find_if(kImagesFolders, [&](const char* name) { return fs::is_directory(folder / name, ignored); });
  return found == kImagesFolders.end() ? kImagesFolders.front() : *found;
}

/// Where a picture of a table lies: at its path from the table on, in images/ beside the table, or at its path from the folder
/// on in which the program was started, as OpenCLIP reads them.
enum class Place : std::uint8_t { Beside, Images, Working };

struct Located {
  FileState state;
  Place place = Place::Beside;
};

std::optional<Located> locate(const std::string& path, const fs::path& folder, const std::string& images) {
  if (const auto state = fileState(folder / path)) {
    return Located{*state, Place::Beside};
  }
  if (const auto state = fileState(folder / images / path)) {
    return Located{*state, Place::Images};
  }
  if (const auto state = fileState(path)) {
    return Located{*state, Place::Working};
  }
  return std::nullopt;
}

/// Gathers the rows of a table into one sample a picture.
class Gather {
 public:
  Gather(const fs::path& file, const Options& options, TableColumns columns, Dataset& dataset)
      : folder_(file.parent_path()),
        images_(imagesFolder(folder_)),
        limit_(std::size_t(options.integer("max_caption"))),
        seed_(std::uint64_t(options.integer("split_seed"))),
        columns_(std::move(columns)),
        dataset_(dataset),
        classes_(columns_.labels.size()) {}

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
    if (!saysSame(sample, record)) {
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
      LabelSet named{std::string(trim(header[columns_.labels[set]])), {}};
      std::vector<int> final(classes_[set].size());  // by the number that a class had as it came
      for (const auto& [name, number] : classes_[set]) {
        final[std::size_t(number)] = int(named.classes.size());
        named.classes.push_back(name);
      }
      dataset_.labelSets.push_back(std::move(named));
      for (Sample& sample : dataset_.samples) {
        int& label = sample.labels[set];
        label = label < 0 ? -1 : final[std::size_t(label)];
      }
    }
    PathList paths(folder_);
    for (std::size_t i = 0; i < dataset_.samples.size(); ++i) {
      const std::string& key = dataset_.samples[i].key;
      paths.add(places_[i] == Place::Images    ? cat(images_, "/", key)
                : places_[i] == Place::Working ? fs::absolute(key).string()
                                               : key);
    }
    dataset_.pictures = std::make_shared<FilePictures>(std::move(paths));
  }

 private:
  void skip(const std::string& key, std::string reason) { dataset_.skipped.push_back({key, std::move(reason)}); }

  std::optional<Split> splitOfRow(const CsvRecord& record, const std::string& key) const {
    const auto named = columns_.split ? trim(record.fields[*columns_.split]) : std::string_view();
    return named.empty() ? splitOf(key, seed_) : splitNamed(named);
  }

  std::string labelOf(const CsvRecord& record, std::size_t set) const {
    return spoken(std::string(trim(record.fields[columns_.labels[set]])));
  }

  /// Whether a further row of a picture gives it the labels that the first one gave.
  bool saysSame(const Sample& sample, const CsvRecord& record) const {
    for (std::size_t set = 0; set < columns_.labels.size(); ++set) {
      const auto known = classes_[set].find(labelOf(record, set));
      if (sample.labels[set] != (known == classes_[set].end() ? kUnlabelled : known->second)) {
        return false;
      }
    }
    return true;
  }

  /// In the order in which the classes come; finish() sorts them.
  std::vector<int> newLabels(const CsvRecord& record) {
    std::vector<int> labels;
    for (std::size_t set = 0; set < columns_.labels.size(); ++set) {
      const std::string name = labelOf(record, set);
      labels.push_back(name.empty() ? kUnlabelled : classes_[set].emplace(name, int(classes_[set].size())).first->second);
    }
    return labels;
  }

  /// Index of the picture's sample, made at its first row; nothing where the picture cannot be used.
  std::optional<std::size_t> sampleOf(const std::string& key, Split split, const CsvRecord& record) {
    const std::size_t known = known_.find(key, dataset_.samples);
    if (known != KeyTable::kNone) {
      return known;
    }
    if (unusable_.contains(key)) {
      return std::nullopt;
    }
    const auto file = locate(key, folder_, images_);
    if (!file || file->state.size == 0) {
      skip(key, file ? "The picture file is empty." : "There is no such picture file beside the table.");
      unusable_.insert(key);
      return std::nullopt;
    }
    const std::size_t index = dataset_.samples.size();
    dataset_.samples.push_back(
        {.key = key, .captions = {}, .labels = newLabels(record), .split = split, .version = file->state.version});
    places_.push_back(file->place);
    known_.add(index, dataset_.samples);
    return index;
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
    for (std::size_t i = 0; i < dataset_.samples.size(); ++i) {
      const bool labelled = std::ranges::any_of(dataset_.samples[i].labels, [](int label) { return label >= 0; });
      if (dataset_.samples[i].captions.empty() && !labelled) {
        skip(dataset_.samples[i].key, "The picture has neither a caption nor a label.");
        continue;
      }
      if (kept != i) {
        dataset_.samples[kept] = std::move(dataset_.samples[i]);
        places_[kept] = places_[i];
      }
      ++kept;
    }
    dataset_.samples.resize(kept);
    places_.resize(kept);
  }

  fs::path folder_;
  std::string images_;
  std::size_t limit_;
  std::uint64_t seed_;
  const TableColumns columns_;
  Dataset& dataset_;
  KeyTable known_;
  std::unordered_set<std::string> unusable_;          // keys, each reported once
  std::vector<std::map<std::string, int>> classes_;  // [label column] in the order in which they came
  std::vector<Place> places_;                         // [sample]
};

/// The separator that the options name, or else the one that the file looks like.
Result<char> separatorFor(const Options& options, const fs::path& file, const std::string& text) {
  const std::string& named = options.text("separator");
  if (named.empty()) {
    return separatorOf(file.extension().string(), text);
  }
  if (named == "tab" || named == "\\t") {
    return '\t';
  }
  if (named == "comma" || named == "semicolon") {
    return named == "comma" ? ',' : ';';
  }
  if (named.size() != 1 || named == "\"" || named == "\n" || named == "\r") {
    return fail(ErrorCode::BadInput, cat("The separator '", named, "' is not one character; give tab, comma, semicolon or a character."));
  }
  return named.front();
}

Result<Dataset> openTable(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, tabular().params));
  const fs::path file(spec.path);
  LIX_TRY(const std::string text, readFile(file));
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  std::vector<std::string> header;
  std::optional<Gather> gather;
  const auto take = [&](CsvRecord& record) -> Result<void> {
    if (!gather) {
      header = std::move(record.fields);
      LIX_TRY(TableColumns columns, findColumns(header, options, spec.path));
      gather.emplace(file, options, std::move(columns), dataset);
    } else if (record.fields.size() != header.size()) {
      dataset.skipped.push_back({cat("line ", record.line), cat("The row has ", record.fields.size(),
                                                                " fields, the header ", header.size(), ".")});
    } else {
      gather->add(record);
    }
    return {};
  };
  LIX_TRY(const char separator, separatorFor(options, file, text));
  LIX_CHECK(forEachRecord(text, separator, spec.path, take));
  if (!gather) {
    return fail(ErrorCode::BadInput, cat("The table '", spec.path, "' is empty; it needs a line of column names."));
  }
  gather->finish(header);
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
          {.key = "separator", .title = "Separator", .value = none,
           .help = "Between the columns: tab, comma, semicolon or a character; seen from the file if empty."},
          longestCaptionParam(), splitSeedParam()};
}

bool isTable(const fs::path& path) {
  const std::string extension = lowered(path.extension().string());
  return extension == ".csv" || extension == ".tsv" || extension == ".tab";
}

/// A table, or a folder with tables beside images/ (or beside the pictures themselves). A text file is one if it is nothing
/// else.
Result<Findings> findTables(const Glance& glance) {
  Findings found;
  if (!glance.isFolder()) {
    if (isTable(glance.path()) || glance.extension() == ".txt") {
      found.push_back({.spec = {.kind = "table", .path = glance.path().string()}, .sure = isTable(glance.path())});
    }
    return found;
  }
  const auto isImages = [](const std::string& name) {
    return lowered(name) == "images" || std::ranges::find(kImagesFolders, name) != kImagesFolders.end();
  };
  if (std::ranges::all_of(glance.folders(), isImages)) {
    for (const std::string& name : glance.files()) {
      if (isTable(name)) {
        found.push_back({.spec = {.kind = "table", .path = (glance.path() / name).string()}});
      }
    }
  }
  return found;
}

}  // namespace

const Source& tabular() {
  static const Source source{.id = "table",
                             .title = "Pictures with a table",
                             .help =
                                 "A CSV or TSV file that names picture files with captions or labels, one or several "
                                 "rows a picture; paths are relative to the table, to images/ beside it, or to the working "
                                 "folder. OpenCLIP's --csv-separator, --csv-img-key and --csv-caption-key are separator, "
                                 "path_column and caption_columns.",
                             .params = parameters(),
                             .open = openTable,
                             .find = findTables,
                             .looksFor = "a table with a column of pictures (.csv, .tsv)"};
  return source;
}

}  // namespace lix::data::sources
