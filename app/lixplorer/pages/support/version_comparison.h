#pragma once
#include <QWidget>
#include <map>
#include <memory>
#include <optional>

#include "pages/support/live_scores.h"
#include "pages/support/prediction_run.h"
#include "pages/support/support_book.h"
#include "support/difference.h"

class QLabel;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class PictureModel;

/// What differs between two states of the open set (saved versions, or the set as it stands): classes, pictures, and the
/// accuracies of both on the same queries where those are at hand. Many pictures that were not read yet are read as a task.
class VersionComparison : public QWidget {
  Q_OBJECT

 public:
  static constexpr long long kAsItStands = 0;

  VersionComparison(Desk& desk, SupportBook& book, LiveScores& scores, const PredictionRun& predictions,
                    QWidget* parent = nullptr);
  ~VersionComparison() override;

  /// From the older state to the newer one, by version or kAsItStands.
  void compare(long long before, long long after);
  void clear();
  /// The set as it stands has changed, or its scores have come.
  void refresh();
  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }

 private:
  /// What accuracies depend on beside the set: those of different ones are not compared.
  struct Basis {
    std::string weights;
    std::shared_ptr<const QueryPictures> queries;
    study::AdapterSettings settings;
    bool operator==(const Basis&) const = default;
  };
  struct Side {
    long long version = kAsItStands;
    std::optional<support::SupportSet> set;
    std::shared_ptr<const SupportScores> scores;
    Basis basis;  ///< of the scores
  };
  void read(Side& side);
  void look();
  void score();
  void prepare(const Side& side);
  void stopTask();
  void sayAccuracies(const QString& text, const QString& tip = {});
  void forgetAccuracies();
  void show(const support::SetDifference& difference);
  void showAccuracies();
  QString nameOf(long long version) const;

  Desk& desk_;
  SupportBook& book_;
  LiveScores& scores_;
  const PredictionRun& predictions_;
  Relay lookRelay_, scoreRelay_;
  Side before_, after_;
  QString task_;          ///< that reads the pictures of a side
  bool stopped_ = false;  ///< by a person: not begun again unasked
  bool asked_ = false;
  QLabel *classes_, *accuracies_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
};

}  // namespace lix::app
