#include "frame/doctor_sheet.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <algorithm>

#include "base/file.h"
#include "desk/desk.h"
#include "frame/choices.h"
#include "frame/doctor_text.h"
#include "study/doctor/doctor.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastWidth = 300, kMargin = 12, kIcon = 20;

QPushButton* button(const char* name, const QString& text, const QString& help, const char* icon) {
  auto* made = new QPushButton(text);
  made->setObjectName(name);
  made->setAccessibleName(text);
  made->setToolTip(help);
  made->setIcon(widgets::icon(icon));
  return made;
}

}  // namespace

DoctorSheet::DoctorSheet(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk) {
  setObjectName("doctor");
  setAccessibleName(tr("Doctor's sheet"));
  setMinimumWidth(kLeastWidth);
  build();
  hide();
}

void DoctorSheet::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  auto* top = new QHBoxLayout;
  auto* title = new QLabel(tr("Doctor"));
  title->setProperty("heading", true);
  top->addWidget(title, 1);
  auto* close = button("doctor.close", tr("Close"), tr("Hides the sheet (Esc); View > Doctor shows it again."), "cancel");
  connect(close, &QPushButton::clicked, this, &DoctorSheet::closed);
  top->addWidget(close);
  column->addLayout(top);
  column->addWidget(buildChoice());
  working_ = buildProgress();
  column->addWidget(working_);
  auto* verdict = new QHBoxLayout;
  icon_ = new QLabel;
  icon_->setFixedSize(kIcon, kIcon);
  verdict->addWidget(icon_, 0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  name_ = new QLabel;
  name_->setObjectName("doctor.name");
  name_->setProperty("heading", "section");
  name_->setWordWrap(true);
  verdict_ = new QLabel;
  verdict_->setObjectName("doctor.verdict");
  verdict_->setWordWrap(true);
  verdict_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  words->addWidget(name_);
  words->addWidget(verdict_);
  verdict->addLayout(words, 1);
  column->addLayout(verdict);
  text_ = new QTextBrowser;
  text_->setObjectName("doctor.text");
  text_->setAccessibleName(tr("The doctor's findings"));
  text_->setToolTip(tr("Arrow keys and Page Down scroll; text can be selected and copied."));
  text_->setOpenLinks(false);
  text_->setFrameShape(QFrame::NoFrame);
  column->addWidget(text_, 1);
  column->addWidget(buildButtons());
  showTrouble(tr("Drop a checkpoint or a dataset on the window, or choose a checkpoint here."));
}

QWidget* DoctorSheet::buildChoice() {
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  checkpoint_ = new CheckpointBox(desk_);
  checkpoint_->setObjectName("doctor.checkpoint");
  checkpoint_->setAccessibleName(tr("Checkpoint to examine"));
  checkpoint_->setToolTip(tr("The checkpoint that Examine looks at."));
  examine_ = button("doctor.examine", tr("Examine"), tr("Looks at the chosen checkpoint: sizes, rules, weights, known pairs, mistakes."), "search");
  connect(examine_, &QPushButton::clicked, this, [this] {
    if (!checkpoint_->folder().empty()) {
      examine(checkpoint_->folder());
    }
  });
  line->addWidget(checkpoint_, 1);
  line->addWidget(examine_);
  return row;
}

QWidget* DoctorSheet::buildProgress() {
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  auto* column = new QVBoxLayout;
  what_ = new QLabel;
  what_->setObjectName("doctor.what");
  what_->setProperty("muted", true);
  bar_ = new QProgressBar;
  bar_->setAccessibleName(tr("Progress of the examination"));
  bar_->setTextVisible(false);
  bar_->setMaximumHeight(6);
  column->addWidget(what_);
  column->addWidget(bar_);
  line->addLayout(column, 1);
  auto* stop = button("doctor.cancel", tr("Cancel"), tr("Stops the examination; nothing is changed by that."), "stop");
  connect(stop, &QPushButton::clicked, this, &DoctorSheet::cancel);
  line->addWidget(stop);
  row->hide();
  return row;
}

