#include "lixp/eval/score_table.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "base/file.h"
#include "base/text.h"
#include "data/csv.h"

namespace lix::app {
namespace {

constexpr std::uintmax_t kMostBytes = 256 << 20;

/// Samples by key and by the file name at its end; a file name of several keys is none.
class Pictures {
 public:
  explicit Pictures(const data::Dataset& dataset) {
    std::unordered_map<std::string, std::optional<std::size_t>> files;
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      const std::string& key = dataset.samples[i].key;
      const auto [at, fresh] = files.emplace(key.substr(key.rfind('/') + 1), i);
      if (!fresh) {
        at->second.reset();
      }
    }
    for (const auto& [name, sample] : files) {
      if (sample) {
        known_.emplace(name, *sample);
      }
    }
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      known_[dataset.samples[i].key] = i;
    }
  }

  std::optional<std::size_t> find(const std::string& name) const {
    const auto at = known_.find(name);
    return at == known_.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  std::unordered_map<std::string, std::size_t> known_;
};

/// Whether the cell says PICTURE#n; then which caption that is, if there is one.
struct CaptionId {
  bool isId = false;
  std::optional<std::string> text;
};
CaptionId captionById(const std::string& cell, const Pictures& pictures, const data::Dataset& dataset) {
  const auto at = cell.rfind('#');
  const auto number = at == std::string::npos ? std::nullopt : toInteger(cell.substr(at + 1));
  if (!number || *number < 0) {
    return {};
  }
  const std::string name = cell.substr(0, at);
  const auto sample = pictures.find(name);
  if (!sample) {
    // Without blanks it is the id of a picture that the dataset lacks, and no sentence.
    return {.isId = name.find(' ') == std::string::npos && name.find('.') != std::string::npos, .text = {}};
  }
  const auto& captions = dataset.samples[*sample].captions;
  return {
      .isId = true,
      .text = std::size_t(*number) < captions.size() ? std::optional(captions[std::size_t(*number)]) : std::nullopt};
}

Result<std::vector<double>> scoresOf(const data::CsvRecord& record, const std::string& file) {
  std::vector<double> scores;
  for (std::size_t i = 2; i < record.fields.size(); ++i) {
    const auto value = toReal(trim(record.fields[i]));
    if (!value || !std::isfinite(*value)) {
      return fail(ErrorCode::BadInput, cat(file, ", line ", record.line, ": the score '", record.fields[i],
                                           "' is no number; correct or remove the row."));
    }
    scores.push_back(*value);
  }
  return scores;
}

bool isHeader(const data::CsvRecord& record) {
  return std::none_of(record.fields.begin() + 2, record.fields.end(),
                      [](const std::string& field) { return toReal(trim(field)).has_value(); });
}

}  // namespace

Result<ScoreTable> readScores(const std::filesystem::path& file, const data::Dataset& dataset) {
  const std::string name = file.string();
  LIX_TRY(const std::string text, readFile(file, kMostBytes));
  LIX_TRY(const auto records, data::parseCsv(text, data::separatorOf(file.extension().string(), text), name));
  const Pictures pictures(dataset);
  ScoreTable table;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const data::CsvRecord& record = records[row];
    if (record.fields.size() < 3) {
      return fail(ErrorCode::BadInput, cat(name, ", line ", record.line,
                                           ": a row needs a picture, a caption and at least one score, separated by "
                                           "tabs, commas or semicolons."));
    }
    if (row == 0 && isHeader(record)) {
      continue;
    }
    LIX_TRY(std::vector<double> scores, scoresOf(record, name));
    const auto sample = pictures.find(record.fields[0]);
    if (!sample) {
      ++table.withoutPicture;
      continue;
    }
    CaptionId caption = captionById(record.fields[1], pictures, dataset);
    const std::string words(trim(record.fields[1]));
    if (caption.isId ? !caption.text : words.empty()) {
      ++table.withoutCaption;
      continue;
    }
    table.judgements.push_back({*sample, caption.isId ? *caption.text : words, std::move(scores)});
  }
  if (table.judgements.empty()) {
    return fail(ErrorCode::BadInput, cat("No row of ", name, " speaks of a picture and a caption of '", dataset.name,
                                         "'; the first column should hold keys or file names of its pictures."));
  }
  return table;
}

}  // namespace lix::app
