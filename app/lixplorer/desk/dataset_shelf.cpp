#include "desk/dataset_shelf.h"

#include <QStringList>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "data/open_kept.h"
#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "imaging/decode.h"
#include "shared/dataset_row.h"
#include "shared/datasets.h"
#include "study/doctor/doctor.h"

namespace lix::app {
namespace {

constexpr auto kSkippedListed = std::size_t(1000);

QString listOf(const std::vector<data::Skipped>& skipped) {
  QStringList lines;
  for (std::size_t i = 0; i < std::min(skipped.size(), kSkippedListed); ++i) {
    lines << QString::fromStdString(cat(skipped[i].key, ": ", skipped[i].reason));
  }
  if (skipped.size() > kSkippedListed) {
    lines << DatasetShelf::tr("and %1 more").arg(skipped.size() - kSkippedListed);
  }
  return lines.join('\n');
}

/// Without the pictures that could not be decoded when the set was added; they stand in `counts` with their reasons.
data::Dataset withoutDamaged(data::Dataset set, const std::string& counts) {
  const nlohmann::json about = nlohmann::json::parse(counts, nullptr, false);
  if (!about.is_object() || !about.contains("skipped") || !about["skipped"].is_array()) {
    return set;
  }
  std::map<std::string, std::string> damaged;
  for (const auto& one : about["skipped"]) {
    if (one.is_object() && one.contains("key") && one["key"].is_string()) {
      damaged.emplace(one["key"].get<std::string>(), one.value("reason", std::string()));
    }
  }
  std::vector<std::size_t> good;
  std::vector<data::Skipped> skipped = set.skipped;
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const auto found = damaged.find(set.samples[i].key);
    if (found == damaged.end() || set.pictures->load(i)) {  // it may have been mended since
      good.push_back(i);
    } else {
      skipped.push_back({found->first, found->second});
    }
  }
  if (good.empty() || good.size() == set.samples.size()) {
    return set;
  }
  data::Dataset left = data::subset(std::move(set), good);
  left.skipped = std::move(skipped);
  return left;
}

/// Where what a long reading finds is kept.
data::Keeping keptIn(const Desk& desk) { return {desk.cache(), desk.isReadOnly()}; }

std::shared_ptr<const OpenDataset> openedOf(data::Dataset set) { return std::make_shared<OpenDataset>(std::move(set)); }

}  // namespace

DatasetShelf::DatasetShelf(Desk& desk) : desk_(desk), relay_(desk.storing()), looking_(desk.storing()) {}

std::vector<DatasetShelf::Entry> DatasetShelf::entries() const {
  const std::scoped_lock guard(mutex_);
  return entries_;
}

void DatasetShelf::refresh() {
  const auto read = [](const store::Workspace& workspace) -> Result<std::vector<Entry>> {
    LIX_TRY(const auto rows, store::DatasetStore(workspace).list());
    LIX_TRY(const auto names, datasetNames(nullptr));
    std::vector<Entry> entries;
    for (const std::string& name : names) {
      entries.push_back({name, {name, "", "{}"}, true, "{}"});
    }
    for (const auto& row : rows) {
      std::erase_if(entries, [&](const Entry& entry) { return entry.name == row.name; });
      entries.push_back({row.name, {row.kind, row.path.string(), row.options}, false, row.counts});
    }
    return entries;
  };
  desk_.ask(relay_, read, [this](Result<std::vector<Entry>> entries) {
    if (!entries) {
      desk_.say(entries.error());
      return;
    }
    {
      const std::scoped_lock guard(mutex_);
      entries_ = std::move(*entries);
    }
    Q_EMIT changed();
  });
}

void DatasetShelf::look() {
  if (relay_.busy()) {
    return;  // it is being read anyway
  }
  // Names and places alone: what is counted of a million pictures need not be read every time.
  const auto read = [](const store::Workspace& workspace) { return store::DatasetStore(workspace).places(); };
  desk_.ask(looking_, read, [this](Result<std::map<std::string, std::filesystem::path>> places) {
    if (!places) {
      return;  // told by what needs it
    }
    std::map<std::string, std::filesystem::path> known;
    for (const Entry& entry : entries()) {
      if (!entry.builtIn) {
        known.emplace(entry.name, entry.spec.path);
      }
    }
    if (known != *places) {
      refresh();
    }
  });
}

std::optional<std::string> DatasetShelf::nameOfPath(const std::filesystem::path& path) const {
  const std::string wanted = std::filesystem::absolute(path).lexically_normal().string();
  for (const Entry& entry : entries()) {
    if (!entry.builtIn && std::filesystem::path(entry.spec.path).lexically_normal().string() == wanted) {
      return entry.name;
    }
  }
  return std::nullopt;
}

void DatasetShelf::add(const std::filesystem::path& path) {
  desk_.examine(path);
  if (const auto known = nameOfPath(path)) {
    Q_EMIT added(QString::fromStdString(*known));
    return;
  }
  const auto work = [path, keeping = keptIn(desk_)](const Progress& progress) -> Result<std::shared_ptr<ReadDataset>> {
    if (study::doctor::looksLikeCheckpoint(path)) {
      return nullptr;
    }
    LIX_TRY(const data::DatasetSpec spec, data::recognise(path.string()));
    LIX_TRY(data::Dataset set, data::open(spec, datasetNameFor(path), keeping));
    LIX_TRY(auto read, readDataset(std::move(set), spec, PictureCheck::BySize, progress));
    return std::make_shared<ReadDataset>(std::move(read));
  };
  const QString file = QString::fromStdString(path.filename().string());
  desk_.tasks().start(tr("Reading %1").arg(file), work, [this, path](const std::shared_ptr<ReadDataset>& read) {
    if (read) {
      keep(read);
      return;
    }
    desk_.checkpoints().add(path);
  });
}

