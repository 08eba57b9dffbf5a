#pragma once
#include <QDialog>

namespace lix::widgets {

class ActionTable;

/// Ctrl+Shift+P: type some letters, arrows and Return run the action. Matches in the order of the typed letters, best
/// first, of equal ones those of the current scope; those of other scopes too (ActionTable::scopeAsked), disabled ones
/// not.
class CommandPalette : public QDialog {
  Q_OBJECT

 public:
  CommandPalette(ActionTable& actions, QWidget* window);

 protected:
  void showEvent(QShowEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  class Parts;
  void list(const QString& typed);
  void runChosen();

  ActionTable& actions_;
  Parts* parts_;
};

/// `?`: every action with its key, by menu, with a search field.
class ShortcutSheet : public QDialog {
  Q_OBJECT

 public:
  ShortcutSheet(const ActionTable& actions, QWidget* window);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  class Parts;
  Parts* parts_;
};

}  // namespace lix::widgets
