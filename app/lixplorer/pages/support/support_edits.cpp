#include <QCheckBox>
#include <QComboBox>
#include <QInputDialog>
#include <QLineEdit>
#include <QToolButton>
#include <algorithm>
#include <set>

#include "chrome/action_table.h"
#include "desk/dataset_shelf.h"
#include "pages/support/label_sorting.h"
#include "pages/support/prediction_panel.h"
#include "pages/support/score_panel.h"
#include "pages/support/support_board.h"
#include "pages/support/support_page.h"
#include "pages/support/version_panel.h"
#include "pages/support/words.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostListed = 20'000;  // pictures of a drop
constexpr std::size_t kExampleClasses = 4, kExampleShots = 4;

}  // namespace

/// An edit of the open set; where none is open, the document becomes a new one.
void SupportPage::commit(const QString& title, Result<SupportDocument> document) {
  if (book_.isOpen() || !document) {
    book_.edit(title, std::move(document));
  } else if (*document != SupportDocument()) {
    book_.create(tr("Support set"), std::move(*document));
  }
}

SupportPage::Place SupportPage::placeOf(int target) const {
  const auto& classes = book_.document().set.classes;
  const bool isClass = target >= 0 && target < static_cast<int>(classes.size());
  return {target, book_.opening(), book_.isOpen(),
          isClass ? classes[static_cast<std::size_t>(target)].name : std::string()};
}

/// Nothing where the set or the class of the drop is not there any more, which is told.
std::optional<int> SupportPage::targetOf(const Place& place) {
  if (place.isOpen && place.opening != book_.opening()) {
    say(widgets::Severity::Warning,
        tr("Another support set was opened before the dropped folder was read; drop it again where it belongs."));
    return std::nullopt;
  }
  if (place.className.empty()) {
    return place.target;
  }
  const auto& classes = book_.document().set.classes;
  const auto found = std::ranges::find(classes, place.className, &support::SupportClass::name);
  if (found == classes.end()) {
    say(widgets::Severity::Warning, tr("The class %1 was gone before the dropped folder was read; drop it again.")
                                        .arg(QString::fromStdString(place.className)));
    return std::nullopt;
  }
  return static_cast<int>(found - classes.begin());
}

/// Says where pictures come from that another class of the set held.
void SupportPage::whisperMoved(const std::vector<data::PictureRef>& pictures, const std::string& into) {
  const std::set<data::PictureRef> moved(pictures.begin(), pictures.end());
  QStringList from;
  for (const auto& one : book_.document().set.classes) {
    if (one.name != into && std::ranges::any_of(one.pictures, [&](const auto& at) { return moved.contains(at); })) {
      from << QString::fromStdString(one.name);
    }
  }
  if (!from.isEmpty()) {
    whisper(from.size() == 1 ? tr("moved from %1").arg(from.front()) : tr("moved from %1 classes").arg(from.size()));
  }
}

void SupportPage::assign(std::vector<data::PictureRef> pictures, int target) {
  if (pictures.empty() || desk().isReadOnly()) {
    return;
  }
  const int count = static_cast<int>(book_.document().set.classes.size());
  if (target == SupportBoard::kTray) {
    whisperMoved(pictures, {});
    commit(tr("%1 to unsorted").arg(pictureCount(pictures.size())), unsorted(book_.document(), pictures));
    return;
  }
  if (target == SupportBoard::kLastUsed) {
    target = lastClass_ >= 0 && lastClass_ < count ? lastClass_ : count - 1;
  }
  SupportDocument document = book_.document();
  if (target < 0) {
    // Named after what its pictures are, so that it can be measured at once.
    const std::string label = sharedLabel(desk().datasets(), pictures, document.set);
    const bool isTaken = std::ranges::any_of(
        document.set.classes, [&](const auto& one) { return foldedName(one.name) == foldedName(label); });
    auto set = support::withClass(document.set, label.empty() || isTaken ? freeClassName(document) : label);
    if (set) {
      document.set = std::move(*set);
    }
    target = count;
  } else if (target >= count) {
    say(widgets::Severity::Info,
        tr("There is no class %1; Shift+%1 makes a new one of the selection.").arg(target + 1));
    return;
  }
  const auto& into = document.set.classes[static_cast<std::size_t>(target)];
  const std::set<data::PictureRef> there(into.pictures.begin(), into.pictures.end());
  if (std::ranges::all_of(pictures, [&](const auto& picture) { return there.contains(picture); })) {
    return;  // let go where they were taken from
  }
  const QString name = QString::fromStdString(into.name);
  lastClass_ = target;
  whisperMoved(pictures, into.name);
  commit(tr("%1 to %2").arg(pictureCount(pictures.size()), name),
         assigned(document, pictures, static_cast<std::size_t>(target)));
}

void SupportPage::take(const Payload& payload, int target) { takeAt(payload, placeOf(target)); }