void DatasetShelf::keep(const std::shared_ptr<ReadDataset>& read) {
  // The name is settled where names are: another one may have come while this was read.
  auto entry = std::make_shared<Entry>();
  auto opened = std::make_shared<std::shared_ptr<const OpenDataset>>();
  const auto write = [read, entry, opened](const store::Workspace& workspace) -> Result<void> {
    LIX_TRY(const auto taken, datasetNames(&workspace));
    const std::string wanted = read->row.name;
    for (int i = 2; std::ranges::find(taken, read->row.name) != taken.end(); ++i) {
      read->row.name = read->dataset.name = cat(wanted, "-", i);
    }
    LIX_CHECK(store::DatasetStore(workspace).add(read->row));
    *entry = {read->row.name, {read->row.kind, read->row.path.string(), read->row.options}, false, read->row.counts};
    *opened = openedOf(read->dataset);
    return {};
  };
  desk_.write(write, [this, read, entry, opened](bool kept) {
    if (!kept) {
      return;
    }
    {
      const std::scoped_lock guard(mutex_);
      open_[entry->name] = *opened;
      entries_.push_back(*entry);
    }
    const auto& set = read->dataset;
    const QString name = QString::fromStdString(entry->name);
    QString sentence = tr("Added %1 with %2 pictures.").arg(name).arg(set.samples.size());
    if (!set.skipped.empty()) {
      sentence += tr(" Left out: %1.").arg(set.skipped.size());
    }
    if (!read->duplicates.empty()) {
      sentence += tr(" Pictures that stand in two splits, so that results on the later split flatter: %1.").arg(read->duplicates.size());
    }
    const auto remedy = tr("'Check every picture' in the Data menu looks at all").toStdString();
    if (const std::string looked = lookedAtSentence(read->about, remedy); !looked.empty()) {
      sentence += QLatin1Char(' ') + QString::fromStdString(looked);
    }
    const bool clean = set.skipped.empty() && read->duplicates.empty();
    desk_.say(clean ? widgets::Severity::Info : widgets::Severity::Warning, sentence, listOf(set.skipped));
    Q_EMIT changed();
    Q_EMIT added(name);
  });
}

void DatasetShelf::remove(const std::string& name) {
  desk_.write([name](const store::Workspace& workspace) { return store::DatasetStore(workspace).remove(name); },
              [this, name](bool done) {
                if (done) {
                  forget(name);
                  refresh();
                }
              });
}

void DatasetShelf::forget(const std::string& name) {
  const std::scoped_lock guard(mutex_);
  open_.erase(name);
}

std::shared_ptr<const OpenDataset> DatasetShelf::peek(const std::string& name) const {
  const std::scoped_lock guard(mutex_);
  const auto found = open_.find(name);
  return found == open_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<const OpenDataset>> DatasetShelf::open(const std::string& name) const {
  if (auto known = peek(name)) {
    return known;
  }
  const std::scoped_lock one(opening_);  // two lanes that want the same one wait for one reading
  if (auto known = peek(name)) {
    return known;
  }
  data::DatasetSpec spec;
  std::string counts = "{}";
  {
    const auto known = entries();
    const auto found = std::ranges::find(known, name, &Entry::name);
    if (found != known.end()) {
      spec = found->spec;
      counts = found->counts;
    } else {
      LIX_TRY(spec, findDataset(nullptr, name));  // built in, or the sentence that lists those there are
    }
  }
  LIX_TRY(data::Dataset set, data::open(spec, name, keptIn(desk_)));
  auto opened = openedOf(withoutDamaged(std::move(set), counts));
  const std::scoped_lock guard(mutex_);
  open_[name] = opened;
  return opened;
}

Result<DatasetShelf::Place> DatasetShelf::placeOf(const data::PictureRef& picture) const {
  LIX_TRY(const auto opened, open(picture.dataset));
  const auto found = opened->byKey.find(picture.key);
  if (found == opened->byKey.end()) {
    return fail(ErrorCode::NotFound, cat("The dataset '", picture.dataset, "' has no picture '", picture.key,
                                         "' any more; read it anew on the Data page (F5)."));
  }
  return Place{opened, found->second};
}

Result<imaging::Image> DatasetShelf::load(const data::PictureRef& picture) const {
  if (picture.isFile()) {
    return imaging::decodeFile(picture.file);
  }
  LIX_TRY(const Place place, placeOf(picture));
  return place.opened->set.pictures->load(place.sample);
}

Result<imaging::Image> DatasetShelf::loadSmall(const data::PictureRef& picture, int side) const {
  if (picture.isFile()) {
    return imaging::decodeFileSmall(picture.file, side);
  }
  LIX_TRY(const Place place, placeOf(picture));
  return place.opened->set.pictures->loadSmall(place.sample, side);
}

}  // namespace lix::app
