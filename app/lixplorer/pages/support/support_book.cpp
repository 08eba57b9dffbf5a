#include "pages/support/support_book.h"

#include <QPointer>
#include <algorithm>
#include <ranges>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr int kDraftDelayMs = 300;
// Steps of undo: each is a copy, and sets may have thousands of pictures, or grow to as many.
constexpr std::size_t kMostSteps = 200, kLeastSteps = 20, kPicturesInSteps = 400'000;
constexpr std::size_t kMostClosed = 32;  // sets whose steps are kept while another is open

std::size_t picturesOf(const SupportDocument& document) { return document.set.size() + document.unsorted.size(); }

/// The name, or the first of "name 2", "name 3", ... that is free.
std::string freeName(const std::vector<store::SupportSetRow>& sets, const std::string& wanted) {
  std::string name = wanted;
  for (int n = 2; std::ranges::find(sets, name, &store::SupportSetRow::name) != sets.end(); ++n) {
    name = cat(wanted, " ", n);
  }
  return name;
}

}  // namespace

struct SupportBook::Loaded {
  ReadDocument read;
  std::vector<store::SupportVersionRow> versions;
};

SupportBook::SupportBook(Desk& desk)
    : desk_(desk), listRelay_(desk.storing()), loadRelay_(desk.storing()), versionRelay_(desk.storing()), readRelay_(desk.storing()) {
  timer_.setSingleShot(true);
  timer_.setInterval(kDraftDelayMs);
  connect(&timer_, &QTimer::timeout, this, &SupportBook::flush);
}

SupportBook::~SupportBook() { flush(); }

/// Answers of writes come through the desk, which may outlive this.
std::function<void(bool)> SupportBook::afterwards(std::function<void(bool)> then) {
  return [self = QPointer<SupportBook>(this), then = std::move(then)](bool worked) {
    if (self) {
      then(worked);
    }
  };
}

void SupportBook::changed() {
  dirty_ = true;
  timer_.start();
  Q_EMIT edited();
}

void SupportBook::edit(const QString& title, Result<SupportDocument> document) {
  if (!document) {
    desk_.say(widgets::Severity::Warning, QString::fromStdString(document.error().message));
    return;
  }
  if (!isOpen() || isReadOnly() || *document == history_.value()) {
    return;
  }
  history_.push(title.toStdString(), std::move(*document));
  changed();
}

void SupportBook::undo() {
  if (history_.canUndo() && !isReadOnly()) {
    history_.undo();
    changed();
  }
}

void SupportBook::redo() {
  if (history_.canRedo() && !isReadOnly()) {
    history_.redo();
    changed();
  }
}

void SupportBook::goTo(std::size_t place) {
  if (place != history_.at() && place < history_.size() && !isReadOnly()) {
    history_.goTo(place);
    changed();
  }
}

void SupportBook::flush() {
  timer_.stop();
  if (!dirty_ || !nameInStore_ || isReadOnly()) {
    return;
  }
  dirty_ = false;
  desk_.write(
      [name = nameInStore_, rows = toRows(history_.value())](const store::Workspace& workspace) -> Result<void> {
        return name->empty() ? Result<void>() : store::SupportStore(workspace).saveDraft(*name, rows);
      },
      afterwards([this, name = nameInStore_](bool worked) { dirty_ = dirty_ || (!worked && name == nameInStore_); }));
}

void SupportBook::tellProblems(const std::vector<std::string>& problems) {
  if (!problems.empty()) {
    desk_.say(widgets::Severity::Warning,
              tr("Parts of the support set %1 could not be read.").arg(QString::fromStdString(name_)),
              QString::fromStdString(join(problems, "\n")));
  }
}

/// Of the set that is open and goes out of sight; the oldest are forgotten where all are many.
void SupportBook::keepSteps() {
  if (isOpen() && history_.size() > 1) {
    closed_.emplace_front(name_, std::move(history_));
  }
  std::size_t pictures = 0, kept = 0;
  for (const auto& [name, steps] : closed_) {
    for (std::size_t place = 0; place < steps.size(); ++place) {
      pictures += picturesOf(steps.value(place));
    }
    if (kept > 0 && pictures > kPicturesInSteps) {
      break;
    }
    ++kept;
  }
  closed_.resize(std::min(kept, kMostClosed));
}

