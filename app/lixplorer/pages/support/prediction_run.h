#pragma once
#include <QObject>
#include <QString>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "desk/payload.h"
#include "pages/support/folder_listing.h"
#include "pages/support/live_scores.h"
#include "pages/support/support_scorer.h"

namespace lix::app {

inline constexpr std::size_t kMostPredicted = 100'000;

/// Pictures without labels and what an adapter fitted on the support set says of them: listed on the io lane, embedded
/// once as a task, predicted anew whenever the set, the adapter or the checkpoint changes: on the interactive lane, or on
/// the slow one where the adapter has to be fitted first.
class PredictionRun : public QObject {
  Q_OBJECT

 public:
  enum class Sorting { LeastSureFirst, AsFound };

  PredictionRun(Desk& desk, jobs::Lane& slow);
  ~PredictionRun() override;

  /// Replaces the pictures.
  void start(const Payload& payload);
  void clear();
  void setReader(std::shared_ptr<const study::Reader> reader, std::shared_ptr<SupportScorer> scorer);
  /// Asks anew, of a set whose pictures are embedded.
  void setSet(const support::SupportSet& set);
  /// That set will come by setSet(). What was predicted is gone at once where another one was opened, or where the new
  /// one lacks a class that could be predicted.
  void await(const support::SupportSet& set, LiveScores::Change change);
  void setAdapter(const std::string& adapter);
  /// Of all adapters, as accuracies are scored with them. Asks nothing: the setSet() that follows the score does.
  void setSettings(const study::AdapterSettings& settings);
  void setSorting(Sorting sorting);

  const std::string& adapter() const { return adapter_; }
  bool isEmpty() const { return pictures_.empty(); }
  /// Null before the first; sorted.
  std::shared_ptr<const Predictions> predictions() const { return predictions_; }
  /// Whether they are those of that set, by the adapter and the settings that were chosen last.
  bool isCurrent(const support::SupportSet& set) const { return current_ && set == set_; }
  /// What is waited for, or why there are none, in one sentence.
  const QString& status() const { return status_; }

 Q_SIGNALS:
  void changed();

 private:
  void say(const QString& status);
  void take(std::vector<data::PictureRef> pictures, const FolderListing& listing);
  void embed();
  void ask();
  void dropQuestions();

  Desk& desk_;
  Relay listRelay_, predictRelay_, fitRelay_;
  std::vector<data::PictureRef> pictures_;
  std::shared_ptr<const EmbeddedPictures> embedded_;
  std::shared_ptr<const study::Reader> reader_;
  std::shared_ptr<SupportScorer> scorer_;
  support::SupportSet set_;
  std::string adapter_;
  study::AdapterSettings settings_;
  Sorting sorting_ = Sorting::LeastSureFirst;
  std::shared_ptr<const Predictions> predictions_;
  QString status_, task_;
  bool toldSkipped_ = false;
  bool awaiting_ = true;  ///< no set can be asked about yet
  bool current_ = false;  ///< predictions_ answer the question that was asked last
};

}  // namespace lix::app
