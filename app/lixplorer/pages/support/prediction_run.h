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
#include "pages/support/support_scorer.h"

namespace lix::app {

inline constexpr std::size_t kMostPredicted = 100'000;

/// Pictures without labels and what an adapter fitted on the support set says of them: listed on the io lane, embedded
/// once as a task, predicted anew whenever the set, the adapter or the checkpoint changes.
class PredictionRun : public QObject {
  Q_OBJECT

 public:
  enum class Sorting { LeastSureFirst, AsFound };

  explicit PredictionRun(Desk& desk);
  ~PredictionRun() override;

  /// Replaces the pictures.
  void start(const Payload& payload);
  void clear();
  void setReader(std::shared_ptr<const study::Reader> reader, std::shared_ptr<SupportScorer> scorer);
  void setSet(const support::SupportSet& set);
  void setAdapter(const std::string& adapter);
  /// Of all adapters, as accuracies are scored with them.
  void setSettings(const study::AdapterSettings& settings);
  void setSorting(Sorting sorting);

  const std::string& adapter() const { return adapter_; }
  bool isEmpty() const { return pictures_.empty(); }
  /// Null before the first; sorted.
  std::shared_ptr<const Predictions> predictions() const { return predictions_; }
  /// What is waited for, or why there are none, in one sentence.
  const QString& status() const { return status_; }

 Q_SIGNALS:
  void changed();

 private:
  void say(const QString& status);
  void take(std::vector<data::PictureRef> pictures, const FolderListing& listing);
  void embed();
  void ask();

  Desk& desk_;
  Relay listRelay_, predictRelay_;
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
};

}  // namespace lix::app
