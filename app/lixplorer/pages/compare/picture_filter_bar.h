#pragma once
#include <QWidget>

#include "pages/compare/comparison.h"

class QComboBox;
class QLineEdit;
class QToolButton;

namespace lix::app {

/// What the grid is narrowed to besides a verdict: true class, said by A, said by B, and words.
class PictureFilterBar : public QWidget {
  Q_OBJECT

 public:
  explicit PictureFilterBar(QWidget* parent = nullptr);

  /// Keeps what was chosen where the classes stay the same.
  void setClasses(const std::vector<std::string>& classes);
  /// The verdict is somebody else's, and kept as it is.
  void setFilter(const PictureFilter& filter);
  PictureFilter filter(std::optional<Verdict> verdict) const;
  void focusWords();

 Q_SIGNALS:
  void changed();
  void cleared();

 private:
  QComboBox* classBox(const char* name, const QString& any, const QString& tip);
  static std::optional<int> chosen(const QComboBox& box);

  std::vector<std::string> classes_;
  QComboBox *label_, *saidA_, *saidB_;
  QLineEdit* words_;
  QToolButton* clear_;
};

}  // namespace lix::app