/// Those that were kept, where they lead to the document as it was read; else it begins anew.
support::History<SupportDocument> SupportBook::stepsOf(const std::string& name, SupportDocument document) {
  support::History<SupportDocument> steps(
      document, {.most = kMostSteps, .least = kLeastSteps, .mostWeight = kPicturesInSteps, .weigh = picturesOf});
  const auto found = std::ranges::find(closed_, name, [](const auto& one) -> const std::string& { return one.first; });
  if (found != closed_.end()) {
    if (found->second.value() == document) {
      steps = std::move(found->second);
    }
    closed_.erase(found);
  }
  return steps;
}

void SupportBook::show(const std::string& name, ReadDocument read) {
  flush();  // edits made since the other set was asked for
  versionRelay_.drop();
  readRelay_.drop();
  ++opening_;
  keepSteps();
  name_ = name;
  nameInStore_ = std::make_shared<std::string>(name);
  history_ = stepsOf(name, std::move(read.document));
  dirty_ = false;
  timer_.stop();
  tellProblems(read.problems);
  Q_EMIT opened();
}

void SupportBook::close() {
  loadRelay_.drop();
  versionRelay_.drop();
  readRelay_.drop();
  ++opening_;
  name_.clear();
  nameInStore_.reset();
  history_ = support::History<SupportDocument>();
  versions_.clear();
  dirty_ = false;
  timer_.stop();
  Q_EMIT opened();
  Q_EMIT versionsChanged();
}

void SupportBook::create(const QString& name, SupportDocument document) {
  flush();
  wanted_.clear();
  auto made = std::make_shared<std::string>(name.trimmed().toStdString());
  auto rows = toRows(document);
  desk_.write(
      [made, rows = std::move(rows)](const store::Workspace& workspace) -> Result<void> {
        const store::SupportStore sets(workspace);
        LIX_TRY(const auto known, sets.list());
        *made = freeName(known, *made);
        return sets.saveDraft(*made, rows);
      },
      afterwards([this, made, document = std::move(document)](bool worked) {
        if (worked) {
          versions_.clear();
          loadRelay_.drop();
          show(*made, {document, {}});
          Q_EMIT versionsChanged();
          refresh();
        }
      }));
}

void SupportBook::open(const std::string& name) {
  flush();
  wanted_.clear();
  if (name == name_) {  // is open, and what is shown is newer than what is stored
    loadRelay_.drop();
    Q_EMIT setsChanged();
    return;
  }
  desk_.ask(
      loadRelay_,
      [name](const store::Workspace& workspace) -> Result<Loaded> {
        const store::SupportStore sets(workspace);
        LIX_TRY(const auto rows, sets.load(name));
        LIX_TRY(auto versions, sets.versions(name));
        return Loaded{fromRows(rows), std::move(versions)};
      },
      [this, name](Result<Loaded> loaded) {
        if (!loaded) {
          desk_.say(loaded.error());
          Q_EMIT setsChanged();  // what chose it shows the open one again
          return;
        }
        versions_ = std::move(loaded->versions);
        std::ranges::sort(versions_, std::greater(), &store::SupportVersionRow::version);
        show(name, std::move(loaded->read));
        Q_EMIT versionsChanged();
        Q_EMIT setsChanged();
      });
}

void SupportBook::rename(const QString& name) {
  const std::string to = name.trimmed().toStdString();
  if (!isOpen() || isReadOnly() || to == name_) {
    return;
  }
  flush();
  desk_.write(
      [inStore = nameInStore_, to](const store::Workspace& workspace) -> Result<void> {
        LIX_CHECK(store::SupportStore(workspace).rename(*inStore, to));
        *inStore = to;
        return {};
      },
      afterwards([this, from = name_, to, inStore = nameInStore_](bool worked) {
        if (worked && inStore == nameInStore_) {
          name_ = to;
        } else if (worked) {  // another set was opened meanwhile
          std::ranges::replace(closed_ | std::views::keys, from, to);
        }
        refresh();
      }));
}

void SupportBook::remove() {
  if (!isOpen() || isReadOnly()) {
    return;
  }
  dirty_ = false;
  desk_.write(
      [inStore = nameInStore_](const store::Workspace& workspace) -> Result<void> {
        LIX_CHECK(store::SupportStore(workspace).remove(*inStore));
        inStore->clear();
        return {};
      },
      afterwards([this, inStore = nameInStore_](bool worked) {
        if (inStore == nameInStore_ && worked) {
          close();
          listed_ = false;
        } else if (inStore == nameInStore_) {
          dirty_ = true;
        }
        refresh();
      }));
}

