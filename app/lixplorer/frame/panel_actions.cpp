#include "frame/panel_actions.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "chrome/action_table.h"
#include "docks/dock_area.h"
#include "frame/settings.h"

namespace lix::app {
namespace {

using widgets::DockArea;

constexpr int kLongestName = 40;

/// A layout that comes with the program: these panels and no others, as they stand at first.
struct OwnLayout {
  PageId page;
  QString name;
  QStringList panels;
};

QList<OwnLayout> ownLayouts() {
  return {{PageId::Inspect, PanelActions::tr("Weights"), {"pictures", "captions", "scores", "weights"}},
          {PageId::Inspect, PanelActions::tr("Maps"), {"pictures", "captions", "map"}},
          {PageId::Inspect, PanelActions::tr("Context"), {"pictures", "context"}},
          {PageId::Support, PanelActions::tr("Building"), {"accuracy", "history", "suggestions"}},
          {PageId::Support, PanelActions::tr("Measuring"),
           {"accuracy", "shots", "versions", "settings", "surface", "confusion", "classes"}},
          {PageId::Support, PanelActions::tr("Classifying"), {"accuracy", "movedBy", "predictions"}}};
}

QString rowId(const Page* page, const QString& panel) { return "panel." + pageName(page->id()) + "." + panel; }

QString layoutId(const Page* page, const QString& name) { return "layout." + pageName(page->id()) + "." + name; }

QString asText(const QString& name) { return QString(name).replace(u'&', "&&"); }

}  // namespace

PanelActions::PanelActions(widgets::ActionTable& table, const QList<Page*>& pages, QWidget* window)
    : QObject(window), table_(table), pages_(pages), window_(window) {
  addMoves();
  for (Page* page : pages_) {
    if (page->docks() != nullptr) {
      addPanels(page);
    }
  }
}

void PanelActions::addPanels(Page* page) {
  DockArea* docks = page->docks();
  for (const QString& id : docks->ids()) {
    const QString title = docks->dock(id)->windowTitle();
    table_.add({.id = rowId(page, id), .menu = tr("&View/Panels"), .text = title,
                .help = tr("Opens the panel %1 or brings it to the front; closes it where it is in front.").arg(title),
                .checkable = true, .run = [this, docks, id](bool) { toggle(*docks, id); }, .scope = pageName(page->id())});
  }
  connect(docks, &DockArea::layoutChanged, this, [this, page] { check(page); });
}

void PanelActions::addArea(const char* id, const QString& text, const QString& help, const QString& key,
                           std::function<void(DockArea&)> run) {
  common_ << table_.add({.id = id, .menu = tr("&View/Panels"), .text = text, .help = help, .key = QKeySequence(key),
                         .run = [this, run = std::move(run)](bool) {
                           if (DockArea* area = docks()) {
                             run(*area);
                           }
                         }});
}

void PanelActions::addMove(const char* id, const QString& text, const QString& help, const QString& key,
                           std::function<bool(DockArea&, const QString&)> move) {
  addArea(id, text, help, key, [this, text, move = std::move(move)](DockArea& area) {
    const QString panel = area.focusedPanel();
    if (panel.isEmpty()) {
      Q_EMIT said(tr("No panel is open on this page; View > Panels opens one."));
    } else if (!move(area, panel)) {
      Q_EMIT said(tr("%1: there is no place for the panel %2.").arg(text, area.dock(panel)->windowTitle()));
    }
  });
}

void PanelActions::addMoves() {
  using Side = DockArea::Side;
  struct Direction {
    const char* id;
    QString text, key;
    Side side;
  };
  for (const Direction& one : {Direction{"panels.left", tr("Move panel left"), "Ctrl+J, Left", Side::Left},
                               Direction{"panels.right", tr("Move panel right"), "Ctrl+J, Right", Side::Right},
                               Direction{"panels.up", tr("Move panel up"), "Ctrl+J, Up", Side::Above},
                               Direction{"panels.down", tr("Move panel down"), "Ctrl+J, Down", Side::Below}}) {
    addMove(one.id, one.text,
            tr("Moves the panel that has the keyboard beyond its neighbour on that side, or out of its stack."), one.key,
            [side = one.side](DockArea& area, const QString& panel) { return area.movePanel(panel, side); });
  }
  addMove("panels.stack", tr("Stack panel with the next"),
          tr("Puts the panel that has the keyboard and the next one on top of each other, as tabs."), "Ctrl+J, S",
          [](DockArea& area, const QString& panel) { return area.stackWithNext(panel); });
  addMove("panels.float", tr("Float panel"),
          tr("Takes the panel that has the keyboard out of the window as a window of its own, or puts it back."),
          "Ctrl+J, F", [](DockArea& area, const QString& panel) { return area.toggleFloating(panel); });
  addMove("panels.close", tr("Close panel"), tr("Closes the panel that has the keyboard; its row below opens it again."),
          "Ctrl+J, W", [](DockArea& area, const QString& panel) { return area.dock(panel)->close(); });
  addArea("panels.next", tr("Next panel"), tr("Gives the keyboard to the next panel of the page."), "F6",
          [](DockArea& area) { area.focusPanel(DockArea::Step::Next); });
  addArea("panels.previous", tr("Previous panel"), tr("Gives the keyboard to the panel before."), "Shift+F6",
          [](DockArea& area) { area.focusPanel(DockArea::Step::Previous); });
  addArea("panels.reset", tr("Reset panels"), tr("The panels of this page stand as at first again."), "Ctrl+J, R",
          [](DockArea& area) { area.reset(); });
  common_ << table_.add({.id = "layouts.save", .menu = tr("&View/Layouts"), .text = tr("Save layout as..."),
                         .help = tr("Keeps under a name how the panels of this page stand."), .icon = "save",
                         .key = QKeySequence("Ctrl+J, L"), .run = [this](bool) { askName(); }});
}

void PanelActions::toggle(DockArea& docks, const QString& id) {
  if (docks.isInFront(id)) {
    docks.dock(id)->close();
  } else {
    docks.showPanel(id);
  }
  check(page_);
}

void PanelActions::check(const Page* page) {
  if (page == nullptr || page->docks() == nullptr) {
    return;
  }
  for (const QString& id : page->docks()->ids()) {
    table_.action(rowId(page, id))->setChecked(!page->docks()->dock(id)->isHidden());
  }
}

void PanelActions::setMenus(const QMenuBar& bar) {
  menu_ = bar.findChild<QMenu*>("menu." + widgets::plainText(tr("&View/Layouts")));
  menu_->addSeparator();
  remove_ = new QMenu(tr("Delete layout"), menu_);
  remove_->setObjectName("menu.deleteLayout");
  beforeRemove_ = menu_->addSeparator();
  menu_->addMenu(remove_);
  listLayouts();
}

void PanelActions::setPage(Page* page) {
  page_ = page;
  for (QAction* action : std::as_const(common_)) {
    action->setEnabled(docks() != nullptr);
  }
  for (const Page* one : std::as_const(pages_)) {
    if (one->docks() != nullptr) {
      for (const QString& id : one->docks()->ids()) {
        table_.action(rowId(one, id))->setVisible(one == page);
      }
    }
  }
  check(page);
  listLayouts();
}

QStringList PanelActions::layoutsOf(const Page* page) {
  QStringList names;
  if (page == nullptr || page->docks() == nullptr) {
    return names;
  }
  for (const OwnLayout& one : ownLayouts()) {
    if (one.page == page->id()) {
      names << one.name;
    }
  }
  for (const QString& name : settings::layouts(pageName(page->id())).keys()) {
    if (!names.contains(name)) {
      names << name;
    }
  }
  return names;
}

bool PanelActions::useLayout(const QString& name) {
  if (docks() == nullptr) {
    return false;
  }
  const QVariantMap kept = settings::layouts(pageName(page_->id()));
  if (kept.contains(name)) {
    const bool done = docks()->setLayout(kept[name].toByteArray());
    if (!done) {
      Q_EMIT said(tr("The layout %1 is damaged or of another version; delete it, or save it anew.").arg(name));
    }
    return done;
  }
  for (const OwnLayout& one : ownLayouts()) {
    if (one.page == page_->id() && one.name == name) {
      docks()->showOnly(one.panels);
      return true;
    }
  }
  return false;
}

bool PanelActions::saveLayout(const QString& name) {
  if (docks() == nullptr) {
    return false;
  }
  const QString plain = name.simplified().left(kLongestName);
  if (plain.isEmpty()) {
    Q_EMIT said(tr("A layout needs a name; type one, and save again."));
    return false;
  }
  QVariantMap kept = settings::layouts(pageName(page_->id()));
  kept[plain] = docks()->layout();
  settings::setLayouts(pageName(page_->id()), kept);
  listLayouts();
  return true;
}

void PanelActions::deleteLayout(const QString& name) {
  QVariantMap kept = settings::layouts(pageName(page_->id()));
  kept.remove(name);
  settings::setLayouts(pageName(page_->id()), kept);
  listLayouts();
}

void PanelActions::listLayouts() {
  if (menu_ == nullptr) {
    return;
  }
  QStringList wanted;
  for (const Page* page : std::as_const(pages_)) {
    for (const QString& name : layoutsOf(page)) {
      const QString id = layoutId(page, name);
      wanted << id;
      if (!listed_.contains(id)) {
        table_.add({.id = id, .menu = tr("&View/Layouts"), .text = asText(name),
                    .help = tr("The panels of %1 stand as the layout %2 says.").arg(pageTitle(page->id()), name),
                    .run = [this, name](bool) { useLayout(name); }, .scope = pageName(page->id())});
      }
    }
  }
  for (const QString& id : std::as_const(listed_)) {
    if (!wanted.contains(id)) {
      table_.remove(id);
    } else {
      menu_->removeAction(table_.action(id));
    }
  }
  listed_ = wanted;
  for (const QString& name : layouts()) {
    menu_->insertAction(beforeRemove_, table_.action(layoutId(page_, name)));
  }
  listDeletable();
}

void PanelActions::listDeletable() {
  remove_->clear();
  if (docks() != nullptr) {
    for (const QString& name : settings::layouts(pageName(page_->id())).keys()) {
      remove_->addAction(asText(name), this, [this, name] { deleteLayout(name); }, Qt::QueuedConnection)
          ->setObjectName("layout.delete." + name);
    }
  }
  remove_->setEnabled(!remove_->isEmpty());
}

void PanelActions::askName() {
  auto* dialog = new QDialog(window_);
  dialog->setObjectName("layoutDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Save layout as"));
  auto* column = new QVBoxLayout(dialog);
  auto* label = new QLabel(tr("Name of the layout of %1; one of the same name is replaced.").arg(pageTitle(page_->id())));
  label->setWordWrap(true);
  auto* name = new QLineEdit;
  name->setObjectName("layoutName");
  name->setAccessibleName(tr("Name of the layout"));
  name->setToolTip(tr("Return saves, Esc closes."));
  name->setMaxLength(kLongestName);
  name->setMinimumWidth(280);
  label->setBuddy(name);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  QPushButton* save = buttons->button(QDialogButtonBox::Save);
  save->setText(tr("Save"));
  save->setProperty("primary", true);
  save->setToolTip(tr("Keeps the layout under this name (Return)."));
  save->setEnabled(false);
  buttons->button(QDialogButtonBox::Cancel)->setText(tr("Cancel"));
  buttons->button(QDialogButtonBox::Cancel)->setToolTip(tr("Closes; nothing is kept (Esc)."));
  column->addWidget(label);
  column->addWidget(name);
  column->addWidget(buttons);
  connect(name, &QLineEdit::textChanged, save, [save](const QString& text) { save->setEnabled(!text.trimmed().isEmpty()); });
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, dialog, [this, dialog, name] {
    if (saveLayout(name->text())) {
      dialog->accept();
    }
  });
  dialog->open();
  name->setFocus();
}

}  // namespace lix::app
