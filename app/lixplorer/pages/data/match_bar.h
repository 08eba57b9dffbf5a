#pragma once
#include <QFrame>

class QLabel;

namespace lix::app {

/// Over the grid while it shows pictures in an order of their own: what they are, and a button that shows all again. A row
/// of further buttons may stand before that one.
class MatchBar : public QFrame {
  Q_OBJECT

 public:
  explicit MatchBar(QWidget* parent = nullptr);
  /// "Nearest to X (200)", how many of them are not there now, and how many the filters leave out; hidden where the title is
  /// empty.
  void setMatches(const QString& title, std::size_t count, std::size_t missing = 0, std::size_t leftOut = 0);
  QString title() const { return title_; }

 Q_SIGNALS:
  void clearAsked();

 private:
  QLabel* text_;
  QString title_;
};

}  // namespace lix::app
