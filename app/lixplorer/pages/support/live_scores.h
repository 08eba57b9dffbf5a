#pragma once
#include <QObject>
#include <QString>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "desk/desk.h"
#include "pages/support/support_scorer.h"

namespace lix::app {

/// Keeps the accuracies of the adapters up to date with a support set: reads the checkpoint, draws and embeds the
/// queries, scores on the interactive lane. What is waited for, or why there is nothing, is its status.
class LiveScores : public QObject {
  Q_OBJECT

 public:
  explicit LiveScores(Desk& desk);
  ~LiveScores() override;

  enum class Change { Loaded, Edited };  ///< after an edit the difference to the state before is told
  void setSet(const support::SupportSet& set, Change change);
  void setModel(const std::filesystem::path& folder);
  void setChoice(const QueryChoice& choice);
  void setLive(bool live);
  bool isLive() const { return live_; }
  /// Scores now, live or not; what could not be had before is tried again.
  void scoreNow();

  std::shared_ptr<const study::Reader> reader() const { return reader_; }
  std::shared_ptr<SupportScorer> scorer() const { return scorer_; }
  /// Null before the first.
  std::shared_ptr<const SupportScores> scores() const { return scores_; }
  /// Whether the scores are those of the set and the model as they stand.
  bool isCurrent() const { return current_; }
  /// Accuracy now less the accuracy before the last edit, where both are known and of the same queries.
  std::optional<double> difference(const std::string& adapter) const;
  const QueryPlan& plan() const { return plan_; }
  /// The plan's pictures as they met the image tower; null before.
  std::shared_ptr<const QueryPictures> queries() const { return queries_; }
  const QString& status() const { return status_; }

 Q_SIGNALS:
  void scored();
  void planChanged();
  void readerChanged();
  void statusChanged();

 private:
  void say(const QString& status);
  void makePlan();
  void takePlan(QueryPlan plan);
  bool needsPlan() const;
  bool hasQueries() const;
  void embed();
  void ask();
  void prepare();
  void stopTask();
  void takeScores(std::shared_ptr<const SupportScores> scores);

  Desk& desk_;
  Relay modelRelay_, planRelay_, scoreRelay_;
  std::shared_ptr<SupportScorer> scorer_;
  support::SupportSet set_;
  std::filesystem::path folder_;
  std::shared_ptr<const study::Reader> reader_;
  QueryChoice choice_;
  QueryPlan plan_;
  std::string planKey_;  // what the plan was made for
  std::shared_ptr<const QueryPictures> queries_;
  std::shared_ptr<const SupportScores> scores_;
  std::map<std::string, double> shown_, before_;  // accuracies by adapter
  QString status_;
  QString task_;  // that embeds the queries or the set
  bool live_ = true;
  bool edited_ = false;    // the next answer is that of an edit
  bool prepared_ = false;  // the set's pictures were embedded as a task: what is missing now cannot be read
  bool current_ = false;
};

}  // namespace lix::app