void SupportPage::takeAt(const Payload& payload, const Place& place) {
  if (desk().isReadOnly()) {
    say(widgets::Severity::Warning, tr("This workspace is open for reading only: its sets cannot be changed."));
    return;
  }
  if (!payload.captions.empty() && payload.pictures.empty() && payload.paths.empty()) {
    say(widgets::Severity::Info, tr("Support sets are made of pictures; drop captions on the Inspect page."));
    return;
  }
  if (payload.paths.empty()) {
    if (const auto target = targetOf(place)) {
      takeListing({}, payload.pictures, *target);
    }
    return;
  }
  if (listRelay_.busy()) {
    waiting_.emplace_back(payload, place);
    return;
  }
  // A folder let go on a column goes into it as a whole; elsewhere its subfolders are classes.
  const bool isOneClass = place.target >= 0 || place.target == SupportBoard::kLastUsed;
  const FolderUse use = isOneClass ? FolderUse::Flat : FolderUse::Classes;
  listRelay_.ask(
      [paths = payload.paths, use](std::stop_token stop) { return listFolders(paths, use, kMostListed, stop); },
      [this, pictures = payload.pictures, place](FolderListing listing) {
        if (const auto target = targetOf(place)) {
          takeListing(listing, pictures, *target);
        }
        if (!waiting_.empty()) {
          const auto [next, where] = std::move(waiting_.front());
          waiting_.pop_front();
          takeAt(next, where);
        }
      });
}

void SupportPage::takeListing(const FolderListing& listing, std::vector<data::PictureRef> pictures, int target) {
  for (const auto& path : listing.loose) {
    pictures.push_back(data::PictureRef::ofFile(path));
  }
  std::vector<std::pair<data::PictureRef, std::string>> byFolder;
  for (const ListedFolder& one : listing.classes) {
    for (const auto& path : one.pictures) {
      byFolder.emplace_back(data::PictureRef::ofFile(path), one.name);
    }
  }
  if (listing.skippedCount > 0) {
    say(widgets::Severity::Info, tr("Passed over: %1.").arg(fileCount(listing.skippedCount)),
        linesOf(listing.skipped, listing.skippedCount));
  }
  if (listing.cut) {
    say(widgets::Severity::Warning,
        tr("Only the first %1 pictures were taken; drop fewer at a time.").arg(kMostListed));
  }
  const std::size_t classes = book_.document().set.classes.size();
  if (byFolder.empty() && target != SupportBoard::kTray && target != SupportBoard::kArrived) {
    assign(pictures, target);
    showArrived(pictures, classes);
    return;
  }
  const auto fresh = newOnes(book_.document(), pictures);
  // What another page sends and stands in a class already stays there.
  const SupportDocument document = unsorted(
      book_.document(), target == SupportBoard::kArrived ? std::span<const data::PictureRef>(fresh) : pictures);
  const auto result = sorted(document, byFolder);
  if (target == SupportBoard::kTray) {
    whisperMoved(pictures, {});
  }
  commit(byFolder.empty() ? tr("%1 to unsorted").arg(pictureCount(pictures.size()))
                          : tr("Add %1").arg(pictureCount(fresh.size() + byFolder.size())),
         result);
  if (byFolder.empty() && target == SupportBoard::kTray) {
    showArrived(pictures, classes);
  }
}

/// After a drop what was dropped is selected where it stands now; a class that was made for it is given its name.
void SupportPage::showArrived(const std::vector<data::PictureRef>& pictures, std::size_t classesBefore) {
  board_->select(pictures);
  if (book_.document().set.classes.size() == classesBefore + 1) {
    board_->editName(static_cast<int>(classesBefore));
  }
}

void SupportPage::nameByLabel() {
  const SupportDocument named = namedByLabel(desk().datasets(), book_.document(), scores_.plan().labels);
  if (named != book_.document()) {
    book_.edit(tr("Name classes by label"), named);
  }
}

void SupportPage::addClass() {
  SupportDocument document = book_.document();
  auto set = support::withClass(document.set, freeClassName(document));
  if (!set || desk().isReadOnly()) {
    return;
  }
  document.set = std::move(*set);
  const int index = static_cast<int>(document.set.classes.size()) - 1;
  commit(tr("Add class"), document);
  board_->editName(index);
}

void SupportPage::sortByLabel() {
  labelRelay_.ask([shelf = &desk().datasets(),
                   pictures = book_.document().unsorted](std::stop_token) { return labelled(*shelf, pictures); },
                  [this, opening = book_.opening()](std::vector<std::pair<data::PictureRef, std::string>> found) {
                    if (opening != book_.opening()) {
                      return;  // another set is open now
                    }
                    // Only what is still unsorted: a person may have gone on meanwhile.
                    const auto& unsorted = book_.document().unsorted;
                    const std::set<data::PictureRef> waiting(unsorted.begin(), unsorted.end());
                    std::erase_if(found, [&](const auto& one) { return !waiting.contains(one.first); });
                    if (found.empty()) {
                      say(widgets::Severity::Info,
                          tr("None of the unsorted pictures has a label in its dataset; sort them by hand."));
                      return;
                    }
                    book_.edit(tr("Sort %1 by label").arg(pictureCount(found.size())), sorted(book_.document(), found));
                  });
}

