#pragma once
#include <QComboBox>
#include <QJsonObject>
#include <QLabel>
#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "desk/relay.h"
#include "figure_view/figure_view.h"
#include "figures/context_figure.h"
#include "pages/inspect/inspect_context.h"
#include "pages/inspect/inspect_panel.h"

class QToolButton;
class QSpinBox;

namespace lix::app {

class BusyLine;
class DatasetBox;
class Desk;
class LogSlider;

/// What the current picture attends to in a dataset's split, a support set or the pictures of the page. The set is
/// embedded as a task of the desk, once; the temperature then answers on the interactive lane. Works only while active.
class ContextPanel : public InspectPanel {
  Q_OBJECT

 public:
  ContextPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent = nullptr);

  void look(const InspectView& view) override;
  void rest() override { active_ = false; }
  const ContextAnswer* answer() const { return answer_.get(); }
  widgets::FigureView& view() { return *view_; }

  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void contextShown();

 private:
  void build();
  QWidget* buildSource();
  QWidget* buildTau();
  void refreshSupportSets();
  void onSource();
  /// The choice as the controls say it; of a support set without its pictures.
  ContextChoice choice() const;
  void ask();
  void dropQuestion();
  /// Says why nothing is asked; what was on its way is dropped.
  void giveUp(const QString& text);
  void askSupport(ContextChoice choice);
  void embed(const ContextChoice& choice);
  void read();
  void showAnswer(Result<std::shared_ptr<const ContextAnswer>> answer);
  void draw();
  void say(const QString& text);
  void describeTau();
  std::optional<double> tau() const;
  QString hint(const QPointF& at) const;

  Desk& desk_;
  std::shared_ptr<PreparedPictures> prepared_;
  Relay reading_, storing_, listing_;
  bool active_ = false, filling_ = false;
  std::filesystem::path checkpoint_;
  std::vector<LoadedPicture> pictures_;
  int current_ = -1;
  std::map<std::filesystem::path, double> taus_;  // set by a person, by checkpoint
  std::optional<ContextChoice> asked_;            // what base_ is, or will be, made of
  std::filesystem::path askedFor_;
  QString task_;
  std::string wantedSupport_;
  std::shared_ptr<const ContextBase> base_;
  std::shared_ptr<const ContextAnswer> answer_;
  std::shared_ptr<const figures::ContextFigure> figure_;
  std::vector<data::PictureRef> waiting_;  // cards without their thumbnail yet
  QTimer redraw_;
  QComboBox *source_, *split_, *support_;
  DatasetBox* dataset_;
  QSpinBox* most_;
  QLabel *tauName_, *tauSaid_, *neighbours_;
  LogSlider* slider_;
  QToolButton* own_;
  BusyLine* busy_;
  widgets::FigureView* view_;
};

}  // namespace lix::app
