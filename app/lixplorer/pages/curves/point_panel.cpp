#include "pages/curves/point_panel.h"

#include <QClipboard>
#include <QDateTime>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

#include "pages/curves/commands.h"
#include "pages/curves/figure_points.h"
#include "shared/curves_figure_data.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kCommandHeight = 116;  // a call of lixp in the narrow panel

QString text(const std::string& words) { return QString::fromStdString(words); }

/// {"alpha": 1.5} as "alpha 1.5".
QString settingsText(const std::string& json) {
  QStringList parts;
  const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
  for (auto it = object.begin(); it != object.end(); ++it) {
    const QVariant value = it.value().toVariant();
    parts << QString("%1 %2").arg(it.key(),
                                  it.value().isDouble() ? QString::number(value.toDouble(), 'g', 5) : value.toString());
  }
  return parts.join(", ");
}

QString fact(const QString& name, const QString& value) {
  return value.isEmpty() ? QString()
                         : QString("<p style='margin:0 0 4px 0'><b>%1</b><br>%2</p>").arg(name, value.toHtmlEscaped());
}

/// The database's UTC moment as people here read it.
QString momentText(const std::string& utc) {
  const QDateTime moment = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODateWithMs).toLocalTime();
  return moment.isValid() ? QLocale().toString(moment, QLocale::ShortFormat) : QString::fromStdString(utc);
}

QLabel* plainLabel(const char* objectName) {
  auto* label = new QLabel;
  label->setObjectName(objectName);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  return label;
}

QTableWidgetItem* cell(const QString& words) {
  auto* item = new QTableWidgetItem(words);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  item->setToolTip(words);
  return item;
}

QTableWidget* rowsTable() {
  auto* rows = new QTableWidget(0, 4);
  rows->setObjectName("curves.point.rows");
  rows->setAccessibleName(PointPanel::tr("Measurements"));
  rows->setToolTip(PointPanel::tr("Every measurement behind the dot, with its key in the database."));
  rows->setHorizontalHeaderLabels(
      {PointPanel::tr("Key"), PointPanel::tr("%"), PointPanel::tr("Draw"), PointPanel::tr("Seed")});
  rows->horizontalHeaderItem(2)->setToolTip(PointPanel::tr("Seed of the support draw."));
  rows->horizontalHeaderItem(3)->setToolTip(PointPanel::tr("Seed that the model was trained with."));
  rows->verticalHeader()->hide();
  rows->verticalHeader()->setDefaultSectionSize(24);
  rows->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  rows->setSelectionBehavior(QAbstractItemView::SelectRows);
  rows->setTabKeyNavigation(false);
  rows->setMinimumHeight(96);
  return rows;
}

}  // namespace

QString numbersText(const store::CurvePoint& point) {
  const QString mean = valueText(point.of.metric, point.mean);
  const auto number = [&](double value) { return numberText(point.of.metric, value); };
  const QString of = point.modelSeeds > 1   ? QObject::tr("%1 models").arg(point.modelSeeds)
                     : point.n > 1          ? QObject::tr("%1 support draws").arg(point.supportSeeds)
                     : point.queries > 0    ? QObject::tr("one measurement of %1 pictures").arg(point.queries)
                                            : QObject::tr("one measurement");
  if (point.interval == store::IntervalKind::Bootstrap) {
    return QObject::tr("%1, 95 % interval %2 to %3 (bootstrap), mean over %4")
        .arg(mean, number(*point.low), number(*point.high), of);
  }
  return point.halfWidth ? QObject::tr("%1 \u00b1 %2 (95 % interval), mean over %3").arg(mean, number(*point.halfWidth), of)
                         : QObject::tr("%1, %2, so there is no interval").arg(mean, of);
}

