#pragma once
#include <QJsonObject>
#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lix::app {

class CheckpointBox;
class ExploreSource;

/// One way of exploring the shown dataset, in a dock of the Data page: the checkpoint above (the same in all of them), a
/// line that says what is going on or what to do below.
class ExplorePanel : public QWidget {
  Q_OBJECT

 public:
  /// `name` begins the object names of its parts: "data.map".
  ExplorePanel(ExploreSource& source, const QString& name);
  /// What was chosen here, kept in the workspace; restore() takes any older or damaged one without complaint, and asks for
  /// nothing to be made.
  virtual QJsonObject state() const = 0;
  virtual void restore(const QJsonObject& state) = 0;

 protected:
  ExploreSource& source() const { return source_; }
  QVBoxLayout* column() const { return column_; }
  /// A push button with its names, in no layout yet.
  QPushButton* button(const QString& name, const QString& text, const QString& accessible, const QString& tip);
  /// What is said while nothing is going on and nothing went wrong.
  void say(const QString& text);
  /// Puts the line at the bottom; call it when all else is in the column.
  void finish();

 private:
  void follow();
  ExploreSource& source_;
  QString name_, said_;
  QVBoxLayout* column_;
  CheckpointBox* checkpoint_;
  QLabel* line_;
};

}  // namespace lix::app
