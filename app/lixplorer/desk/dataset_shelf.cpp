#include "desk/dataset_shelf.h"

#include <QStringList>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "imaging/decode.h"
#include "shared/dataset_row.h"
#include "shared/datasets.h"

namespace lix::app {
namespace {

constexpr std::size_t kSkippedListed = 1000;

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
  data::Dataset left = data::subset(set, good);
  left.skipped = std::move(skipped);
  return left;
}

}  // namespace

DatasetShelf::DatasetShelf(Desk& desk) : desk_(desk), relay_(desk.storing()) {}

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
  if (const auto known = nameOfPath(path)) {
    Q_EMIT added(QString::fromStdString(*known));
    return;
  }
  std::vector<std::string> taken;
  for (const Entry& entry : entries()) {
    taken.push_back(entry.name);
  }
  const auto work = [path, taken](const Progress& progress) -> Result<std::shared_ptr<ReadDataset>> {
    LIX_TRY(const data::DatasetSpec spec, data::recognise(path.string()));
    const std::string wanted = datasetNameFor(path);
    std::string name = wanted;
    for (int i = 2; std::ranges::find(taken, name) != taken.end(); ++i) {
      name = cat(wanted, "-", i);
    }
    LIX_TRY(auto read, readDataset(spec, name, PictureCheck::Decode, progress));
    return std::make_shared<ReadDataset>(std::move(read));
  };
  const QString file = QString::fromStdString(path.filename().string());
  desk_.tasks().start(tr("Reading %1").arg(file), work, [this](std::shared_ptr<ReadDataset> read) { keep(*read); });
}

void DatasetShelf::keep(const ReadDataset& read) {
  const QString name = QString::fromStdString(read.row.name);
  const auto& set = read.dataset;
  QString sentence = tr("Added %1 with %n pictures.", nullptr, static_cast<int>(set.samples.size())).arg(name);
  if (!set.skipped.empty()) {
    sentence += tr(" %n were left out.", nullptr, static_cast<int>(set.skipped.size()));
  }
  if (!read.duplicates.empty()) {
    sentence += tr(" %n stand in two splits, so results on the later split flatter.", nullptr,
                   static_cast<int>(read.duplicates.size()));
  }
  const auto severity = set.skipped.empty() && read.duplicates.empty() ? widgets::Severity::Info : widgets::Severity::Warning;
  {
    auto opened = std::make_shared<OpenDataset>(OpenDataset{set, {}});
    for (std::size_t i = 0; i < set.samples.size(); ++i) {
      opened->byKey.emplace(set.samples[i].key, i);
    }
    const std::scoped_lock guard(mutex_);
    open_[read.row.name] = std::move(opened);
  }
  desk_.write(
      [row = read.row](const store::Workspace& workspace) -> Result<void> {
        LIX_CHECK(store::DatasetStore(workspace).add(row));
        return {};
      },
      [this, name, severity, sentence, details = listOf(set.skipped), entry = Entry{read.row.name, {read.row.kind, read.row.path.string(), read.row.options}, false, read.row.counts}](bool kept) {
        if (kept) {
          {
            const std::scoped_lock guard(mutex_);
            entries_.push_back(entry);
          }
          desk_.say(severity, sentence, details);
          Q_EMIT changed();
          Q_EMIT added(name);
        } else {
          forget(name.toStdString());
        }
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
  LIX_TRY(data::Dataset set, data::open(spec, name));
  auto opened = std::make_shared<OpenDataset>(OpenDataset{withoutDamaged(std::move(set), counts), {}});
  opened->byKey.reserve(opened->set.samples.size());
  for (std::size_t i = 0; i < opened->set.samples.size(); ++i) {
    opened->byKey.emplace(opened->set.samples[i].key, i);
  }
  const std::scoped_lock guard(mutex_);
  open_[name] = opened;
  return opened;
}

Result<imaging::Image> DatasetShelf::load(const data::PictureRef& picture) const {
  if (picture.isFile()) {
    return imaging::decodeFile(picture.file);
  }
  LIX_TRY(const auto opened, open(picture.dataset));
  const auto found = opened->byKey.find(picture.key);
  if (found == opened->byKey.end()) {
    return fail(ErrorCode::NotFound, cat("The dataset '", picture.dataset, "' has no picture '", picture.key,
                                         "' any more; read it anew on the Data page (F5)."));
  }
  return opened->set.pictures->load(found->second);
}

}  // namespace lix::app
