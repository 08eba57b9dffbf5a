#pragma once
#include <memory>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "pages/data/explore_panel.h"
#include "pages/data/explore_source.h"
#include "study/explore/caption_statistics.h"

class QComboBox;
class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

/// What the captions of a dataset are like, with their tokens where a checkpoint is chosen.
struct CaptionReport {
  std::shared_ptr<const OpenDataset> of;
  study::CaptionStatistics words;
  std::string model;                 ///< that cuts them into tokens, "" for none
  int contextLength = 0;             ///< of its text tower
  std::vector<std::size_t> tokens;   ///< how many captions have 0, 1, 2, ... tokens
  std::vector<std::uint32_t> cut;    ///< samples with a caption that is longer than that, rising
  std::size_t cutCaptions = 0;
};

/// Numbers, a histogram of lengths, and lists whose rows come into the grid: pictures without a caption, captions that are
/// cut, equal captions, frequent words.
class ExploreCaptions : public ExplorePanel {
  Q_OBJECT

 public:
  explicit ExploreCaptions(ExploreSource& source);
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  void count();
  std::shared_ptr<const CaptionReport> report() const { return report_; }
  QTreeWidget* list() const { return list_; }

 Q_SIGNALS:
  void counted();

 private:
  using Report = std::shared_ptr<const CaptionReport>;
  void build();
  void follow();
  void show(const Report& report);
  void draw();
  void fillList();
  QTreeWidgetItem* head(const QString& text, const QString& tip);
  void take();
  void takeWord(const std::string& word);

  Relay asking_;
  Report report_;
  QPushButton* count_;
  QComboBox* unit_;
  QLabel* numbers_;
  widgets::FigureView* figure_;
  QTreeWidget* list_;
};

}  // namespace lix::app
