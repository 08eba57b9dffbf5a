#pragma once
#include <QImage>
#include <QWidget>
#include <memory>
#include <optional>

#include "desk/desk.h"
#include "pages/data/collection.h"

class QLabel;
class QPushButton;
class QTextBrowser;

namespace lix::app {

/// The picture of a details panel: fitted into the width, at most square, with a quiet frame.
class FittedPicture : public QWidget {
  Q_OBJECT

 public:
  explicit FittedPicture(QWidget* parent = nullptr);
  void setImage(const QImage& image, const QString& text);
  bool hasImage() const { return !image_.isNull(); }

 Q_SIGNALS:
  void clicked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override { return width * 3 / 4; }
  QSize sizeHint() const override { return {220, 165}; }

 private:
  QImage image_;
  QString text_;  // where there is no image
};

/// Everything that is known of one picture, and buttons that send the selected ones on.
class DetailsPanel : public QWidget {
  Q_OBJECT

 public:
  DetailsPanel(Desk& desk, QWidget* parent = nullptr);
  /// Nothing where `collection` is null. `file` is where the picture lies, empty where it is drawn.
  void setPicture(std::shared_ptr<const Collection> collection, std::size_t sample, const std::filesystem::path& file);
  /// How many the buttons would send; with none they are off.
  void setSelected(int count);
  void setTrainable(bool trainable);

 Q_SIGNALS:
  void sendAsked(lix::app::PageId page);
  void keepAsked();
  void exportAsked(lix::app::PictureExport what);
  void previewAsked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QString describe() const;
  void buildKeeping();
  void read();
  Desk& desk_;
  Relay relay_;
  std::shared_ptr<const Collection> collection_;
  std::size_t sample_ = 0;
  QSize pixels_;  // of the picture, empty while it is read
  std::filesystem::path file_;
  FittedPicture* picture_;
  QTextBrowser* text_;
  QLabel* selected_;
  QPushButton *inspect_, *support_, *compare_, *train_, *keep_, *export_;
};

}  // namespace lix::app
