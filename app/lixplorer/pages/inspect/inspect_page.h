#pragma once
#include <QStringList>
#include <QTimer>
#include <map>
#include <memory>
#include <vector>

#include "frame/page.h"
#include "pages/inspect/caption_groups.h"
#include "pages/inspect/inspect_content.h"
#include "support/history.h"

class QAction;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace lix::widgets {
class DockArea;
class ImageGrid;
}

namespace lix::app {

class BusyLine;
class CaptionPanel;
class CheckpointBox;
class EmptyState;
class InspectPanel;
class PictureModel;
class PicturePreview;
class MatrixPanel;
struct InspectView;

/// Pictures, captions, and what a checkpoint makes of them: scores, mixture weights, maps, context. Every change reads
/// anew on the interactive lane; the figures before stay until the new ones are there.
class InspectPage : public Page {
  Q_OBJECT

 public:
  explicit InspectPage(Desk& desk, QWidget* parent = nullptr);
  ~InspectPage() override;
  void setCaptions(const QStringList& captions);
  /// The first kMostPictures of them.
  void setPictures(std::vector<data::PictureRef> pictures);
  /// What is shown; null: nothing.
  std::shared_ptr<const ReadAnswer> reading() const { return answer_; }
  /// The same pictures and captions by the checkpoint to compare with; null: none, or not read yet.
  std::shared_ptr<const ReadAnswer> otherReading() const;

  void addActions(widgets::ActionTable& table) override;
  void receive(const Payload& payload) override;
  void open(const QString& what) override;
  void shown() override;
  widgets::DockArea* docks() const override { return docks_; }
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  /// The matrix and the figure in front show a new reading.
  void readingShown();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void build();
  QWidget* buildPictures();
  void buildPanels();
  void addPanel(const QString& id, const QString& title, InspectPanel* panel);
  void arrangePanels();
  void connectPictures();
  void connectFigures();
  void connectPanels();
  void choosePictures();
  void addPictures(const std::vector<data::PictureRef>& pictures);
  void addCaptions(const QStringList& captions);
  void readPaths(const std::vector<std::filesystem::path>& paths);
  void removePictures();
  void paste();
  std::vector<data::PictureRef> selected() const;
  void copyPictures();
  void preview(int row);
  void load();
  void showGrid();
  void takeLoaded(LoadAnswer answer);
  void record(const QString& step);
  enum class Step { Back, Forth };
  void step(Step direction);
  void nameSteps();
  void orderCaptions();
  void groupCaptions();
  void pastePixels(const QMimeData& mime);
  void readSoon();
  void read();
  ReadQuestion question() const;
  void readOther();
  void take(Result<std::shared_ptr<const ReadAnswer>> answer);
  void takeOther(Result<std::shared_ptr<const ReadAnswer>> answer);
  /// Settings that could not be read (another checkpoint's tokens) are taken back, also in the panels.
  void forgetSettings();
  void showWhenAllCame();
  void showAnswers();
  void showCurrent();
  InspectView view() const;
  void lookAt(InspectPanel* panel);
  void showState();
  void lookFirst();
  int current() const;
  /// The current picture among those of the reading, a caption of the page among its captions, or -1.
  int currentInReading() const;
  int captionInReading(int caption) const;
  void setCurrent(int row);
  void setCurrentCaption(int inReading);
  void sayRefused(const QString& sentence, const std::vector<data::Skipped>& refused);

  Relay loading_, reading_, otherReading_, dropping_, looking_, grouping_, pasting_;
  QTimer debounce_;
  std::shared_ptr<PreparedPictures> prepared_;
  std::vector<data::PictureRef> pictures_;
  std::vector<LoadedPicture> loaded_;
  std::shared_ptr<const ReadAnswer> answer_, otherAnswer_;  // what is shown
  std::shared_ptr<const ReadAnswer> next_, nextOther_;      // what has come: shown once both are there
  RunningReadings running_;
  study::InspectSettings settings_;  // of evaluation only; the checkpoint's own at first
  bool touched_ = false;  // a person, another page or a kept state chose something
  bool modelChosen_ = false, filling_ = false, fresh_ = false;  // fresh_: undo begins with what is being loaded
  int wantedRow_ = 0;
  support::History<InspectContent> history_;
  QAction *undo_ = nullptr, *redo_ = nullptr;
  KnownGroups grouped_;

  CheckpointBox *checkpoint_, *other_;
  PictureModel* model_;
  widgets::ImageGrid* grid_;
  PicturePreview* preview_;
  QPushButton *add_, *remove_, *emptyButton_;
  QLabel* count_;
  CaptionPanel* captions_;
  BusyLine* busy_;
  MatrixPanel* scores_;
  widgets::DockArea* docks_;
  std::map<QString, InspectPanel*> panels_;  // by the ids of their docks
  QStackedWidget* stack_;
  EmptyState* empty_;
};

}  // namespace lix::app
