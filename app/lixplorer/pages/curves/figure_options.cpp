#include "pages/curves/figure_options.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>
#include <algorithm>
#include <map>
#include <set>

#include "frame/page_parts.h"

namespace lix::app {
namespace {

constexpr int kTypedMs = 400;  // after the last key

/// Which controls a kind of figure takes, by their object names.
const std::map<std::string, std::set<std::string>>& controlsOfKinds() {
  static const std::map<std::string, std::set<std::string>> controls{
      {"gain", {"curves.option.first", "curves.option.second", "curves.option.shots"}},
      {"adapters", {"curves.option.shots"}},
      {"datasets", {"curves.option.shots"}},
      {"scaling", {"curves.option.shots"}},
      {"seconds", {"curves.option.shots"}},
      {"surface", {"curves.option.shots"}},
      {"cost-time", {"curves.option.prompts"}},
      {"cost-training", {"curves.option.run"}},
      {"sweep", {"curves.option.x", "curves.option.lines", "curves.option.shots", "curves.option.reference"}},
      {"temperatures", {"curves.option.run"}},
      {"post-training", {"curves.option.run", "curves.option.shots"}}};
  return controls;
}

void fill(QComboBox& box, const std::vector<std::pair<QString, QVariant>>& rows) {
  const QSignalBlocker quiet(&box);
  const QVariant before = box.currentData();
  box.clear();
  for (const auto& [text, data] : rows) {
    box.addItem(text, data);
  }
  box.setCurrentIndex(std::max(0, before.isValid() ? box.findData(before) : 0));
}

}  // namespace

QComboBox* FigureOptions::addBox(const char* name, const QString& title, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(QLatin1String(name));
  box->setAccessibleName(title);
  box->setToolTip(tip + tr(" Arrows change it."));
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(12);
  box->addItem(tr("Automatic"), QVariant());
  connect(box, &QComboBox::currentIndexChanged, this, &FigureOptions::changed);
  layout()->addWidget(labelled(title, box));
  return box;
}

QLineEdit* FigureOptions::addField(const char* name, const QString& title, const QString& placeholder, const QString& tip) {
  auto* field = new QLineEdit;
  field->setObjectName(QLatin1String(name));
  field->setPlaceholderText(placeholder);
  field->setToolTip(tip);
  field->setClearButtonEnabled(true);
  connect(field, &QLineEdit::textChanged, typed_, qOverload<>(&QTimer::start));
  layout()->addWidget(labelled(title, field));
  return field;
}

FigureOptions::FigureOptions(QWidget* parent) : QWidget(parent) {
  typed_ = new QTimer(this);
  typed_->setSingleShot(true);
  typed_->setInterval(kTypedMs);
  connect(typed_, &QTimer::timeout, this, &FigureOptions::changed);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  first_ = addBox("curves.option.first", tr("Gain of"), tr("The checkpoint whose gain is shown."));
  second_ = addBox("curves.option.second", tr("Over"), tr("The checkpoint that it is compared with."));
  shots_ = addBox("curves.option.shots", tr("Shots"),
                  tr("At how many shots models are compared; automatic takes the most that most models have."));
  run_ = addBox("curves.option.run", tr("Run"), tr("Whose training is shown; automatic takes the newest that has some."));
  x_ = addBox("curves.option.x", tr("Along the axis"),
              tr("The setting that lies along the axis, of those in which the results differ."));
  lines_ = addBox("curves.option.lines", tr("Lines by"), tr("The setting that tells lines apart."));
  reference_ = addField("curves.option.reference", tr("Values of papers"), tr("none"),
                        tr("Words of values that papers report, all of which their names must have."));
  prompts_ = new QSpinBox;
  prompts_->setObjectName("curves.option.prompts");
  prompts_->setRange(1, 1'000'000);
  prompts_->setValue(OptionsChoice().prompts);
  prompts_->setToolTip(tr("How many texts each picture is compared with (up and down change it)."));
  connect(prompts_, &QSpinBox::valueChanged, typed_, qOverload<>(&QTimer::start));
  row->addWidget(labelled(tr("Prompts"), prompts_));
  row->addStretch(1);
  setKind({});
}

void FigureOptions::setKind(const std::string& kind) {
  const auto found = controlsOfKinds().find(kind);
  const std::set<std::string> none, &used = found == controlsOfKinds().end() ? none : found->second;
  for (QWidget* control : std::initializer_list<QWidget*>{first_, second_, shots_, run_, x_, lines_, reference_, prompts_}) {
    control->parentWidget()->setVisible(used.contains(control->objectName().toStdString()));
  }
  setVisible(!used.empty());
}

bool FigureOptions::uses(const QWidget* control) const { return control->parentWidget()->isVisibleTo(this); }

void FigureOptions::setOffer(const OptionsOffer& offer) {
  std::vector<std::pair<QString, QVariant>> shots{{tr("Automatic"), {}}, {tr("Zero-shot"), 0}};
  for (const int count : offer.shots) {
    if (count > 0) {
      shots.emplace_back(QString::number(count), count);
    }
  }
  fill(*shots_, shots);
  const auto names = [this](const std::vector<std::string>& all) {
    std::vector<std::pair<QString, QVariant>> rows{{tr("Automatic"), {}}};
    for (const std::string& name : all) {
      rows.emplace_back(QString::fromStdString(name), QString::fromStdString(name));
    }
    return rows;
  };
  fill(*run_, names(offer.runs));
  fill(*x_, names(offer.fields));
  fill(*lines_, names(offer.fields));
  fill(*first_, names(offer.checkpoints));
  fill(*second_, names(offer.checkpoints));
}

OptionsChoice FigureOptions::choice() const {
  const auto word = [this](const QComboBox* box) {
    return uses(box) ? box->currentData().toString().toStdString() : std::string();
  };
  const auto typed = [this](const QLineEdit* field) {
    return uses(field) ? field->text().simplified().toStdString() : std::string();
  };
  OptionsChoice choice{.shots = std::nullopt,
                       .run = word(run_),
                       .x = word(x_),
                       .lines = word(lines_),
                       .reference = typed(reference_),
                       .first = word(first_),
                       .second = word(second_),
                       .prompts = prompts_->value()};
  if (uses(shots_) && shots_->currentData().isValid()) {
    choice.shots = shots_->currentData().toInt();
  }
  return choice;
}

}  // namespace lix::app
