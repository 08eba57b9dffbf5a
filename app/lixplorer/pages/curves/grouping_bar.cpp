#include "pages/curves/grouping_bar.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTimer>
#include <algorithm>
#include <set>

#include "frame/page_parts.h"
#include "shared/results/rows.h"

namespace lix::app {
namespace {

constexpr int kTypedMs = 300;  // after the last key

QString titleOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::Checkpoint:
      return GroupingBar::tr("Checkpoint");
    case Dimension::Adapter:
      return GroupingBar::tr("Adapter");
    case Dimension::Dataset:
      return GroupingBar::tr("Dataset");
    case Dimension::LabelSet:
      return GroupingBar::tr("Label set");
    case Dimension::Split:
      return GroupingBar::tr("Split");
    case Dimension::Templates:
      return GroupingBar::tr("Templates");
    case Dimension::TrainingSeed:
      return GroupingBar::tr("Training seed");
    case Dimension::Draw:
      return GroupingBar::tr("Support draw");
    case Dimension::Automatic:
      break;
  }
  return {};
}

QString text(std::string_view id) { return QString::fromLatin1(id.data(), int(id.size())); }

/// What a person may type: papers' models that have top-1 values.
QStringList knownModels() {
  std::set<std::string> names;
  for (const PaperValue& value : paperValues()) {
    if (value.isTop1()) {
      names.insert(value.name());
    }
  }
  QStringList list;
  for (const std::string& name : names) {
    list << QString::fromStdString(name);
  }
  return list;
}

}  // namespace

QComboBox* GroupingBar::dimensionBox(const char* name, const QString& title, const QString& automatic, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(QLatin1String(name));
  box->setAccessibleName(title);
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(7);
  for (const Dimension dimension : kDimensions) {
    box->addItem(dimension == Dimension::Automatic ? automatic : titleOf(dimension), text(idOf(dimension)));
  }
  connect(box, &QComboBox::currentIndexChanged, this, &GroupingBar::changed);
  return box;
}

GroupingBar::GroupingBar(QWidget* parent) : QWidget(parent) {
  colour_ = dimensionBox("curves.group.colour", tr("Colour by"), tr("Automatic"),
                         tr("What has a colour of its own; automatic: checkpoints. Arrows change it."));
  dash_ = dimensionBox("curves.group.dash", tr("Dash by"), tr("Automatic"),
                       tr("What has a dash and marker of its own; automatic: all that differs besides. Arrows change it."));
  panel_ = dimensionBox("curves.group.panel", tr("Panels by"), tr("Automatic"),
                        tr("What has a chart of its own; automatic: datasets and label sets, and adapters where curves "
                           "are many. Arrows change it."));
  bands_ = new QComboBox;
  bands_->setObjectName("curves.bands");
  bands_->setAccessibleName(tr("Bands"));
  bands_->setToolTip(tr("What the bands around the curves show. Arrows change it."));
  bands_->addItem(tr("95 % interval"), text(idOf(Bands::Interval)));
  bands_->addItem(tr("Deviation"), text(idOf(Bands::Deviation)));
  bands_->addItem(tr("Standard error"), text(idOf(Bands::Error)));
  bands_->addItem(tr("None"), text(idOf(Bands::None)));
  bands_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  bands_->setMinimumContentsLength(8);
  references_ = new QLineEdit;
  references_->setObjectName("curves.references");
  references_->setPlaceholderText(tr("SigLIxP S/16 32-shot"));
  references_->setClearButtonEnabled(true);
  references_->setMinimumWidth(110);
  references_->setToolTip(tr("Words of values that papers report, all of which their names must have: those of top-1 accuracy "
                             "are drawn as dashed lines (Ctrl+Shift+P finds this field as Values of papers)."));
  auto* completer = new QCompleter(knownModels(), references_);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setFilterMode(Qt::MatchContains);
  references_->setCompleter(completer);
  typed_ = new QTimer(this);
  typed_->setSingleShot(true);
  typed_->setInterval(kTypedMs);
  connect(typed_, &QTimer::timeout, this, &GroupingBar::changed);
  connect(references_, &QLineEdit::textChanged, typed_, qOverload<>(&QTimer::start));
  connect(bands_, &QComboBox::currentIndexChanged, this, &GroupingBar::changed);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(labelled(tr("Colour by"), colour_));
  row->addWidget(labelled(tr("Dash by"), dash_));
  row->addWidget(labelled(tr("Panels by"), panel_));
  row->addWidget(labelled(tr("Bands"), bands_));
  row->addWidget(labelled(tr("Values of papers"), references_), 1);
}

Grouping GroupingBar::grouping() const {
  const auto of = [](const QComboBox* box) { return dimensionOf(box->currentData().toString().toStdString()); };
  return {.colour = of(colour_), .dash = of(dash_), .panel = of(panel_)};
}

Bands GroupingBar::bands() const { return bandsOf(bands_->currentData().toString().toStdString()); }

std::string GroupingBar::references() const { return references_->text().simplified().toStdString(); }

QJsonObject GroupingBar::state() const {
  return {{"colour", colour_->currentData().toString()},
          {"dash", dash_->currentData().toString()},
          {"panel", panel_->currentData().toString()},
          {"bands", bands_->currentData().toString()},
          {"references", references_->text()}};
}

void GroupingBar::restore(const QJsonObject& state) {
  const QSignalBlocker quiet(this);
  for (const auto& [box, key] :
       {std::pair(colour_, "colour"), {dash_, "dash"}, {panel_, "panel"}, {bands_, "bands"}}) {
    box->setCurrentIndex(std::max(0, box->findData(state.value(QLatin1String(key)).toString())));
  }
  references_->setText(state.value("references").toString());
  typed_->stop();
}

void GroupingBar::focusReferences() {
  references_->setFocus(Qt::ShortcutFocusReason);
  references_->selectAll();
}

}  // namespace lix::app
