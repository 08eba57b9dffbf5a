#pragma once
#include <QTreeWidget>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/nearest_search.h"

class QBoxLayout;
class QLabel;
class QTabBar;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class BusyLine;
class Desk;
class PictureModel;
class SourceBar;

/// Captions with their cosines; they are dragged as captions.
class CaptionList : public QTreeWidget {
  Q_OBJECT

 public:
  explicit CaptionList(QWidget* parent = nullptr);

 protected:
  QMimeData* mimeData(const QList<QTreeWidgetItem*>& items) const override;
};

/// The pictures and captions of a dataset's split, or of a support set, that are nearest to the current picture or to the
/// current caption, by cosine under any checkpoint. The set is embedded as a task of the desk, once a checkpoint (the
/// last few are kept); then every question is answered on the interactive lane. Works only while active.
class NearestPanel : public InspectPanel {
  Q_OBJECT

 public:
  NearestPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent = nullptr);

  void look(const InspectView& view) override;
  void rest() override { active_ = false; }
  const NearAnswer* answer() const { return answer_.get(); }

  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void nearestShown();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  QWidget* buildLists();
  void connectParts();
  void ask();
  void embed(const ContextChoice& choice);
  void takeBase(std::shared_ptr<const NearBase> base);
  void dropQuestion();
  void onTasks();
  void read();
  void showAnswer(Result<std::shared_ptr<const NearAnswer>> answer);
  void fillPictures();
  void fillCaptions();
  void say(const QString& text);
  QString described() const;
  bool byCaption() const;

  struct Kept {
    ContextChoice choice;
    std::filesystem::path checkpoint;
    std::shared_ptr<const NearBase> base;
  };

  Desk& desk_;
  std::shared_ptr<PreparedPictures> prepared_;
  Relay reading_;
  bool active_ = false;
  std::filesystem::path checkpoint_;
  std::optional<LoadedPicture> picture_;
  std::string caption_;
  std::optional<ContextChoice> asked_;  // what base_ is, or will be, made of
  std::filesystem::path askedFor_;
  QString task_;
  std::vector<Kept> kept_;  // the newest last
  std::shared_ptr<const NearBase> base_;
  std::shared_ptr<const NearAnswer> answer_;
  SourceBar* bar_;
  QTabBar* tabs_;
  QLabel *said_, *picturesName_, *captionsName_;
  BusyLine* busy_;
  QWidget* lists_;
  QBoxLayout* listsLayout_;
  PictureModel* model_;
  widgets::ImageGrid* grid_;
  CaptionList* captions_;
};

}  // namespace lix::app
