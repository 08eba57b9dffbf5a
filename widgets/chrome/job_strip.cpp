#include "chrome/job_strip.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMap>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

#include "chrome/job_row.h"

namespace lix::widgets {
namespace {

constexpr int kShown = 1;
constexpr int kMostTitle = 160;  // pixels of the other job's name

}  // namespace

class JobStrip::Parts : public QObject {
 public:
  using QObject::QObject;

  QVBoxLayout* column = nullptr;
  QLabel* idle = nullptr;
  QToolButton* more = nullptr;
  QMap<QString, JobRow*> rows;
  std::vector<QString> order, titles;

  QString others(int folded) const {
    return folded == 1 ? JobStrip::tr("and %1").arg(more->fontMetrics().elidedText(titles.back(), Qt::ElideMiddle, kMostTitle))
                       : JobStrip::tr("and %n more", nullptr, folded);
  }
  void fold() {
    const int folded = int(order.size()) - kShown;
    idle->setVisible(order.empty());
    more->setVisible(folded > 0);
    more->setArrowType(more->isChecked() ? Qt::DownArrow : Qt::RightArrow);
    if (folded > 0) {
      more->setText(more->isChecked() ? JobStrip::tr("show fewer") : others(folded).replace('&', "&&"));
    }
    more->setAccessibleName(more->text());
    more->setToolTip(more->isChecked() ? JobStrip::tr("Show the first lines only (Space)")
                                       : JobStrip::tr("Show every job (Space)"));
    for (std::size_t i = 0; i < order.size(); ++i) {
      rows[order[i]]->setVisible(int(i) < kShown || more->isChecked());
    }
  }
};

JobStrip::JobStrip(QWidget* parent) : QWidget(parent), parts_(new Parts(this)) {
  setAccessibleName(tr("Jobs"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  parts_->column = new QVBoxLayout;
  parts_->column->setSpacing(0);
  row->addLayout(parts_->column, 1);
  parts_->idle = new QLabel(tr("Nothing is running."), this);
  parts_->idle->setProperty("muted", true);
  parts_->idle->setContentsMargins(8, 0, 8, 0);
  parts_->column->addWidget(parts_->idle);
  parts_->more = new QToolButton(this);
  parts_->more->setCheckable(true);
  parts_->more->setAutoRaise(true);
  parts_->more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  parts_->more->setFocusPolicy(Qt::StrongFocus);
  row->addWidget(parts_->more, 0, Qt::AlignTop);
  connect(parts_->more, &QToolButton::toggled, this, [this] { parts_->fold(); });
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  parts_->more->hide();
  setMinimumHeight(JobRow(QString(), nullptr).sizeHint().height());
}

void JobStrip::setJobs(const std::vector<JobLine>& jobs) {
  QMap<QString, JobRow*> kept;
  std::vector<QString> order, titles;
  for (const JobLine& line : jobs) {
    if (kept.contains(line.id)) {
      continue;
    }
    JobRow* row = parts_->rows.take(line.id);
    if (row == nullptr) {
      row = new JobRow(line.id, this);
      connect(row, &JobRow::pauseAsked, this, &JobStrip::pauseAsked);
      connect(row, &JobRow::resumeAsked, this, &JobStrip::resumeAsked);
      connect(row, &JobRow::stopAsked, this, &JobStrip::stopAsked);
      connect(row, &JobRow::cancelAsked, this, &JobStrip::cancelAsked);
      connect(row, &JobRow::opened, this, &JobStrip::opened);
    }
    row->show(line);
    const int place = int(order.size());
    if (parts_->column->indexOf(row) != place) {
      parts_->column->insertWidget(place, row);
    }
    kept.insert(line.id, row);
    order.push_back(line.id);
    titles.push_back(line.title);
  }
  for (JobRow* gone : parts_->rows) {
    // A click in this line may be what led here.
    gone->hide();
    parts_->column->removeWidget(gone);
    gone->deleteLater();
  }
  parts_->rows = kept;
  parts_->order = order;
  parts_->titles = titles;
  parts_->fold();
}

QString durationText(double seconds) {
  const auto text = [](const char* form, long long a, long long b) {
    return QCoreApplication::translate("lix::widgets::JobStrip", form).arg(a).arg(b);
  };
  if (!std::isfinite(seconds) || seconds < 0) {
    return {};
  }
  const long long all = seconds < 1e15 ? std::llround(seconds) : 1'000'000'000'000'000LL;
  if (all < 60) {
    return QCoreApplication::translate("lix::widgets::JobStrip", "%1 s").arg(all);
  }
  if (all < 3600) {
    return text("%1 min %2 s", all / 60, all % 60);
  }
  if (all < 86400) {
    return text("%1 h %2 min", all / 3600, all % 3600 / 60);
  }
  return text("%1 d %2 h", all / 86400, all % 86400 / 3600);
}

}  // namespace lix::widgets
