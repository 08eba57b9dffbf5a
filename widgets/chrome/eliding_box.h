#pragma once
#include <QComboBox>

namespace lix::widgets {

/// A choice whose current text ends in an ellipsis where it has no room, and is then told whole by the tip. A plain
/// QComboBox cuts it without a sign.
class ElidingBox : public QComboBox {
 public:
  using QComboBox::QComboBox;
  /// The current text as it is drawn.
  QString shownText() const;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace lix::widgets
