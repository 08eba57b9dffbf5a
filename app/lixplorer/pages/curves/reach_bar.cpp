#include "pages/curves/reach_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <algorithm>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr int kUsualShots = 8;

QComboBox* box(const QString& name, const QString& objectName, const QString& tip) {
  auto* made = new QComboBox;
  made->setAccessibleName(name);
  made->setObjectName(objectName);
  made->setToolTip(tip);
  made->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  return made;
}

/// A curve's name among those of all panels: with the panel's title, or what that says beyond what all titles say
/// ("emoji, group: Prototypes" -> "Prototypes").
std::string nameOf(const figures::CurvesData& curves, std::size_t panel, std::size_t series) {
  const std::string& label = curves.panels[panel].series[series].label;
  const std::string& title = curves.panels[panel].title;
  if (curves.panels.size() == 1) {
    return label;
  }
  const std::string shared = title.substr(0, title.find(": "));
  const bool all = title.size() > shared.size() && std::ranges::all_of(curves.panels, [&](const auto& other) {
                     return other.title.starts_with(cat(shared, ": "));
                   });
  return cat(label, ", ", all ? title.substr(shared.size() + 2) : title);
}

}  // namespace

ReachBar::ReachBar(QWidget* parent) : QFrame(parent) {
  setProperty("card", true);
  shots_ = box(tr("Shots"), "curves.reach.shots", tr("Shots of the first curve; arrows change them."));
  curve_ = box(tr("First curve"), "curves.reach.curve", tr("The curve whose accuracy is asked for; arrows change it."));
  other_ = box(tr("Second curve"), "curves.reach.other", tr("The curve that is to reach it; arrows change it."));
  curve_->setMinimumContentsLength(6);
  other_->setMinimumContentsLength(6);
  shots_->setMinimumContentsLength(2);
  answer_ = new QLabel;
  answer_->setObjectName("curves.reach.answer");
  answer_->setWordWrap(true);
  answer_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  answer_->setToolTip(
      tr("Read off straight lines between the measured points over the logarithm of shots; the line "
         "below tells how sure that is."));
  interval_ = new QLabel;
  interval_->setObjectName("curves.reach.interval");
  interval_->setProperty("muted", true);
  interval_->setWordWrap(true);
  interval_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(shots_);
  row->addWidget(new QLabel(tr("shots of")));
  row->addWidget(curve_, 1);
  row->addWidget(new QLabel(tr("in")));
  row->addWidget(other_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 8, 12, 8);
  column->setSpacing(6);
  column->addLayout(row);
  column->addWidget(answer_);
  column->addWidget(interval_);
  connect(curve_, &QComboBox::currentIndexChanged, this, [this] {
    refillShots();
    answer();
  });
  connect(shots_, &QComboBox::currentIndexChanged, this, &ReachBar::answer);
  connect(other_, &QComboBox::currentIndexChanged, this, &ReachBar::answer);
}

void ReachBar::setCurves(const figures::CurvesData& curves) {
  curves_ = curves;
  std::vector<std::pair<QString, QPoint>> names;  // text, (panel, series)
  for (std::size_t p = 0; p < curves.panels.size(); ++p) {
    for (std::size_t s = 0; s < curves.panels[p].series.size(); ++s) {
      const auto& series = curves.panels[p].series[s];
      if (std::ranges::any_of(series.points, [](const auto& point) { return point.x > 0.0; })) {
        names.emplace_back(QString::fromStdString(nameOf(curves, p, s)), QPoint(int(p), int(s)));
      }
    }
  }
  for (QComboBox* one : {curve_, other_}) {
    const QSignalBlocker quiet(one);
    const QString before = one->currentText();
    one->clear();
    for (const auto& [text, where] : names) {
      one->addItem(text, where);
      one->setItemData(one->count() - 1, text, Qt::ToolTipRole);
    }
    const int kept = one->findText(before);
    one->setCurrentIndex(kept >= 0 ? kept : one == curve_ ? 0 : otherModel());
  }
  setVisible(names.size() > 1);
  refillShots();
  answer();
}

int ReachBar::otherModel() const {
  const figures::CurveSeries* curve = chosen(*curve_);
  for (int i = 0; curve != nullptr && i < other_->count(); ++i) {
    const QPoint where = other_->itemData(i).toPoint();
    if (curves_.panels[std::size_t(where.x())].series[std::size_t(where.y())].group != curve->group) {
      return i;
    }
  }
  return std::min(1, other_->count() - 1);
}

const figures::CurveSeries* ReachBar::chosen(const QComboBox& box) const {
  const QPoint where = box.currentData().toPoint();
  return box.currentIndex() < 0 ? nullptr : &curves_.panels[std::size_t(where.x())].series[std::size_t(where.y())];
}

void ReachBar::refillShots() {
  const QSignalBlocker quiet(shots_);
  const int before = shots_->currentIndex() < 0 ? kUsualShots : shots_->currentData().toInt();
  shots_->clear();
  if (const auto* curve = chosen(*curve_)) {
    for (const figures::CurvePoint& point : curve->points) {
      if (point.x > 0.0) {
        shots_->addItem(QString::number(point.x), int(point.x));
      }
    }
  }
  const int kept = shots_->findData(before);
  shots_->setCurrentIndex(kept >= 0 ? kept : shots_->count() - 1);
}

std::optional<ReachBar::Question> ReachBar::question() const {
  if (curve_->currentIndex() < 0 || other_->currentIndex() < 0 || shots_->currentIndex() < 0) {
    return std::nullopt;
  }
  return Question{curve_->currentData().toPoint(), other_->currentData().toPoint(), shots_->currentData().toDouble()};
}

void ReachBar::answer() {
  interval_->clear();
  const figures::CurveSeries *curve = chosen(*curve_), *other = chosen(*other_);
  if (curve == nullptr || other == nullptr || shots_->currentIndex() < 0) {
    answer_->clear();
    return;
  }
  const double shots = shots_->currentData().toDouble();
  const auto found = shotsToReach(*curve, shots, *other);
  answer_->setText(found ? QString::fromStdString(sentenceOf(*found, curve_->currentText().toStdString(), shots,
                                                             other_->currentText().toStdString()))
                         : tr("One of these curves was not measured there."));
  Q_EMIT asked();
}

}  // namespace lix::app
