#pragma once
#include <QWidget>
#include <utility>

namespace lix::app {

/// The colours of a map on one line: a bar from the lowest to the highest value, with both, and what they count.
class MapKey : public QWidget {
  Q_OBJECT

 public:
  explicit MapKey(QWidget* parent = nullptr);

  /// Values as multiples of an even share of the attention; nothing to show where low > high.
  void setRange(double low, double high);
  QString text() const;  ///< "0.33 to 6.2 × an even share", "" for nothing

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double low_ = 1.0, high_ = 0.0;
};

}  // namespace lix::app
