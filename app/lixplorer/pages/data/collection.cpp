#include "pages/data/collection.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <algorithm>
#include <charconv>
#include <numeric>
#include <unordered_set>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::app {
namespace {

constexpr std::size_t kStopEvery = 1024;  // samples between two looks at the stop token

std::string looseReason(const Error& error) {
  if (error.code != ErrorCode::NotFound) {
    return cat("The file cannot be read: ", error.message, ".");
  }
  return "The file is not there: it was moved or removed, or it is a link that leads nowhere.";
}

/// What was left out now, then what only the check of every picture found.
void collectSkipped(const std::string& counts, Collection& collection) {
  const auto take = [&](std::string key, std::string reason) {
    if (collection.skippedKeys.insert(key).second) {
      collection.foldedSkipped.push_back(folded(key + '\n' + reason));
      collection.skipped.push_back({std::move(key), std::move(reason)});
    }
  };
  for (const auto& one : collection.set->set.skipped) {
    take(one.key, one.reason);
  }
  const auto checked = QJsonDocument::fromJson(QByteArray::fromStdString(counts)).object()["skipped"].toArray();
  for (const auto& one : checked) {
    take(one.toObject()["key"].toString().toStdString(), one.toObject()["reason"].toString().toStdString());
  }
}

}  // namespace

std::string folded(const std::string& text) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? data::lowered(text) : QString::fromStdString(text).toCaseFolded().toStdString();
}

bool holdsAll(const std::string& text, const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

std::optional<std::size_t> picturesIn(const std::string& counts) {
  constexpr std::string_view kName = "\"pictures\":";  // inside a text the quote would be escaped
  const std::size_t at = counts.find(kName);
  if (at == std::string::npos) {
    return std::nullopt;
  }
  std::size_t count = 0;
  const char* begin = counts.data() + std::min(counts.find_first_not_of(' ', at + kName.size()), counts.size());
  const auto read = std::from_chars(begin, counts.data() + counts.size(), count);
  return read.ec == std::errc() ? std::optional(count) : std::nullopt;
}

data::PictureRef Collection::picture(std::size_t sample) const {
  const std::string& key = samples()[sample].key;
  return isLoose() ? data::PictureRef::ofFile(key) : data::PictureRef::sample(set->set.name, key);
}

std::shared_ptr<const Collection> makeCollection(std::shared_ptr<const OpenDataset> set, const std::string& counts,
                                                 std::stop_token stop) {
  auto collection = std::make_shared<Collection>();
  const auto& samples = set->set.samples;
  collection->withoutClass.assign(set->set.labelSets.size(), 0);
  collection->folded.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % kStopEvery == 0 && stop.stop_requested()) {
      return nullptr;
    }
    std::string text = samples[i].key;
    for (const std::string& caption : samples[i].captions) {
      text += '\n';
      text += caption;
    }
    collection->folded.push_back(folded(text));
    collection->captions += samples[i].captions.size();
    ++collection->perSplit[std::size_t(samples[i].split)];
    for (std::size_t labels = 0; labels < samples[i].labels.size(); ++labels) {
      collection->withoutClass[labels] += samples[i].labels[labels] < 0 ? 1 : 0;
    }
  }
  collection->set = std::move(set);
  collectSkipped(counts, *collection);
  return collection;
}

std::vector<std::string> foldedWords(const std::string& text) {
  std::vector<std::string> words;
  for (const QString& word : QString::fromStdString(text).simplified().split(' ', Qt::SkipEmptyParts)) {
    words.push_back(word.toCaseFolded().toStdString());
  }
  return words;
}

namespace {

/// Those of the matches that a newer reading still has.
std::vector<std::uint32_t> samplesOf(const Matches& matches, const Collection& collection) {
  std::vector<std::uint32_t> samples;
  samples.reserve(matches.samples.size());
  for (const std::uint32_t sample : matches.samples) {
    if (matches.of == collection.set) {
      samples.push_back(sample);
    } else if (const auto found = collection.set->byKey.find(matches.of->set.samples[sample].key);
               found != collection.set->byKey.end()) {
      samples.push_back(std::uint32_t(found->second));
    }
  }
  return samples;
}

std::vector<std::uint32_t> placesBySample(const std::vector<std::uint32_t>& rows) {
  std::vector<std::uint32_t> places(rows.size());
  std::iota(places.begin(), places.end(), 0U);
  std::ranges::sort(places, {}, [&](std::uint32_t place) { return rows[place]; });
  return places;
}

}  // namespace

