#pragma once
#include <QLabel>

namespace lix::widgets {

/// The title of a field: as wide as its text where there is room, else wrapped. A click on it goes to the field, and
/// turns a check box.
class Title : public QLabel {
 public:
  Title(const QString& text, QWidget& field, QWidget* parent);

  QSize sizeHint() const override;

 protected:
  void mouseReleaseEvent(QMouseEvent* event) override;
};

}  // namespace lix::widgets
