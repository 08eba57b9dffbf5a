#pragma once

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QTimer;
class QWidget;

namespace lix::widgets {
class DockArea;
class ImageGrid;
}

namespace lix::app {

class ClassPanel;
class DataPage;
class DatasetPanel;
class Desk;
class DetailsPanel;
class EmptyState;
class MatchBar;
class PageHeader;
class PictureModel;
class PicturePreview;
class SkippedView;

/// What stands on the data page, and where. Made here; the page says what it shows and who hears whom.
class DataWidgets {
 protected:
  /// Fills the page; the grid shows `model`.
  void build(DataPage& page, Desk& desk, PictureModel* model);

  PageHeader* header_ = nullptr;
  QPushButton *addFolder_ = nullptr, *addTable_ = nullptr;
  DatasetPanel* datasets_ = nullptr;
  ClassPanel* classes_ = nullptr;
  DetailsPanel* details_ = nullptr;
  SkippedView* skipped_ = nullptr;
  MatchBar* matchBar_ = nullptr;
  widgets::DockArea* docks_ = nullptr;
  widgets::ImageGrid* grid_ = nullptr;
  PictureModel* model_ = nullptr;
  PicturePreview* preview_ = nullptr;
  EmptyState* problemState_ = nullptr;
  QPushButton *locateButton_ = nullptr, *againButton_ = nullptr;
  QTabBar* tabs_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QComboBox* splits_ = nullptr;
  QLineEdit* search_ = nullptr;
  QSlider* size_ = nullptr;
  QLabel *counts_ = nullptr, *dropHint_ = nullptr;
  QSplitter *across_ = nullptr, *left_ = nullptr;
  QTimer *typing_ = nullptr, *metTimer_ = nullptr, *lookTimer_ = nullptr;

 private:
  QWidget* buildHeader();
  QWidget* buildLeft();
  QWidget* buildMiddle();
  void buildPanels(Desk& desk);
  QWidget* buildFilters();
  QWidget* buildProblem();
};

}  // namespace lix::app