QWidget* DoctorSheet::buildButtons() {
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  copy_ = button("doctor.copy", tr("Copy as text"), tr("Puts the whole sheet on the clipboard, as lixp doctor prints it."), "copy");
  connect(copy_, &QPushButton::clicked, this, [this] {
    if (report_) {
      QApplication::clipboard()->setText(QString::fromStdString(study::doctor::toText(*report_)));
    }
  });
  save_ = button("doctor.save", tr("Save as JSON..."), tr("Writes the sheet to a file, as lixp doctor --json prints it."), "save");
  connect(save_, &QPushButton::clicked, this, &DoctorSheet::save);
  line->addWidget(copy_);
  line->addWidget(save_);
  line->addStretch(1);
  return row;
}

void DoctorSheet::examine(const std::filesystem::path& path) {
  path_ = path;
  report_.reset();
  show();
  showTrouble(tr("Looking at it..."));
  name_->setText(QString::fromStdString(path.filename().string()));
  showProgress(tr("Reading"), 0, 0);
  working_->show();
  QPointer<DoctorSheet> sheet(this);
  relay_.ask(
      [path, sheet](std::stop_token stop) {
        return study::doctor::examine(path, [&](std::string_view what, long long done, long long total) {
          const QString text = QString::fromUtf8(what.data(), qsizetype(what.size()));
          QMetaObject::invokeMethod(qApp, [sheet, text, done, total] {
            if (sheet && sheet->isBusy()) {
              sheet->showProgress(text, int(done), int(total));
            }
          });
          return !stop.stop_requested();
        });
      },
      [this](Result<study::doctor::Report> report) {
        working_->hide();
        if (!report) {
          showTrouble(QString::fromStdString(report.error().message));
          return;
        }
        report_ = std::move(*report);
        showReport();
      });
}

void DoctorSheet::look(const std::filesystem::path& path) {
  if (isBusy() && path == path_) {
    show();
    return;
  }
  examine(path);
}

void DoctorSheet::cancel() {
  relay_.drop();
  working_->hide();
  showTrouble(tr("The examination was cancelled; Examine begins it anew."));
}

void DoctorSheet::showProgress(const QString& what, int done, int total) {
  what_->setText(what);
  bar_->setRange(0, total > 1 ? total : 0);
  bar_->setValue(done);
}

void DoctorSheet::showTrouble(const QString& sentence) {
  name_->clear();
  verdict_->setText(sentence);
  icon_->setPixmap(widgets::icon("info").pixmap(kIcon));
  text_->clear();
  copy_->setEnabled(false);
  save_->setEnabled(false);
}

void DoctorSheet::fillIcons() {
  for (const char* name : {"check", "cancel", "info", "warning", "error"}) {
    text_->document()->addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("icon:%1").arg(name)),
                                   widgets::icon(name).pixmap(16).toImage());
  }
}

void DoctorSheet::showReport() {
  name_->setText(QString::fromStdString(path_.filename().string() + "\n" + report_->title));
  verdict_->setText(tr("<b>%1.</b> %2").arg(verdictText(report_->verdict), QString::fromStdString(report_->sentence).toHtmlEscaped()));
  icon_->setPixmap(widgets::icon(verdictIcon(report_->verdict)).pixmap(kIcon));
  text_->clear();
  fillIcons();
  text_->setHtml(doctorHtml(*report_, widgets::themeOf(palette())));
  text_->verticalScrollBar()->setValue(0);
  copy_->setEnabled(true);
  save_->setEnabled(true);
}

void DoctorSheet::save() {
  if (!report_) {
    return;
  }
  auto* dialog = new QFileDialog(this, tr("Save the sheet"), QString(), tr("JSON (*.json)"));
  dialog->setObjectName("doctor.saveDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("json");
  dialog->selectFile(QString::fromStdString(path_.filename().string()) + "-doctor.json");
  connect(dialog, &QFileDialog::fileSelected, this, [this, text = study::doctor::toJson(*report_) + "\n"](const QString& file) {
    if (const auto written = writeFile(file.toStdString(), text); !written) {
      desk_.say(written.error());
    }
  });
  dialog->open();
}

void DoctorSheet::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && report_ && text_ != nullptr) {
    showReport();
  }
  QWidget::changeEvent(event);
}

void DoctorSheet::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    Q_EMIT closed();
    return;
  }
  QWidget::keyPressEvent(event);
}

}  // namespace lix::app
