#pragma once
#include <QObject>
#include <QString>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "desk/desk.h"
#include "pages/support/shown_adapter.h"
#include "pages/support/support_scorer.h"
#include "study/support/class_report.h"

namespace lix::app {

/// Keeps the accuracies of the adapters up to date with a support set: reads the checkpoint, draws and embeds the
/// queries, scores the quick adapters on the interactive lane and then, one after the other on a lane of its own, those
/// that are fitted; a fit that is not waited for any more is stopped. What is waited for, or why there is nothing, is its
/// status.
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
  /// Settings of adapters that are not their defaults.
  void setSettings(const study::AdapterSettings& settings);
  const study::AdapterSettings& settings() const { return settings_; }
  /// Whether adapters that take long are fitted after every change: Automatic while they took at most kSoon.
  enum class Fitting { Automatic, Always, Never };
  void setFitting(Fitting fitting);
  Fitting fitting() const { return fitting_; }
  bool fits() const;
  /// Milliseconds that fitting them took the last time, of this model and these queries.
  std::optional<double> fittingTime() const { return fittingTime_; }
  /// Scores now, live or not, with every adapter; what could not be had before is tried again.
  void scoreNow();

  std::shared_ptr<const study::Reader> reader() const { return reader_; }
  std::shared_ptr<SupportScorer> scorer() const { return scorer_; }
  /// Null before the first.
  std::shared_ptr<const SupportScores> scores() const { return scores_; }
  /// Whether the scores are those of the set and the model as they stand.
  bool isCurrent() const { return current_; }
  /// Whether adapters are at work that take long; each is told by fitted() when it is done.
  bool isFitting() const { return fitRelay_.busy(); }
  /// The adapter's answer, null where there is none (yet).
  const study::AdapterScore* score(const std::string& adapter) const;
  /// Now against before the last edit (or before settings were moved since then), where both are known, on the same
  /// queries.
  std::optional<study::PairedChange> change(const std::string& adapter) const;
  std::optional<double> difference(const std::string& adapter) const;
  /// A lane for what takes longer than an edit should wait for.
  jobs::Lane& slowLane() { return slow_; }
  const QueryPlan& plan() const { return plan_; }
  /// The plan's pictures as they met the image tower; null before.
  std::shared_ptr<const QueryPictures> queries() const { return queries_; }
  const QString& status() const { return status_; }
  /// The adapter that panels speak of.
  ShownAdapter& shown() { return shown_; }

 Q_SIGNALS:
  void scored();  ///< by the quick adapters, or nothing is known any more
  void fitted();  ///< one of those that take long has its answer too
  void settingsChanged();
  void planChanged();
  void readerChanged();
  void statusChanged();

 private:
  static constexpr double kSoon = 100.0;  // milliseconds
  void say(const QString& status);
  void refresh();
  void forget();
  void dropQuestions();
  void fitNext();
  void makePlan();
  void takePlan(QueryPlan plan);
  bool needsPlan() const;
  bool hasQueries() const;
  void embed();
  void ask();
  void prepare();
  void stopTask();
  void takeScores(std::shared_ptr<const SupportScores> scores);
  void takeFitted(study::AdapterScore score, double milliseconds);

  Desk& desk_;
  ShownAdapter shown_;
  Relay modelRelay_, planRelay_, scoreRelay_;
  std::shared_ptr<SupportScorer> scorer_;
  support::SupportSet set_;
  std::filesystem::path folder_;
  std::shared_ptr<const study::Reader> reader_;
  QueryChoice choice_;
  QueryPlan plan_;
  std::string planKey_;  // what the plan was made for
  std::shared_ptr<const QueryPictures> queries_;
  std::shared_ptr<const SupportScores> scores_, before_;
  study::AdapterSettings settings_;
  Fitting fitting_ = Fitting::Automatic;
  std::optional<double> fittingTime_;
  double fittedSoFar_ = 0.0;  // milliseconds of this round
  QString status_;
  QString task_;  // that embeds the queries or the set
  bool live_ = true;
  bool edited_ = false;    // the next answer is that of an edit
  bool moved_ = false;     // settings were moved since the last edit
  bool everything_ = false;  // the next answer is to be followed by that of every adapter
  bool retry_ = false;  // the next question reads again what could not be read
  bool planFailed_ = false;
  bool current_ = false;
  jobs::Lane slow_{"fitted adapters"};
  Relay fitRelay_{slow_};
};

}  // namespace lix::app
