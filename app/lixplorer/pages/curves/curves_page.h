#pragma once
#include <QTimer>
#include <filesystem>
#include <memory>

#include "desk/relay.h"
#include "frame/page.h"
#include "pages/curves/curve_table.h"
#include "study/suite/suite.h"

class QComboBox;
class QLabel;
class QSplitter;
class QStackedWidget;
class QPushButton;
class QToolButton;

namespace lix::app {

class CheckList;
class CurveCharts;
class EmptyState;
class FigurePane;
class GroupingBar;
class MeasureForm;
class PointPanel;
class ReachBar;

/// Few-shot accuracy against shots, or any other figure that results make, from the database alone; rows that are added
/// while it is shown appear by themselves.
class CurvesPage : public Page {
  Q_OBJECT

 public:
  explicit CurvesPage(Desk& desk, QWidget* parent = nullptr);

  void addActions(widgets::ActionTable& table) override;
  /// Has no use for anything, and says where it belongs.
  void receive(const Payload& payload) override;
  void shown() override;
  void hidden() override { poll_.stop(); }
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  /// What can be seen into a file: .svg, .pdf, .png a picture, .csv the numbers. Says where it went, or why not.
  void saveTo(const std::filesystem::path& file);
  void copyPicture() const;

 Q_SIGNALS:
  void curvesShown();  ///< those that were chosen last

 private:
  enum class When { IfGrown, Always };
  struct View {
    CurveOptions options;
    ShownCurves curves;
    std::string dataset, labelSet;  ///< in force
    std::string problem;            ///< why no values of papers are drawn
  };
  struct Wish {
    std::string dataset, labelSet;
    std::set<std::string> within;  ///< datasets of the suite
    Grouping grouping;
    Bands bands = Bands::Interval;
    std::string references;
    std::vector<std::string> uncheckedAdapters, uncheckedCheckpoints;
    bool isOther = false;  ///< lists alone: another figure is shown than the curves
  };
  static View viewOf(const CurveTable& table, const Wish& wish);

  void build();
  QWidget* buildHeader();
  QWidget* buildChoices();
  QWidget* buildCurves();
  void connectParts();
  void refresh(When when);
  void recompute();
  Wish wish() const;
  void take(std::shared_ptr<const View> view);
  void makeIntervals();  ///< those of what is shown that take resamples
  void answerReach();
  void fillSuites();
  void fillChoices();
  void choosePart();  ///< what the other figure may show
  void showPoint(int panel, int series, int point);
  void measureAgain();
  void tellReproduced(const QByteArray& output);  ///< what `lixp reproduce --json` says
  void tellAgain();  ///< whether what was measured again is the same, once it is there
  void openRun();
  void showForm(bool visible);
  /// What can be seen: the chosen figure, or the curves; null where there is nothing.
  std::shared_ptr<const figures::Figure> visibleFigure() const;
  std::string visibleNumbers() const;
  bool isOther() const;  ///< whether a figure other than the curves was chosen
  void chooseFigure();
  void showPart();
  void askForFile(const QString& filter, const QString& suffix);
  void savePicture(const std::filesystem::path& file);
  void saveNumbers(const std::filesystem::path& file);
  void write(const std::filesystem::path& file, std::string bytes);
  figures::CurvesData visibleData() const;

  QTimer poll_, quiet_;  // quiet_: intervals wait until nothing is chosen for a moment
  Relay tableRelay_, viewRelay_, intervalRelay_, reachRelay_, suiteRelay_, runRelay_;
  std::shared_ptr<const CurveTable> table_;
  std::shared_ptr<const View> view_;
  std::string dataset_, labelSet_;  // wishes: "" takes the first, "*" all
  std::vector<study::Suite> suites_;
  std::string suite_;                           // by name; "" for none
  std::optional<store::CurvePoint> clicked_;    // what the panel of a dot shows
  std::optional<store::CurvePoint> again_;      // being measured again, as it was
  int againLeft_ = 0;                           // calls that go on
  QComboBox *figureBox_, *suiteBox_, *datasetBox_, *labelBox_;
  GroupingBar* grouping_;
  CheckList *adapters_, *checkpoints_;
  CurveCharts* charts_;
  QLabel *notes_, *nothing_;
  ReachBar* reach_;
  PointPanel* point_;
  MeasureForm* form_;
  FigurePane* pane_;
  QStackedWidget *stack_, *middle_;
  QWidget* side_;
  EmptyState* empty_;
  QSplitter* splitter_;
  QPushButton* measure_;
  QToolButton* save_;
};

}  // namespace lix::app
