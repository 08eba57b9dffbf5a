#pragma once
#include <QStringList>
#include <QWidget>

class QLabel;

namespace lix::app {

/// Sentences that a person should read before going on, beside a mark; hidden while there are none.
class WarningList : public QWidget {
  Q_OBJECT

 public:
  /// `name`: object name of the label that holds the sentences.
  explicit WarningList(const QString& name, QWidget* parent = nullptr);
  void setSentences(const QStringList& sentences);
  const QStringList& sentences() const { return sentences_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void drawMark();
  QStringList sentences_;
  QLabel *mark_, *text_;
};

}  // namespace lix::app
