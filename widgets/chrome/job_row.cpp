#include "chrome/job_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kBarSteps = 1000;

QString leftText(const JobLine& line) {
  if (line.paused) {
    return JobStrip::tr("paused");
  }
  if (line.secondsLeft >= 0) {
    return JobStrip::tr("%1 left").arg(durationText(line.secondsLeft));
  }
  return {};
}

QString doneText(const JobLine& line) {
  return line.done >= 0 ? JobStrip::tr("%1 % done").arg(int(std::floor(100 * std::min(line.done, 1.0))))
                        : JobStrip::tr("working");
}

}  // namespace

JobRow::JobRow(const QString& id, QWidget* parent) : QFrame(parent), id_(id) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 2, 8, 2);
  row->setSpacing(8);
  title_ = new QPushButton(this);
  title_->setFlat(true);
  // Reads as a link that starts the line, not as a button among the buttons at its end.
  title_->setStyleSheet(QStringLiteral("QPushButton { border: none; background: transparent; text-align: left; padding: 2px; }"
                                       "QPushButton:hover, QPushButton:focus { text-decoration: underline; }"));
  title_->setCursor(Qt::PointingHandCursor);
  detail_ = new QLabel(this);
  detail_->setForegroundRole(QPalette::PlaceholderText);
  detail_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  bar_ = new QProgressBar(this);
  bar_->setTextVisible(false);
  bar_->setFixedHeight(8);
  bar_->setMinimumWidth(60);
  bar_->setMaximumWidth(220);
  left_ = new QLabel(this);
  left_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  // As wide as the longest usual text, so that the bars of all lines end in one place and do not jump.
  left_->setMinimumWidth(left_->fontMetrics().horizontalAdvance(tr("00 min 00 s left")));
  row->addWidget(title_);
  row->addWidget(detail_, 3);
  row->addWidget(bar_, 2);
  row->addWidget(left_);
  pause_ = button(QStringLiteral("pause"), tr("Pause"));
  stop_ = button(QStringLiteral("stop"), tr("Stop"));
  cancel_ = button(QStringLiteral("cancel"), tr("Cancel"));
  for (QToolButton* one : {pause_, stop_, cancel_}) {
    row->addWidget(one);
  }
  connect(title_, &QPushButton::clicked, this, [this] { Q_EMIT opened(id_); });
  connect(pause_, &QToolButton::clicked, this, [this] { line_.paused ? Q_EMIT resumeAsked(id_) : Q_EMIT pauseAsked(id_); });
  connect(stop_, &QToolButton::clicked, this, [this] { Q_EMIT stopAsked(id_); });
  connect(cancel_, &QToolButton::clicked, this, [this] { Q_EMIT cancelAsked(id_); });
}

QToolButton* JobRow::button(const QString& iconName, const QString& name) {
  auto* made = new QToolButton(this);
  made->setAutoRaise(true);
  made->setIcon(icon(iconName));
  made->setIconSize({16, 16});
  made->setAccessibleName(name);
  made->setFocusPolicy(Qt::StrongFocus);
  QSizePolicy policy = made->sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // buttons of all lines stay in columns
  made->setSizePolicy(policy);
  return made;
}

void JobRow::show(const JobLine& line) {
  if (line_.paused != line.paused) {
    pause_->setIcon(icon(line.paused ? QStringLiteral("play") : QStringLiteral("pause")));
  }
  line_ = line;
  const QString pause = line.paused ? tr("Resume %1") : tr("Pause %1");
  pause_->setAccessibleName(pause.arg(line.title));
  pause_->setToolTip((line.paused ? tr("Resume %1 where it was paused (Space)") : tr("Pause %1; it can be resumed (Space)"))
                         .arg(line.title));
  stop_->setAccessibleName(tr("Stop %1").arg(line.title));
  stop_->setToolTip(tr("Stop %1 and keep what it has done so far (Space)").arg(line.title));
  cancel_->setAccessibleName(tr("Cancel %1").arg(line.title));
  cancel_->setToolTip(tr("Cancel %1 and drop what it has done (Space)").arg(line.title));
  pause_->setVisible(line.canPause || line.paused);
  stop_->setVisible(line.canStop);
  cancel_->setVisible(line.canCancel);
  title_->setAccessibleName(tr("Open %1").arg(line.title));
  title_->setToolTip(tr("Open %1 (Space)").arg(line.title));
  const bool known = line.done >= 0;
  bar_->setRange(0, known || line.paused ? kBarSteps : 0);
  bar_->setValue(known ? int(std::min(line.done, 1.0) * kBarSteps) : 0);
  bar_->setAccessibleName(tr("Progress of %1").arg(line.title));
  bar_->setAccessibleDescription(doneText(line));
  bar_->setToolTip(doneText(line));
  left_->setText(leftText(line));
  detail_->setToolTip(line.detail);
  detail_->setAccessibleName(line.detail);
  fitTexts();
  QTimer::singleShot(0, this, &JobRow::fitTexts);  // when the buttons that came or went have made room
}

void JobRow::fitTexts() {
  // One width for the titles of all lines, so that what follows stands in columns.
  const int title = std::clamp(width() / 4, 80, 340);
  title_->setFixedWidth(title);
  title_->setText(title_->fontMetrics()
                      .elidedText(line_.title, Qt::ElideMiddle, title - 16)
                      .replace(u'&', QLatin1String("&&")));
  layout()->activate();
  detail_->setText(detail_->fontMetrics().elidedText(line_.detail, Qt::ElideRight, std::max(detail_->width(), 0)));
}

void JobRow::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  fitTexts();
}

}  // namespace lix::widgets
