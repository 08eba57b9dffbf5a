#pragma once
#include <QStringList>
#include <QWidget>
#include <vector>

class QGridLayout;
class QLabel;

namespace lix::app {

/// Sentences that a person should read before going on, each beside a mark; hidden while there are none.
class WarningList : public QWidget {
  Q_OBJECT

 public:
  /// `name`: object name of the first sentence's label; the others are "NAME.1", ...
  explicit WarningList(const QString& name, QWidget* parent = nullptr);
  void setSentences(const QStringList& sentences);
  const QStringList& sentences() const { return sentences_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Line {
    QLabel *mark, *text;
  };
  void addLine();
  QPixmap mark() const;

  const QString name_;
  QStringList sentences_;
  QGridLayout* grid_;
  std::vector<Line> lines_;
};

}  // namespace lix::app
