#include "pages/data/browser.h"

#include <algorithm>

#include "base/text.h"
#include "desk/desk.h"
#include "pages/data/dropped_paths.h"

namespace lix::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 4;         // collections that come back without reading
constexpr std::size_t kFirstChunk = 500;  // files; further ones are as large as what is there already

}  // namespace

class DataBrowser::Relays {
 public:
  Relays(jobs::Lane& reading, Desk& desk) : open(reading), gather(reading), filter(desk.interactive()) {}
  Relay open, gather, filter;
};

struct DataBrowser::Opened {
  std::shared_ptr<const Collection> collection;
  Error error;
  bool placeIsMissing = false;
};

DataBrowser::DataBrowser(Desk& desk, QObject* parent)
    : QObject(parent), desk_(desk), reading_("data"), relays_(std::make_unique<Relays>(reading_, desk)) {}

DataBrowser::~DataBrowser() = default;

namespace {

DatasetShelf::Entry entryOf(const DatasetShelf& shelf, const std::string& name) {
  for (auto& entry : shelf.entries()) {
    if (entry.name == name) {
      return entry;
    }
  }
  return {};
}

}  // namespace

void DataBrowser::openDataset(const std::string& name) {
  relays_->open.drop();
  relays_->filter.drop();
  name_ = name;
  const auto open = desk_.datasets().peek(name);
  const auto kept = std::ranges::find_if(kept_, [&](const auto& one) { return open && one->set == open; });
  if (kept != kept_.end()) {
    show(*kept);
    return;
  }
  opening_ = true;
  collection_ = nullptr;
  shown_ = nullptr;
  Q_EMIT opening();
  reopen();
}

void DataBrowser::reopen() {
  if (name_.empty()) {
    return;
  }
  const auto work = [shelf = &desk_.datasets(), name = name_, before = collection_](std::stop_token stop) -> Opened {
    auto set = shelf->open(name);
    const DatasetShelf::Entry entry = entryOf(*shelf, name);
    if (set) {
      const bool same = before && before->set == *set;
      return {same ? before : makeCollection(std::move(*set), entry.counts, stop), {}, false};
    }
    std::error_code error;
    const fs::path place = entry.spec.path;
    return {nullptr, set.error(), !place.empty() && !fs::exists(place, error)};
  };
  relays_->open.ask(work, [this](Opened opened) {
    opening_ = false;
    if (opened.collection && opened.collection == collection_) {
      return;
    }
    if (opened.collection) {
      show(std::move(opened.collection));
      return;
    }
    relays_->filter.drop();
    collection_ = nullptr;
    shown_ = nullptr;
    Q_EMIT failed(QString::fromStdString(opened.error.message), opened.placeIsMissing);
  });
}

void DataBrowser::show(std::shared_ptr<const Collection> collection) {
  opening_ = false;
  const bool another = !collection_ || collection_->set->set.name != collection->set->set.name;
  collection_ = std::move(collection);
  std::erase(kept_, collection_);
  kept_.push_back(collection_);
  if (kept_.size() > kKept) {
    kept_.erase(kept_.begin());
  }
  if (another) {
    filter_.labelSet = 0;
    filter_.wantedClass = kAnyClass;
    filter_.matches = nullptr;
    shown_ = nullptr;
  }
  Q_EMIT collectionChanged();
  applyNow();
}

void DataBrowser::showLoose() {
  if (loose_ && collection_ != loose_) {
    relays_->open.drop();
    name_.clear();
    show(loose_);
  }
}

void DataBrowser::clear() {
  relays_->open.drop();
  relays_->filter.drop();
  name_.clear();
  opening_ = false;
  collection_ = nullptr;
  shown_ = nullptr;
}

void DataBrowser::setFilter(const Filter& filter) {
  if (filter == filter_) {
    return;
  }
  filter_ = filter;
  if (collection_) {
    applyNow();
  }
}

void DataBrowser::applyNow() {
  relays_->filter.ask(
      [collection = collection_, filter = filter_](std::stop_token stop) {
        auto shown = applyFilter(*collection, filter, stop);
        return shown ? std::make_shared<const Shown>(std::move(*shown)) : nullptr;
      },
      [this](std::shared_ptr<const Shown> shown) {
        if (shown) {
          shown_ = std::move(shown);
          Q_EMIT shownChanged();
        }
      });
}

void DataBrowser::addFiles(std::vector<std::string> files) {
  if (waiting_.empty()) {
    samplesBefore_ = loose_ ? loose_->samples().size() : 0;
    skippedBefore_ = loose_ ? loose_->set->set.skipped.size() : 0;
  }
  if (waiting_.empty()) {
    waiting_ = std::move(files);
  } else {
    waiting_.insert(waiting_.end(), files.begin(), files.end());
  }
  if (!relays_->gather.busy()) {
    gather();
  }
}

void DataBrowser::gather() {
  const std::size_t have = loose_ ? loose_->samples().size() + loose_->set->set.skipped.size() : 0;
  const std::size_t count = std::min(waiting_.size() - next_, std::max(have, kFirstChunk));
  const auto begin = waiting_.begin() + std::ptrdiff_t(next_);
  relays_->gather.ask(
      [before = loose_, files = std::vector<std::string>(begin, begin + std::ptrdiff_t(count))](std::stop_token stop) {
        return withFiles(before, files, stop);
      },
      [this, count](std::shared_ptr<const Collection> grown) {
        next_ += count;
        const bool isShown = collection_ && collection_ == loose_;
        loose_ = std::move(grown);
        if (isShown) {
          show(loose_);
        }
        Q_EMIT looseChanged();
        if (next_ < waiting_.size()) {
          gather();
          return;
        }
        waiting_.clear();
        next_ = 0;
        const auto refused = std::span(loose_->set->set.skipped).subspan(skippedBefore_);
        Q_EMIT looseRead(loose_->samples().size() - samplesBefore_, refused.size(), skippedLines(refused));
      });
}

}  // namespace lix::app
