#pragma once
#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <functional>
#include <vector>

class QMenuBar;
class QToolBar;
class QWidget;

namespace lix::widgets {

/// One thing that a person can ask for, declared once: menus, toolbar, palette and shortcut sheet read it.
struct ActionRow {
  QString id;     ///< "file.open", stable
  QString menu;   ///< title of the menu that it stands in ("&File", "&View/Panels"); "" for none
  QString text;   ///< "Open workspace..."
  QString help;   ///< one sentence
  QString icon;   ///< of widgets::icon, "" for none
  QKeySequence key;
  bool inToolbar = false;
  bool checkable = false;
  std::function<void(bool checked)> run;
  QString scope;  ///< "" everywhere, else the page that it belongs to: enabled there only
};

/// A menu's or action's text as it is read: without mnemonics and the dots at its end.
QString plainText(const QString& text);

/// The actions of a window as one table.
class ActionTable : public QObject {
  Q_OBJECT

 public:
  explicit ActionTable(QWidget* window);

  QAction* add(ActionRow row);
  /// The row and its action are gone, also from menus; nothing where there is none of this id.
  void remove(const QString& id);
  const std::vector<ActionRow>& rows() const { return rows_; }
  /// Null for an unknown id.
  QAction* action(const QString& id) const;
  /// Enables the actions of this scope and disables those of others; those of "" keep what their owner set (enabled
  /// at first).
  void setScope(const QString& scope);
  const QString& scope() const { return scope_; }
  /// Menus in the order of their first rows.
  void fill(QMenuBar& bar) const;
  void fill(QToolBar& bar) const;
  /// A sentence for every key that two rows enabled together share, and for ids given twice; empty is right (a test
  /// asks).
  std::vector<QString> conflicts() const;

 Q_SIGNALS:
  /// An action of another scope was chosen (in the palette): who owns the scopes goes there by setScope.
  void scopeAsked(const QString& scope);

 private:
  QWidget* window_;
  std::vector<ActionRow> rows_;
  std::vector<QAction*> actions_;
  QString scope_;
};

}  // namespace lix::widgets
