#pragma once
#include <QTimer>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "frame/page.h"
#include "pages/support/folder_listing.h"
#include "pages/support/live_scores.h"
#include "pages/support/prediction_run.h"
#include "pages/support/support_book.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace lix::widgets {
class DockArea;
class ImageGrid;
}

namespace lix::app {

class DuplicateBar;
class EmptyState;
class MovedByPanel;
class PictureModel;
class PicturePreview;
class PredictionPanel;
class ScorePanel;
class SuggestionPanel;
class SupportBoard;
class SupportPanel;
class VersionPanel;

/// Support sets as documents: class columns to fill by drag and key, what every edit does to the adapters, and what
/// they predict for pictures without labels. Places widgets and wires; the work is done by what it owns.
class SupportPage : public Page {
  Q_OBJECT

 public:
  explicit SupportPage(Desk& desk);
  ~SupportPage() override;

  SupportBook& book() { return book_; }
  LiveScores& scores() { return scores_; }
  PredictionRun& predictions() { return run_; }
  /// Into a class by its index, or SupportBoard::kTray, kNewClass, kLastUsed.
  void assign(std::vector<data::PictureRef> pictures, int classIndex);
  /// Shows which support pictures moved what is predicted for that picture.
  void explain(const data::PictureRef& picture);
  /// Writes the open set; what was written, or why not, is said.
  enum class Export { Table, Copies, Shards };
  void exportSet(Export what, const std::filesystem::path& place);

  void addActions(widgets::ActionTable& table) override;
  bool accepts(const Payload& payload) const override;
  void receive(const Payload& payload) override;
  void open(const QString& name) override;
  void shown() override;
  void hidden() override;
  widgets::DockArea* docks() const override { return docks_; }
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void scored();  ///< the accuracies of the set as it stands are shown

 private:
  void build();
  void buildPanels();
  void addPanel(const QString& id, const QString& title, SupportPanel* panel);
  void arrangePanels();
  void buildWatching();  // support_watching.cpp
  QWidget* buildHeader();
  QWidget* buildEmpty();
  void connectBook();
  void connectBoard();
  void connectPanels();
  void lookAtSet();
  void lookAtNames();
  void fillMenu();
  void showSets();
  void showDocument(LiveScores::Change change);
  void updateActions();
  void say(widgets::Severity severity, const QString& sentence, const std::string& details = {});

  /// Beside the set for some seconds: what just happened, where no message is worth it.
  void whisper(const QString& words);

  /// Where a drop is to go, whatever happens before its folders are listed.
  struct Place {
    int target = 0;
    int opening = 0;
    bool isOpen = false;
    std::string className;
  };
  // Edits (support_edits.cpp).
  Place placeOf(int target) const;
  std::optional<int> targetOf(const Place& place);
  void whisperMoved(const std::vector<data::PictureRef>& pictures, const std::string& into);
  void commit(const QString& title, Result<SupportDocument> document);
  void take(const Payload& payload, int target);
  void takeAt(const Payload& payload, const Place& place);
  void takeListing(const FolderListing& listing, std::vector<data::PictureRef> pictures, int target);
  void showArrived(const std::vector<data::PictureRef>& pictures, std::size_t classesBefore);
  void addClass();
  void nameByLabel();
  void sortByLabel();
  void startExample();
  void askName();
  void chooseExport(Export what);  // support_export.cpp

  SupportBook book_;
  LiveScores scores_;
  PredictionRun run_;
  Relay listRelay_, labelRelay_;
  QStackedWidget* stack_;
  EmptyState* empty_ = nullptr;
  QComboBox* sets_ = nullptr;
  QToolButton *new_ = nullptr, *undo_ = nullptr, *redo_ = nullptr, *more_ = nullptr;
  QLabel *readOnly_ = nullptr, *whisper_ = nullptr;
  QTimer whisperTimer_;
  SupportBoard* board_ = nullptr;
  ScorePanel* scorePanel_ = nullptr;
  VersionPanel* versionPanel_ = nullptr;
  PredictionPanel* predictionPanel_ = nullptr;
  SuggestionPanel* suggestionPanel_ = nullptr;
  MovedByPanel* movedByPanel_ = nullptr;
  DuplicateBar* duplicates_ = nullptr;
  PicturePreview* preview_ = nullptr;
  widgets::DockArea* docks_ = nullptr;
  std::map<QString, SupportPanel*> panels_;  ///< by the ids of their docks
  widgets::ActionTable* actions_ = nullptr;
  widgets::ImageGrid* previewGrid_ = nullptr;
  PictureModel* previewModel_ = nullptr;
  std::deque<std::pair<Payload, Place>> waiting_;  ///< drops that came while folders of another were listed
  int lastClass_ = -1;
};

}  // namespace lix::app