void SupportBook::saveVersion(const QString& note) {
  if (!isOpen() || isReadOnly()) {
    return;
  }
  flush();
  auto kept = std::make_shared<long long>(0);
  desk_.write(
      [inStore = nameInStore_, rows = toRows(history_.value()), kept,
       note = note.trimmed().toStdString()](const store::Workspace& workspace) -> Result<void> {
        LIX_TRY(*kept, store::SupportStore(workspace).saveVersion(*inStore, rows, note));
        return {};
      },
      afterwards([this, kept, name = QString::fromStdString(name_)](bool worked) {
        if (worked) {
          desk_.say(widgets::Severity::Info, tr("Kept as version %1 of %2.").arg(*kept).arg(name));
          Q_EMIT versionKept(*kept);
        }
        refresh();
      }));
}

void SupportBook::goBack(long long version) {
  if (!isOpen()) {
    return;
  }
  desk_.ask(
      versionRelay_,
      [inStore = nameInStore_, version](const store::Workspace& workspace) -> Result<ReadDocument> {
        LIX_TRY(const auto rows, store::SupportStore(workspace).load(*inStore, version));
        return fromRows(rows);
      },
      [this, version, opening = opening_](Result<ReadDocument> read) {
        if (opening != opening_) {
          return;
        }
        if (read) {
          tellProblems(read->problems);
        }
        edit(tr("Go back to version %1").arg(version),
             read ? Result<SupportDocument>(std::move(read->document)) : std::unexpected(read.error()));
      });
}

void SupportBook::renameVersion(long long version, const QString& note) {
  if (isOpen() && !isReadOnly()) {
    desk_.write(
        [inStore = nameInStore_, version, text = note.trimmed().toStdString()](const store::Workspace& workspace) {
          return store::SupportStore(workspace).renameVersion(*inStore, version, text);
        },
        afterwards([this](bool) { refresh(); }));
  }
}

void SupportBook::removeVersion(long long version) {
  if (isOpen() && !isReadOnly()) {
    desk_.write(
        [inStore = nameInStore_, version](const store::Workspace& workspace) {
          return store::SupportStore(workspace).removeVersion(*inStore, version);
        },
        afterwards([this](bool) { refresh(); }));
  }
}

void SupportBook::readVersion(long long version, std::function<void(Result<SupportDocument>)> then) {
  if (!isOpen()) {
    return;
  }
  desk_.ask(
      readRelay_,
      [inStore = nameInStore_, version](const store::Workspace& workspace) -> Result<ReadDocument> {
        LIX_TRY(const auto rows, store::SupportStore(workspace).load(*inStore, version));
        return fromRows(rows);
      },
      [this, then = std::move(then), opening = opening_](Result<ReadDocument> read) {
        if (!read) {
          desk_.say(read.error());
        }
        if (opening == opening_) {
          then(read ? Result<SupportDocument>(std::move(read->document)) : std::unexpected(read.error()));
        }
      });
}

void SupportBook::want(const std::string& name) {
  wanted_ = name;
  refresh();
}

void SupportBook::refresh() {
  struct Lists {
    std::vector<store::SupportSetRow> sets;
    std::vector<store::SupportVersionRow> versions;
  };
  desk_.ask(
      listRelay_,
      [name = name_](const store::Workspace& workspace) -> Result<Lists> {
        const store::SupportStore sets(workspace);
        Lists lists;
        LIX_TRY(lists.sets, sets.list());
        if (std::ranges::find(lists.sets, name, &store::SupportSetRow::name) != lists.sets.end()) {
          LIX_TRY(lists.versions, sets.versions(name));
        }
        return lists;
      },
      [this, name = name_](Result<Lists> lists) {
        if (!lists) {
          desk_.say(lists.error());
          return;
        }
        sets_ = std::move(lists->sets);
        if (isOpen() && name == name_) {
          versions_ = std::move(lists->versions);
          std::ranges::sort(versions_, std::greater(), &store::SupportVersionRow::version);
          Q_EMIT versionsChanged();
        }
        Q_EMIT setsChanged();
        const std::string wanted = std::exchange(wanted_, {});
        const bool first = !std::exchange(listed_, true);
        if (std::ranges::find(sets_, wanted, &store::SupportSetRow::name) != sets_.end()) {
          open(wanted);
        } else if (first && !isOpen() && !loadRelay_.busy() && !sets_.empty()) {
          open(sets_.front().name);
        }
      });
}

}  // namespace lix::app
