#include "pages/data/collection.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <algorithm>
#include <charconv>
#include <functional>
#include <numeric>
#include <unordered_set>

#include "base/parallel.h"
#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::app {
namespace {

constexpr std::size_t kStopEvery = 1024;  // samples between two looks at the stop token
constexpr std::size_t kStretch = 65536;    // samples that one thread filters at a time

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

bool holdsAll(std::string_view text, const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [&](const std::string& word) { return text.find(word) != std::string_view::npos; });
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
  std::string text;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % kStopEvery == 0 && stop.stop_requested()) {
      return nullptr;
    }
    text = samples[i].key;
    for (const std::string& caption : samples[i].captions) {
      text += '\n';
      text += caption;
    }
    collection->folded.add(folded(text));
    collection->captions += samples[i].captions.size();
    ++collection->perSplit[std::size_t(samples[i].split)];
    for (std::size_t labels = 0; labels < samples[i].labels.size(); ++labels) {
      collection->withoutClass[labels] += samples[i].labels[labels] < 0 ? 1 : 0;
    }
  }
  collection->folded.fit();
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

/// Those of the matches that this reading has.
std::vector<std::uint32_t> samplesOf(const Matches& matches, const Collection& collection) {
  if (matches.of && matches.of == collection.set) {
    return matches.samples;
  }
  std::vector<std::uint32_t> samples;
  samples.reserve(matches.size());
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const std::string& key = matches.of ? matches.of->set.samples[matches.samples[i]].key : matches.keys[i];
    if (const auto found = collection.set->byKey.find(key); found != collection.set->byKey.end()) {
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

namespace {

/// What a filter asks of one sample, made ready.
class Test {
 public:
  Test(const Collection& collection, const Filter& filter)
      : collection_(collection), filter_(filter), words_(foldedWords(filter.text)) {
    const auto& sets = collection.set->set.labelSets;
    labelSet_ = filter.labelSet < sets.size() ? filter.labelSet : 0;
    classes_ = sets.empty() ? 0 : sets[labelSet_].classes.size();
    isLabelled_ = !sets.empty();
  }
  std::size_t classes() const { return classes_; }

  /// Counts the sample, and adds it to the rows where its class is wanted.
  void take(std::size_t i, Shown& shown) const {
    const data::Sample& sample = collection_.samples()[i];
    if ((filter_.split && sample.split != *filter_.split) || !holdsAll(collection_.folded[i], words_)) {
      return;
    }
    const int label = isLabelled_ ? sample.labels[labelSet_] : kNoClass;
    ++(label >= 0 ? shown.perClass[std::size_t(label)] : shown.withoutClass);
    ++shown.anyClass;
    if (!isLabelled_ || filter_.wantedClass == kAnyClass || filter_.wantedClass == label) {
      shown.rows.push_back(std::uint32_t(i));
    }
  }

 private:
  const Collection& collection_;
  const Filter& filter_;
  const std::vector<std::string> words_;
  std::size_t labelSet_ = 0, classes_ = 0;
  bool isLabelled_ = false;
};

void append(const Shown& part, Shown& whole) {
  whole.rows.insert(whole.rows.end(), part.rows.begin(), part.rows.end());
  whole.withoutClass += part.withoutClass;
  whole.anyClass += part.anyClass;
  std::ranges::transform(part.perClass, whole.perClass, whole.perClass.begin(), std::plus());
}

}  // namespace

std::optional<Shown> applyFilter(const Collection& collection, const Filter& filter, std::stop_token stop) {
  const Test test(collection, filter);
  std::vector<std::uint32_t> matched;
  if (filter.matches) {
    matched = samplesOf(*filter.matches, collection);
  }
  const std::size_t count = filter.matches ? matched.size() : collection.samples().size();
  // Long stretches, one a thread at a time: each has counters for all classes.
  std::vector<Shown> parts((count + kStretch - 1) / kStretch);
  parallelFor(parts.size(), [&](std::size_t part) {
    parts[part].perClass.assign(test.classes(), 0);
    const std::size_t end = std::min(count, (part + 1) * kStretch);
    for (std::size_t at = part * kStretch; at < end && (at % kStopEvery != 0 || !stop.stop_requested()); ++at) {
      test.take(filter.matches ? matched[at] : at, parts[part]);
    }
  });
  if (stop.stop_requested()) {
    return std::nullopt;
  }
  Shown shown;
  shown.perClass.assign(test.classes(), 0);
  shown.isRising = std::ranges::is_sorted(matched);
  shown.missing = filter.matches ? filter.matches->size() - matched.size() : 0;
  for (const Shown& part : parts) {
    append(part, shown);
  }
  if (!shown.isRising) {
    shown.rowsBySample = placesBySample(shown.rows);
  }
  return shown;
}

std::shared_ptr<const Collection> withFiles(const std::shared_ptr<const Collection>& before,
                                            std::span<const std::string> files, std::stop_token stop) {
  data::Dataset grown = before ? before->set->set : data::Dataset();
  data::KeyTable known;
  known.reserve(grown.samples.size() + files.size());
  for (std::size_t i = 0; i < grown.samples.size(); ++i) {
    known.add(i, grown.samples);
  }
  std::unordered_set<std::string> refused;
  for (const auto& skipped : grown.skipped) {
    refused.insert(skipped.key);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i % kStopEvery == 0 && stop.stop_requested()) {
      return nullptr;
    }
    const std::string& key = files[i];
    if (known.find(key, grown.samples) != data::KeyTable::kNone || refused.contains(key)) {
      continue;
    }
    std::string reason;
    const auto state = data::fileState(files[i]);
    if (grown.samples.size() >= kMostLooseFiles) {
      reason = cat("At most ", kMostLooseFiles, " loose pictures are shown; add their folder as a dataset.");
    } else if (!state) {
      reason = looseReason(state.error());
    } else if (state->size == 0) {
      reason = "The file is empty.";
    }
    if (!reason.empty()) {
      refused.insert(key);
      grown.skipped.push_back({key, reason});
      continue;
    }
    grown.samples.push_back(
        {.key = key, .captions = {}, .labels = {}, .split = data::Split::Train, .version = state->version});
    known.add(grown.samples.size() - 1, grown.samples);
  }
  return makeCollection(std::make_shared<OpenDataset>(std::move(grown)), "{}", stop);
}

}  // namespace lix::app
