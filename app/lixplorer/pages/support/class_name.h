#pragma once
#include <QLineEdit>
#include <QStringList>

class QCompleter;
class QStringListModel;

namespace lix::app {

/// The name of a class: drawn as a title until it is edited, by a double click, F2 or Return; then a line that offers
/// names to choose from (as one types, by Down and by the button in it). Return keeps what was typed, and so does going
/// elsewhere; Esc leaves the name as it was.
class ClassName : public QLineEdit {
  Q_OBJECT

 public:
  explicit ClassName(bool canEdit, QWidget* parent = nullptr);

  /// What the name is now. A name that is being edited is given up only for another one.
  void setName(const QString& name);
  void setChoices(const QStringList& names);
  /// With all of it selected.
  void edit();
  bool isEdited() const { return isEdited_; }

  QSize minimumSizeHint() const override { return {0, QLineEdit::minimumSizeHint().height()}; }

 Q_SIGNALS:
  /// Another name was typed. Answered by setName() at once where it is taken; else it is typed on.
  void named(const QString& name);
  /// By Return or Esc, with the keyboard still here.
  void finished();

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  enum class Refused { GoOn, GiveUp };
  void keep(Refused refused);
  void end();
  void offer();

  bool canEdit_;
  bool isEdited_ = false;
  QString name_;
  QStringListModel* choices_;
  QCompleter* completer_;
  QAction* list_;
};

}  // namespace lix::app