PointPanel::PointPanel(QWidget* parent) : QFrame(parent) {
  setObjectName("curves.point");
  setProperty("card", true);
  setMinimumWidth(240);
  title_ = plainLabel("curves.point.title");
  title_->setProperty("heading", "section");
  numbers_ = plainLabel("curves.point.numbers");
  verdict_ = plainLabel("curves.point.verdict");
  verdict_->hide();
  facts_ = new QTextBrowser;
  facts_->setObjectName("curves.point.facts");
  facts_->setAccessibleName(tr("Where the measurements come from"));
  facts_->setToolTip(tr("Data, settings, checkpoint and weights; select and copy with Ctrl+C."));
  facts_->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);  // paths and hashes are long words
  facts_->setOpenLinks(false);
  facts_->setTabChangesFocus(true);
  facts_->setMinimumHeight(60);
  auto* close = new QToolButton;
  close->setIcon(widgets::icon("cancel"));
  close->setAccessibleName(tr("Close the measurements"));
  close->setToolTip(tr("Closes this panel (Esc)."));
  connect(close, &QToolButton::clicked, this, &PointPanel::closed);
  rows_ = rowsTable();
  command_ = new QPlainTextEdit;
  command_->setObjectName("curves.point.command");
  command_->setAccessibleName(tr("Command that measures it again"));
  command_->setToolTip(tr("Type this in a terminal to measure the dot again; results are added to the workspace."));
  command_->setReadOnly(true);
  command_->setTabChangesFocus(true);
  command_->setFixedHeight(kCommandHeight);
  auto* copy = new QPushButton(widgets::icon("copy"), tr("Copy"));
  copy->setObjectName("curves.point.copy");
  copy->setToolTip(tr("Puts the command on the clipboard (Space while it has the focus)."));
  connect(copy, &QPushButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(command_->toPlainText()); });
  auto* again = new QPushButton(widgets::icon("redo"), tr("Measure again"));
  again->setObjectName("curves.point.again");
  again->setToolTip(tr("Runs the command in the background; what it measures is added to the workspace (Ctrl+R)."));
  connect(again, &QPushButton::clicked, this, &PointPanel::againAsked);
  auto* run = new QPushButton(widgets::icon("runs"), tr("Open run"));
  run->setObjectName("curves.point.run");
  run->setToolTip(tr("Shows the training run that made the checkpoint on the Runs page (Ctrl+E)."));
  connect(run, &QPushButton::clicked, this, &PointPanel::runAsked);
  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  head->addWidget(close, 0, Qt::AlignTop);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addLayout(head);
  column->addWidget(numbers_);
  column->addWidget(verdict_);
  column->addWidget(rows_, 2);
  column->addWidget(facts_, 3);
  column->addWidget(command_);
  auto* foot = new QGridLayout;
  foot->setSpacing(6);
  foot->addWidget(copy, 0, 0);
  foot->addWidget(run, 0, 1);
  foot->addWidget(again, 1, 0, 1, 2);
  column->addLayout(foot);
}

void PointPanel::setPoint(const store::CurvePoint& point, const QString& workspace) {
  const store::EvaluationRow& of = point.of;
  const QString shots = of.shots == 1 ? tr("1 shot") : tr("%1 shots").arg(of.shots);
  const bool classifies = of.metric == "top1";
  title_->setText(!classifies     ? QStringLiteral("%1, %2").arg(text(of.checkpointLabel), text(of.metric))
                  : of.shots == 0 ? tr("%1, zero-shot").arg(text(of.checkpointLabel))
                                  : tr("%1, %2, %3").arg(text(of.checkpointLabel), text(adapterTitle(of.adapter)), shots));
  numbers_->setText(numbersText(point));
  setVerdict({});
  rows_->horizontalHeaderItem(1)->setText(isShare(of.metric) ? tr("%") : tr("Value"));
  rows_->setRowCount(int(point.rows.size()));
  QString folders, hashes;
  for (int i = 0; i < int(point.rows.size()); ++i) {
    const store::EvaluationRow& row = point.rows[std::size_t(i)];
    rows_->setItem(i, 0, cell(QString::number(row.id)));
    rows_->setItem(i, 1, cell(numberText(row.metric, row.value)));
    rows_->setItem(i, 2, cell(row.supportSeed ? QString::number(*row.supportSeed) : tr("none")));
    rows_->setItem(i, 3, cell(row.modelSeed ? QString::number(*row.modelSeed) : tr("?")));
    for (auto* cell : {rows_->item(i, 0), rows_->item(i, 1)}) {
      cell->setToolTip(tr("Measured %1. %2").arg(momentText(row.createdAt), settingsText(row.findings)));
    }
    for (auto [list, word] : {std::pair(&folders, text(row.checkpoint.string())), {&hashes, text(row.weightsHash)}}) {
      if (!list->contains(word)) {
        *list += (list->isEmpty() ? "" : ", ") + word;
      }
    }
  }
  facts_->setHtml(fact(tr("Data"), tr("%1, %2, %3 split; %4 classes, %5 queries, %6 support pictures")
                                       .arg(text(of.dataset), text(of.labelSet), text(of.split))
                                       .arg(of.classes)
                                       .arg(of.querySize)
                                       .arg(of.supportSize)) +
                  fact(tr("Settings"), settingsText(of.settings)) + fact(tr("Found"), settingsText(of.findings)) +
                  fact(tr("Checkpoint"), folders) + fact(tr("Weights"), hashes) +
                  fact(tr("Measured last"), momentText(of.createdAt)));
  QStringList lines;
  for (auto arguments : againArguments(point)) {
    arguments.insert(arguments.end(), {"--workspace", workspace.toStdString()});
    lines << text(shellLine(arguments));
  }
  command_->setPlainText(lines.join("\n"));
}

void PointPanel::setVerdict(const QString& sentence) {
  verdict_->setText(sentence);
  verdict_->setVisible(!sentence.isEmpty());
}

void PointPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    Q_EMIT closed();
    return;
  }
  QFrame::keyPressEvent(event);
}

}  // namespace lix::app
