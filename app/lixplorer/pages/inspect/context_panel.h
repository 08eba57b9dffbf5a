#pragma once
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "desk/relay.h"
#include "figure_view/figure_view.h"
#include "figures/context_figure.h"
#include "pages/inspect/inspect_context.h"
#include "pages/inspect/inspect_panel.h"

class QComboBox;
class QLabel;
class QMimeData;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace lix::app {

class BusyLine;
class Desk;
class LogSlider;
class SourceBar;

/// What the current picture attends to in a dataset's split, a support set, the pictures of the page or a selection
/// (dropped or pasted here), under one checkpoint or two at equal effective neighbours; and what the context changes for
/// the page's captions. The set is embedded as a task of the desk, once a checkpoint; the temperature then answers on
/// the interactive lane. Works only while active.
class ContextPanel : public InspectPanel {
  Q_OBJECT

 public:
  ContextPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent = nullptr);

  void look(const InspectView& view) override;
  void rest() override { active_ = false; }
  const ContextAnswer* answer() const { return pair_.first.get(); }
  const ContextPair& pair() const { return pair_; }
  widgets::FigureView& view() { return *view_; }

  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void contextShown();

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void build();
  QWidget* buildTau();
  QWidget* buildShown();
  void connectParts();
  void followHandOvers();
  void takeSelection(const QMimeData& mime);

  // What is asked: bases by tasks, then readings.
  ContextChoice choice() const;
  QString reasonNotToAsk(const ContextChoice& wanted) const;
  void ask();
  /// Asks anew where the support set holds other pictures than those that were, or are being, embedded.
  void askWhereChanged();
  void embed();
  void embedOther();
  void takeBase(std::shared_ptr<const ContextBase> base);
  void read();
  void showAnswer(Result<ContextPair> answer);
  void onTasks();
  void dropQuestion();
  void dropOther();
  /// Says why nothing is asked; what was on its way is dropped.
  void giveUp(const QString& text);
  void say(const QString& text);

  // What is shown.
  void draw();
  void drawCaptions();
  figures::ContextData dataOf(const ContextAnswer& answer, const std::vector<bool>& shared);
  void describe();
  void describeTau();
  QString purityText() const;
  QString pairText() const;
  QString hint(const QPointF& at) const;
  std::optional<double> tau() const;
  bool showsCaptions() const;

  Desk& desk_;
  std::shared_ptr<PreparedPictures> prepared_;
  Relay reading_;
  bool active_ = false, filling_ = false;
  std::filesystem::path checkpoint_, other_;
  std::vector<LoadedPicture> pictures_;
  std::vector<std::string> captions_;
  int current_ = -1;
  std::vector<data::PictureRef> selection_;
  bool selectionGiven_ = false;                   // dropped or pasted, not handed over
  std::map<std::filesystem::path, double> taus_;  // set by a person, by checkpoint
  std::optional<ContextChoice> asked_;            // what base_ is, or will be, made of
  std::optional<ContextChoice> resolved_;         // the same with the pictures of its support set
  std::filesystem::path askedFor_, otherFor_;
  QString task_, otherTask_;
  std::shared_ptr<const ContextBase> base_, otherBase_;
  QString otherProblem_;
  ContextPair pair_;
  std::shared_ptr<const figures::ContextFigure> figure_;
  std::shared_ptr<const figures::ContextPairFigure> pairFigure_;
  std::vector<data::PictureRef> waiting_;  // cards without their thumbnail yet
  std::string wantedSet_;                  // label set
  QTimer redraw_;
  SourceBar* bar_;
  QWidget *tauRow_, *shownRow_;
  QTabBar* tabs_;
  QComboBox *order_, *labelSet_;
  QLabel *tauName_, *tauSaid_, *neighbours_, *purity_, *compared_;
  LogSlider* slider_;
  QToolButton* own_;
  BusyLine* busy_;
  QStackedWidget* stack_;
  widgets::FigureView *view_, *captionsView_;
};

}  // namespace lix::app