int rowOfSample(const Shown& shown, std::size_t sample) {
  if (shown.isRising) {
    const auto found = std::ranges::lower_bound(shown.rows, sample);
    return found != shown.rows.end() && *found == sample ? int(found - shown.rows.begin()) : -1;
  }
  const auto at = [&](std::uint32_t place) { return std::size_t(shown.rows[place]); };
  const auto found = std::ranges::lower_bound(shown.rowsBySample, sample, {}, at);
  return found != shown.rowsBySample.end() && at(*found) == sample ? int(*found) : -1;
}

std::optional<Shown> applyFilter(const Collection& collection, const Filter& filter, std::stop_token stop) {
  const auto& sets = collection.set->set.labelSets;
  const bool labelled = !sets.empty();
  const std::size_t labelSet = filter.labelSet < sets.size() ? filter.labelSet : 0;
  const auto words = foldedWords(filter.text);
  Shown shown;
  shown.perClass.assign(labelled ? sets[labelSet].classes.size() : 0, 0);
  std::vector<std::uint32_t> matched;
  if (filter.matches) {
    matched = samplesOf(*filter.matches, collection);
    shown.isRising = std::ranges::is_sorted(matched);
  }
  const std::size_t count = filter.matches ? matched.size() : collection.samples().size();
  for (std::size_t at = 0; at < count; ++at) {
    if (at % kStopEvery == 0 && stop.stop_requested()) {
      return std::nullopt;
    }
    const std::size_t i = filter.matches ? matched[at] : at;
    const data::Sample& sample = collection.samples()[i];
    if ((filter.split && sample.split != *filter.split) || !holdsAll(collection.folded[i], words)) {
      continue;
    }
    const int label = labelled ? sample.labels[labelSet] : kNoClass;
    ++(label >= 0 ? shown.perClass[std::size_t(label)] : shown.withoutClass);
    ++shown.anyClass;
    if (!labelled || filter.wantedClass == kAnyClass || filter.wantedClass == label) {
      shown.rows.push_back(std::uint32_t(i));
    }
  }
  if (!shown.isRising) {
    shown.rowsBySample = placesBySample(shown.rows);
  }
  return shown;
}

std::shared_ptr<const Collection> withFiles(const std::shared_ptr<const Collection>& before,
                                            std::span<const std::string> files, std::stop_token stop) {
  auto grown = before ? std::make_shared<OpenDataset>(*before->set) : std::make_shared<OpenDataset>();
  std::unordered_set<std::string> refused;
  for (const auto& skipped : grown->set.skipped) {
    refused.insert(skipped.key);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i % kStopEvery == 0 && stop.stop_requested()) {
      return nullptr;
    }
    const std::string& key = files[i];
    if (grown->byKey.contains(key) || refused.contains(key)) {
      continue;
    }
    std::string reason;
    const auto state = data::fileState(files[i]);
    if (grown->set.samples.size() >= kMostLooseFiles) {
      reason = cat("At most ", kMostLooseFiles, " loose pictures are shown; add their folder as a dataset.");
    } else if (!state) {
      reason = looseReason(state.error());
    } else if (state->size == 0) {
      reason = "The file is empty.";
    }
    if (!reason.empty()) {
      refused.insert(key);
      grown->set.skipped.push_back({key, reason});
      continue;
    }
    grown->byKey.emplace(key, grown->set.samples.size());
    grown->set.samples.push_back(
        {.key = key, .captions = {}, .labels = {}, .split = data::Split::Train, .version = state->version});
  }
  return makeCollection(std::move(grown), "{}", stop);
}

}  // namespace lix::app
