// What the Curves page asks beside its curves: suites, how sure a reach is, the measurements of a dot and its run.
#include <QComboBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSignalBlocker>
#include <algorithm>

#include "desk/tasks.h"
#include "pages/curves/commands.h"
#include "pages/curves/curves_page.h"
#include "pages/curves/measure_form.h"
#include "pages/curves/point_panel.h"
#include "pages/curves/reach_bar.h"
#include "store/checkpoint_store.h"
#include "store/run_store.h"

namespace lix::app {
namespace {

/// The run whose checkpoint has these weights, or lies in that folder; 0 for none.
Result<long long> runOf(const store::Workspace& workspace, const store::EvaluationRow& row) {
  LIX_TRY(const auto checkpoints, store::CheckpointStore(workspace).list());
  const auto made = std::ranges::find_if(checkpoints, [&](const store::CheckpointRow& one) {
    return one.run && one.weightsHash == row.weightsHash;
  });
  if (made != checkpoints.end()) {
    return *made->run;
  }
  const auto run = store::RunStore(workspace).findByOut(row.checkpoint);
  if (!run && run.error().code != ErrorCode::NotFound) {
    return std::unexpected(run.error());
  }
  return run ? run->id : 0;
}

}  // namespace

void CurvesPage::fillSuites() {
  suiteRelay_.ask(
      [](std::stop_token) {
        std::vector<study::Suite> suites;
        for (const std::string& name : study::suiteNames()) {
          if (auto suite = study::findSuite(name)) {
            suites.push_back(std::move(*suite));
          }
        }
        return suites;
      },
      [this](std::vector<study::Suite> suites) {
        suites_ = std::move(suites);
        const QSignalBlocker quiet(suiteBox_);
        for (const study::Suite& suite : suites_) {
          suiteBox_->addItem(QString::fromStdString(suite.title.empty() ? suite.name : suite.title),
                             QString::fromStdString(suite.name));
          suiteBox_->setItemData(suiteBox_->count() - 1, QString::fromStdString(suite.note), Qt::ToolTipRole);
        }
        suiteBox_->setCurrentIndex(std::max(0, suiteBox_->findData(QString::fromStdString(suite_))));
        if (!suite_.empty()) {
          recompute();
        }
      });
}

void CurvesPage::answerReach() {
  const auto question = reach_->question();
  if (view_ == nullptr || !question) {
    reachRelay_.drop();
    return;
  }
  const ShownCurves& curves = view_->curves;
  const store::CurvePoint* at = nullptr;
  std::vector<const store::CurvePoint*> other;
  const auto dots = [&](QPoint where) {
    std::vector<const store::CurvePoint*> points;
    for (int dot = 0; const store::CurvePoint* point = curves.behind(where.x(), where.y(), dot); ++dot) {
      points.push_back(point);
    }
    return points;
  };
  for (const store::CurvePoint* point : dots(question->curve)) {
    at = point->of.shots > 0 && double(point->of.shots) == question->shots ? point : at;
  }
  other = dots(question->other);
  if (at == nullptr || other.empty()) {
    reachRelay_.drop();
    return;
  }
  reachRelay_.ask(
      [view = view_, table = table_, at, other](std::stop_token) { return reachInterval(*at, other, table->outcomes); },
      [this, asked = *question](const std::optional<ReachInterval>& interval) {
        if (reach_->question() == asked) {
          reach_->setInterval(interval ? QString::fromStdString(sentenceOf(*interval))
                                       : tr("How sure that is cannot be told: the curves share no draws and no query pictures."));
        }
      });
}

void CurvesPage::measureAgain() {
  if (!clicked_ || point_->isHidden()) {
    desk().say(widgets::Severity::Info, tr("Click a dot of a curve first; then it can be measured again."));
    return;
  }
  if (desk().isReadOnly()) {
    desk().say(widgets::Severity::Warning,
               tr("This workspace is open for reading only, so nothing can be measured into it."));
    return;
  }
  if (againLeft_ > 0) {
    desk().say(widgets::Severity::Info, tr("A dot is being measured again; wait until it is done."));
    return;
  }
  again_ = clicked_;
  const auto calls = againArguments(*clicked_);
  againLeft_ = int(calls.size());
  for (const auto& call : calls) {
    QStringList arguments;
    for (const std::string& argument : call) {
      arguments << QString::fromStdString(argument);
    }
    const bool reproduces = call.front() == "reproduce";  // compares by itself and adds nothing
    if (reproduces) {
      arguments << "--json";
    }
    desk().tasks().runLixpForOutput(tr("Measuring %1 again").arg(QString::fromStdString(clicked_->of.checkpointLabel)), arguments,
                                    [self = QPointer<CurvesPage>(this), reproduces](bool worked, const QByteArray& output) {
                                      if (!self) {
                                        return;
                                      }
                                      --self->againLeft_;
                                      if (reproduces) {
                                        self->tellReproduced(output);
                                      } else {
                                        if (!worked) {
                                          self->again_.reset();
                                        }
                                        self->refresh(When::Always);
                                      }
                                    });
  }
}

void CurvesPage::tellReproduced(const QByteArray& output) {
  const bool shown = again_ && clicked_ && samePoint(again_->of, clicked_->of);
  if (againLeft_ == 0) {
    again_.reset();
  }
  const QJsonObject answer = QJsonDocument::fromJson(output).object();
  if (!answer.contains("same")) {
    return;  // why not was said
  }
  const bool same = answer.value("same").toBool();
  const auto number = [&answer](const char* name) { return QString::number(answer.value(QLatin1String(name)).toDouble(), 'g', 9); };
  const QString sentence = tr("Measured again: %1 was %2, is %3%4.")
                               .arg(answer.value("metric").toString(), number("old"), number("new"),
                                    same ? tr(", the same") : QString());
  desk().say(same ? widgets::Severity::Info : widgets::Severity::Warning, sentence);
  if (shown) {
    point_->setVerdict(sentence);
  }
}

void CurvesPage::tellAgain() {
  if (!again_ || againLeft_ > 0) {
    return;
  }
  const auto now = std::ranges::find_if(
      table_->points, [this](const store::CurvePoint& point) { return samePoint(point.of, again_->of); });
  const Again verdict = now == table_->points.end() ? Again() : comparedAgain(*again_, *now);
  if (verdict.measured == 0) {
    return;  // the read began before the last call ended, or nothing could be measured, which was said
  }
  again_.reset();
  const QString sentence = QString::fromStdString(verdict.sentence);
  desk().say(verdict.differing == 0 ? widgets::Severity::Info : widgets::Severity::Warning, sentence);
  if (clicked_ && samePoint(clicked_->of, now->of)) {
    clicked_ = *now;
    point_->setPoint(*now, QString::fromStdString(desk().folder().string()));
    point_->setVerdict(sentence);
  }
}

void CurvesPage::openRun() {
  if (!clicked_ || point_->isHidden()) {
    desk().say(widgets::Severity::Info, tr("Click a dot of a curve first; then its run can be opened."));
    return;
  }
  desk().ask(
      runRelay_, [row = clicked_->of](const store::Workspace& workspace) { return runOf(workspace, row); },
      [this, row = clicked_->of](const Result<long long>& run) {
        if (!run) {
          desk().say(run.error());
        } else if (*run == 0) {
          desk().say(widgets::Severity::Info,
                     tr("No run of this workspace made %1: it was imported, or its run was deleted.")
                         .arg(QString::fromStdString(row.checkpoint.string())));
        } else {
          desk().show(PageId::Runs, QStringLiteral("run:%1").arg(*run));
        }
      });
}

}  // namespace lix::app
