#include "chrome/action_table.h"

#include <QCoreApplication>
#include <QMenuBar>
#include <QToolBar>
#include <algorithm>

#include "theme/theme.h"

namespace lix::widgets {
namespace {

QString toolTipOf(const ActionRow& row) {
  const QString name = plainText(row.text);
  const QString key = row.key.toString(QKeySequence::NativeText);
  const QString head = key.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, key);
  return row.help.isEmpty() ? head : QStringLiteral("%1: %2").arg(head, row.help);
}

bool meet(const ActionRow& a, const ActionRow& b) {
  return a.scope.isEmpty() || b.scope.isEmpty() || a.scope == b.scope;
}

/// Also the beginning of the other key: "Ctrl+K" hides "Ctrl+K, Ctrl+S".
bool sameKey(const QKeySequence& a, const QKeySequence& b) {
  return !a.isEmpty() && !b.isEmpty() &&
         (a.matches(b) != QKeySequence::NoMatch || b.matches(a) != QKeySequence::NoMatch);
}

}  // namespace

QString plainText(const QString& text) {
  QString plain;
  for (qsizetype i = 0; i < text.size(); ++i) {
    if (text[i] == u'&' && i + 1 < text.size()) {
      ++i;  // of "&&" the second one is meant
    } else if (text[i] == u'&') {
      continue;
    }
    plain += text[i];
  }
  while (plain.endsWith(u'.') || plain.endsWith(QChar(0x2026))) {
    plain.chop(1);
  }
  return plain;
}

ActionTable::ActionTable(QWidget* window) : QObject(window), window_(window) {}

QAction* ActionTable::add(ActionRow row) {
  auto* action = new QAction(row.text, window_);
  action->setObjectName(row.id);
  if (!row.icon.isEmpty()) {
    action->setIcon(icon(row.icon));
  }
  action->setShortcut(row.key);
  action->setShortcutContext(Qt::WindowShortcut);
  action->setCheckable(row.checkable);
  action->setToolTip(toolTipOf(row));
  action->setStatusTip(row.help);
  action->setWhatsThis(row.help);
  action->setMenuRole(QAction::NoRole);  // rows stand in the menus that they name
  action->setEnabled(row.scope.isEmpty() || row.scope == scope_);
  if (row.run) {
    connect(action, &QAction::triggered, window_, row.run);
  }
  window_->addAction(action);
  rows_.push_back(std::move(row));
  actions_.push_back(action);
  return action;
}

void ActionTable::remove(const QString& id) {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const ActionRow& row) { return row.id == id; });
  if (found != rows_.end()) {
    const auto action = actions_.begin() + (found - rows_.begin());
    delete *action;
    actions_.erase(action);
    rows_.erase(found);
  }
}

QAction* ActionTable::action(const QString& id) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const ActionRow& row) { return row.id == id; });
  return found == rows_.end() ? nullptr : actions_[std::size_t(found - rows_.begin())];
}

void ActionTable::setScope(const QString& scope) {
  scope_ = scope;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    // Rows of every page keep what their owner set: an empty undo stack stays disabled on a change of page.
    if (!rows_[i].scope.isEmpty()) {
      actions_[i]->setEnabled(rows_[i].scope == scope);
    }
  }
}

void ActionTable::fill(QMenuBar& bar) const {
  std::vector<std::pair<QString, QMenu*>> menus;  // by their titles with those they stand in
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const QString& title = rows_[i].menu;
    if (title.isEmpty()) {
      continue;
    }
    QMenu* menu = nullptr;
    for (qsizetype end = title.indexOf(u'/');; end = title.indexOf(u'/', end + 1)) {
      const QString path = title.left(end);
      const auto found = std::find_if(menus.begin(), menus.end(), [&](const auto& one) { return one.first == path; });
      if (found != menus.end()) {
        menu = found->second;
      } else {
        menu = menu == nullptr ? bar.addMenu(path) : menu->addMenu(path.section(u'/', -1));
        menu->setObjectName("menu." + plainText(path));
        menu->setToolTipsVisible(true);
        menus.emplace_back(path, menu);
      }
      if (end < 0) {
        break;
      }
    }
    menu->addAction(actions_[i]);
  }
}

void ActionTable::fill(QToolBar& bar) const {
  QString group;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!rows_[i].inToolbar) {
      continue;
    }
    if (!bar.actions().isEmpty() && group != rows_[i].menu) {
      bar.addSeparator();
    }
    group = rows_[i].menu;
    bar.addAction(actions_[i]);
    if (QWidget* button = bar.widgetForAction(actions_[i])) {
      button->setAccessibleName(plainText(rows_[i].text));
    }
  }
}

std::vector<QString> ActionTable::conflicts() const {
  std::vector<QString> said;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    for (std::size_t k = i + 1; k < rows_.size(); ++k) {
      if (meet(rows_[i], rows_[k]) && sameKey(rows_[i].key, rows_[k].key)) {
        said.push_back(tr("\"%1\" and \"%2\" share the key %3; give one of them another.")
                           .arg(rows_[i].id, rows_[k].id, rows_[k].key.toString(QKeySequence::PortableText)));
      }
      if (rows_[i].id == rows_[k].id) {
        said.push_back(tr("Two actions have the id \"%1\"; name one of them differently.").arg(rows_[i].id));
      }
    }
  }
  return said;
}

}  // namespace lix::widgets