void SupportPage::startExample() {
  labelRelay_.ask([shelf = &desk().datasets()](
                      std::stop_token) { return exampleDocument(*shelf, "emoji", kExampleClasses, kExampleShots); },
                  [this](Result<SupportDocument> document) {
                    if (!document) {
                      desk().say(document.error());
                      return;
                    }
                    book_.create(tr("Emoji example"), std::move(*document));
                  });
}

void SupportPage::askName() {
  if (!book_.isOpen() || desk().isReadOnly()) {
    return;
  }
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName("support.rename");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Rename set"));
  dialog->setLabelText(tr("Name of the support set"));
  dialog->setTextValue(QString::fromStdString(book_.name()));
  connect(dialog, &QInputDialog::textValueSelected, &book_, &SupportBook::rename);
  dialog->open();
}

void SupportPage::addActions(widgets::ActionTable& table) {
  actions_ = &table;
  const QString scope = pageName(id());
  const auto add = [&](const char* verb, const QString& menu, const QString& text, const QString& help,
                       const QString& icon, const QKeySequence& key, std::function<void(bool)> run) {
    widgets::ActionRow row;
    row.id = scope + "." + verb;
    row.menu = menu;
    row.text = text;
    row.help = help;
    row.icon = icon;
    row.key = key;
    row.run = std::move(run);
    row.scope = scope;
    table.add(std::move(row));
  };
  const QString edit = tr("&Edit"), support = tr("&Support");
  add("undo", edit, tr("Undo"), tr("Takes the last change of the support set back."), "undo", QKeySequence("Ctrl+Z"),
      [this](bool) { book_.undo(); });
  add("redo", edit, tr("Redo"), tr("Does what was undone again."), "redo", QKeySequence("Ctrl+Shift+Z"),
      [this](bool) { book_.redo(); });
  add("new", support, tr("New set"), tr("Makes an empty support set."), "add", QKeySequence("Ctrl+Alt+N"),
      [this](bool) { book_.create(tr("Support set")); });
  add("save", support, tr("Save version"), tr("Keeps the set as it stands as a version."), "save",
      QKeySequence("Ctrl+S"), [this](bool) { versionPanel_->save(); });
  add("rename", support, tr("Rename set..."), tr("Gives the set another name."), "", QKeySequence("F2"),
      [this](bool) { askName(); });
  add("addClass", support, tr("Add class"), tr("Adds an empty class at the end."), "add", QKeySequence("Ctrl+Shift+N"),
      [this](bool) { addClass(); });
  add("sort", support, tr("Sort by label"), tr("Puts unsorted pictures into classes by the labels of their dataset."),
      "tag", QKeySequence("Ctrl+L"), [this](bool) { sortByLabel(); });
  add("live", support, tr("Live accuracy on or off"), tr("Scores the adapters anew after every change of the set."), "",
      QKeySequence("L"), [this](bool) { scorePanel_->live()->toggle(); });
  add("score", support, tr("Score now"), tr("Scores the adapters once."), "", QKeySequence("Ctrl+Return"),
      [this](bool) { scores_.scoreNow(); });
  add("classify", support, tr("Classify pictures..."), tr("Predicts the classes of a folder of pictures."), "folder",
      QKeySequence("Ctrl+Shift+K"), [this](bool) { predictionPanel_->choose(); });
  updateActions();
}

void SupportPage::updateActions() {
  const bool canEdit = book_.isOpen() && !desk().isReadOnly();
  const auto& history = book_.history();
  const auto name = [](const QString& verb, const std::string& title) {
    return title.empty() ? verb : verb + ": " + QString::fromStdString(title);
  };
  const QString undo = name(tr("Undo"), history.undoTitle()), redo = name(tr("Redo"), history.redoTitle());
  const QString why = tr("This workspace is open for reading only.");
  undo_->setEnabled(canEdit && history.canUndo());
  redo_->setEnabled(canEdit && history.canRedo());
  undo_->setToolTip(undo + " (Ctrl+Z).");
  redo_->setToolTip(redo + " (Ctrl+Shift+Z).");
  new_->setEnabled(!desk().isReadOnly());
  if (desk().isReadOnly()) {
    for (QToolButton* button : {new_, undo_, redo_}) {
      button->setToolTip(why);
    }
  }
  if (actions_ != nullptr) {
    const std::pair<const char*, QString> titles[] = {{"support.undo", undo}, {"support.redo", redo}};
    for (const auto& [id, text] : titles) {
      if (QAction* action = actions_->action(id)) {
        action->setText(text);
      }
    }
  }
}

}  // namespace lix::app
