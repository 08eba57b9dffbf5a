#include "pages/data/selection_shelf.h"

#include <algorithm>

#include "desk/desk.h"
#include "pages/data/dropped_paths.h"

namespace lix::app {
namespace {

using store::SelectionRow;
using store::SelectionStore;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString pictures(long long count) {
  return counted(std::size_t(count), SelectionShelf::tr("1 picture"), SelectionShelf::tr("%1 pictures"));
}

}  // namespace

/// What a change did: how many pictures it touched, whose selection is called what now, and what takes it back.
struct SelectionShelf::Change {
  long long pictures = 0;
  std::string dataset, from, to;
  std::function<Result<void>(const store::Workspace&)> undo;
};

SelectionShelf::SelectionShelf(Desk& desk, QObject* parent)
    : QObject(parent), desk_(desk), listing_(desk.storing()), reading_(desk.storing()) {}

std::vector<SelectionRow> SelectionShelf::of(const std::string& dataset) const {
  std::vector<SelectionRow> rows;
  std::ranges::copy_if(rows_, std::back_inserter(rows), [&](const SelectionRow& row) { return row.dataset == dataset; });
  return rows;
}

void SelectionShelf::refresh() {
  desk_.ask(
      listing_, [](const store::Workspace& workspace) { return SelectionStore(workspace).list(); },
      [this](Result<std::vector<SelectionRow>> rows) {
        if (!rows) {
          desk_.say(rows.error());
        } else if (*rows != rows_) {
          rows_ = std::move(*rows);
          Q_EMIT changed();
        }
      });
}

void SelectionShelf::read(const std::string& dataset, const std::string& name,
                          std::function<void(std::vector<std::string>)> answer) {
  desk_.ask(
      reading_,
      [dataset, name](const store::Workspace& workspace) { return SelectionStore(workspace).keys(dataset, name); },
      [this, answer = std::move(answer)](Result<std::vector<std::string>> keys) {
        if (keys) {
          answer(std::move(*keys));
        } else {
          desk_.say(keys.error());
        }
      });
}

void SelectionShelf::change(Work work, std::function<QString(const Change&)> sentence) {
  auto change = std::make_shared<Change>();
  desk_.write([work = std::move(work), change](const store::Workspace& workspace) { return work(workspace, *change); },
              [this, change, sentence = std::move(sentence)](bool done) {
                if (done) {
                  undo_ = change->undo;
                  undoDataset_ = text(change->dataset);
                  undoFrom_ = text(change->to);
                  undoTo_ = text(change->from);
                  refresh();
                  Q_EMIT edited(undoDataset_, undoTo_, undoFrom_);
                  Q_EMIT undoOffered(sentence(*change));
                }
              });
}

void SelectionShelf::keep(const SelectionRow& row, std::vector<std::string> keys) {
  change(
      [row, keys = std::move(keys)](const store::Workspace& workspace, Change& change) -> Result<void> {
        LIX_TRY(const SelectionRow kept, SelectionStore(workspace).add(row, keys));
        change = {kept.pictures, kept.dataset, kept.name, kept.name, [kept](const store::Workspace& again) {
                    return SelectionStore(again).remove(kept.dataset, kept.name);
                  }};
        return {};
      },
      [](const Change& change) { return tr("Kept %1 as %2.").arg(pictures(change.pictures), text(change.to)); });
}

namespace {

/// Puts a selection back as it was before a change that leaves it called `now`.
auto asBefore(SelectionRow row, std::vector<std::string> keys, std::string now) {
  return [row = std::move(row), keys = std::move(keys), now = std::move(now)](const store::Workspace& workspace) -> Result<void> {
    const SelectionStore store(workspace);
    if (now != row.name) {
      LIX_CHECK(store.remove(row.dataset, now));
    }
    return store.restore(row, keys);
  };
}

/// Adds pictures to a selection, or takes them out of it, by a method of the store.
template <class Method>
auto changingKeys(const std::string& dataset, const std::string& name, std::vector<std::string> keys, Method method) {
  return [dataset, name, keys = std::move(keys), method](const store::Workspace& workspace, auto& change) -> Result<void> {
    const SelectionStore store(workspace);
    LIX_TRY(SelectionRow before, store.find(dataset, name));
    LIX_TRY(auto had, store.keys(dataset, name));
    LIX_TRY(const long long pictures, (store.*method)(dataset, name, keys));
    change = {pictures, dataset, name, name, asBefore(std::move(before), std::move(had), name)};
    return {};
  };
}

}  // namespace

void SelectionShelf::include(const std::string& dataset, const std::string& name, std::vector<std::string> keys) {
  change(changingKeys(dataset, name, std::move(keys), &SelectionStore::include),
         [](const Change& change) { return tr("Added %1 to %2.").arg(pictures(change.pictures), text(change.to)); });
}

void SelectionShelf::exclude(const std::string& dataset, const std::string& name, std::vector<std::string> keys) {
  change(changingKeys(dataset, name, std::move(keys), &SelectionStore::exclude),
         [](const Change& change) { return tr("Took %1 out of %2.").arg(pictures(change.pictures), text(change.to)); });
}

void SelectionShelf::rename(const std::string& dataset, const std::string& from, const std::string& to,
                            const std::string& note) {
  change(
      [=](const store::Workspace& workspace, Change& change) -> Result<void> {
        const SelectionStore store(workspace);
        LIX_TRY(SelectionRow before, store.find(dataset, from));
        LIX_CHECK(store.rename(dataset, from, to, note));
        LIX_TRY(const auto rows, store.list());
        const auto now = std::ranges::find(rows, before.id, &SelectionRow::id);
        change = {before.pictures, dataset, from, now->name,
                  [dataset, name = now->name, before](const store::Workspace& again) {
                    return SelectionStore(again).rename(dataset, name, before.name, before.note);
                  }};
        return {};
      },
      [](const Change& change) { return tr("%1 is called %2 now.").arg(text(change.from), text(change.to)); });
}

void SelectionShelf::remove(const std::string& dataset, const std::string& name) {
  change(
      [dataset, name](const store::Workspace& workspace, Change& change) -> Result<void> {
        const SelectionStore store(workspace);
        LIX_TRY(SelectionRow before, store.find(dataset, name));
        LIX_TRY(auto had, store.keys(dataset, name));
        LIX_CHECK(store.remove(dataset, name));
        change = {before.pictures, dataset, name, "", asBefore(before, std::move(had), name)};
        return {};
      },
      [](const Change& change) { return tr("Removed the selection %1; its pictures were not touched.").arg(text(change.from)); });
}

void SelectionShelf::undo() {
  if (!undo_) {
    return;
  }
  desk_.write(undo_, [this](bool done) {
    if (done) {
      undo_ = nullptr;
      refresh();
      Q_EMIT edited(undoDataset_, undoFrom_, undoTo_);
    } else {
      Q_EMIT undoOffered(tr("That could not be taken back; undo tries it again."));
    }
  });
}

}  // namespace lix::app
