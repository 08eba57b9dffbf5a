#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QImage>
#include <QPainter>
#include <QPointer>
#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "figures/save.h"
#include "pages/curves/curve_charts.h"
#include "pages/curves/curves_page.h"
#include "pages/curves/figure_pane.h"
#include "theme/theme.h"

namespace lix::app {
namespace fs = std::filesystem;

namespace {

constexpr double kCopyScale = 2.0;  // device pixels a logical one

/// Of the dots that can be seen.
std::vector<store::CurvePoint> visiblePoints(const ShownCurves& curves,
                                             const std::vector<std::vector<std::string>>& hidden) {
  std::vector<bool> seen(curves.points.size(), false);
  for (std::size_t p = 0; p < curves.where.size(); ++p) {
    for (std::size_t s = 0; s < curves.where[p].size(); ++s) {
      const std::string& label = curves.data.panels[p].series[s].label;
      const bool isHidden = p < hidden.size() && std::ranges::find(hidden[p], label) != hidden[p].end();
      for (const std::size_t dot : curves.where[p][s]) {
        seen[dot] = seen[dot] || !isHidden;
      }
    }
  }
  std::vector<store::CurvePoint> points;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) {
      points.push_back(curves.points[i]);
    }
  }
  return points;
}

}  // namespace

figures::CurvesData CurvesPage::visibleData() const {
  return view_ == nullptr ? figures::CurvesData{} : withoutHidden(view_->curves.data, charts_->hidden());
}

std::shared_ptr<const figures::Figure> CurvesPage::visibleFigure() const {
  if (isOther()) {
    return pane_->made() == nullptr ? nullptr : pane_->made()->figure;
  }
  figures::CurvesData drawn = visibleData();
  return drawn.panels.empty() ? nullptr : std::make_shared<figures::CurvesFigure>(std::move(drawn));
}

std::string CurvesPage::visibleNumbers() const {
  return csv(isOther() ? pane_->made()->numbers : curvesTable(visiblePoints(view_->curves, charts_->hidden())));
}

void CurvesPage::askForFile(const QString& filter, const QString& suffix) {
  if (visibleFigure() == nullptr) {
    desk().say(widgets::Severity::Info,
               isOther() ? tr("There is no figure to save.") : tr("There are no curves to save."));
    return;
  }
  auto* dialog = new QFileDialog(this, isOther() ? tr("Save figure") : tr("Save curves"), QString(), filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(suffix);
  dialog->selectFile((isOther() ? figureBox_->currentData().toString() : QStringLiteral("curves")) + "." + suffix);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) { saveTo(file.toStdString()); });
  dialog->open();
}

void CurvesPage::saveTo(const fs::path& file) {
  if (visibleFigure() == nullptr) {
    desk().say(widgets::Severity::Info,
               isOther() ? tr("There is no figure to save.") : tr("There are no curves to save."));
    return;
  }
  file.extension() == ".csv" ? saveNumbers(file) : savePicture(file);
}

void CurvesPage::savePicture(const fs::path& file) {
  const auto kind = figures::fileKind(file);
  if (!kind) {
    desk().say(kind.error());
    return;
  }
  // Drawing belongs to this thread.
  const auto bytes = figures::rendered(*visibleFigure(), *kind, figures::savedTheme(*kind, widgets::themeOf(palette())));
  if (!bytes) {
    desk().say(bytes.error());
    return;
  }
  write(file, *bytes);
}

void CurvesPage::saveNumbers(const fs::path& file) { write(file, visibleNumbers()); }

void CurvesPage::write(const fs::path& file, std::string bytes) {
  const QString where = (isOther() ? tr("The figure is in %1.") : tr("The curves are in %1."))
                            .arg(QString::fromStdString(file.string()));
  const auto told = [page = QPointer<CurvesPage>(this), where](const Result<void>& result) {
    if (page && !result) {
      page->desk().say(result.error());
    } else if (page) {
      page->desk().say(widgets::Severity::Info, where);
    }
  };
  // No relay: a second save must not drop the first.
  desk().io().post([told, file, bytes = std::move(bytes)](std::stop_token) {
    auto result = guarded([&] { return writeFile(file, bytes); });
    QMetaObject::invokeMethod(
        qApp, [told, result = std::move(result)] { told(result); }, Qt::QueuedConnection);
  });
}

void CurvesPage::copyPicture() const {
  const auto figure = visibleFigure();
  if (figure == nullptr) {
    return;
  }
  const QSizeF size = figure->sizeHint();
  QImage image((size * kCopyScale).toSize(), QImage::Format_RGB32);
  image.setDevicePixelRatio(kCopyScale);
  QPainter painter(&image);
  figure->draw(painter, QRectF(QPointF(), size), widgets::themeOf(palette()));
  painter.end();
  QApplication::clipboard()->setImage(image);
}

}  // namespace lix::app
