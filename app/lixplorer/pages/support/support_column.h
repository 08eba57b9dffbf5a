#pragma once
#include <QFrame>
#include <vector>

#include "data/picture_ref.h"
#include "desk/payload.h"

class QLabel;
class QLineEdit;
class QToolButton;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class Desk;
class PictureModel;

/// One class of a support set (its name to edit, its count, its pictures), or the tray of pictures without one.
/// Drops anywhere on it are its own.
class SupportColumn : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { Tray, Class };
  enum class Access { Edit, Look };

  SupportColumn(Desk& desk, Kind kind, Access access, QWidget* parent = nullptr);

  /// Its place among the classes, from 0; the first nine show their key.
  void setPlace(int place);
  /// Selection and place are kept where their pictures stay; where the selected ones go, the next is selected.
  void setContent(const QString& name, const std::vector<data::PictureRef>& pictures);
  void editName();
  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }
  std::vector<data::PictureRef> selected() const;
  /// Under the tray's pictures: puts those into classes that their datasets have a label for.
  QToolButton* sortButton() const { return sort_; }

 Q_SIGNALS:
  void renamed(const QString& name);
  void removeAsked();
  void dropped(const lix::app::Payload& payload);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void buildHead(Kind kind, Access access);
  void buildGrid(Kind kind, Access access);
  void showPictures(const std::vector<data::PictureRef>& pictures);

  Desk& desk_;
  QString key_;  ///< number key of the class, "" beyond the ninth
  QLabel* count_;
  QLineEdit* name_ = nullptr;
  QToolButton* sort_ = nullptr;
  QToolButton* remove_ = nullptr;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  std::vector<data::PictureRef> pictures_;
  QString shownName_;
};

}  // namespace lix::app
