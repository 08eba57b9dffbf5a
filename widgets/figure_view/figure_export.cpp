#include "figure_view/figure_export.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "figures/save.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kLeastWidth = 160, kMostWidth = 5000;  // what figures::save takes

const QKeySequence& saveKey() {
  static const QKeySequence key(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
  return key;
}

const QKeySequence& dataKey() {
  static const QKeySequence key(Qt::CTRL | Qt::ALT | Qt::Key_S);
  return key;
}

bool is(const QKeyEvent& event, const QKeySequence& key) { return QKeySequence(event.keyCombination()) == key; }

bool isOurs(const QKeyEvent& event) {
  return event.matches(QKeySequence::Copy) || is(event, saveKey()) || is(event, dataKey());
}

}  // namespace

FigureExport::FigureExport(QWidget* shown, std::function<std::shared_ptr<const figures::Figure>()> figure)
    : QObject(shown), widget_(shown), figure_(std::move(figure)) {
  serve(shown);
}

void FigureExport::serve(QWidget* widget) { widget->installEventFilter(this); }

QString FigureExport::hint() {
  return tr("Ctrl+C copies the figure, Ctrl+Shift+S saves it, Ctrl+Alt+S saves its numbers; the context menu has all.");
}

double FigureExport::fileWidth() const { return std::clamp(widget_->width(), kLeastWidth, kMostWidth); }

void FigureExport::copy() {
  const auto figure = shown();
  if (!figure) {
    return;
  }
  const figures::Theme theme = themeOf(widget_->palette());
  const auto png = figures::rendered(*figure, figures::FileKind::Png, theme, fileWidth());
  const auto svg = figures::rendered(*figure, figures::FileKind::Svg, theme, fileWidth());
  if (!png || !svg) {
    Q_EMIT failed(QString::fromStdString((png ? svg : png).error().message));
    return;
  }
  auto* mime = new QMimeData;
  mime->setImageData(QImage::fromData(QByteArray::fromStdString(*png), "PNG"));
  mime->setData(QStringLiteral("image/svg+xml"), QByteArray::fromStdString(*svg));
  QGuiApplication::clipboard()->setMimeData(mime);
}

void FigureExport::copyData() {
  const auto figure = shown();
  const std::string table = figure ? figure->table() : std::string();
  if (table.empty()) {
    return;
  }
  auto* mime = new QMimeData;
  mime->setText(QString::fromStdString(table));
  mime->setData(QStringLiteral("text/csv"), QByteArray::fromStdString(table));
  QGuiApplication::clipboard()->setMimeData(mime);
}

void FigureExport::saveAs() { ask(Offer::Everything); }

void FigureExport::saveData() { ask(Offer::DataOnly); }

void FigureExport::ask(Offer offer) {
  const auto figure = shown();
  const bool data = figure && !figure->table().empty();
  if (!figure || widget_->findChild<QFileDialog*>() || (offer == Offer::DataOnly && !data)) {
    return;
  }
  QStringList filters{tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF page (*.pdf)")};
  const QString table = tr("Numbers (*.csv)");
  if (data) {
    offer == Offer::DataOnly ? filters.prepend(table) : filters.append(table);
  }
  const QString suffix = offer == Offer::DataOnly ? QStringLiteral("csv") : QStringLiteral("png");
  auto* dialog = new QFileDialog(widget_, offer == Offer::DataOnly ? tr("Save numbers") : tr("Save figure"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setNameFilters(filters);
  dialog->setDefaultSuffix(suffix);
  dialog->selectFile(tr("figure") + QStringLiteral(".") + suffix);
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    const qsizetype at = filter.lastIndexOf(u"*.");
    dialog->setDefaultSuffix(filter.mid(at + 2, 3));
  });
  connect(dialog, &QFileDialog::fileSelected, this, &FigureExport::save);
  dialog->open();
}

void FigureExport::save(const QString& path) {
  const auto figure = shown();
  if (!figure) {
    return;
  }
  const std::filesystem::path target(path.toStdU16String());
  Result<void> saved;
  if (path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive)) {
    const std::string table = figure->table();
    saved = table.empty() ? Result<void>(fail(ErrorCode::Unsupported,
                                              cat("This figure has no numbers to save as ", target.string(),
                                                  "; name a file that ends in .png, .svg or .pdf.")))
                          : writeFile(target, table);
  } else {
    const auto kind = figures::fileKind(target);
    saved = kind ? figures::save(*figure, target, figures::savedTheme(*kind, themeOf(widget_->palette())), fileWidth())
                 : Result<void>(std::unexpected(kind.error()));
  }
  if (!saved) {
    Q_EMIT failed(QString::fromStdString(saved.error().message));
  }
}

bool FigureExport::keyPressed(const QKeyEvent& event) {
  if (event.matches(QKeySequence::Copy)) {
    copy();
  } else if (is(event, saveKey())) {
    saveAs();
  } else if (is(event, dataKey())) {
    saveData();
  } else {
    return false;
  }
  return true;
}

void FigureExport::showMenu(const QPoint& at, const figures::Figure& figure) {
  auto* menu = new QMenu(widget_);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setAccessibleName(tr("Figure"));
  QAction* copying = menu->addAction(icon(QStringLiteral("copy")), tr("&Copy"), this, &FigureExport::copy);
  copying->setShortcut(QKeySequence::Copy);
  QAction* saving = menu->addAction(icon(QStringLiteral("save")), tr("&Save as..."), this, &FigureExport::saveAs);
  saving->setShortcut(saveKey());
  if (!figure.table().empty()) {
    menu->addSeparator();
    menu->addAction(tr("Copy &data"), this, &FigureExport::copyData);
    menu->addAction(tr("Save &data (CSV)..."), this, &FigureExport::saveData)->setShortcut(dataKey());
  }
  menu->popup(at);
}

bool FigureExport::eventFilter(QObject* object, QEvent* event) {
  switch (event->type()) {
    case QEvent::ShortcutOverride:
      if (isOurs(*static_cast<QKeyEvent*>(event)) && shown()) {
        event->accept();  // the window's own commands of these keys wait while a figure has the focus
        return true;
      }
      break;
    case QEvent::KeyPress:
      if (isOurs(*static_cast<QKeyEvent*>(event)) && shown()) {
        return keyPressed(*static_cast<QKeyEvent*>(event));
      }
      break;
    case QEvent::ContextMenu:
      if (const auto figure = shown()) {
        showMenu(static_cast<QContextMenuEvent*>(event)->globalPos(), *figure);
        return true;
      }
      break;
    default:
      break;
  }
  return QObject::eventFilter(object, event);
}

}  // namespace lix::widgets
