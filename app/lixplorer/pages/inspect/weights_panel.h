#pragma once
#include <QLabel>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "desk/relay.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/weights_reading.h"
#include "pages/inspect/weights_view.h"

class QBoxLayout;
class QComboBox;
class QPushButton;
class QToolButton;

namespace lix::widgets {
class FlowLayout;
}

namespace lix::app {

class Desk;
class LogSlider;
class QuietLine;

/// Mixture weights of one picture, caption by caption, and what they do to the scores: heads that count alone, tokens
/// knocked out, another temperature; differences of captions, checkpoints, or from what was trained. Nothing of it
/// changes the checkpoint.
class WeightsPanel : public InspectPanel {
  Q_OBJECT

 public:
  WeightsPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent = nullptr);

  void look(const InspectView& view) override;
  void rest() override;
  void setEmptyText(const QString& text) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;
  WeightsView& view() { return *view_; }
  /// What is asked of the model, which its answer may not show yet.
  study::InspectSettings settings() const { return asked_.value_or(settings_); }
  /// Leaves the token under the cursor out, or takes it back.
  void knockOutCurrent();
  /// Takes what the checkpoint was trained with.
  void reset();

 Q_SIGNALS:
  /// The figure shows what it was told last; scores as trained are known where it needs them.
  void weightsShown();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  QWidget* buildHeads();
  QWidget* buildTau();
  QWidget* buildDifference();
  QWidget* buildPages();
  void connectView();
  void ask(study::InspectSettings settings);
  void toggleHead(int head);
  void isolate(bool on);
  void isolateHead(int head);
  void toggleToken(int token);
  void stepPage(int by);
  void stepCaption(int by);

  void refresh();
  void showNothing();
  void fillCaptions();
  void fillHeads();
  void readTrained();
  const study::MixtureReading* mixture() const;
  WeightsSubject subject() const;
  QString whyNoDifference(const WeightsSubject& subject) const;
  QString changes(const study::InspectSettings& settings) const;
  void sayState(const WeightsSubject& subject);
  void drawEffect(const WeightsSubject& subject);
  void describeCell();
  QString cellText(int caption, int head, int token) const;
  QString hint(const QPointF& at) const;

  Desk& desk_;
  std::shared_ptr<PreparedPictures> prepared_;
  Relay reading_;
  std::shared_ptr<const ReadAnswer> answer_, other_, trained_;
  std::weak_ptr<const ReadAnswer> seen_;                           // by the last look
  std::pair<std::weak_ptr<const ReadAnswer>, std::size_t> tried_;  // read as trained for it: never twice
  std::filesystem::path folder_;                                   // of the answer
  bool otherChosen_ = false;
  std::size_t picture_ = 0;
  int caption_ = 0;
  study::InspectSettings settings_;               // of the answer
  std::optional<study::InspectSettings> asked_;   // on their way
  int late_ = 0;                                  // answers to other questions since
  std::vector<std::size_t> selected_;             // heads, rising
  std::pair<int, int> wanted_{0, 1};
  DifferenceOf of_ = DifferenceOf::Captions;
  std::vector<std::string> filled_;  // captions in the boxes
  std::shared_ptr<const figures::WeightsFigure> figure_;
  QString emptyText_;
  bool filling_ = false;

  QWidget *controls_, *pages_;
  widgets::FlowLayout* heads_;
  QBoxLayout* top_;
  std::vector<QToolButton*> chips_;
  QToolButton *isolate_, *previous_, *next_;
  QComboBox *what_, *first_, *second_;
  QLabel *minus_, *noDifference_, *pageSaid_;
  QuietLine* said_;
  LogSlider* slider_;
  QPushButton* asTrained_;
  WeightsView* view_;
  widgets::FigureView* effect_;
};

}  // namespace lix::app
