#pragma once
#include <QJsonObject>
#include <QWidget>

#include "pages/curves/grouping.h"

class QComboBox;
class QLineEdit;
class QTimer;

namespace lix::app {

/// How curves are told apart, what their bands show, and which of the papers' values are drawn beside them.
class GroupingBar : public QWidget {
  Q_OBJECT

 public:
  explicit GroupingBar(QWidget* parent = nullptr);

  Grouping grouping() const;
  Bands bands() const;
  std::string references() const;  ///< words, as typed
  QJsonObject state() const;
  void restore(const QJsonObject& state);
  void focusReferences();

 Q_SIGNALS:
  void changed();

 private:
  QComboBox* dimensionBox(const char* name, const QString& title, const QString& automatic, const QString& tip);
  QComboBox *colour_, *dash_, *panel_, *bands_;
  QLineEdit* references_;
  QTimer* typed_;
};

}  // namespace lix::app
